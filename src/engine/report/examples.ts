/** Pictures of what shows a cause, cut out of their images, small and few enough to stand in the report itself. */
import type { CauseCode } from '../../core/diagnosis/cause';
import type { ExampleBox, ExampleView } from '../../core/diagnosis/examples/example-view';
import { exampleView } from '../../core/diagnosis/examples/example-view';
import type { Situation } from '../../core/diagnosis/situation';
import type { Progress } from '../../core/foundation/cancellation';
import type { ImageFile } from '../images/image-file';

export interface Example extends ExampleView {
  /** Of the image. */
  readonly name: string;
  /** A data URL of the part that is shown. */
  readonly picture: string;
}

/** A cause and the images that show it, as indices of the truth. */
export interface ShownCause {
  readonly code: CauseCode;
  readonly images: readonly number[];
}

const MOST_OF_A_CAUSE = 3;
const MOST_IN_ALL = 24;
/** Longer side in pixels: sharp on paper at the size of the report. */
const PICTURE_SIZE = 560;

/**
 * By cause. `fileOf`: null where an image's file is not known. An image that cannot be read is passed over: the next one
 * stands for it.
 */
export async function examplesOf(
  shown: readonly ShownCause[],
  situation: Pick<Situation, 'truth' | 'predictions'>,
  fileOf: (image: number) => ImageFile | null,
  progress: Progress,
): Promise<Example[][]> {
  // Loaded only here: without pictures no image library is needed.
  const { cutOut, storedSize } = await import('../images/pixels');
  const tried = shown.map(({ images }) => images.slice(0, MOST_OF_A_CAUSE * 2));
  const boxes = boxesOf(new Set(tried.flat()), situation);
  const make = async (code: CauseCode, image: number, file: ImageFile): Promise<Example> => {
    const view = exampleView(code, boxes.get(image) ?? [], await storedSize(file));
    const { type, bytes } = await cutOut(file, view.view, PICTURE_SIZE);
    return {
      ...view,
      name: situation.truth.images[image]!.fileName,
      picture: `data:${type};base64,${Buffer.from(bytes).toString('base64')}`,
    };
  };
  let left = MOST_IN_ALL;
  const examples: Example[][] = [];
  for (const [place, { code }] of shown.entries()) {
    progress.report('Pictures for the report', place, shown.length);
    const own: Example[] = [];
    for (const image of tried[place]!) {
      progress.check();
      if (own.length === MOST_OF_A_CAUSE || left === 0) break;
      const file = fileOf(image);
      const made = file === null ? null : await make(code, image, file).catch(() => null);
      if (!made) continue;
      own.push(made);
      left--;
    }
    examples.push(own);
  }
  return examples;
}

/** Labels, then predictions, of each of these images. */
function boxesOf(
  wanted: ReadonlySet<number>,
  { truth, predictions }: Pick<Situation, 'truth' | 'predictions'>,
): ReadonlyMap<number, readonly ExampleBox[]> {
  const boxes = new Map<number, ExampleBox[]>([...wanted].map((image) => [image, []]));
  const at = (box: Float64Array, row: number): ExampleBox['box'] => {
    const from = row * 4;
    return [box[from]!, box[from + 1]!, box[from + 2]!, box[from + 3]!];
  };
  const { annotations, categories } = truth;
  for (let row = 0; row < annotations.count; row++) {
    boxes.get(annotations.image[row]!)?.push({
      isTruth: true,
      box: at(annotations.box, row),
      category: categories[annotations.category[row]!]!.name,
      score: null,
    });
  }
  for (let row = 0; row < predictions.count; row++) {
    const own = boxes.get(predictions.image[row]!);
    if (!own) continue;
    const known = categories[predictions.category[row]!]?.name;
    own.push({
      isTruth: false,
      box: at(predictions.box, row),
      category: known ?? `class ${String(predictions.categories[predictions.namedCategory[row]!] ?? '?')}`,
      score: predictions.score[row]!,
    });
  }
  return boxes;
}
