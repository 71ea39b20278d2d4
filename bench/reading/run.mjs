// Results JSON to columns on one thread, beside JSON.parse of the same bytes and beside the plain reader.
//   npm run bench -- reading [--set 735k] [--runs 5]
import fs from 'node:fs';
import { loadBundle } from '../data/bundle.mjs';
import { cocoFiles } from '../data/generate.mjs';
import { best, inWords, option, table } from '../data/measure.mjs';

const files = cocoFiles(option('set', '735k'));
const runs = Number(option('runs', 5));
const { readColumns, readPlainly } = await loadBundle('reading', 'bench/reading/readers.ts');

const ways = [
  ['JSON.parse', () => JSON.parse(fs.readFileSync(files.predictions, 'utf8'))],
  ['plain reader, to columns', () => readPlainly(files.predictions)],
  ['kernels, to columns, one thread', () => readColumns(files.predictions, 1)],
  ['kernels, to columns, all cores', () => readColumns(files.predictions, null)],
];
const taken = ways.map(() => []);
for (let turn = 0; turn < runs; turn++) {
  for (const [index, [, read]] of ways.entries()) {
    const start = performance.now();
    await read();
    taken[index].push((performance.now() - start) / 1000);
  }
}
table(
  [`${files.count} records, ${inWords.size(files.bytes)}`, 'best', 'MB/s', 'JSON.parse / it'],
  ways.map(([name], index) => [
    name,
    inWords.time(best(taken[index])),
    String(Math.round(files.bytes / 1e6 / best(taken[index]))),
    `${(best(taken[0]) / best(taken[index])).toFixed(1)}x`,
  ]),
);
console.log('goal: 8x on one thread');
