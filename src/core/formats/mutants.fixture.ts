/** Mutants of small files of every format, read one by one: what a reader does with a damaged file. */
import { BadInput } from '../foundation/bad-input';
import { noProgress } from '../foundation/cancellation';
import type { Files } from './memory-source.fixture';
import { filesOf, imagesOf, memorySource } from './memory-source.fixture';
import { NamedTruth } from './named-truth';
import { recogniseSource } from './recognise';
import { RecordReporter } from './reading';
import { FORMATS } from './registry';

/** Reading one mutant longer than this (milliseconds) is a fault: seeds are a few kilobytes. */
const LONGEST = 5000;

export interface MutantReport {
  readonly read: number;
  readonly refused: number;
  /** What broke the rules: another error than bad input, too long, or objects that vanished without a word. */
  readonly faults: readonly { format: string; mutant: number; what: string; files: Record<string, string> }[];
}

function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

/** A truth that every format can hold. */
function seedTruth() {
  const truth = new NamedTruth();
  for (const [image, name] of ['a.jpg', 'b.jpg', 'c.jpg'].entries()) {
    const index = truth.image(name, 640, 480);
    for (let at = 0; at < 3 - image; at++)
      truth.add(index, truth.classOf(at % 2 ? 'cat' : 'dog'), [10.5 * at, 20, 30 + at, 40]);
  }
  return truth.finish('csv', null, new RecordReporter({ file: 'seed' }));
}

const HUGE = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f];

function mutate(bytes: Uint8Array, next: () => number): Uint8Array {
  const at = Math.floor(next() * bytes.length);
  const end = Math.min(bytes.length, at + 1 + Math.floor(next() * 40));
  const copy = bytes.slice();
  switch (Math.floor(next() * 6)) {
    case 0:
      copy[at]! ^= 1 << Math.floor(next() * 8);
      return copy;
    case 1:
      return bytes.slice(0, at);
    case 2:
      return Uint8Array.from([...bytes.slice(0, at), ...bytes.slice(end)]);
    case 3:
      return Uint8Array.from([...bytes.slice(0, end), ...bytes.slice(at)]);
    case 4:
      copy.set(HUGE.slice(0, Math.min(HUGE.length, bytes.length - at)), at);
      return copy;
    default:
      copy.fill(Math.floor(next() * 256), at, end);
      return copy;
  }
}

/** Reads `count` mutants of every format's seed, the same for the same seed. */
export async function runMutants(seed: number, count: number): Promise<MutantReport> {
  const next = random(seed);
  const truth = seedTruth();
  const images = imagesOf(truth);
  let [read, refused] = [0, 0];
  const faults: MutantReport['faults'][number][] = [];
  const seeds: { format: (typeof FORMATS)[number]; files: Files; isSingle: boolean }[] = [];
  for (const format of FORMATS) {
    if (!format.truthWriter || !format.readTruth) continue;
    const files = await filesOf(format.truthWriter.write(truth, { imageBytes: null, progress: noProgress }));
    seeds.push({ format, files, isSingle: format.truthWriter.layout === 'file' });
  }
  for (let mutant = 0; mutant < count; mutant++) {
    const { format, files, isSingle } = seeds[mutant % seeds.length]!;
    const paths = Object.keys(files);
    const path = paths[Math.floor(next() * paths.length)]!;
    const changed: Files = { ...files, [path]: mutate(files[path] as Uint8Array, next) };
    const report = (what: string): void => {
      const shown = Object.entries(changed).map(([name, content]) => [
        name,
        Buffer.from(content).toString('latin1'),
      ]);
      faults.push({
        format: format.name,
        mutant,
        what,
        files: Object.fromEntries(shown) as Record<string, string>,
      });
    };
    const start = performance.now();
    try {
      const source = memorySource(changed, isSingle);
      await recogniseSource(source);
      // Read as what it was, whatever it looks like now.
      const found = (await recogniseSource(memorySource(files, isSingle)))[0]!;
      const options = { file: 'set', labelMap: null, images, progress: noProgress };
      const reading = await format.readTruth!(source, found.paths, options);
      read++;
      const isSilent =
        reading.truth.annotations.count === 0 &&
        reading.findings.every(({ severity }) => severity !== 'error');
      // What was cut out or off may leave a whole file with less in it; a file that held objects and now holds none,
      // without a word, has to be empty.
      if (isSilent && (changed[path] as Uint8Array).length > 0 && paths.length === 1)
        report('no objects, and nothing said');
      for (const value of reading.truth.annotations.box)
        if (!Number.isFinite(value)) report('a box that is not finite');
    } catch (error) {
      if (error instanceof BadInput) refused++;
      else report(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    }
    if (performance.now() - start > LONGEST) report('too long');
  }
  return { read, refused, faults };
}
