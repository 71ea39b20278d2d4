/** Evidence as people read it: the names of the command line, in words. */

const HIDDEN = new Set(['images', 'configLines', 'configFile']);

/** `bestStep` becomes "Best step". */
export function nameInWords(key: string): string {
  const words = key.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** @param key what the value belongs to; the keys under `byClass` and its like are names of the data, not words of ours. */
export function valueInWords(value: unknown, key = ''): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number')
    return Number.isInteger(value)
      ? new Intl.NumberFormat('en').format(value)
      : String(Number(value.toPrecision(4)));
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return shortened(value.map((one) => valueInWords(one)));
  const named = key.startsWith('by') ? (name: string) => name : nameInWords;
  return shortened(Object.entries(value).map(([name, one]) => `${named(name)}: ${valueInWords(one, name)}`));
}

const MOST = 12;
const shortened = (parts: readonly string[]): string =>
  parts.length <= MOST
    ? parts.join(', ')
    : `${parts.slice(0, MOST).join(', ')} and ${parts.length - MOST} more`;

/** Rows of a table of evidence. */
export function evidenceRows(evidence: Readonly<Record<string, unknown>>): { name: string; value: string }[] {
  return Object.entries(evidence)
    .filter(([key, value]) => !HIDDEN.has(key) && value !== null && value !== undefined)
    .map(([key, value]) => ({ name: nameInWords(key), value: valueInWords(value, key) }));
}
