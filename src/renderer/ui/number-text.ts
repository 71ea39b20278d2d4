/** Numbers as the whole window writes them: fractions, a true minus, `–` for what is undefined. */
const MINUS = '−';

export function score(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined) return '–';
  if (value > 0 && value < 0.001) return '< 0.001';
  return value.toFixed(digits);
}

/** With its sign, always. */
export function difference(value: number | null, digits = 4): string {
  if (value === null) return '–';
  const text = Math.abs(value).toFixed(digits);
  return Number(text) === 0 ? `±${text}` : `${value < 0 ? MINUS : '+'}${text}`;
}

const grouped = new Intl.NumberFormat('en');
export const count = (value: number): string => grouped.format(value);

/** Time of day of an ISO time. */
export const clock = (iso: string): string => new Date(iso).toLocaleTimeString('en-GB');

/** `40 s`, `12 min`, `3 h 20 min`. */
export function seconds(value: number): string {
  if (value < 60) return `${Math.ceil(value)} s`;
  const minutes = Math.ceil(value / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Of a file, a download or a disk: `3 kB`, `1.0 MB`, `274 MB`, `1.5 GB`. */
export function byteSize(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

/** `0.449 to 0.500`; nothing where there is none. */
export const interval = (ends: readonly [number, number] | null | undefined): string =>
  ends ? `${ends[0].toFixed(3)} to ${ends[1].toFixed(3)}` : '';

/** `+0.195 to +0.247`. */
export const differenceInterval = (ends: readonly [number, number] | null | undefined): string =>
  ends ? `${difference(ends[0], 3)} to ${difference(ends[1], 3)}` : '';
