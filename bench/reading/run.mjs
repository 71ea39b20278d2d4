// Results JSON to columns on one thread, beside JSON.parse of the same file and beside the plain reader. Each is from the
// file: what JSON.parse takes is text, so reading it as text is part of it, and is told on its own too.
//   npm run bench -- reading [--set 735k] [--runs 5]
import fs from 'node:fs';
import { loadBundle } from '../data/bundle.mjs';
import { cocoFiles } from '../data/generate.mjs';
import { best, inWords, option, table } from '../data/measure.mjs';

const files = cocoFiles(option('set', '735k'));
const runs = Number(option('runs', 5));
const { readColumns, readPlainly } = await loadBundle('reading', 'bench/reading/readers.ts');

const ways = [
  ['file as text, JSON.parse', () => JSON.parse(fs.readFileSync(files.predictions, 'utf8'))],
  ['file as text alone', () => fs.readFileSync(files.predictions, 'utf8')],
  ['plain reader, to columns', () => readPlainly(files.predictions)],
  ['kernels, to columns, one thread', () => readColumns(files.predictions, 1)],
  ['kernels, to columns, all cores', () => readColumns(files.predictions, null)],
];
const taken = ways.map(() => []);
for (let turn = 0; turn < runs; turn++) {
  for (const [index, [, read]] of ways.entries()) {
    const start = performance.now();
    const before = process.cpuUsage();
    await read();
    const { user, system } = process.cpuUsage(before);
    taken[index].push({ clock: (performance.now() - start) / 1000, processor: (user + system) / 1e6 });
  }
}
const bestOf = (index, measure) => best(taken[index].map((one) => one[measure]));
const ratio = (index, measure) => `${(bestOf(0, measure) / bestOf(index, measure)).toFixed(1)}x`;
table(
  [
    `${files.count} records, ${inWords.size(files.bytes)}`,
    ...['best', 'MB/s', 'JSON.parse / it', 'processor', 'JSON.parse / it'],
  ],
  ways.map(([name], index) => [
    name,
    inWords.time(bestOf(index, 'clock')),
    String(Math.round(files.bytes / 1e6 / bestOf(index, 'clock'))),
    ratio(index, 'clock'),
    inWords.time(bestOf(index, 'processor')),
    ratio(index, 'processor'),
  ]),
);
console.log('goal: 8x on one thread');
