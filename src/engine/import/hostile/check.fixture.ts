/** Reads files that may be anything, and says what broke the rules of docs/formats.md. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Truth } from '../../../core/dataset/dataset';
import { BadInput } from '../../../core/foundation/bad-input';
import { noProgress } from '../../../core/foundation/cancellation';
import type { Finding } from '../../../core/foundation/finding';
import type { RawPredictions } from '../../../core/formats/coco/read-results';
import { filesOf } from '../../../core/formats/memory-source.fixture';
import { truthWriterOf } from '../../../core/formats/registry';
import { lossesOf } from '../../export/plan';
import { NOTHING } from '../../../core/inference/model-context.fixture';
import { understandModel } from '../../../core/inference/understand';
import { openModelFile } from '../../inference/model-file';
import { loadTrainings } from '../../training/load-trainings';
import { loadLabelMap, loadPredictions, loadTruth } from '../load';
import type { SeedKind } from './seed.fixture';
import { seedTruth } from './seeds.fixture';

export type Files = Readonly<Record<string, Uint8Array>>;

export interface Subject {
  readonly kind: SeedKind;
  readonly format: string;
  readonly files: Files;
  readonly isSingle: boolean;
}

export interface Verdict {
  /** Boxes that were read; null where the files were refused. */
  readonly boxes: number | null;
  /** Codes of findings, or of the refusal. */
  readonly codes: readonly string[];
  /** Rules that were broken. */
  readonly faults: readonly string[];
}

/** Writes the files into the empty folder; where to read them. */
export function placeFiles(folder: string, { files, isSingle }: Subject): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return isSingle ? path.join(folder, Object.keys(files)[0]!) : folder;
}

function* badNumbers(columns: { readonly box: Float64Array; readonly count: number }): Generator<string> {
  for (let row = 0; row < columns.count; row++) {
    const box = columns.box.subarray(row * 4, row * 4 + 4);
    if (!box.every(Number.isFinite)) yield `a box that is not finite: ${box.join(' ')}`;
    else if (box[2]! < 0 || box[3]! < 0) yield `a box of negative size: ${box.join(' ')}`;
  }
}

async function* faultsOfTruth(truth: Truth): AsyncGenerator<string> {
  const { annotations, images, categories } = truth;
  yield* badNumbers(annotations);
  if (images.length === 0) yield 'no images, and nothing said';
  for (const { fileName, width, height } of images) {
    if (typeof fileName !== 'string' || fileName === '') yield 'an image without a name';
    for (const side of [width, height])
      if (side !== null && !(Number.isFinite(side) && side > 0)) yield `an image ${side} wide or high`;
  }
  for (let row = 0; row < annotations.count; row++) {
    if (!images[annotations.image[row]!]) yield 'a box of no image';
    if (!categories[annotations.category[row]!]) yield 'a box of no class';
    if (!Number.isFinite(annotations.area[row]!) || Number.isNaN(annotations.id[row]!)) yield 'an area or id';
  }
  for (const { name, images: members } of truth.subsets)
    if (members.some((image) => !images[image])) yield `the subset ${name} has an image that is not there`;
  yield* faultsOfWriting(truth);
}

/** What was read can be written: without a crash, and below the target alone. */
async function* faultsOfWriting(truth: Truth): AsyncGenerator<string> {
  const writer = truthWriterOf(truth.format);
  if (!writer) return;
  lossesOf(truth, truth.format, writer);
  const paths = Object.keys(await filesOf(writer.write(truth, { imageBytes: null, progress: noProgress })));
  for (const written of [...paths, ...truth.images.map((_, image) => writer.imagePath(truth, image))]) {
    const isOutside = written.startsWith('/') || /^[a-z]:/i.test(written) || written.includes('\\');
    if (isOutside || written.split('/').includes('..')) yield `written outside the target: ${written}`;
    // eslint-disable-next-line no-control-regex -- what no path may hold
    if (/[\u0000-\u001f]/.test(written)) yield `a control character in a path: ${JSON.stringify(written)}`;
  }
}

async function* faultsOfPredictions(raw: RawPredictions): AsyncGenerator<string> {
  yield* badNumbers(raw);
  if (!raw.score.every(Number.isFinite)) yield 'a score that is not finite';
  for (let row = 0; row < raw.count; row++) {
    if (!raw.images[raw.image[row]!]) yield 'a prediction of no image';
    if (raw.categories[raw.category[row]!] === undefined) yield 'a prediction of no class';
  }
  await Promise.resolve();
}

interface Read {
  readonly boxes: number;
  readonly findings: readonly Finding[];
  readonly faults: AsyncIterable<string> | Iterable<string>;
}

/** A model's file alone: its signature, and what its metadata say of how it is used. */
async function readModel(file: string): Promise<Read> {
  const { signature } = await openModelFile(file);
  const { inputs, outputs } = signature;
  const faults = [...inputs, ...outputs].flatMap(({ name, shape }) =>
    (shape ?? []).some((size) => typeof size === 'number' && !(Number.isSafeInteger(size) && size >= -1))
      ? [`a size of ${name} that is none: ${String(shape)}`]
      : [],
  );
  understandModel(signature, NOTHING);
  return { boxes: outputs.length, findings: [], faults };
}

async function readTrainings(file: string): Promise<Read> {
  const { runs, findings } = await loadTrainings(file, noProgress);
  return {
    boxes: runs.length,
    findings,
    faults: runs.some(({ name }) => typeof name !== 'string') ? ['no name'] : [],
  };
}

async function readMap(file: string): Promise<Read> {
  const entries = await loadLabelMap(file);
  const faults = entries.filter(({ id, name }) => !Number.isSafeInteger(id) || id < 0 || name === '');
  return { boxes: entries.length, findings: [], faults: faults.map((entry) => JSON.stringify(entry)) };
}

async function read(file: string, { kind, format }: Subject): Promise<Read> {
  if (kind === 'model') return readModel(file);
  if (kind === 'trainings') return readTrainings(file);
  if (kind === 'label-map') return readMap(file);
  const options = { format, keepExtra: true };
  if (kind === 'truth') {
    const { truth, findings } = await loadTruth(file, options);
    return { boxes: truth.annotations.count, findings, faults: faultsOfTruth(truth) };
  }
  const { raw } = await loadPredictions(file, { ...options, truth: seedTruth() });
  return { boxes: raw.count, findings: raw.findings, faults: faultsOfPredictions(raw) };
}

/** Reads the files as the format that they are of, and as what they look like. */
export async function checkFiles(subject: Subject, folder: string): Promise<Verdict> {
  const faults: string[] = [];
  let verdict: Pick<Verdict, 'boxes' | 'codes'> = { boxes: null, codes: [] };
  const file = placeFiles(folder, subject);
  try {
    const reading = await read(file, subject);
    verdict = { boxes: reading.boxes, codes: reading.findings.map(({ code }) => code) };
    for await (const fault of reading.faults) faults.push(fault);
  } catch (error) {
    if (error instanceof BadInput) {
      verdict = { boxes: null, codes: [error.code] };
      if (!error.message || !error.next) faults.push(`an error without words: ${error.code}`);
    } else faults.push(crashOf(error));
  }
  try {
    if (subject.kind === 'predictions') await loadPredictions(file, { truth: seedTruth() });
    else await loadTruth(file);
  } catch (error) {
    if (!(error instanceof BadInput)) faults.push(`as what it looks like: ${crashOf(error)}`);
  }
  if (Object.keys(Object.prototype).length > 0) faults.push('the prototype of all objects was changed');
  return { ...verdict, faults: [...new Set(faults)].slice(0, 5) };
}

const crashOf = (error: unknown): string =>
  error instanceof Error
    ? `${error.name}: ${error.message} ${(error.stack ?? '').split('\n').slice(1, 4).join(' ').replace(/\s+/g, ' ')}`
    : String(error);
