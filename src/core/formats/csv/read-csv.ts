/** The TensorFlow tutorial's CSV: `filename,width,height,class,xmin,ymin,xmax,ymax`; width and height are the image's. */
import Papa from 'papaparse';
import { BadInput } from '../../foundation/bad-input';
import type { BoxConvention } from '../conventions/box-convention';
import { conventionFor } from '../conventions/convention';
import type { FourTexts } from '../conventions/read-box';
import { boxOfTexts } from '../conventions/read-box';
import { CornerWitness, conventionReading } from '../conventions/witness';
import { parseDecimal } from '../decimal';
import { isOutside } from '../box-checks';
import type { LabelMapEntry, NamedObject } from '../given-ids';
import { truthWithGivenIds } from '../given-ids';
import { endsInLine, noteOpenEnd } from '../line-ends';
import type { ReadOptions, TruthReading } from '../reading';
import { RecordReporter, withConventions } from '../reading';
import { usableName } from '../record-box';
import { decodeText } from '../text';
import type { Column } from './columns';
import { CSV_COLUMNS, columnsOf, valuesOf, withoutSeparatorLine } from './columns';
import { unitsOf } from './units';

const DELIMITERS = [',', ';', '\t'];

const CORNERS = ['xmin', 'ymin', 'xmax', 'ymax'] as const;

interface Row {
  readonly record: number;
  readonly line: number;
  readonly values: Readonly<Record<Column, string>>;
  /** The line has fewer fields than the columns that are read. */
  readonly isShort: boolean;
  /** Fields of other columns, as JSON text; null where there are none. */
  readonly extra: string | null;
}

interface RowsOfImage {
  readonly width: number | null;
  readonly height: number | null;
  readonly objects: NamedObject[];
  /** Other columns of a row without an object. */
  extra: string | null;
}

/** A spreadsheet's decimal comma is read as a point where fields are not separated by commas. */
const decimalText = (text: string, hasDecimalComma: boolean): string =>
  hasDecimalComma ? text.replace(',', '.') : text;

/** Names that a writer made harmless for spreadsheets come back as they were. */
const readName = (text: string): string => text.trim().replace(/^'(?='*[=+\-@\t\r])/, '');

/** The one under which the first line names the columns: what stands in names says nothing of it. */
function delimiterOf(text: string): string {
  const [header = ''] = text.split(/\r?\n|\r/, 1);
  const names = (delimiter: string): string[] => Papa.parse<string[]>(header, { delimiter }).data[0] ?? [];
  return DELIMITERS.find((delimiter) => columnsOf(names(delimiter)) !== null) ?? ',';
}

function parseRows(whole: string, file: string): { rows: Row[]; others: string[]; delimiter: string } {
  const text = withoutSeparatorLine(whole);
  const linesBefore = text === whole ? 0 : 1;
  const delimiter = delimiterOf(text);
  const { data, errors } = Papa.parse<string[]>(text, { delimiter });
  const quotes = errors.find(({ type }) => type === 'Quotes');
  if (quotes)
    throw new BadInput(
      'csv-invalid',
      'A quoted field does not end.',
      'Write the file again, or mend the line.',
      { file, line: (quotes.row ?? 0) + 1 },
    );
  const written = data[0]?.map((field) => field.trim());
  const columns = written && columnsOf(written);
  if (!columns) {
    throw new BadInput(
      'not-csv',
      `The first line does not name ${CSV_COLUMNS.join(', ')}.`,
      'Check that it is the TensorFlow tutorial’s CSV.',
      { file, line: 1 },
    );
  }
  const places = Object.values(columns.places);
  const otherPlaces = written.flatMap((name, place) =>
    name === '' || places.includes(place) ? [] : [place],
  );
  const extraOf = (fields: readonly string[]): string | null =>
    otherPlaces.length === 0
      ? null
      : JSON.stringify(
          Object.fromEntries(otherPlaces.map((place) => [written[place]!, fields[place] ?? ''])),
        );
  const rows = data.flatMap((fields, index): Row[] => {
    if (index === 0 || fields.every((field) => field.trim() === '')) return [];
    const isShort = fields.length <= Math.max(...places);
    const line = index + 1 + linesBefore;
    return [
      {
        record: index - 1,
        line,
        isShort,
        values: valuesOf(fields, columns, (value) => decimalText(value, delimiter !== ',')),
        extra: extraOf(fields),
      },
    ];
  });
  const others = otherPlaces.map((place) => written[place]!);
  return { rows, others, delimiter };
}

/** Reads a whole file. Throws `BadInput` where it is not this CSV. */
export function readCsvTruth(
  bytes: Uint8Array,
  options: ReadOptions,
  labelMap: readonly LabelMapEntry[] | null = null,
): TruthReading {
  const report = new RecordReporter(options);
  const { text, guessed } = decodeText(bytes);
  const { rows, others, delimiter } = parseRows(text.replace(/^\ufeff/, ''), options.file);
  if (!endsInLine(text)) noteOpenEnd(report, options.file);
  if (guessed)
    report.note('text-not-utf8', 'warning', 'The file is not UTF-8; its text was read as Windows-1252.');
  if (others.length > 0)
    report.note(
      'columns-ignored',
      'info',
      options.keepExtra
        ? `Columns that mean nothing here are kept for the export: ${others.slice(0, 20).join(', ')}.`
        : `Columns that are not read: ${others.slice(0, 20).join(', ')}.`,
      { line: 1 },
      others.length,
    );
  const hasDecimalComma = delimiter !== ',';
  const corners = (row: Row): FourTexts =>
    CORNERS.map((key) => decimalText(row.values[key], hasDecimalComma)) as unknown as FourTexts;
  const choice = options.conventions ?? {};
  const { units, told } = unitsOf(rows.flatMap(corners), choice, report);
  const convention = conventionFor('csv', { ...choice, units });
  const witness = new CornerWitness();
  const images = new Map<string, RowsOfImage>();
  for (const row of rows) {
    if (row.isShort) {
      report.leaveOut('record-invalid', 'A row ends before its last column and was left out.', {
        record: row.record,
        line: row.line,
      });
      continue;
    }
    const image = imageOf(row, images, report, hasDecimalComma);
    if (!image) continue;
    const object = objectOf(row, corners(row), image, convention, report);
    if (object && units === 'pixels') witness.see(object.box, convention, image.width, image.height);
    if (object) image.objects.push(options.keepExtra ? { ...object, extra: row.extra } : object);
    else if (options.keepExtra && row.values.class.trim() === '') image.extra ??= row.extra;
  }
  const named = [...images].map(([fileName, image]) => ({ fileName, ...image }));
  if (named.length === 0)
    throw new BadInput(
      'truth-without-images',
      'The file has no rows that can be used.',
      'Check its columns.',
      { file: options.file },
    );
  const concluded = witness.conclude();
  return withConventions(
    { truth: truthWithGivenIds('csv', named, labelMap, new Map(), report), findings: report.list() },
    conventionReading('csv', convention, choice, { ...concluded.told, ...told }, concluded.suggested),
  );
}

function imageOf(
  row: Row,
  images: Map<string, RowsOfImage>,
  report: RecordReporter,
  hasDecimalComma: boolean,
) {
  const where = { record: row.record, line: row.line };
  const name = usableName(readName(row.values.filename), report, where);
  if (name === null) return null;
  const size = (key: 'width' | 'height'): number | null => {
    const value = parseDecimal(decimalText(row.values[key], hasDecimalComma));
    return Number.isFinite(value) && value > 0 ? value : null;
  };
  const known = images.get(name);
  const image = known ?? { width: size('width'), height: size('height'), objects: [], extra: null };
  if (known && (known.width !== size('width') || known.height !== size('height'))) {
    report.note('sizes-differ', 'warning', 'Rows of one image give it different sizes; the first is taken.', {
      ...where,
      image: name,
    });
  }
  if (!known && (image.width === null || image.height === null))
    report.note(
      'image-without-size',
      'info',
      'An image has no usable size; it is read from its file where there is one.',
      { ...where, image: name },
    );
  images.set(name, image);
  return image;
}

function objectOf(
  row: Row,
  texts: FourTexts,
  image: { width: number | null; height: number | null },
  convention: BoxConvention,
  report: RecordReporter,
): NamedObject | null {
  const where = { record: row.record, line: row.line, image: row.values.filename };
  const className = readName(row.values.class);
  const isEmpty = texts.every((text) => text.trim() === '');
  if (className === '' && isEmpty) return null; // an image without objects
  if (className === '') {
    report.leaveOut('object-without-class', 'A row has no class and was left out.', where);
    return null;
  }
  const hasSize = image.width !== null && image.height !== null;
  const box = boxOfTexts(texts, convention, { width: image.width ?? 1, height: image.height ?? 1 });
  if (!box.every(Number.isFinite)) {
    report.leaveOut(
      'box-not-finite',
      'A box holds something that is not a finite number; the row was left out.',
      where,
    );
    return null;
  }
  if (box[2] < 0 || box[3] < 0) {
    report.leaveOut('box-negative', 'A box has its corners swapped; the row was left out.', where);
    return null;
  }
  if (convention.units === 'shares' && !hasSize) {
    report.leaveOut(
      'size-needed',
      'A box is a share of its image, whose size is missing; it was left out.',
      where,
    );
    return null;
  }
  if (box[2] === 0 || box[3] === 0)
    report.note('box-without-area', 'warning', 'A box has no area; it is kept and can match nothing.', where);
  if (isOutside(...box, image.width, image.height))
    report.note(
      'box-outside-image',
      'warning',
      'A box reaches outside its image; it is kept as it is.',
      where,
    );
  return { className, box, isDifficult: false, extra: null };
}
