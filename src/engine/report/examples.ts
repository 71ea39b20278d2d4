/** Pictures of the images that show a cause, small and few enough to stand in the report itself. */
import type { Progress } from '../../core/foundation/cancellation';
import type { Situation } from '../../core/diagnosis/situation';

export interface Example {
  readonly name: string;
  /** A data URL. */
  readonly picture: string;
  /** Of the stored image, which the boxes are in. */
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly {
    readonly isTruth: boolean;
    readonly box: readonly [x: number, y: number, width: number, height: number];
  }[];
}

const MOST_OF_A_CAUSE = 3;
const MOST_IN_ALL = 24;
/** Longer side in pixels: sharp on paper at the size of the report. */
const PICTURE_SIZE = 440;
/** More would hide what they lie on. */
const MOST_BOXES = 60;
const LEAST_SCORE = 0.3;

/**
 * `shown`: by cause, the images that show it, as indices of the truth. `fileOf`: null where an image's file is not known.
 * An image that cannot be read is passed over: the next one stands for it.
 */
export async function examplesOf(
  shown: readonly (readonly number[])[],
  { truth, predictions }: Pick<Situation, 'truth' | 'predictions'>,
  fileOf: (image: number) => string | null,
  progress: Progress,
): Promise<Example[][]> {
  // Loaded only here: without pictures no image library is needed.
  const { thumbnail } = await import('../images/pixels');
  const boxesOf = boxesByImage(truth.annotations, predictions);
  let left = MOST_IN_ALL;
  const examples: Example[][] = [];
  for (const [place, images] of shown.entries()) {
    progress.report('Pictures for the report', place, shown.length);
    const own: Example[] = [];
    for (const image of images.slice(0, MOST_OF_A_CAUSE * 2)) {
      progress.check();
      if (own.length === MOST_OF_A_CAUSE || left === 0) break;
      const file = fileOf(image);
      const made = file === null ? null : await thumbnail(file, PICTURE_SIZE).catch(() => null);
      if (!made) continue;
      const { type, bytes, width, height } = made;
      own.push({
        name: truth.images[image]!.fileName,
        picture: `data:${type};base64,${Buffer.from(bytes).toString('base64')}`,
        width,
        height,
        boxes: boxesOf(image),
      });
      left--;
    }
    examples.push(own);
  }
  return examples;
}

function boxesByImage(
  truth: Situation['truth']['annotations'],
  predictions: Situation['predictions'],
): (image: number) => Example['boxes'] {
  return (image) => {
    const boxes: { isTruth: boolean; box: [number, number, number, number] }[] = [];
    const take = (
      { count, image: images, box }: { count: number; image: Int32Array; box: Float64Array },
      isTruth: boolean,
    ): void => {
      const end = boxes.length + MOST_BOXES;
      for (let row = 0; row < count && boxes.length < end; row++) {
        if (images[row] !== image || (!isTruth && predictions.score[row]! < LEAST_SCORE)) continue;
        const at = row * 4;
        boxes.push({ isTruth, box: [box[at]!, box[at + 1]!, box[at + 2]!, box[at + 3]!] });
      }
    };
    take(truth, true);
    take(predictions, false);
    return boxes;
  };
}
