/** YOLO label files with a confidence: at the end, as Ultralytics writes it, or after the class, as some others do. */
import type { RawPredictions } from '../coco/read-results';
import { conventionFor } from '../conventions/convention';
import type { FourTexts } from '../conventions/read-box';
import { boxOfTexts } from '../conventions/read-box';
import { SharesWitness, conventionReading } from '../conventions/witness';
import { parseDecimal } from '../decimal';
import type { PredictionsContext } from '../format';
import { LineEnds } from '../line-ends';
import { RawPredictionsBuilder } from '../raw-predictions';
import { RecordReporter } from '../reading';
import { isUsableBox, leaveOutWithoutSize } from '../record-box';
import type { Source } from '../source';
import { readEach } from '../source';
import { decodeText } from '../text';
import type { LabelLine } from './label-lines';
import { labelLines } from './label-lines';
import { withoutExtension } from './layout';
import { findDataYaml } from './read-yolo';

/** Confidence behind the box, or before it. */
type Layout = 'end' | 'second';

const isInside = (columns: readonly string[], from: number, slack: number): boolean => {
  const [x, y, width, height] = columns.slice(from, from + 4).map(parseDecimal) as [
    number,
    number,
    number,
    number,
  ];
  const fits = (centre: number, length: number): boolean =>
    centre - length / 2 > -slack && centre + length / 2 < 1 + slack;
  return fits(x, width) && fits(y, height);
};

/** The layout under which boxes lie within their images; at the end where both do. */
export function layoutOf(lines: Iterable<LabelLine>): Layout {
  let [rows, atEnd, second] = [0, 0, 0];
  for (const { columns } of lines) {
    if (columns.length !== 6) continue;
    rows++;
    if (isInside(columns, 1, 0.05)) atEnd++;
    if (isInside(columns, 2, 0.01)) second++;
  }
  return second === rows && atEnd < rows * 0.9 ? 'second' : 'end';
}

/** Class numbers count from 0; ids of a truth that are 1, 2, ... are they plus 1, others are taken in their order. */
function categoryOf(context: PredictionsContext, names: readonly string[] | null, report: RecordReporter) {
  if (names) return (number: number): string | number => names[number] ?? number + 1;
  const ids = context.truth?.categories.map(({ id }) => id).filter((id) => id > 0) ?? [];
  if (ids.every((id, at) => id === at + 1)) return (number: number): number => number + 1;
  report.note(
    'classes-by-rank',
    'warning',
    'The predictions number their classes, and the ground truth’s ids have gaps: classes were joined by their order.',
  );
  return (number: number): number => ids[number] ?? number + 1;
}

export async function readYoloPredictions(
  source: Source,
  paths: readonly string[],
  context: PredictionsContext,
): Promise<RawPredictions> {
  const report = new RecordReporter(context);
  const predictions = new RawPredictionsBuilder(report);
  const names = (await findDataYaml(source))?.yaml.names ?? null;
  const category = categoryOf(context, names, report);
  const choice = context.conventions ?? {};
  const convention = conventionFor('yolo', choice);
  const files: { path: string; lines: LabelLine[] }[] = [];
  const ends = new LineEnds();
  await readEach(source, paths, context.progress, (bytes, path) => {
    const rules = { classes: null, hasKeyPoints: false, convention };
    const file = source.nameOf(path);
    const { text } = decodeText(bytes);
    ends.add(text, file);
    files.push({ path, lines: labelLines(text, file, rules, report) });
  });
  ends.report(report);
  const layout = layoutOf(files.flatMap(({ lines }) => lines));
  if (layout === 'second')
    report.note(
      'confidence-second',
      'info',
      'The second column is read as the confidence: only so do the boxes lie within their images.',
    );
  const witness = new SharesWitness();
  const [from, scoreAt] = layout === 'end' ? [1, 5] : [2, 1];
  for (const { path, lines } of files) {
    const name = withoutExtension(path).replace(/^(?:.*\/)?labels\//, '');
    const image = predictions.image(null, name);
    const size = lines.length > 0 ? await context.sizeOf(name) : null;
    for (const { columns, line, number } of lines) {
      const record = predictions.nextRecord();
      const where = { file: source.nameOf(path), line, record, image: name };
      if (columns.length < 6) {
        report.leaveOut('score-invalid', 'A record has no finite score and was left out.', where);
        continue;
      }
      if (size === null) {
        leaveOutWithoutSize(report, where);
        continue;
      }
      const texts = columns.slice(from, from + 4);
      witness.see(texts);
      const box = boxOfTexts(texts as unknown as FourTexts, convention, size);
      if (isUsableBox(box, size, report, where))
        predictions.add(record, image, category(number), box, parseDecimal(columns[scoreAt]!));
    }
  }
  const { told, suggested } = witness.conclude();
  return {
    ...predictions.finish(),
    conventions: conventionReading('yolo', convention, choice, told, suggested),
  };
}
