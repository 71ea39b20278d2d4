/** Some images of a dataset with their boxes as an import would read them: a wrong convention is seen at once. */
import type { PreviewBox, PreviewImage } from '../../contract/import-view';
import type { PredictionColumns, Truth } from '../../core/dataset/dataset';
import { chooseImages } from '../../core/dataset/subset';
import type { BoxConvention } from '../../core/formats/conventions/box-convention';
import type { ImageLocator } from '../images/locate';
import { resolveBelow } from '../images/locate';
import { thumb } from '../images/pixels';
import { probeImage } from '../images/probe';
import type { LocatedTruth } from './combine';
import { predictionsInStoredPixels, truthInStoredPixels } from './into-project';

const SHOWN = 12;
const PICTURE_SIZE = 480;
const MOST_BOXES = 300;
const MOST_PREDICTIONS = 30;

/** Spread over the images that have boxes and a file; where there are none, over those that have boxes. */
function chooseShown(truth: Truth, locator: ImageLocator | null, most: number): number[] {
  const annotated = [...new Set(truth.annotations.image)].sort((a, b) => a - b);
  const located = annotated.filter((index) => locator?.find(truth.images[index]!.fileName));
  const from = located.length > 0 ? located : annotated;
  const step = Math.max(1, from.length / most);
  return Array.from({ length: Math.min(most, from.length) }, (_, at) => from[Math.floor(at * step)]!);
}

interface Looked {
  readonly width: number | null;
  readonly height: number | null;
  readonly orientation: number;
  readonly picture: string | null;
}

async function look(locator: ImageLocator | null, name: string): Promise<Looked> {
  const none = { width: null, height: null, orientation: 1, picture: null };
  const location = locator?.find(name) ?? null;
  const file = locator && location !== null ? resolveBelow(locator.root, location) : null;
  const facts = file === null ? null : await probeImage(file);
  if (file === null || !facts) return none;
  const picture = await thumb({ file }, PICTURE_SIZE).then(
    ({ type, bytes }) => `data:${type};base64,${Buffer.from(bytes).toString('base64')}`,
    () => null,
  );
  return { ...facts, picture };
}

/** A truth and the predictions on it, with classes as they would be called. */
export interface Previewed extends LocatedTruth {
  readonly predictions: PredictionColumns | null;
}

/** Of several sources some of each. */
export async function previewOf(
  sources: readonly Previewed[],
  predictedPixels: BoxConvention['pixels'],
): Promise<PreviewImage[]> {
  const most = Math.ceil(SHOWN / sources.length);
  const parts = await Promise.all(sources.map((source) => previewOfOne(source, most, predictedPixels)));
  return parts.flat();
}

async function previewOfOne(
  { truth, predictions, locator }: Previewed,
  most: number,
  predictedPixels: BoxConvention['pixels'],
): Promise<PreviewImage[]> {
  const shown = chooseShown(truth, locator, most);
  const looked = await Promise.all(shown.map((index) => look(locator, truth.images[index]!.fileName)));
  const { truth: stored, isTurned } = truthInStoredPixels(chooseImages(truth, shown), looked);
  const predicted = predictedBoxes(truth, predictions, shown, predictedPixels, looked, isTurned);
  return stored.images.map(({ fileName, width, height }, at): PreviewImage => {
    const { picture, ...size } = looked[at]!;
    return {
      name: fileName,
      width: size.width ?? width ?? 0,
      height: size.height ?? height ?? 0,
      picture,
      boxes: boxesOf(stored.annotations, at, stored).slice(0, MOST_BOXES),
      predictions: predicted[at]!,
    };
  });
}

const boxAt = (box: Float64Array, row: number) =>
  [...box.subarray(row * 4, row * 4 + 4)] as unknown as PreviewBox['box'];

function boxesOf(
  { image, category, box }: Pick<PredictionColumns, 'image' | 'category' | 'box'>,
  wanted: number,
  { categories }: Truth,
): PreviewBox[] {
  const boxes: PreviewBox[] = [];
  image.forEach((index, row) => {
    if (index === wanted) boxes.push({ box: boxAt(box, row), name: categories[category[row]!]!.name });
  });
  return boxes;
}

function predictedBoxes(
  truth: Truth,
  predictions: PredictionColumns | null,
  shown: readonly number[],
  pixels: BoxConvention['pixels'],
  looked: readonly Looked[],
  isTurned: readonly boolean[],
): PreviewBox[][] {
  if (!predictions) return shown.map(() => []);
  const rows = shown.map((): number[] => []);
  const place = new Map(shown.map((index, at) => [index, at]));
  predictions.image.forEach((index, row) => {
    const at = place.get(index);
    if (at !== undefined) rows[at]!.push(row);
  });
  return rows.map((list, at) => {
    const best = list
      .sort((a, b) => predictions.score[b]! - predictions.score[a]!)
      .slice(0, MOST_PREDICTIONS);
    const columns = {
      ...predictions,
      count: best.length,
      image: new Int32Array(best.length),
      category: Int32Array.from(best, (row) => predictions.category[row]!),
      box: Float64Array.from(best.flatMap((row) => [...predictions.box.subarray(row * 4, row * 4 + 4)])),
    };
    return boxesOf(predictionsInStoredPixels(columns, pixels, [looked[at]!], [isTurned[at]!]), 0, truth);
  });
}
