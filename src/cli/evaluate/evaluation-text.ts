/** Scores for people: COCO as pycocotools prints it, so that the two can be compared by eye or by diff. */
import type { Interval } from '../../core/metrics/bootstrap/intervals';
import type { EvaluationResult } from '../../core/metrics/evaluation';
import type { ScoredResult } from './scored-result';

const number = (value: number | null | undefined): string =>
  (value === null || value === undefined ? -1 : value).toFixed(3);

const COCO_LINES: readonly (readonly [
  key: string,
  title: 'Precision' | 'Recall',
  iou: string,
  area: string,
  limit: number,
])[] = [
  ['AP', 'Precision', '0.50:0.95', 'all', 100],
  ['AP50', 'Precision', '0.50', 'all', 100],
  ['AP75', 'Precision', '0.75', 'all', 100],
  ['APsmall', 'Precision', '0.50:0.95', 'small', 100],
  ['APmedium', 'Precision', '0.50:0.95', 'medium', 100],
  ['APlarge', 'Precision', '0.50:0.95', 'large', 100],
  ['AR1', 'Recall', '0.50:0.95', 'all', 1],
  ['AR10', 'Recall', '0.50:0.95', 'all', 10],
  ['AR100', 'Recall', '0.50:0.95', 'all', 100],
  ['ARsmall', 'Recall', '0.50:0.95', 'small', 100],
  ['ARmedium', 'Recall', '0.50:0.95', 'medium', 100],
  ['ARlarge', 'Recall', '0.50:0.95', 'large', 100],
];

function cocoText({ metrics }: EvaluationResult): string {
  const isStandard = COCO_LINES.every(([key]) => key in metrics);
  if (!isStandard) return plainText(metrics);
  return COCO_LINES.map(([key, title, iou, area, limit]) => {
    const short = title === 'Precision' ? '(AP)' : '(AR)';
    return ` ${`Average ${title}`.padEnd(18)} ${short} @[ IoU=${iou.padEnd(9)} | area=${area.padStart(6)} | maxDets=${String(limit).padStart(3)} ] = ${number(metrics[key])}\n`;
  }).join('');
}

const plainText = (metrics: EvaluationResult['metrics']): string =>
  Object.entries(metrics)
    .map(([key, value]) => `${key.padEnd(10)} ${value === null ? '–' : value.toFixed(4)}\n`)
    .join('');

function classText({ classes }: EvaluationResult): string {
  const width = Math.max(5, ...classes.map(({ name }) => (name ?? '').length));
  const rows = classes.map(
    ({ name, truth, predictions, AP }) =>
      `${(name ?? 'all').padEnd(width)} ${String(truth).padStart(8)} ${String(predictions).padStart(12)} ${AP === null ? '–'.padStart(7) : AP.toFixed(4).padStart(7)}\n`,
  );
  return [
    `${'class'.padEnd(width)} ${'truth'.padStart(8)} ${'predictions'.padStart(12)} ${'AP'.padStart(7)}\n`,
    ...rows,
  ].join('');
}

/** Columns under their heads; the first on the left, all others on the right. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  ');
  return rows.map((row) => `${line(row)}\n`).join('');
}

const short = (value: number | null | undefined): string =>
  value === null || value === undefined ? '–' : value.toFixed(4);
const signed = (value: number | null): string =>
  value === null ? '–' : `${value > 0 ? '+' : ''}${value.toFixed(4)}`;
const ends = (interval: Interval | null | undefined, text: (value: number) => string): string =>
  interval ? `${text(interval[0])} to ${text(interval[1])}` : '–';

/** What `--confidence-interval` and `--against` were asked for; nothing without them. */
function uncertaintyText({ metrics, intervals, against, parameters }: ScoredResult): string {
  if (!intervals && !against) return '';
  const level = `${Number((100 * Number(parameters['level'])).toFixed(6))} % interval`;
  const rows = Object.entries(metrics).map(([key, value]) => {
    const difference = against?.differences[key];
    return [
      key,
      short(value),
      ...(intervals ? [ends(intervals[key], short)] : []),
      ...(against && difference
        ? [short(against.metrics[key]), signed(difference.difference), ends(difference.interval, signed)]
        : []),
    ];
  });
  const head = [
    'metric',
    'value',
    ...(intervals ? [level] : []),
    ...(against ? ['against', 'difference', level] : []),
  ];
  return `\n${table([head, ...rows])}`;
}

/** COCO is printed in pycocotools' own form and nothing before it; the others with their classes. */
export function evaluationText(result: ScoredResult): string {
  const scores =
    result.protocol === 'coco'
      ? cocoText(result)
      : `${result.protocol}\n${plainText(result.metrics)}\n${classText(result)}`;
  return `${scores}${uncertaintyText(result)}`;
}
