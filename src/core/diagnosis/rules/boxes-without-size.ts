/**
 * Boxes in parts of images whose size nobody told, beside boxes in pixels. Nothing can be drawn or scored until the sizes
 * are known; that the boxes are parts is plain all the same.
 */
import type { FoundCause } from '../cause';
import { onlyImages } from '../selection';
import type { Situation } from '../situation';
import { sizeOf } from '../situation';

/** Numbers up to this are parts of an image, with some slack for boxes that stick out. */
const LARGEST_PART = 2;
const FEWEST_IMAGES = 3;
const LEAST_SHARE = 0.02;
/** Of the boxes of an image. */
const NEARLY_ALL = 0.9;

export function findBoxesWithoutSize(
  situation: Situation,
  score: (situation: Situation) => number | null,
): FoundCause[] {
  const { truth, predictions } = situation;
  const { length } = truth.images;
  const real = sharesOfParts(length, truth.annotations);
  const found = sharesOfParts(length, predictions);
  const isUnknown = (image: number): boolean =>
    sizeOf(situation, image) === null && Number.isFinite(real[image]) && Number.isFinite(found[image]);
  const sides = [
    { side: 'predictions', who: 'Predictions', parts: found, pixels: real },
    { side: 'truth', who: 'Ground truth boxes', parts: real, pixels: found },
  ];
  return sides.flatMap(({ side, who, parts, pixels }): FoundCause[] => {
    const images = [...truth.images.keys()].filter(
      (image) => isUnknown(image) && parts[image]! >= NEARLY_ALL && pixels[image]! <= 1 - NEARLY_ALL,
    );
    if (images.length < Math.max(FEWEST_IMAGES, LEAST_SHARE * length)) return [];
    return [
      {
        code: 'coordinates-normalised',
        title: `${who} are in parts of images whose sizes are not known`,
        evidence: { side, range: 1, scale: null },
        images,
        action:
          'Give the image files, or write width and height into the ground truth: boxes are then mapped to pixels',
        repair: null,
        price: priceOf(situation, images, score),
      },
    ];
  });
}

/** What the other images score; null where there are none. */
function priceOf(
  situation: Situation,
  images: readonly number[],
  score: (situation: Situation) => number | null,
): NonNullable<FoundCause['price']> | null {
  const isConcerned = new Set(images);
  const others = [...situation.truth.images.keys()].filter((image) => !isConcerned.has(image));
  if (others.length < FEWEST_IMAGES) return null;
  const now = score(situation) ?? 0;
  const gain = (score(onlyImages(situation, others)) ?? now) - now;
  return gain > 0 ? { gain, interval: [gain / 2, 1.5 * gain], confidence: 'estimated' } : null;
}

/** By image: share of its boxes whose every number could be a part of it; NaN without boxes. */
function sharesOfParts(
  images: number,
  { count, image, box }: { readonly count: number; readonly image: Int32Array; readonly box: Float64Array },
): Float64Array {
  const total = new Float64Array(images);
  const parts = new Float64Array(images);
  for (let row = 0; row < count; row++) {
    const own = image[row]!;
    if (own < 0) continue;
    total[own]!++;
    let largest = 0;
    for (let at = row * 4; at < row * 4 + 4; at++) largest = Math.max(largest, Math.abs(box[at]!));
    if (largest <= LARGEST_PART) parts[own]!++;
  }
  return parts.map((value, own) => value / total[own]!);
}
