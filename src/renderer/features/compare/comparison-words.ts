/** What a comparison says, in sentences. Pure. */
import type { CategorySummary } from '../../../contract/view-types';
import type { MetricDifference, RunComparison } from '../../../contract/metrics-view';
import type { Change } from '../../../core/metrics/analysis/changes';
import { smallestDifference } from '../../../core/metrics/bootstrap/intervals';
import { count, difference, differenceInterval } from '../../ui/number-text';

export const CHANGE_NAMES: Readonly<Record<Change, string>> = {
  'both-right': 'Both right',
  broken: 'Broken',
  fixed: 'Fixed',
  'both-wrong': 'Both wrong',
};

/** The answer, and what follows it. */
export function verdict(
  headline: MetricDifference | undefined,
  images: number,
): { readonly answer: string; readonly rest: string } {
  if (headline?.difference === undefined || headline.difference === null)
    return { answer: 'The score of one of the runs is undefined.', rest: '' };
  const { difference: value, interval } = headline;
  const size = Math.abs(value).toFixed(3);
  if (value === 0 && !interval) return { answer: 'A and B score the same', rest: '.' };
  const leader = value > 0 ? 'B' : 'A';
  if (!interval)
    return { answer: `${leader} is ahead by ${size}`, rest: '; its interval is being computed.' };
  const shown = smallestDifference(interval) ?? 0;
  const rest = ` (${differenceInterval(interval)}); these ${count(images)} images can show differences of ${shown.toFixed(3)} and more.`;
  const isSure = interval[0] > 0 || interval[1] < 0;
  return isSure
    ? { answer: `${leader} is better by ${size}`, rest }
    : { answer: `Neither is shown to be better: B − A is ${difference(value, 3)}`, rest };
}

/** `677 RBC, 72 WBC, 20 Platelets`; the largest few. */
export function classCounts(
  counts: Readonly<Record<number, number>>,
  categories: readonly CategorySummary[],
): string {
  const MOST = 4;
  const named = categories
    .flatMap(({ id, name }) => (counts[id] ? [{ name, number: counts[id] }] : []))
    .sort((a, b) => b.number - a.number);
  const rest = named.length - MOST;
  const words = named.slice(0, MOST).map(({ name, number }) => `${count(number)} ${name}`);
  return [...words, ...(rest > 0 ? [`${rest} more classes`] : [])].join(', ');
}

export const totalOf = (counts: Readonly<Record<number, number>>): number =>
  Object.values(counts).reduce((sum, number) => sum + number, 0);

export const chanceText = (chance: number): string =>
  chance < 0.001 ? 'p < 0.001' : `p = ${chance.toFixed(3)}`;

/** The class that breaks most for what it fixes; nothing with one class or where nothing changed. */
export function leastGain({ counts }: RunComparison, categories: readonly CategorySummary[]): string {
  const changed = categories
    .map(({ id, name }) => ({ name, fixed: counts.fixed[id] ?? 0, broken: counts.broken[id] ?? 0 }))
    .filter(({ fixed, broken }) => fixed + broken > 0);
  if (changed.length < 2) return '';
  const share = ({ fixed, broken }: (typeof changed)[number]): number => broken / (fixed + broken);
  const [worst] = changed.sort((a, b) => share(b) - share(a) || b.broken - a.broken);
  if (!worst || worst.broken === 0) return '';
  return `${worst.name} gains least: ${count(worst.fixed)} fixed, ${count(worst.broken)} broken.`;
}
