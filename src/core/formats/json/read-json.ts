/** Small JSON files as a whole, with errors that say where. */
import { BadInput } from '../../foundation/bad-input';
import { isRecord } from '../extra';
import { checkDepth, DEEPEST_VALUES } from '../limits';
import { decodeText } from '../text';

/** Throws `BadInput` where the bytes are no JSON: cut off, garbled, nested too deep. */
export function readJson(bytes: Uint8Array, file: string): unknown {
  const { text } = decodeText(bytes);
  checkDepth(text, DEEPEST_VALUES, (message) => {
    throw new BadInput('json-too-deep', message, 'Check that it is the right file.', { file });
  });
  try {
    return JSON.parse(text.replace(/^\ufeff/, '')) as unknown;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BadInput(
      'json-invalid',
      `The file is not valid JSON: ${reason}.`,
      'Get the file again, or write it again.',
      { file },
    );
  }
}

type Members = Readonly<Record<string, unknown>>;

export const recordOf = (value: unknown): Members => (isRecord(value) ? value : {});
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
/** Numbers, also those that stand as text; NaN where there is none. */
export const numberOf = (value: unknown): number =>
  typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;

/** JSON of the members that are neither known nor say nothing; null where there are none. */
export function keptMembers(record: Members, known: ReadonlySet<string>): string | null {
  const saysNothing = (value: unknown): boolean =>
    value === null ||
    value === '' ||
    value === false ||
    (Array.isArray(value) && value.length === 0) ||
    (isRecord(value) && Object.keys(value).length === 0);
  const entries = Object.entries(record).filter(([key, value]) => !known.has(key) && !saysNothing(value));
  return entries.length > 0 ? JSON.stringify(Object.fromEntries(entries)) : null;
}

/** The box of a polygon's points; null where they are none. */
export function boundsOfPoints(points: readonly unknown[]): readonly [number, number, number, number] | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const point of points) {
    const [x, y] = listOf(point).map(numberOf);
    if (x === undefined || y === undefined || !Number.isFinite(x) || !Number.isFinite(y)) return null;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return points.length > 0 ? [left, top, right - left, bottom - top] : null;
}
