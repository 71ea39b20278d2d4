/** Text and numbers as the report writes them. */
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
export const escape = (text: string): string => text.replace(/[&<>"]/g, (sign) => ESCAPES[sign]!);

const grouped = new Intl.NumberFormat('en');
export const count = (value: number): string => grouped.format(value);

export const number = (value: number | null | undefined, digits = 3): string =>
  value === null || value === undefined
    ? '–'
    : value > 0 && value < 0.5 / 10 ** digits
      ? `< ${(1 / 10 ** digits).toFixed(digits)}`
      : value.toFixed(digits);

/** With its sign. */
export const signed = (value: number | null): string =>
  value === null ? '–' : `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;

/** A place or a length in a picture. */
export const pixels = (value: number): string => String(Math.round(value * 10) / 10);

/** `2026-11-26T00:31:02.123Z` as `2026-11-26, 00:31 UTC`; what is no time as it is. */
export const moment = (iso: string): string => iso.replace(/^(\S{10})T(\d\d:\d\d).*Z$/, '$1, $2 UTC');
