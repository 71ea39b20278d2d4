// Time and memory from ten thousand to ten million predictions (the largest: 1.4 GB of JSON and 0.25 GB of truth).
//   npm run bench -- scale [--largest 10M] [--runs 3]
import { cocoFiles, SHAPES } from '../data/generate.mjs';
import { best, evaluateCommand, inWords, measure, option, table } from '../data/measure.mjs';

const names = Object.keys(SHAPES);
const largest = option('largest', '10M');
const runs = Number(option('runs', 3));
const rows = [];
for (const name of names.slice(0, names.indexOf(largest) + 1)) {
  const files = cocoFiles(name);
  const taken = Array.from({ length: runs }, () => measure(evaluateCommand(files)));
  const seconds = best(taken.map((run) => run.seconds));
  rows.push([
    files.count.toLocaleString('en'),
    inWords.size(files.bytes),
    inWords.time(seconds),
    inWords.size(best(taken.map((run) => run.memory))),
    `${((seconds * 1e6) / files.count).toFixed(2)} µs`,
  ]);
}
table(['predictions', 'JSON', 'time', 'peak memory', 'a prediction'], rows);
console.log('goal for ten million: 3 s, 1000 MB');
