/**
 * Columns of tables with a box a row. The TensorFlow tutorial's names are the format's; what other tools call the same is
 * read as well, and the image's size may be missing.
 */
import { farCorner, parseDecimal } from '../decimal';

export const CSV_COLUMNS = ['filename', 'width', 'height', 'class', 'xmin', 'ymin', 'xmax', 'ymax'] as const;
export type Column = (typeof CSV_COLUMNS)[number];

/** Beside the tutorial's own: names that Kaggle's tables, makesense.ai and others have. */
const NAMES: Readonly<Record<Column, readonly string[]>> = {
  filename: ['filename', 'file_name', 'image_name', 'image_path', 'image', 'img', 'path', 'image_id'],
  width: ['width', 'image_width', 'img_width'],
  height: ['height', 'image_height', 'img_height'],
  class: ['class', 'class_name', 'label', 'label_name', 'category', 'category_name'],
  xmin: ['xmin', 'x_min', 'x1', 'left'],
  ymin: ['ymin', 'y_min', 'y1', 'top'],
  xmax: ['xmax', 'x_max', 'x2', 'right'],
  ymax: ['ymax', 'y_max', 'y2', 'bottom'],
};
/** makesense.ai's: the near corner and the size. */
const LENGTHS: Readonly<Partial<Record<Column, string>>> = {
  xmin: 'bbox_x',
  ymin: 'bbox_y',
  xmax: 'bbox_width',
  ymax: 'bbox_height',
};
const OPTIONAL: ReadonlySet<Column> = new Set(['width', 'height']);

export interface Columns {
  /** Places of the columns; -1 where an image's size has none. */
  readonly places: Readonly<Record<Column, number>>;
  /** The far corners' columns hold the size of the box. */
  readonly areLengths: boolean;
}

const plain = (header: readonly string[]): string[] =>
  header.map((field) => field.replaceAll('"', '').trim().toLowerCase());

/** Where a header names the columns; null where it is no such table's. */
export function columnsOf(header: readonly string[]): Columns | null {
  const names = plain(header);
  const areLengths = Object.values(LENGTHS).every((name) => names.includes(name));
  const places = CSV_COLUMNS.map((column) => {
    const own = areLengths ? LENGTHS[column] : undefined;
    const name = own ?? NAMES[column].find((one) => names.includes(one));
    return [column, name === undefined ? -1 : names.indexOf(name)] as const;
  });
  if (places.some(([column, place]) => place < 0 && !OPTIONAL.has(column))) return null;
  return { places: Object.fromEntries(places) as Columns['places'], areLengths };
}

/** A row's fields by column. `decimal`: a number's text with a point. */
export function valuesOf(
  fields: readonly string[],
  { places, areLengths }: Columns,
  decimal: (text: string) => string,
): Readonly<Record<Column, string>> {
  const value = (column: Column): string => fields[places[column]] ?? '';
  const values = Object.fromEntries(CSV_COLUMNS.map((column) => [column, value(column)])) as Record<
    Column,
    string
  >;
  if (!areLengths) return values;
  const far = (near: string, size: string): string => {
    const [start, length] = [parseDecimal(decimal(near)), parseDecimal(decimal(size))];
    return Number.isFinite(start + length) ? farCorner(start, length) : size;
  };
  return {
    ...values,
    xmax: far(values.xmin, values.xmax),
    ymax: far(values.ymin, values.ymax),
  };
}

/** Excel's own first line, `sep=;`, says how fields are separated and is no row. */
export const withoutSeparatorLine = (text: string): string => text.replace(/^sep=.(?:\r\n|\n|\r)/i, '');
