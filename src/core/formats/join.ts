/** Predictions find their images and classes: by id, by file name or by rank, as docs/formats.md says. */
import { blankPredictions } from '../dataset/blank-columns';
import type { Join, PredictionColumns, Truth } from '../dataset/dataset';
import { BadInput } from '../foundation/bad-input';
import type { Finding } from '../foundation/finding';
import type { RawImage, RawPredictions } from './coco/read-results';
import type { LabelMapEntry } from './given-ids';
import { baseName, normaliseFileName, stemOf } from './names';
import type { ReadOptions } from './reading';
import { RecordReporter } from './reading';

export interface JoinOptions extends ReadOptions {
  /** The predictions' own label map: their numbers join by its names. */
  readonly labelMap?: readonly LabelMapEntry[] | null;
  /** The truth was read whole although it has several subsets: joining by rank would guess. */
  readonly hasUnchosenSubsets?: boolean;
}

export interface Joined {
  readonly predictions: PredictionColumns;
  readonly join: Join;
  readonly findings: readonly Finding[];
}

/** For each of the predictions' images the index of the truth's, or -1. */
interface JoinedImages {
  readonly by: Join['by'];
  readonly images: Int32Array;
}

/** Maps to an index where the key is unique, else to nothing. */
function uniqueIndex(keys: readonly string[]): Map<string, number> {
  const map = new Map<string, number>();
  const repeated = new Set<string>();
  keys.forEach((key, index) => {
    if (map.has(key)) repeated.add(key);
    map.set(key, index);
  });
  for (const key of repeated) map.delete(key);
  return map;
}

/** Finds images by name: relative path, then last part, then stem, each where unique; case as written. */
export function imageFinder(truth: Pick<Truth, 'images'>): (name: string) => number | undefined {
  const names = truth.images.map(({ fileName }) => fileName);
  const byPath = uniqueIndex(names);
  const byName = uniqueIndex(names.map(baseName));
  const byStem = uniqueIndex(names.map(stemOf));
  return (name) => {
    const normal = normaliseFileName(name);
    const base = baseName(normal);
    // A name without extension may hold dots: `scan.001` is the stem of `scan.001.jpg`.
    return byPath.get(normal) ?? byName.get(base) ?? byStem.get(stemOf(base)) ?? byStem.get(base);
  };
}

/** Whether two names can be of one image: the last part agrees, or the stem. */
export function agree(left: string, right: string): boolean {
  const a = baseName(normaliseFileName(left));
  const b = baseName(normaliseFileName(right));
  return a === b || stemOf(a) === stemOf(b) || a === stemOf(b) || stemOf(a) === b;
}

const nameOf = ({ id, fileName }: RawImage): string | null =>
  fileName ?? (typeof id === 'string' ? id : null);

const indexOfIds = (truth: Truth): Map<string, number> =>
  new Map(truth.images.map(({ id }, index) => [String(id), index]));

/** By id, where the truth has ids of its own, has every one of the predictions' and no name speaks against. */
function joinById(truth: Truth, raw: RawPredictions): JoinedImages | null {
  if (!truth.hasOwnIds) return null;
  const byId = indexOfIds(truth);
  const images = new Int32Array(raw.images.length);
  for (const [at, { id, fileName }] of raw.images.entries()) {
    const index = id === null ? undefined : byId.get(String(id));
    if (index === undefined) return null;
    if (fileName !== null && !agree(fileName, truth.images[index]!.fileName)) return null;
    images[at] = index;
  }
  return { by: 'id', images };
}

function joinByName(truth: Truth, raw: RawPredictions): JoinedImages {
  const find = imageFinder(truth);
  const images = Int32Array.from(raw.images, (image) => {
    const name = nameOf(image);
    return name === null ? -1 : (find(name) ?? -1);
  });
  return { by: 'file-name', images };
}

function chooseJoin(
  truth: Truth,
  raw: RawPredictions,
  options: JoinOptions,
  report: RecordReporter,
): JoinedImages {
  const byId = joinById(truth, raw);
  if (byId) return byId;
  if (raw.images.some((image) => nameOf(image) !== null)) {
    const byName = joinByName(truth, raw);
    const isNamed = raw.images.some(({ fileName }) => fileName !== null);
    if (isNamed || !truth.hasOwnIds || byName.images.some((index) => index >= 0)) return byName;
  }
  if (truth.hasOwnIds) {
    // Ids against ids of the truth's own: what is known joins, the rest is left out and said.
    const ids = indexOfIds(truth);
    return { by: 'id', images: Int32Array.from(raw.images, ({ id }) => ids.get(String(id)) ?? -1) };
  }
  if (raw.count > 0) {
    refuseGuess(truth, options);
    report.note(
      'joined-by-rank',
      'warning',
      'The predictions number their images; they were joined by the images’ rank by file name, from 1.',
    );
  }
  return {
    by: 'rank',
    images: Int32Array.from(raw.images, ({ id }) =>
      Number.isInteger(id) && Number(id) >= 1 && Number(id) <= truth.images.length ? Number(id) - 1 : -1,
    ),
  };
}

function refuseGuess(truth: Truth, options: JoinOptions): void {
  if (!options.hasUnchosenSubsets) return;
  const sizes = truth.subsets.map(({ name, images }) => `${name} (${images.length})`).join(', ');
  throw new BadInput(
    'subset-needed',
    `The predictions number their images, and the ground truth has several subsets: ${sizes}.`,
    'Choose one with --subset NAME.',
    { file: options.file },
  );
}

/** What joins, and nothing refused but a guess. */
export interface LooseJoin extends JoinedImages {
  /** For each of the predictions' classes the index of the truth's, or -1. */
  readonly categories: Int32Array;
  readonly findings: readonly Finding[];
}

/** As `joinPredictions`, also where nothing joins. Throws `BadInput` where only a guess would join. */
export function joinLoosely(truth: Truth, raw: RawPredictions, options: JoinOptions): LooseJoin {
  const report = new RecordReporter(options);
  const { by, images } = chooseJoin(truth, raw, options, report);
  reportUnknownImages(raw, images, report);
  const categories = joinCategories(truth, raw, images, options.labelMap ?? null, report);
  return { by, images, categories, findings: report.list() };
}

/** Throws `BadInput` where nothing joins, or where only a guess would join. */
export function joinPredictions(truth: Truth, raw: RawPredictions, options: JoinOptions): Joined {
  const { by, images, categories, findings } = joinLoosely(truth, raw, options);
  if (raw.count > 0 && images.every((index) => index < 0)) throw nothingJoined(truth, raw, options.file);
  const predictions = columnsOf(raw, images, categories);
  const seen = new Uint8Array(truth.images.length);
  for (const image of predictions.image) seen[image] = 1;
  const join: Join = {
    by,
    images: seen.reduce((sum, value) => sum + value, 0),
    total: truth.images.length,
    predictions: predictions.count,
    left: raw.recordsInFile - predictions.count,
  };
  return { predictions, join, findings };
}

function reportUnknownImages(raw: RawPredictions, images: Int32Array, report: RecordReporter): void {
  let count = 0;
  let first = -1;
  for (let row = 0; row < raw.count; row++) {
    if (images[raw.image[row]!]! >= 0) continue;
    if (first < 0) first = row;
    count++;
  }
  if (first < 0) return;
  const image = raw.images[raw.image[first]!]!;
  report.leaveOut(
    'images-not-joined',
    'Predictions are of images that the ground truth does not have; they were left out.',
    { record: raw.fileIndex[first]!, image: nameOf(image) ?? String(image.id) },
    count,
  );
}

function nothingJoined(truth: Truth, raw: RawPredictions, file: string): BadInput {
  const [example] = truth.images;
  const [image] = raw.images;
  const theirs = image ? (nameOf(image) ?? String(image.id)) : '';
  return new BadInput(
    'nothing-joined',
    `No prediction is of an image of the ground truth: the predictions say “${theirs}”, the ground truth “${example?.fileName ?? ''}” (id ${String(example?.id)}).`,
    'Check that both are of the same set.',
    { file },
  );
}

/** For each of the predictions' classes the index of the truth's, or -1 (with a finding). */
function joinCategories(
  truth: Truth,
  raw: RawPredictions,
  images: Int32Array,
  labelMap: readonly LabelMapEntry[] | null,
  report: RecordReporter,
): Int32Array {
  const byId = new Map(truth.categories.map(({ id }, index) => [id, index]));
  const byName = new Map(truth.categories.map(({ name }, index) => [name, index]));
  const names = labelMap && new Map(labelMap.map(({ id, name }) => [id, name]));
  const find = (id: number | string): number | undefined => {
    if (typeof id === 'string') return byName.get(id) ?? (/^-?\d+$/.test(id) ? find(Number(id)) : undefined);
    if (!names) return byId.get(id);
    const name = names.get(id);
    return name === undefined ? undefined : byName.get(name);
  };
  const found = Int32Array.from(raw.categories, (id) => find(id) ?? -1);
  const missing = raw.categories.map(() => ({ count: 0, record: -1 }));
  for (let row = 0; row < raw.count; row++) {
    if (found[raw.category[row]!]! >= 0 || images[raw.image[row]!]! < 0) continue;
    const entry = missing[raw.category[row]!]!;
    if (entry.count++ === 0) entry.record = raw.fileIndex[row]!;
  }
  missing.forEach(({ count, record }, at) => {
    if (count === 0) return;
    report.leaveOut(
      'category-unknown',
      `Predictions of class ${JSON.stringify(raw.categories[at])}, which the ground truth does not have, were left out.`,
      { record },
      count,
    );
  });
  return found;
}

function columnsOf(raw: RawPredictions, images: Int32Array, categories: Int32Array): PredictionColumns {
  let count = 0;
  for (let row = 0; row < raw.count; row++) {
    if (images[raw.image[row]!]! >= 0 && categories[raw.category[row]!]! >= 0) count++;
  }
  const columns = blankPredictions(count);
  let to = 0;
  for (let row = 0; row < raw.count; row++) {
    const image = images[raw.image[row]!]!;
    const category = categories[raw.category[row]!]!;
    if (image < 0 || category < 0) continue;
    columns.image[to] = image;
    columns.category[to] = category;
    for (let at = 0; at < 4; at++) columns.box[to * 4 + at] = raw.box[row * 4 + at]!;
    columns.score[to] = raw.score[row]!;
    columns.fileIndex[to] = raw.fileIndex[row]!;
    to++;
  }
  return columns;
}
