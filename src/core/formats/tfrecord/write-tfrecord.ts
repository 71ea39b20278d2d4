import type { PredictionColumns, Truth } from '../../dataset/dataset';
import { FLAG_CROWD, FLAG_DIFFICULT, FLAG_GROUP_OF } from '../../dataset/dataset';
import { parseExtra } from '../extra';
import type { TargetFile, WriteContext } from '../format';
import type { Box } from '../named-truth';
import { extensionOf } from '../names';
import { encodeUtf8 } from '../text';
import { rowsByImage } from '../yolo/write-yolo';
import type { Feature } from './example';
import { writeExample } from './example';
import { bytesOfDoubles, spanOf } from './float-shares';
import { writeFrame } from './frames';
import { featuresOf } from './kept-features';
import { KEPT_LISTS, KEYS } from './keys';

const bytes = (...values: readonly (string | Uint8Array)[]): Feature => ({
  kind: 'bytes',
  values: values.map((value) => (typeof value === 'string' ? encodeUtf8(value) : value)),
});
const floats = (values: readonly number[]): Feature => ({ kind: 'float', values });
const integers = (values: readonly number[]): Feature => ({ kind: 'int64', values });

const boxAt = (box: Float64Array, row: number): Box => box.subarray(row * 4, row * 4 + 4) as unknown as Box;

/** Shares of 32 bits, and whether they give every box back as it is. */
function sharesOf(boxes: readonly Box[], width: number, height: number) {
  const left = boxes.map(([x]) => Math.fround(x / width));
  const top = boxes.map(([, y]) => Math.fround(y / height));
  const right = boxes.map(([x, , w]) => Math.fround((x + w) / width));
  const bottom = boxes.map(([, y, , h]) => Math.fround((y + h) / height));
  const isExact = boxes.every(([x, y, w, h], at) => {
    const [readX, readWidth] = spanOf(left[at]!, right[at]!, width);
    const [readY, readHeight] = spanOf(top[at]!, bottom[at]!, height);
    return readX === x && readWidth === w && readY === y && readHeight === h;
  });
  return {
    left,
    top,
    right,
    bottom,
    exact: isExact ? null : bytesOfDoubles(boxes.flatMap((box) => [...box])),
  };
}

function imageFeatures({ images, hasOwnIds }: Truth, image: number): Map<string, Feature> {
  const { id, fileName, width, height } = images[image]!;
  const extension = extensionOf(fileName).slice(1).toLowerCase();
  const features = new Map<string, Feature>([
    [KEYS.filename, bytes(fileName)],
    [KEYS.sourceId, bytes(hasOwnIds ? String(id) : fileName)],
    [KEYS.format, bytes(extension === 'jpg' ? 'jpeg' : extension)],
  ]);
  if (width !== null) features.set(KEYS.width, integers([width]));
  if (height !== null) features.set(KEYS.height, integers([height]));
  return features;
}

const FLAGS = [
  [KEYS.difficult, FLAG_DIFFICULT],
  [KEYS.groupOf, FLAG_GROUP_OF],
  [KEYS.crowd, FLAG_CROWD],
] as const;

function addObjects(
  features: Map<string, Feature>,
  truth: Truth,
  image: number,
  rows: readonly number[],
): void {
  const { width, height } = truth.images[image]!;
  if (!width || !height) return;
  const { annotations, categories } = truth;
  const boxes = rows.map((row) => boxAt(annotations.box, row));
  const { left, top, right, bottom, exact } = sharesOf(boxes, width, height);
  features.set(KEYS.xmin, floats(left)).set(KEYS.xmax, floats(right));
  features.set(KEYS.ymin, floats(top)).set(KEYS.ymax, floats(bottom));
  if (exact) features.set(KEYS.exactBox, bytes(exact));
  const classes = rows.map((row) => categories[annotations.category[row]!]!);
  features.set(KEYS.classText, bytes(...classes.map(({ name }) => name)));
  features.set(KEYS.classLabel, integers(classes.map(({ id }) => id)));
  for (const [key, flag] of FLAGS)
    features.set(key, integers(rows.map((row) => (annotations.flags[row]! & flag ? 1 : 0))));
  const hasArea = rows.some((row, at) => annotations.area[row] !== boxes[at]![2] * boxes[at]![3]);
  if (hasArea) features.set(KEYS.area, floats(rows.map((row) => annotations.area[row]!)));
  const kept = rows.map((row) => parseExtra(annotations.extra.get(row) ?? null));
  for (const key of KEPT_LISTS) {
    const name = key.slice(key.lastIndexOf('/') + 1);
    if (!kept.some((members) => members[name] !== undefined)) continue;
    const values = kept.map((members) => members[name]);
    if (name === 'view')
      features.set(key, bytes(...values.map((value) => (typeof value === 'string' ? value : ''))));
    else if (name === 'weight') features.set(key, floats(values.map((value) => Number(value ?? 1))));
    else features.set(key, integers(values.map((value) => Number(value ?? 0))));
  }
}

export function* writeTfrecord(truth: Truth, { imageBytes, progress }: WriteContext): Generator<TargetFile> {
  const rows = rowsByImage(truth.annotations.image, truth.images.length);
  const frames = async function* (): AsyncGenerator<Uint8Array> {
    for (const index of truth.images.keys()) {
      progress.check();
      progress.report('Writing records', index + 1, truth.images.length);
      const features = imageFeatures(truth, index);
      const encoded = imageBytes && (await imageBytes(index));
      if (encoded) features.set(KEYS.encoded, bytes(encoded));
      addObjects(features, truth, index, rows[index]!);
      const extras = rows[index]!.map((row) => parseExtra(truth.annotations.extra.get(row) ?? null));
      for (const [name, feature] of featuresOf(parseExtra(truth.images[index]!.extra), extras))
        features.set(name, feature);
      yield writeFrame(writeExample(features));
    }
  };
  yield { path: '', content: frames() };
}

export function* writeDetections(truth: Truth, predictions: PredictionColumns): Generator<TargetFile> {
  const rows = rowsByImage(predictions.image, truth.images.length);
  const frames = function* (): Generator<Uint8Array> {
    for (const [index, { width, height }] of truth.images.entries()) {
      const features = imageFeatures(truth, index);
      const members = width && height ? rows[index]! : [];
      const shares = sharesOf(
        members.map((row) => boxAt(predictions.box, row)),
        width ?? 1,
        height ?? 1,
      );
      features.set(KEYS.detectionXmin, floats(shares.left)).set(KEYS.detectionXmax, floats(shares.right));
      features.set(KEYS.detectionYmin, floats(shares.top)).set(KEYS.detectionYmax, floats(shares.bottom));
      if (shares.exact) features.set(KEYS.exactDetection, bytes(shares.exact));
      const scores = members.map((row) => predictions.score[row]!);
      features.set(KEYS.detectionScore, floats(scores));
      if (scores.some((score) => Math.fround(score) !== score))
        features.set(KEYS.exactScore, bytes(bytesOfDoubles(scores)));
      features.set(
        KEYS.detectionLabel,
        integers(members.map((row) => truth.categories[predictions.category[row]!]!.id)),
      );
      yield writeFrame(writeExample(features));
    }
  };
  yield { path: '', content: frames() };
}
