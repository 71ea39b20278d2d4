import type { RecordId } from '../dataset/dataset';
import { compareBytes } from '../formats/names';

/**
 * The order in which scorers visit images. It decides where predictions of equal score stand in a class's list, so it is part of every score.
 */
export interface ImageOrder {
  /** Image index by place. */
  readonly images: Int32Array;
  /** Place by image index. */
  readonly places: Int32Array;
}

/**
 * `by-id`: by rising id, numbers before text, text by code point, as Python sorts it; equal ids in index order.
 * `last-first`: by falling index, whatever the ids.
 */
export function imageOrder(ids: readonly RecordId[], kind: 'by-id' | 'last-first' = 'by-id'): ImageOrder {
  const images = Int32Array.from(ids, (_, index) => index);
  if (kind === 'last-first') images.reverse();
  else images.sort((a, b) => compareIds(ids[a]!, ids[b]!) || a - b);
  const places = new Int32Array(ids.length);
  images.forEach((image, place) => (places[image] = place));
  return { images, places };
}

function compareIds(a: RecordId, b: RecordId): number {
  if (typeof a === 'number') return typeof b === 'number' ? a - b : -1;
  if (typeof b === 'number') return 1;
  return compareBytes(a, b);
}
