/** Numbers as the interface writes them: a true minus, a sign on every difference, an en dash for what is undefined. */

const MINUS = '−';
const UNDEFINED = '–';

/** Two digits, for confidences and IoUs. */
export const twoDigits = (value: number | null): string => (value === null ? UNDEFINED : value.toFixed(2));

export const threeDigits = (value: number | null): string => (value === null ? UNDEFINED : value.toFixed(3));

/** Four digits, for scores. */
export const scoreText = (value: number | null): string =>
  value === null ? UNDEFINED : value.toFixed(4).replace('-', MINUS);

/** A change of a score: always signed; null where one of the numbers is undefined. */
export function changeText(before: number | null, after: number | null): string {
  if (before === null || after === null) return UNDEFINED;
  const change = after - before;
  if (change === 0) return 'unchanged';
  const size = Math.abs(change);
  if (size < 0.0001) return change < 0 ? `> ${MINUS}0.0001` : '< +0.0001';
  return `${change < 0 ? MINUS : '+'}${size.toFixed(4)}`;
}

/** At most one digit behind the point. */
export const pixels = (value: number): string => (Math.round(value * 10) / 10).toString().replace('-', MINUS);

const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
export const count = (value: number): string => grouped.format(value);

/** COCO's sizes. */
export function sizeWord(area: number): 'small' | 'medium' | 'large' {
  if (area < 32 * 32) return 'small';
  return area < 96 * 96 ? 'medium' : 'large';
}

/** 14:02:31, in local time. */
export function timeOfDay(iso: string): string {
  const time = new Date(iso);
  const part = (value: number): string => String(value).padStart(2, '0');
  return `${part(time.getHours())}:${part(time.getMinutes())}:${part(time.getSeconds())}`;
}

/** "2 false positives" */
export function plural(amount: number, one: string, many = `${one}s`): string {
  return `${count(amount)} ${amount === 1 ? one : many}`;
}
