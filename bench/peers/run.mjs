// Files to twelve numbers in processes of their own, start to finish, beside other evaluators in the same run; every
// one's numbers are checked before it is timed. Runs take turns, the best counts.
//   npm run bench -- peers [--set 735k] [--runs 5] [--slow-runs 1]
import { fileURLToPath } from 'node:url';
import { cocoFiles } from '../data/generate.mjs';
import {
  best,
  evaluateCommand,
  inWords,
  measure,
  median,
  option,
  table,
  twelveOf,
} from '../data/measure.mjs';
import { installPeers } from './install.mjs';
import { measureWarm } from './warm.mjs';

/** Means are summed in other orders than pycocotools'. */
const CLOSE = 1e-12;
const SCRIPT = fileURLToPath(new URL('peer.py', import.meta.url));

const files = cocoFiles(option('set', '735k'));
const runs = Number(option('runs', 5));
const slowRuns = Number(option('slow-runs', 1));
const { peers, missing } = await installPeers();

const own = { name: 'reticle', isSlow: false, command: evaluateCommand(files), numbersOf: twelveOf };
const others = peers.map((peer) => ({
  ...peer,
  command: [peer.python, SCRIPT, peer.name, files.truth, files.predictions],
  numbersOf: JSON.parse,
}));
console.log(
  `${files.count} predictions, ${inWords.size(files.bytes)}; best of ${runs}, slow ones of ${slowRuns}`,
);

// The first run of each is the check, and warms the page cache.
const expected = own.numbersOf(measure(own.command).output);
const taken = new Map([own, ...others].map((one) => [one, []]));
for (const peer of others) {
  const first = measure(peer.command);
  const numbers = peer.numbersOf(first.output);
  const differing = expected.filter(
    (value, index) => Math.abs((value ?? -1) - numbers[index]) > CLOSE,
  ).length;
  if (differing > 0) {
    missing.push({ name: peer.name, reason: `${differing} of its twelve numbers differ; not timed` });
    taken.delete(peer);
  } else if (peer.isSlow) taken.get(peer).push(first);
}
for (let turn = 0; turn < runs; turn++) {
  for (const [one, list] of taken) {
    if (one.isSlow && list.length >= slowRuns) continue;
    list.push(measure(one.command));
  }
}

const bestOf = (one, key) => best(taken.get(one).map((run) => run[key]));
const timed = [...taken.keys()];
const reference = timed.find(({ name }) => name === 'pycocotools');
table(
  ['cold', 'best', 'median', 'CPU', 'peak memory', 'pycocotools / it'],
  [...timed]
    .sort((a, b) => bestOf(a, 'seconds') - bestOf(b, 'seconds'))
    .map((one) => [
      one.version ? `${one.name} ${one.version}` : one.name,
      inWords.time(bestOf(one, 'seconds')),
      inWords.time(median(taken.get(one).map(({ seconds }) => seconds))),
      inWords.time(bestOf(one, 'cpu')),
      inWords.size(bestOf(one, 'memory')),
      reference ? `${(bestOf(reference, 'seconds') / bestOf(one, 'seconds')).toFixed(1)}x` : '-',
    ]),
);
for (const { name, reason } of missing) console.log(`missing: ${name}: ${reason}`);
const rivals = timed.filter((one) => one !== own);
if (rivals.length > 0) {
  const fastest = rivals.reduce((a, b) => (bestOf(a, 'seconds') < bestOf(b, 'seconds') ? a : b));
  const leanest = rivals.reduce((a, b) => (bestOf(a, 'memory') < bestOf(b, 'memory') ? a : b));
  const ratio = (other, key) => (bestOf(own, key) / bestOf(other, key)).toFixed(2);
  console.log(`time: ${ratio(fastest, 'seconds')} of the fastest other (${fastest.name}); goal 0.40`);
  console.log(`memory: ${ratio(leanest, 'memory')} of the leanest other (${leanest.name}); goal 0.70`);
}
const warm = await measureWarm(files);
console.log(
  `warm, both files read again in one process: ${inWords.time(warm)}${reference ? `, pycocotools / it: ${(bestOf(reference, 'seconds') / warm).toFixed(0)}x (goal 500x)` : ''}`,
);
