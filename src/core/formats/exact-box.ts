/**
 * Formats that keep corners or centres as JSON numbers cannot say every width: with x = 0.1 no double x2 gives a width of
 * 0.2. Such a box is written besides as `xywh`, and taken from there where both still agree.
 */
import { isRecord } from './extra';
import { listOf } from './json/read-json';
import type { Box } from './named-truth';

export const EXACT = 'xywh';

const isClose = (left: number, right: number): boolean =>
  Math.abs(left - right) <= 1e-9 * Math.max(1, Math.abs(left), Math.abs(right));

/** The box that `record` says exactly, where it is the one that its other members say. */
export function exactBox(record: unknown, box: Box): Box {
  const own = isRecord(record) ? listOf(record[EXACT]) : [];
  const fits =
    own.length === 4 && own.every((value, at) => typeof value === 'number' && isClose(value, box[at]!));
  return fits ? (own as unknown as Box) : box;
}

/** Members to write besides: none where reading gives the box back as it is. */
export const exactMember = (box: Box, read: Box): Record<string, unknown> =>
  box.every((value, at) => value === read[at]) ? {} : { [EXACT]: [...box] };
