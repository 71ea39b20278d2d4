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
import { noteFacts, readName, readRows, withPoint } from './rows';
import { unitsOf } from './units';

const NEEDED = ['filename', 'class', 'xmin', 'ymin', 'xmax', 'ymax'] as const;
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
  const facts = await readRows(source, path, context.progress, (fields, line, csv) => {
    if (header === null) {
      header = fields.map((field) => field.trim().toLowerCase());
      return;
    }
    const names = header;
    const value = (name: string): string => withPoint(fields[names.indexOf(name)]?.trim() ?? '', csv);
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
      name: readName(fields[names.indexOf('filename')] ?? ''),
      className: readName(fields[names.indexOf('class')] ?? ''),
      corners: [value('xmin'), value('ymin'), value('xmax'), value('ymax')],
      size: { width: sizeOrNull(value('width')), height: sizeOrNull(value('height')) },
      score: parseDecimal(value(SCORE.find((name) => names.includes(name)) ?? 'score')),
    });
  });
  const named = header as readonly string[] | null;
  if (!named || !NEEDED.every((name) => named.includes(name)) || !SCORE.some((name) => named.includes(name)))
    throw new BadInput(
      'not-csv',
      `The first line does not name ${NEEDED.join(', ')} and score.`,
      'Check that it is the tutorial’s CSV with a score a row.',
      { file, line: 1 },
    );
  noteFacts(report, facts, file);
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
