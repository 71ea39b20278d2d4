import Papa from 'papaparse';
import type { PredictionColumns, Truth } from '../../dataset/dataset';
import { farCorner } from '../decimal';
import type { Box } from '../named-truth';
import { CSV_COLUMNS } from './read-csv';

/** Text that a spreadsheet would run as a formula gets an apostrophe; the reader takes it away again. */
export const harmless = (text: string): string => (/^'*[=+\-@\t\r]/.test(text) ? `'${text}` : text);

/** The tutorial's CSV; an image without objects is a row without class and box. */
export function writeCsvTruth(truth: Truth): string {
  const { images, categories, annotations: columns } = truth;
  const rowsOfImage = images.map((): number[] => []);
  for (let row = 0; row < columns.count; row++) rowsOfImage[columns.image[row]!]!.push(row);
  const lines: (string | number | null)[][] = [[...CSV_COLUMNS]];
  images.forEach(({ fileName, width, height }, image) => {
    const start = [harmless(fileName), width, height];
    if (rowsOfImage[image]!.length === 0) lines.push([...start, '', '', '', '', '']);
    for (const row of rowsOfImage[image]!) {
      const [x, y, w, h] = columns.box.subarray(row * 4, row * 4 + 4) as unknown as [
        number,
        number,
        number,
        number,
      ];
      lines.push([
        ...start,
        harmless(categories[columns.category[row]!]!.name),
        x,
        y,
        farCorner(x, w),
        farCorner(y, h),
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
