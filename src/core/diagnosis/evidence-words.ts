/** Evidence as people read it: sentences for what is known well, small tables for numbers by name, rows for the rest. */
import type { Evidence } from './cause';
import { EVIDENCE_SENTENCES } from './evidence-sentences';

export interface EvidenceRow {
  readonly name: string;
  readonly value: string;
}

export interface EvidenceTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Rows that are not listed. */
  readonly left: number;
}

export interface EvidenceWords {
  readonly sentences: readonly string[];
  readonly rows: readonly EvidenceRow[];
  readonly tables: readonly EvidenceTable[];
}

/** Told elsewhere, or of no use to people. */
const HIDDEN: ReadonlySet<string> = new Set(['images', 'configLines', 'configFile', 'relative', 'z']);

/** What may hold names of images, folders or files. */
const NAMING: ReadonlySet<string> = new Set([
  'example',
  'group',
  'twins',
  'trainingImages',
  'source',
  'checkpoint',
  'configFile',
]);

/** Names that do not say what they mean by themselves. */
const NAMES: Readonly<Record<string, string>> = {
  byClass: 'Likely errors by class',
  side: 'Where it is',
  iou: 'IoU',
  names: 'Names',
  map: 'Classes',
  tried: 'What was tried',
  twins: 'The same image twice',
  trainingImages: 'Training images that show it',
  distance: 'Distance of the two distributions',
  probability: 'Probability of chance',
};
const COLUMNS: Readonly<Record<string, readonly [string, string]>> = {
  byClass: ['Class', 'Labels'],
  names: ['Written', 'Meant'],
  map: ['Predicted', 'Meant'],
};
const VALUES: Readonly<Record<string, string>> = {
  truth: 'ground truth',
  'swap-xy': 'x and y exchanged',
  'flip-x': 'left and right exchanged',
  'flip-y': 'top and bottom exchanged',
  'rotate-90': 'turned by 90° clockwise',
  'rotate-180': 'turned by 180°',
  'rotate-270': 'turned by 90° anticlockwise',
  'swap-xy-rotate-180': 'x and y exchanged, and turned by 180°',
};
const SHARES = /share|recall|central/i;

const MOST_ROWS = 12;
const MOST_PARTS = 12;

/** `bestStep` becomes "Best step". */
export function nameInWords(key: string): string {
  if (Object.hasOwn(NAMES, key)) return NAMES[key]!;
  if (/^[A-Z]+\d*$/.test(key)) return key;
  const words = key.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** @param key what the value belongs to: shares are written in percent. */
export function valueInWords(value: unknown, key = ''): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number') return numberInWords(value, key);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return Object.hasOwn(VALUES, value) ? VALUES[value]! : value;
  if (Array.isArray(value)) return shortened(value.map((one) => valueInWords(one)));
  return shortened(
    Object.entries(value).map(([name, one]) => `${nameInWords(name)}: ${valueInWords(one, name)}`),
  );
}

function numberInWords(value: number, key: string): string {
  if (SHARES.test(key) && value >= 0 && value <= 1) return `${Number((value * 100).toPrecision(3))} %`;
  return Number.isInteger(value)
    ? new Intl.NumberFormat('en').format(value)
    : String(Number(value.toPrecision(4)));
}

const shortened = (parts: readonly string[]): string =>
  parts.length <= MOST_PARTS
    ? parts.join(', ')
    : `${parts.slice(0, MOST_PARTS).join(', ')} and ${parts.length - MOST_PARTS} more`;

/** Without what may hold names of images, folders or files. */
export const withoutNames = (evidence: Evidence): Evidence =>
  Object.fromEntries(
    Object.entries(evidence).filter(([key, value]) => !NAMING.has(key) || typeof value === 'number'),
  );

/** Words of a cause without the names in its evidence. */
export function withoutNamesOf(evidence: Evidence, words: string): string {
  const names = Object.entries(evidence).flatMap(([key, value]) =>
    NAMING.has(key) && typeof value === 'string' && value !== '' ? [value] : [],
  );
  return names.reduce((text, name) => text.replaceAll(name, '…'), words);
}

export function evidenceInWords(evidence: Evidence): EvidenceWords {
  const told = new Set(HIDDEN);
  const sentences = EVIDENCE_SENTENCES.flatMap(({ needs, also = [], say }) => {
    const isKnown = needs.every((key) => evidence[key] !== undefined && evidence[key] !== null);
    if (!isKnown || needs.some((key) => told.has(key))) return [];
    for (const key of [...needs, ...also]) told.add(key);
    return [say(evidence)];
  });
  const rest = Object.entries(evidence).filter(
    ([key, value]) => !told.has(key) && value !== null && value !== undefined,
  );
  const tables = rest.flatMap(([key, value]) => tableOf(key, value) ?? []);
  const rows = rest
    .filter(([key, value]) => tableOf(key, value) === null)
    .map(([key, value]) => ({ name: nameInWords(key), value: valueInWords(value, key) }));
  return { sentences, rows, tables };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Values by name, or records of one shape; null for what is better said in a row. */
function tableOf(key: string, value: unknown): EvidenceTable | null {
  if (Array.isArray(value)) {
    if (value.length === 0 || !value.every(isRecord)) return null;
    const columns = Object.keys(value[0]!);
    return table(
      key,
      columns.map(nameInWords),
      value.map((row) => columns.map((column) => valueInWords(row[column], column))),
    );
  }
  if (!isRecord(value)) return null;
  const entries = Object.entries(value);
  if (entries.length === 0) return null;
  const [, first] = entries[0]!;
  if (isRecord(first)) {
    const columns = Object.keys(first);
    const rows = entries.map(([name, one]) => [
      name,
      ...columns.map((column) => (isRecord(one) ? valueInWords(one[column], column) : valueInWords(one))),
    ]);
    return table(key, ['', ...columns.map(nameInWords)], rows);
  }
  const isOfData = Object.hasOwn(COLUMNS, key) || key.startsWith('by');
  if (!isOfData && entries.length < 3) return null;
  const rows = entries.map(([name, one]) => [isOfData ? name : nameInWords(name), valueInWords(one, name)]);
  return table(key, Object.hasOwn(COLUMNS, key) ? COLUMNS[key]! : ['', ''], rows);
}

function table(key: string, columns: readonly string[], rows: readonly (readonly string[])[]): EvidenceTable {
  return {
    name: nameInWords(key),
    columns,
    rows: rows.slice(0, MOST_ROWS),
    left: Math.max(0, rows.length - MOST_ROWS),
  };
}
