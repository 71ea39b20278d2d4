// Results JSON to columns on one thread, beside JSON.parse of the same file and beside the plain reader. Each is from the
// file: what JSON.parse takes is text, so reading it as text is part of it, and is told on its own too. Each way has
// processes of its own, which take turns, so that none has to clear away the millions of objects of another.
//   npm run bench -- reading [--set 735k] [--turns 3] [--runs 5]
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadBundle } from '../data/bundle.mjs';
import { cocoFiles } from '../data/generate.mjs';
import { best, inWords, option, table } from '../data/measure.mjs';

const files = cocoFiles(option('set', '735k'));
const turns = Number(option('turns', 3));
const runs = Number(option('runs', 5));
const { giveBackColumns, readColumns, readForScoring, readPlainly } = await loadBundle(
  'reading',
  'bench/reading/readers.ts',
);

const ways = [
  ['file as text, JSON.parse', () => JSON.parse(fs.readFileSync(files.predictions, 'utf8'))],
  ['file as text alone', () => fs.readFileSync(files.predictions, 'utf8')],
  ['plain reader, to columns', () => readPlainly(files.predictions)],
  ['kernels, to what scoring reads, one thread', () => readForScoring(files.predictions, 1)],
  ['kernels, to columns, one thread', () => readColumns(files.predictions, 1), giveBackColumns],
  ['kernels, to columns, all cores', () => readColumns(files.predictions, null), giveBackColumns],
];

/** Seconds by the clock and of the processor, of each run; `after` has what was read, and is not timed. */
async function timesOf([, read, after]) {
  const taken = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    const before = process.cpuUsage();
    const made = await read();
    const { user, system } = process.cpuUsage(before);
    taken.push({ clock: (performance.now() - start) / 1000, processor: (user + system) / 1e6 });
    after?.(made);
  }
  return taken;
}

/** The same in a process of its own. */
function timesApart(way) {
  const again = [fileURLToPath(import.meta.url), ...process.argv.slice(2), '--way', String(way)];
  return JSON.parse(execFileSync(process.execPath, again, { encoding: 'utf8' }));
}

function printAll() {
  const taken = ways.map(() => []);
  for (let turn = 0; turn < turns; turn++) for (const way of ways.keys()) taken[way].push(...timesApart(way));
  const bestOf = (way, measure) => best(taken[way].map((one) => one[measure]));
  const ratio = (way, measure) => `${(bestOf(0, measure) / bestOf(way, measure)).toFixed(1)}x`;
  table(
    [
      `${files.count} records, ${inWords.size(files.bytes)}`,
      ...['best', 'MB/s', 'JSON.parse / it', 'processor', 'JSON.parse / it'],
    ],
    ways.map(([name], way) => [
      name,
      inWords.time(bestOf(way, 'clock')),
      String(Math.round(files.bytes / 1e6 / bestOf(way, 'clock'))),
      ratio(way, 'clock'),
      inWords.time(bestOf(way, 'processor')),
      ratio(way, 'processor'),
    ]),
  );
  console.log('goal: 8x on one thread');
}

const way = option('way', null);
if (way === null) printAll();
else console.log(JSON.stringify(await timesOf(ways[Number(way)])));
