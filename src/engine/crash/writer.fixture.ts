/**
 * The process that crash tests kill: opens a project and edits it for as long as it lives. Each acknowledged step goes
 * to stdout as a line before the next one begins; `full` says that the disk took no more.
 */
import { writeSync } from 'node:fs';
import type { Operation } from '../../contract/engine-calls';
import { BadInput } from '../../core/foundation/bad-input';
import { ProjectSession } from '../project/session';
import { NO_SCORES, smallPredictions, smallTruth } from '../project/small-project.fixture';

const [, , file, seedText, stepsText] = process.argv as [string, string, string, string, string];
const say = (line: string): void => {
  writeSync(1, `${line}\n`);
};

/** A small generator of pseudorandom numbers in [0, 1) (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = randomNumbers(Number(seedText));
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;

function randomOperation({ data }: ProjectSession): Operation {
  const { key: image } = pick(data.images);
  const known = data.annotations[data.indexOfImage.get(image)!]!;
  const box: [number, number, number, number] = [
    random() * 50,
    random() * 50,
    1 + random() * 20,
    1 + random() * 20,
  ];
  if (known.length === 0 || random() < 0.4)
    return { add: { image, category: pick(data.categories).id, box } };
  const { id: annotation } = pick(known);
  if (random() < 0.2) return { delete: { annotation } };
  if (random() < 0.2)
    return { review: { image, status: 'done', note: 'n'.repeat(Math.floor(random() * 3000)) } };
  return { change: { annotation, box } };
}

/** One step of any kind; null where there was nothing to undo or redo. */
function step(session: ProjectSession) {
  // The import itself was undone: only doing it again leads on.
  if (session.data.images.length === 0) return session.redo('writer', NO_SCORES);
  const choice = random();
  if (choice < 0.1) return session.undo('writer', NO_SCORES);
  if (choice < 0.15) return session.redo('writer', NO_SCORES);
  if (choice < 0.2) {
    const run = { name: pick(['model', 'other']), source: 'p.json', predictions: smallPredictions() };
    const truth = random() < 0.5 ? { truth: smallTruth(), imageRoot: null, probes: [] } : null;
    return session.import({ truth, run, replace: true, author: 'writer', label: 'Import' }, NO_SCORES);
  }
  const operations = Array.from({ length: 1 + Math.floor(random() * 3) }, () => randomOperation(session));
  // Of several operations on one record a later one may find it gone: then only the first is done.
  try {
    return session.apply(operations, 'writer', 'Edit', NO_SCORES);
  } catch (error) {
    if (error instanceof BadInput && error.code === 'annotation-unknown')
      return session.apply(operations.slice(0, 1), 'writer', 'Edit', NO_SCORES);
    throw error;
  }
}

try {
  const session = ProjectSession.open(file);
  say('ready');
  for (let count = 0; count < Number(stepsText); count++) {
    const done = step(session);
    if (done) say(`step ${done.step} ${session.data.annotationCount}`);
  }
  say('end');
  // Without closing: what is in the write-ahead log stays there, as after a crash.
  process.exit(0);
} catch (error) {
  if (!(error instanceof BadInput)) throw error;
  say(`refused ${error.code}`);
  process.exit(0);
}
