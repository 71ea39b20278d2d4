/**
 * Lines of YOLO label files: `class cx cy w h` in shares of the image, classes counted from 0. More columns are a polygon
 * (`class x1 y1 x2 y2 ...`, also oriented boxes), which becomes its bounding box, or key points behind the box.
 */
import { BadInput } from '../../foundation/bad-input';
import { parseDecimal } from '../decimal';
import type { RecordReporter } from '../reading';
import type { Box } from '../named-truth';
import type { BoxConvention } from '../conventions/box-convention';
import type { FourTexts } from '../conventions/read-box';
import { boxOfTexts } from '../conventions/read-box';
import { SharesWitness } from '../conventions/witness';
import type { ImageSize } from '../format';

/** A share beyond this is no share: the file is in pixels. */
export const LARGEST_SHARE = 2;
/** Text of numbers, with the words that stand for none. */
const NUMBERS = /^[\s\d.+\-eE]*$/;
const NO_NUMBER = /\b(?:nan|inf|infinity)\b/gi;

export interface LabelLine {
  /** From 1. */
  readonly line: number;
  /** Class, counted from 0. */
  readonly number: number;
  readonly columns: readonly string[];
}

export interface LineRules {
  /** Classes known; null where nothing says how many. */
  readonly classes: number | null;
  /** Columns after the box are key points. */
  readonly hasKeyPoints: boolean;
  readonly convention: BoxConvention;
}

/**
 * Lines that can be used. Throws `BadInput` where the file is none of numbers: it is garbled, or something else, and must
 * not read as an image without objects.
 */
export function labelLines(
  text: string,
  file: string,
  rules: LineRules,
  report: RecordReporter,
): LabelLine[] {
  const lines: LabelLine[] = [];
  const seen = new Set<string>();
  let at = 0;
  for (const written of text.split(/\r\n|\n|\r/)) {
    at++;
    const plain = written.trim();
    if (plain === '') continue;
    if (!NUMBERS.test(plain) && !NUMBERS.test(plain.replace(NO_NUMBER, '')))
      throw new BadInput(
        'labels-invalid',
        'A line of a YOLO label file holds something else than numbers.',
        'Get the file again, or mend the line.',
        { file, line: at },
      );
    const columns = plain.split(/\s+/);
    const where = { file, line: at };
    const number = parseDecimal(columns[0]!);
    if (columns.length < 5 || !Number.isInteger(number) || number < 0) {
      report.leaveOut('record-invalid', 'A line is not a class and four numbers; it was left out.', where);
      continue;
    }
    if (rules.classes !== null && number >= rules.classes) {
      report.leaveOut(
        'category-unknown',
        'A line names a class beyond the list of classes; it was left out.',
        where,
      );
      continue;
    }
    if (seen.has(plain))
      report.note(
        'box-repeated',
        'info',
        'A line stands more than once in its file; each counts. Ultralytics drops the repetition.',
        where,
      );
    seen.add(plain);
    lines.push({ line: at, number, columns });
  }
  return lines;
}

/** The box of a line; null (and left out) where its numbers are no shares. */
export function boxOfLine(
  { columns, line }: LabelLine,
  size: ImageSize,
  rules: LineRules,
  file: string,
  report: RecordReporter,
): Box | null {
  const where = { file, line };
  const coordinates = columns.slice(1);
  const isPolygon = !rules.hasKeyPoints && coordinates.length >= 6 && coordinates.length % 2 === 0;
  if (!isPolygon && !rules.hasKeyPoints && coordinates.length > 4)
    report.note('columns-ignored', 'info', 'A line has more than five columns; the rest is not read.', where);
  const used = isPolygon ? coordinates : coordinates.slice(0, 4);
  const { convention } = rules;
  const isShare = convention.units === 'shares';
  if (isShare && used.some((text) => Math.abs(parseDecimal(text)) > LARGEST_SHARE)) {
    report.leaveOut(
      'coordinates-not-normalised',
      'A box is not in shares of its image (0 to 1); it was left out.',
      where,
    );
    return null;
  }
  if (isPolygon) {
    report.note('polygons-as-boxes', 'info', 'Polygons are read as the boxes around them.', where);
    return boundsOf(used, isShare ? size : { width: 1, height: 1 });
  }
  return boxOfTexts(used as unknown as FourTexts, convention, size);
}

function boundsOf(coordinates: readonly string[], { width, height }: ImageSize): Box {
  const values = coordinates.map(parseDecimal);
  const xs = values.filter((_, at) => at % 2 === 0).map((value) => value * width);
  const ys = values.filter((_, at) => at % 2 === 1).map((value) => value * height);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return [left, top, Math.max(...xs) - left, Math.max(...ys) - top];
}

/** What lines of five columns say of their convention; the others are polygons, key points or scored. */
export function witnessOf(files: Iterable<readonly LabelLine[]>): SharesWitness {
  const witness = new SharesWitness();
  for (const lines of files)
    for (const { columns } of lines) if (columns.length === 5) witness.see(columns.slice(1));
  return witness;
}

/** Whether text looks like label lines, and how many columns most have; null where it does not. */
export function columnsOfLabels(text: string, isWhole: boolean): number | null {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const whole = isWhole ? lines : lines.slice(0, -1);
  if (whole.length === 0) return null;
  const columns = whole.map((line) => line.trim().split(/\s+/));
  const isLabel = (fields: readonly string[]): boolean =>
    fields.length >= 5 &&
    /^\d+(?:\.0*)?$/.test(fields[0]!) &&
    fields.slice(1).every((field) => Number.isFinite(parseDecimal(field)));
  // A record that is wrong does not make it another format.
  const good = columns.filter(isLabel);
  return good.length * 2 >= columns.length ? good[0]!.length : null;
}
