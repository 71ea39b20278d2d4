/** The numbers of the Data page for a spreadsheet. */
import type { DataView } from '../../../contract/data-view';
import type { Cell } from '../scores/csv';
import { csvText } from '../scores/csv';
import { binWords, MEASURE_TITLES } from './data-words';

export function dataTable({ profile }: DataView): string {
  const rows: Cell[][] = [['what', 'bin', 'evaluation', 'training', 'recall', 'AP']];
  for (const { name, evaluation, training, recall, AP } of profile.classes)
    rows.push(['class', name, evaluation, training, recall, AP]);
  for (const own of profile.measures)
    own.evaluation.forEach((labels, bin) =>
      rows.push([
        `${MEASURE_TITLES[own.key]} (${own.measure})`,
        binWords(own, bin),
        labels,
        own.training?.[bin] ?? null,
        own.recall?.[bin] ?? null,
        null,
      ]),
    );
  for (const { name, evaluation, training, recall } of profile.sources)
    rows.push(['source', name === '' ? 'others' : name, evaluation, training, recall, null]);
  return csvText(rows);
}
