/** Predictions find their images and classes: by id, by file name or by rank, as docs/formats.md says. */
import type { Join, PredictionColumns, Truth } from '../dataset/dataset';
import { BadInput } from '../foundation/bad-input';
import type { Finding } from '../foundation/finding';
import type { RawPredictions } from './coco/read-results';
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

type FindImage = (row: number) => number | undefined;

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
    return byPath.get(normal) ?? byName.get(baseName(normal)) ?? byStem.get(stemOf(normal));
  };
}

function joinById(truth: Truth, raw: RawPredictions): FindImage | null {
  if (!truth.hasOwnIds) return null;
  const byId = new Map(truth.images.map(({ id }, index) => [id, index]));
  const byText = new Map(truth.images.map(({ id }, index) => [String(id), index]));
  const find: FindImage = (row) => byId.get(raw.imageId[row]!) ?? byText.get(String(raw.imageId[row]!));
  const byName = imageFinder(truth);
  for (let row = 0; row < raw.count; row++) {
    const image = find(row);
    if (image === undefined) return null;
    const name = raw.fileName?.[row] ?? null;
    if (name === null) continue;
    const named = byName(name);
    if (named !== undefined && named !== image) return null; // the name contradicts the id
  }
  return find;
}

/** Throws `BadInput` where nothing joins, or where only a guess would join. */
export function joinPredictions(truth: Truth, raw: RawPredictions, options: JoinOptions): Joined {
  const report = new RecordReporter(options);
  const nameOf = (row: number): string | null => {
    const id = raw.imageId[row]!;
    return raw.fileName?.[row] ?? (typeof id === 'string' ? id : null);
  };
  const { by, find } = chooseJoin(truth, raw, nameOf, options, report);
  const findClass = classFinder(truth, options.labelMap ?? null, report);
  const kept: { row: number; image: number; category: number }[] = [];
  let notJoined = 0;
  let firstNotJoined = -1;
  for (let row = 0; row < raw.count; row++) {
    const image = find(row);
    if (image === undefined) {
      if (firstNotJoined < 0) firstNotJoined = row;
      notJoined++;
      continue;
    }
    const category = findClass(raw.categoryId[row]!, raw.fileIndex[row]!);
    if (category !== undefined) kept.push({ row, image, category });
  }
  if (notJoined > 0) {
    report.leaveOut(
      'images-not-joined',
      'Predictions are of images that the ground truth does not have; they were left out.',
      {
        record: raw.fileIndex[firstNotJoined]!,
        image: String(nameOf(firstNotJoined) ?? raw.imageId[firstNotJoined]),
      },
      notJoined,
    );
  }
  if (raw.count > 0 && notJoined === raw.count) throw nothingJoined(truth, raw, nameOf, options.file);
  const predictions = columnsOf(raw, kept);
  const images = new Set(predictions.image).size;
  const join: Join = {
    by,
    images,
    total: truth.images.length,
    predictions: kept.length,
    left: raw.recordsInFile - kept.length,
  };
  return { predictions, join, findings: report.list() };
}

function chooseJoin(
  truth: Truth,
  raw: RawPredictions,
  nameOf: (row: number) => string | null,
  options: JoinOptions,
  report: RecordReporter,
): { by: Join['by']; find: FindImage } {
  const byId = joinById(truth, raw);
  if (byId) return { by: 'id', find: byId };
  let isNamed = raw.count > 0;
  for (let row = 0; row < raw.count && isNamed; row++) isNamed = nameOf(row) !== null;
  const findName = imageFinder(truth);
  const known = new Map<string, number | undefined>();
  const byName: FindImage = (row) => {
    const name = nameOf(row);
    if (name === null) return undefined;
    if (!known.has(name)) known.set(name, findName(name));
    return known.get(name);
  };
  if (isNamed) return { by: 'file-name', find: byName };
  if (truth.hasOwnIds) {
    // Numbers against ids of the truth's own: what is known joins, the rest is left out and said.
    const ids = new Map(truth.images.map(({ id }, index) => [String(id), index]));
    return { by: 'id', find: (row) => ids.get(String(raw.imageId[row]!)) };
  }
  if (options.hasUnchosenSubsets) {
    const sizes = truth.subsets.map(({ name, images }) => `${name} (${images.length})`).join(', ');
    throw new BadInput(
      'subset-needed',
      `The predictions number their images, and the ground truth has several subsets: ${sizes}.`,
      'Choose one with --subset NAME.',
      { file: options.file },
    );
  }
  report.note(
    'joined-by-rank',
    'warning',
    'The predictions number their images; they were joined by the images’ rank by file name, from 1.',
  );
  return {
    by: 'rank',
    find: (row) => {
      const id = raw.imageId[row]!;
      return typeof id === 'number' && id >= 1 && id <= truth.images.length ? id - 1 : undefined;
    },
  };
}

function nothingJoined(
  truth: Truth,
  raw: RawPredictions,
  nameOf: (row: number) => string | null,
  file: string,
): BadInput {
  const [example] = truth.images;
  const theirs = nameOf(0) ?? String(raw.imageId[0]);
  return new BadInput(
    'nothing-joined',
    `No prediction is of an image of the ground truth: the predictions say “${theirs}”, the ground truth “${example?.fileName ?? ''}” (id ${String(example?.id)}).`,
    'Check that both are of the same set.',
    { file },
  );
}

function classFinder(
  truth: Truth,
  labelMap: readonly LabelMapEntry[] | null,
  report: RecordReporter,
): (id: number | string, record: number) => number | undefined {
  const byId = new Map(truth.categories.map(({ id }, index) => [id, index]));
  const byName = new Map(truth.categories.map(({ name }, index) => [name, index]));
  const names = labelMap && new Map(labelMap.map(({ id, name }) => [id, name]));
  const known = new Map<number | string, number | undefined>();
  const find = (id: number | string): number | undefined => {
    if (typeof id === 'string') return byName.get(id) ?? (/^-?\d+$/.test(id) ? find(Number(id)) : undefined);
    if (!names) return byId.get(id);
    const name = names.get(id);
    return name === undefined ? undefined : byName.get(name);
  };
  return (id, record) => {
    if (!known.has(id)) known.set(id, find(id));
    const index = known.get(id);
    if (index === undefined)
      report.leaveOut(
        'category-unknown',
        `Predictions of class ${JSON.stringify(id)}, which the ground truth does not have, were left out.`,
        { record },
      );
    return index;
  };
}

function columnsOf(
  raw: RawPredictions,
  kept: readonly { row: number; image: number; category: number }[],
): PredictionColumns {
  const box = new Float64Array(kept.length * 4);
  kept.forEach(({ row }, i) => {
    box.set(raw.box.subarray(row * 4, row * 4 + 4), i * 4);
  });
  return {
    count: kept.length,
    image: Int32Array.from(kept, ({ image }) => image),
    category: Int32Array.from(kept, ({ category }) => category),
    box,
    score: Float64Array.from(kept, ({ row }) => raw.score[row]!),
    fileIndex: Uint32Array.from(kept, ({ row }) => raw.fileIndex[row]!),
  };
}
