/** The tutorial's CSV with a score a row. */
import { BadInput } from '../../foundation/bad-input';
import type { RawPredictions } from '../coco/read-results';
import { conventionFor } from '../conventions/convention';
import type { FourTexts } from '../conventions/read-box';
import { boxOfTexts } from '../conventions/read-box';
import { conventionReading } from '../conventions/witness';
import { parseDecimal } from '../decimal';
import type { ImageSize, PredictionsContext } from '../format';
import { RawPredictionsBuilder } from '../raw-predictions';
import { RecordReporter } from '../reading';
import { isUsableBox, leaveOutWithoutSize, sizeOrNull, usableName } from '../record-box';
import type { Source } from '../source';
import type { Columns } from './columns';
import { CSV_COLUMNS, columnsOf, valuesOf } from './columns';
import { noteFacts, readName, readRows, withPoint } from './rows';
import { unitsOf } from './units';

const SCORE = ['score', 'confidence'];

interface Row {
  readonly record: number;
  readonly line: number;
  readonly name: string;
  readonly className: string;
  readonly corners: FourTexts;
  readonly size: { readonly width: number | null; readonly height: number | null };
  readonly score: number;
}

/** Throws `BadInput` where it is not this CSV. */
export async function readCsvPredictions(
  source: Source,
  path: string,
  context: PredictionsContext,
): Promise<RawPredictions> {
  const file = source.nameOf(path);
  const report = new RecordReporter({ ...context, file });
  const predictions = new RawPredictionsBuilder(report);
  const rows: Row[] = [];
  let header: readonly string[] | null = null;
  let columns: Columns | null = null;
  const facts = await readRows(source, path, context.progress, (fields, line, csv) => {
    if (header === null) {
      header = fields.map((field) => field.trim().toLowerCase());
      columns = columnsOf(header);
      return;
    }
    if (columns === null) return;
    const names = header;
    const number = (text: string): string => withPoint(text.trim(), csv);
    const values = valuesOf(fields, columns, number);
    const record = predictions.nextRecord();
    if (fields.length < names.length) {
      report.leaveOut('record-invalid', 'A row ends before its last column and was left out.', {
        record,
        line,
      });
      return;
    }
    rows.push({
      record,
      line,
      name: readName(values.filename),
      className: readName(values.class),
      corners: [number(values.xmin), number(values.ymin), number(values.xmax), number(values.ymax)],
      size: { width: sizeOrNull(number(values.width)), height: sizeOrNull(number(values.height)) },
      score: parseDecimal(
        number(fields[names.indexOf(SCORE.find((name) => names.includes(name)) ?? '')] ?? ''),
      ),
    });
  });
  const named = header as readonly string[] | null;
  if ((columns as Columns | null) === null || !named || !SCORE.some((name) => named.includes(name)))
    throw new BadInput(
      'not-csv',
      `The first line does not name ${CSV_COLUMNS.join(', ')} and score.`,
      'Check that it is the tutorial’s CSV with a score a row.',
      { file, line: 1 },
    );
  noteFacts(report, facts, file);
  if (rows.length === 0 && report.list().length === 0)
    report.note('labels-empty', 'warning', 'The file has columns and no rows.', { file });
  const choice = context.conventions ?? {};
  const { units, told } = unitsOf(
    rows.flatMap(({ corners }) => corners),
    choice,
    report,
  );
  const convention = conventionFor('csv', { ...choice, units });
  for (const { record, line, name: written, className, corners, size, score } of rows) {
    const name = usableName(written, report, { record, line });
    if (name === null) continue;
    const where = { record, line, image: name };
    if (className === '' && corners.every((text) => text === '')) continue;
    if (className === '') {
      report.leaveOut('object-without-class', 'A row has no class and was left out.', where);
      continue;
    }
    let known: ImageSize | null = { width: size.width ?? 1, height: size.height ?? 1 };
    if (units === 'shares' && (size.width === null || size.height === null))
      known = await context.sizeOf(name);
    if (known === null) {
      leaveOutWithoutSize(report, where);
      continue;
    }
    const box = boxOfTexts(corners, convention, known);
    if (isUsableBox(box, size, report, where))
      predictions.add(record, predictions.image(null, name), className, box, score);
  }
  return { ...predictions.finish(), conventions: conventionReading('csv', convention, choice, told) };
}
