import { FLAG_UNSEEN, type ImageLabels, type PredictionColumns } from '../../dataset/dataset';
import type { ImageTruth, ObjectDetectionApiProtocol, ScoringInput } from '../evaluation';
import type { ProtocolView } from '../protocol-scoring';
import { type ApiClasses, apiClasses } from './api-classes';
import type { LoopParameters } from './parameters';

/**
 * A dataset as an evaluator of the Object Detection API gets it. Rows stay where they are: what it does not get is out
 * of sight. Throws nothing; `options` have been checked.
 */
export function apiView(
  given: ScoringInput,
  protocol: ObjectDetectionApiProtocol,
  options: LoopParameters,
): ProtocolView {
  const isCoco = protocol === 'tf-coco';
  const classes = apiClasses(given.categories, isCoco, options.asTensorflow2ReportsIt);
  const sight: Sight = {
    classes,
    isCoco,
    most: options.asTensorflow2ReportsIt ? options.maxNumberOfBoxes : Infinity,
  };
  const input: ScoringInput = {
    ...given,
    categories: classes.categories,
    annotations: {
      ...given.annotations,
      ...seenTruth(given.annotations, placesInImage(given.annotations.image, given.imageIds.length), sight),
    },
    predictions: isCoco
      ? { ...given.predictions, box: fromCorners(given.predictions.box) }
      : given.predictions,
  };
  const isLabelled = options.skipUnlabeledClasses ? lookUp(given) : null;
  return {
    input,
    scope: {
      excluded: excludedPredictions(given.predictions, sight, isLabelled),
      padding: paddingOf(sight),
      isVerified: protocol === 'open-images-challenge' ? verifiedClasses(given, sight) : null,
      isIgnoredUnmatched: null,
    },
    truth: (truth) => seenTruth(truth, null, sight),
  };
}

interface Sight {
  readonly classes: ApiClasses;
  readonly isCoco: boolean;
  /** Annotations of an image that are handed on. */
  readonly most: number;
}

/** By row: how many annotations of the same image stand before it. */
function placesInImage(image: Int32Array, images: number): Int32Array {
  const next = new Int32Array(images);
  return image.map((index) => next[index]!++);
}

/** `places`: by row, its place in its image; null where the rows are those of one image. */
function seenTruth(truth: ImageTruth, places: Int32Array | null, sight: Sight): ImageTruth {
  const box = sight.isCoco ? fromCorners(truth.box) : truth.box.slice();
  const category = truth.category.map((klass) => sight.classes.truthClass[klass]!);
  const flags = truth.flags.slice();
  const area = truth.area.slice();
  for (let row = 0; row < truth.count; row++) {
    const isSeen = (places?.[row] ?? row) < sight.most && sight.classes.isCounted[category[row]!];
    // No box comes near infinity, so what is out of sight is never found and never found nearest.
    if (!isSeen) box.set([Infinity, Infinity, 0, 0], row * 4);
    if (!isSeen) flags[row] = FLAG_UNSEEN;
    if (sight.isCoco && !(area[row]! > 0)) area[row] = box[row * 4 + 2]! * box[row * 4 + 3]!;
  }
  return { count: truth.count, id: truth.id.slice(), category, box, area, flags };
}

/** The COCO flavour is given corners and takes widths from them again, with their rounding. */
function fromCorners(box: Float64Array): Float64Array {
  const turned = box.slice();
  for (let offset = 0; offset < box.length; offset += 4) {
    turned[offset + 2] = box[offset]! + box[offset + 2]! - box[offset]!;
    turned[offset + 3] = box[offset + 1]! + box[offset + 3]! - box[offset + 1]!;
  }
  return turned;
}

type IsLabelled = (image: number, klass: number) => boolean;

function excludedPredictions(
  predictions: PredictionColumns,
  sight: Sight,
  isLabelled: IsLabelled | null,
): Uint8Array {
  const { image, category, box } = predictions;
  return Uint8Array.from(category, (klass, row) => {
    const isIn =
      sight.classes.isCounted[klass] &&
      (sight.isCoco || hasSize(box, row * 4)) &&
      (isLabelled === null || isLabelled(image[row]!, klass));
    return isIn ? 0 : 1;
  });
}

/** Whether right and bottom lie beyond left and top, which rounding may undo for slivers. */
function hasSize(box: Float64Array, offset: number): boolean {
  return (
    box[offset]! + box[offset + 2]! > box[offset]! && box[offset + 1]! + box[offset + 3]! > box[offset + 1]!
  );
}

/** The COCO flavour cuts by the true number of boxes; everyone else takes the filling for truth. */
function paddingOf({ isCoco, classes, most }: Sight): { klass: number; boxes: number } | null {
  if (isCoco || most === Infinity || classes.labelOne < 0) return null;
  return { klass: classes.labelOne, boxes: most };
}

/** Without image labels there is nothing to go by, so nothing is left out. */
function lookUp({ imageLabels, categories }: ScoringInput): IsLabelled | null {
  return imageLabels ? labelled(imageLabels, categories.length) : null;
}

function labelled({ image, category }: ImageLabels, classes: number): IsLabelled {
  const known = new Set(Array.from(image, (index, row) => index * classes + category[row]!));
  return (index, klass) => klass < classes && known.has(index * classes + klass);
}

/**
 * A label of either confidence verifies its class. TensorFlow 2's loop hands labels on as zeros and ones, which are read
 * as ids: any label allows label 1, and nothing else.
 */
function verifiedClasses({ imageLabels, categories }: ScoringInput, sight: Sight): IsLabelled {
  if (!imageLabels) return () => false;
  if (sight.most === Infinity) return labelled(imageLabels, categories.length);
  const withLabels = new Set(imageLabels.image);
  return (index, klass) => klass === sight.classes.labelOne && withLabels.has(index);
}
