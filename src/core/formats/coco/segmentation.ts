/**
 * The box around a COCO segmentation: polygons `[[x, y, x, y, ...], ...]`, or runs of a mask in columns
 * (`{size: [height, width], counts}`), plain or in the text that pycocotools packs them into.
 */
import { isRecord } from '../extra';
import { boundsOfPoints, listOf } from '../json/read-json';
import type { Box } from '../named-truth';

/** Text of packed runs: six bits a character from `0` on, five of them digits. */
const FIRST_CHARACTER = 48;
/** Runs of a mask beyond this many pixels are none. */
const LARGEST_MASK = 2 ** 40;

function polygonPoints(polygons: readonly unknown[]): unknown[][] {
  return polygons.flatMap((polygon) => {
    const numbers = listOf(polygon);
    return Array.from({ length: numbers.length >> 1 }, (_, at) => numbers.slice(at * 2, at * 2 + 2));
  });
}

/** As `rleFrString` of pycocotools' maskApi.c unpacks them: from the third on, differences to the run two before. */
function unpacked(text: string): number[] {
  const runs: number[] = [];
  for (let at = 0; at < text.length;) {
    let value = 0;
    let shift = 0;
    let isMore = true;
    while (isMore && at < text.length) {
      const digit = text.charCodeAt(at++) - FIRST_CHARACTER;
      value += (digit & 31) * 2 ** shift;
      isMore = (digit & 32) !== 0;
      shift += 5;
      if (!isMore && (digit & 16) !== 0) value -= 2 ** shift;
    }
    runs.push(runs.length > 2 ? value + runs.at(-2)! : value);
  }
  return runs;
}

/** Runs of pixels outside and inside by turns, down the columns one after another. */
function boundsOfRuns(runs: readonly number[], height: number): Box | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
  let from = 0;
  for (const [index, length] of runs.entries()) {
    if (!Number.isSafeInteger(length) || length < 0 || from + length > LARGEST_MASK) return null;
    const to = from + length;
    if (index % 2 === 1 && length > 0) {
      const [first, last] = [Math.floor(from / height), Math.floor((to - 1) / height)];
      left = Math.min(left, first);
      right = Math.max(right, last);
      // A run that goes on in the next column reaches from edge to edge.
      top = Math.min(top, first === last ? from % height : 0);
      bottom = Math.max(bottom, first === last ? (to - 1) % height : height - 1);
    }
    from = to;
  }
  return right < 0 ? null : [left, top, right - left + 1, bottom - top + 1];
}

/** Null where it is empty, or one of its numbers is none. */
export function boundsOfSegmentation(value: unknown): Box | null {
  if (Array.isArray(value)) return boundsOfPoints(polygonPoints(value));
  if (!isRecord(value) || !Array.isArray(value['size'])) return null;
  const height: unknown = value['size'][0];
  if (typeof height !== 'number' || !Number.isSafeInteger(height) || height <= 0) return null;
  const { counts } = value;
  if (typeof counts === 'string') return boundsOfRuns(unpacked(counts), height);
  return Array.isArray(counts) ? boundsOfRuns(counts.map(Number), height) : null;
}
