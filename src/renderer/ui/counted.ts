import { count } from './number-text';

const MANY: Readonly<Record<string, string>> = { box: 'boxes' };

/** `1 image`, `1,138 boxes`. */
export const counted = (number: number, what: string): string =>
  `${count(number)} ${number === 1 ? what : (MANY[what] ?? `${what}s`)}`;
