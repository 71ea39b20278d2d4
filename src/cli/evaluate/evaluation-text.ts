/** Scores for people: COCO as pycocotools prints it, so that the two can be compared by eye or by diff. */
import type { EvaluationResult } from '../../core/metrics/evaluation';

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

/** COCO is printed in pycocotools' own form and nothing else; the others with their classes. */
export function evaluationText(result: EvaluationResult): string {
  return result.protocol === 'coco'
    ? cocoText(result)
    : `${result.protocol}\n${plainText(result.metrics)}\n${classText(result)}`;
}
