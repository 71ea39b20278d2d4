/** What every reader says of a record's name and box. */
import type { FindingPlace } from '../foundation/finding';
import { isOutside } from './box-checks';
import type { Box } from './named-truth';
import { fileNameProblem, normaliseFileName } from './names';
import type { RecordReporter } from './reading';

interface Size {
  readonly width: number | null;
  readonly height: number | null;
}

/** Whether a box can be used; says why not, and what is remarkable about one that can. */
export function isUsableBox(
  [x, y, width, height]: Box,
  size: Size,
  report: RecordReporter,
  where: FindingPlace,
): boolean {
  if (!(Number.isFinite(x) && Number.isFinite(y) && Number.isFinite(width) && Number.isFinite(height))) {
    report.leaveOut(
      'box-not-finite',
      'A box holds something that is not a finite number; the record was left out.',
      where,
    );
    return false;
  }
  if (width < 0 || height < 0) {
    report.leaveOut(
      'box-negative',
      'A box has a negative width or height (or swapped corners); the record was left out.',
      where,
    );
    return false;
  }
  if (width === 0 || height === 0)
    report.note('box-without-area', 'warning', 'A box has no area; it is kept and can match nothing.', where);
  if (isOutside(x, y, width, height, size.width, size.height))
    report.note(
      'box-outside-image',
      'warning',
      'A box reaches outside its image; it is kept as it is.',
      where,
    );
  return true;
}

/** A file name as it is kept; null (and left out) where there is none. */
export function usableName(written: string, report: RecordReporter, where: FindingPlace): string | null {
  if (written.includes('\\'))
    report.note('name-with-backslash', 'info', 'A file name has backslashes; they are read as /.', where);
  const name = normaliseFileName(written);
  if (name === '') {
    report.leaveOut('name-missing', 'A record names no image and was left out.', where);
    return null;
  }
  const problem = fileNameProblem(name);
  if (problem)
    report.note('name-unsafe', 'warning', `A file name ${problem}; it is used as a name only.`, where);
  return name;
}

/** A size in pixels, or null where there is none that can be. */
export const sizeOrNull = (value: unknown): number | null => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number > 0 ? number : null;
};

/** Left out: a share of an image whose size nothing tells. */
export function leaveOutWithoutSize(report: RecordReporter, where: FindingPlace, count = 1): void {
  report.leaveOut(
    'size-needed',
    'A box is a share of its image, whose size is missing; it was left out.',
    where,
    count,
  );
}
