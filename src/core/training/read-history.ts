/**
 * Histories of trainers other than TensorBoard: Keras' `History.history` as JSON (lists by name), lists of records,
 * Ultralytics' `results.csv`, Keras' `CSVLogger`.
 */
import Papa from 'papaparse';
import type { PipelineConfig } from './pipeline-config';
import { assembleRun, curvesOfTable } from './assemble-run';
import type { TrainingRun, TrainingSource } from './training-run';

type Columns = Map<string, (number | null)[]>;

/** Numbers as trainers write them, NaN and infinities too; null where there is none. */
function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return null;
  if (/^[-+]?(nan|inf(inity)?)$/i.test(value.trim()))
    return /nan/i.test(value) ? NaN : value.trim().startsWith('-') ? -Infinity : Infinity;
  const number = Number(value);
  return Number.isNaN(number) ? null : number;
}

/** Null where the text is no history that is known. */
export function readHistory(text: string, name: string, config: PipelineConfig | null): TrainingRun | null {
  const isJson = /^\s*[[{]/.test(text);
  const columns = isJson ? columnsOfJson(text) : columnsOfCsv(text);
  const table = columns && curvesOfTable(columns);
  if (!table) return null;
  const source: TrainingSource =
    !isJson && columns.has('train/box_loss') ? 'ultralytics' : isJson ? 'keras-history' : 'table';
  return assembleRun(table.curves, { name, source, unit: table.unit, config });
}

function columnsOfJson(text: string): Columns | null {
  let value: unknown;
  try {
    // Python writes what is not a number as a bare word.
    value = JSON.parse(text.replace(/(?<=[[:,\s])(NaN|-?Infinity)(?=\s*[,\]}])/g, '"$1"'));
  } catch {
    return null;
  }
  if (Array.isArray(value)) return columnsOfRecords(value);
  if (typeof value !== 'object' || value === null) return null;
  const columns: Columns = new Map();
  for (const [name, list] of Object.entries(value))
    if (Array.isArray(list) && list.length > 0 && list.every((one) => numberOf(one) !== null))
      columns.set(name, list.map(numberOf));
  return columns.size > 0 ? columns : null;
}

function columnsOfRecords(records: readonly unknown[]): Columns | null {
  const isRecord = (one: unknown): one is Record<string, unknown> =>
    typeof one === 'object' && one !== null && !Array.isArray(one);
  if (records.length === 0 || !records.every(isRecord)) return null;
  const names = new Set(records.flatMap((record) => Object.keys(record)));
  return new Map([...names].map((name) => [name, records.map((record) => numberOf(record[name]))]));
}

function columnsOfCsv(text: string): Columns | null {
  const { data, meta } = Papa.parse<Record<string, string>>(text.replace(/^\ufeff/, ''), {
    header: true,
    skipEmptyLines: true,
    transformHeader: (name) => name.trim(),
  });
  if (data.length === 0 || !meta.fields || meta.fields.length < 2) return null;
  return new Map(meta.fields.map((name) => [name, data.map((row) => numberOf(row[name]))]));
}
