/**
 * Changes of coordinates of some classes alone, as where one class's boxes come of another tool. Needs a label map that is
 * right: each class is looked at by its own objects and its own predictions.
 */
import type { Progress } from '../../foundation/cancellation';
import type { FoundCause } from '../cause';
import { onlyClass } from '../one-class';
import type { Situation } from '../situation';
import { fixedAttempts, plainFactors } from './attempts';
import { geometryCauses } from './geometry-causes';
import type { Attempt, Screened } from './overlap-screen';
import { OverlapScreen } from './overlap-screen';
import type { FoundChange } from './search';
import { complexityOf, meanOf, wins } from './search';

const SAMPLE = { images: 150, objects: 10 };
const FEWEST_IMAGES = 8;
/** Classes that agree this well are right. */
const GOOD_OVERLAP = 0.45;
/** A class has many chances to be lucky: its boxes have to agree well after the change, and much better than before. */
const LEAST_AFTER = 0.5;
const LEAST_GAIN = 0.25;

const NO_CHANGE: Attempt = { side: 'predictions', changes: [] };

interface ClassScreen {
  readonly id: number;
  readonly screen: OverlapScreen;
  readonly base: Screened;
}

function screensOf(situation: Situation): ClassScreen[] {
  return situation.truth.categories.flatMap(({ id }): ClassScreen[] => {
    const screen = new OverlapScreen(onlyClass(situation, id), SAMPLE);
    return screen.images.length < FEWEST_IMAGES ? [] : [{ id, screen, base: screen.measure(NO_CHANGE) }];
  });
}

const differencesOf = ({ screen, base }: ClassScreen, attempt: Attempt): Float64Array =>
  screen.measure(attempt).iou.map((value, at) => value - base.iou[at]!);

const isClear = (differences: Float64Array): boolean => wins([...differences.keys()], differences);

/** Of a change that was found for all classes: only those that it sets right, where it clearly spoils others. */
export function withinClasses(situation: Situation, found: FoundChange): FoundChange {
  if (found.group && found.group.by !== 'file') return found;
  const classes = screensOf(situation).map((one) => ({ id: one.id, differences: differencesOf(one, found) }));
  const isSpoilt = classes.some(({ differences }) => isClear(differences.map((value) => -value)));
  const right = classes.filter(({ differences }) => isClear(differences)).map(({ id }) => id);
  if (!isSpoilt || right.length === 0) return found;
  const { side, changes, other, before, after } = found;
  return { side, changes, ...(other ? { other } : {}), classes: right, before, after };
}

export function findClassChanges(situation: Situation, progress: Progress): FoundCause[] {
  const poor = screensOf(situation).filter(({ base }) => meanOf(base.iou) < GOOD_OVERLAP);
  if (poor.length === 0) return [];
  const attempts = [...fixedAttempts(situation).filter(({ other }) => !other), ...plainFactors];
  const changes = new Map<Attempt, ClassScreen[]>();
  for (const one of poor) {
    progress.check();
    const attempt = bestOf(one, attempts);
    if (attempt) changes.set(attempt, [...(changes.get(attempt) ?? []), one]);
  }
  return [...changes].flatMap(([attempt, concerned]) => {
    const mean = (of: (one: ClassScreen) => Screened): number =>
      concerned.reduce((sum, one) => sum + meanOf(of(one).iou), 0) / concerned.length;
    return geometryCauses(situation, {
      ...attempt,
      classes: concerned.map(({ id }) => id),
      before: mean(({ base }) => base),
      after: mean(({ screen }) => screen.measure(attempt)),
    });
  });
}

function bestOf(one: ClassScreen, attempts: readonly Attempt[]): Attempt | null {
  let best: { attempt: Attempt; value: number } | null = null;
  for (const attempt of attempts) {
    const { iou, oddness } = one.screen.measure(attempt);
    const after = meanOf(iou);
    const gain = after - meanOf(one.base.iou);
    if (after < LEAST_AFTER || gain < LEAST_GAIN) continue;
    const value = gain - (meanOf(oddness) - meanOf(one.base.oddness)) - complexityOf(attempt);
    if (value > (best?.value ?? 0) && isClear(differencesOf(one, attempt))) best = { attempt, value };
  }
  return best?.attempt ?? null;
}
