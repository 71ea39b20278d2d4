import Papa from 'papaparse';
import type { PredictionColumns, Truth } from '../../dataset/dataset';
import { conventionOf } from '../conventions/convention';
import { textsOfBox } from '../conventions/read-box';
import { farCorner } from '../decimal';
import { parseExtra } from '../extra';
import type { Box } from '../named-truth';
import { CSV_COLUMNS } from './columns';

/** Text that a spreadsheet would run as a formula gets an apostrophe; the reader takes it away again. */
export const harmless = (text: string): string => (/^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text);

/** Columns of a CSV that mean nothing here, by first appearance, and what each record has in them. */
function otherColumns({ format, images, annotations }: Truth) {
  const kept = (extra: string | null | undefined) => (format === 'csv' ? parseExtra(extra ?? null) : {});
  const names = new Set<string>();
  for (const extra of annotations.extra.values())
    for (const name of Object.keys(kept(extra))) names.add(name);
  for (const { extra } of images) for (const name of Object.keys(kept(extra))) names.add(name);
  const fieldsOf = (extra: string | null | undefined): string[] => {
    const values = kept(extra);
    return [...names].map((name) => (typeof values[name] === 'string' ? values[name] : ''));
  };
  return { names: [...names], fieldsOf };
}

/** The tutorial's CSV; an image without objects is a row without class and box. Other columns of a CSV come after. */
export function writeCsvTruth(truth: Truth): string {
  const { images, categories, annotations: columns } = truth;
  const rowsOfImage = images.map((): number[] => []);
  for (let row = 0; row < columns.count; row++) rowsOfImage[columns.image[row]!]!.push(row);
  const others = otherColumns(truth);
  const convention = conventionOf(truth, 'csv');
  const lines: (string | number | null)[][] = [[...CSV_COLUMNS, ...others.names]];
  images.forEach(({ fileName, width, height, extra }, image) => {
    const start = [harmless(fileName), width, height];
    if (rowsOfImage[image]!.length === 0)
      lines.push([...start, '', '', '', '', '', ...others.fieldsOf(extra)]);
    for (const row of rowsOfImage[image]!) {
      const box = columns.box.subarray(row * 4, row * 4 + 4) as unknown as Box;
      lines.push([
        ...start,
        harmless(categories[columns.category[row]!]!.name),
        ...textsOfBox(box, convention, { width: width ?? 1, height: height ?? 1 }),
        ...others.fieldsOf(columns.extra.get(row)),
      ]);
    }
  });
  return `${Papa.unparse(lines, { newline: '\n' })}\n`;
}

/** The same with a score a row, predictions in file order. */
export function writeCsvPredictions({ images, categories }: Truth, predictions: PredictionColumns): string {
  const lines: (string | number | null)[][] = [[...CSV_COLUMNS, 'score']];
  for (let row = 0; row < predictions.count; row++) {
    const { fileName, width, height } = images[predictions.image[row]!]!;
    const [x, y, w, h] = predictions.box.subarray(row * 4, row * 4 + 4) as unknown as Box;
    lines.push([
      ...[harmless(fileName), width, height, harmless(categories[predictions.category[row]!]!.name)],
      ...[x, y, farCorner(x, w), farCorner(y, h), predictions.score[row]!],
    ]);
  }
  return `${Papa.unparse(lines, { newline: '\n' })}\n`;
}
