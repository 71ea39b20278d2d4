/** Bounds of parameters that several protocols have. Each throws `BadInput` where they are passed. */
import { BadInput } from '../foundation/bad-input';
import type { CocoParameters } from './evaluation';

/** Bits of a mask hold ranges. */
const MOST_RANGES = 30;
export const MOST_THRESHOLDS = 1000;

export function checkThresholds(thresholds: readonly number[]): void {
  if (thresholds.length === 0) throw badThresholds('there is none');
  if (thresholds.length > MOST_THRESHOLDS) throw badThresholds(`there are over ${MOST_THRESHOLDS}`);
  if (new Set(thresholds).size < thresholds.length) throw badThresholds('one stands there twice');
  const wrong = thresholds.find((threshold) => !(threshold > 0 && threshold <= 1));
  if (wrong !== undefined) throw badThresholds(`${wrong} is not above 0 and at most 1`);
}

export function checkLimits(limits: readonly number[]): void {
  const fail = (why: string) =>
    new BadInput(
      'invalid-option',
      `Limits on detections: ${why}`,
      'Write whole numbers from 1, as in 1,10,100.',
    );
  if (limits.length === 0) throw fail('there is none');
  if (new Set(limits).size < limits.length) throw fail('one stands there twice');
  const wrong = limits.find((limit) => !Number.isSafeInteger(limit) || limit < 1);
  if (wrong !== undefined) throw fail(`${wrong} is not a whole number from 1`);
}

export function checkRanges(ranges: CocoParameters['areaRanges']): void {
  const entries = Object.entries(ranges);
  if (entries.length === 0) throw badRanges('there is none');
  if (entries.length >= MOST_RANGES) throw badRanges(`there are ${MOST_RANGES} or more`);
  for (const [name, [min, max]] of entries) {
    if (!/^[A-Za-z][\w-]*$/.test(name))
      throw badRanges(`"${name}" is not a name (a letter, then letters or digits)`);
    if (!(min >= 0 && max >= min)) throw badRanges(`${name} runs from ${min} to ${max}`);
  }
}

export function badThresholds(why: string): BadInput {
  return new BadInput('invalid-option', `IoU thresholds: ${why}`, 'Write 0.5, 0.5,0.75 or 0.5:0.95:0.05.');
}

export function badRanges(why: string): BadInput {
  return new BadInput(
    'invalid-option',
    `Area ranges: ${why}`,
    'Write all,small,medium,large or name:min:max in square pixels, as in tiny:0:256.',
  );
}
