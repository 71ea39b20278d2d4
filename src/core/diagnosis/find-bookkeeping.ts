/**
 * The repair search: bookkeeping faults in the order in which one hides the other. Each is looked for with those before it
 * repaired, so that pairs are found, and the list that comes out can be applied in its order.
 */
import type { Progress } from '../foundation/cancellation';
import { applyRepair } from './apply-repair';
import type { CauseCode, FoundCause } from './cause';
import { findClassMap } from './classes/find-class-map';
import { findNames } from './classes/find-names';
import { findClassChanges, withinClasses } from './geometry/class-changes';
import { geometryCauses } from './geometry/geometry-causes';
import { findShift } from './geometry/find-shift';
import type { FoundChange } from './geometry/search';
import { findChange } from './geometry/search';
import { findJoin } from './join/find-join';
import type { Scores } from './price';
import { findBoxesWithoutSize } from './rules/boxes-without-size';
import { findClippedTruth } from './rules/clipped-truth';
import { findDuplicates } from './rules/duplicates';
import { findFlags, findMisplacedFlags } from './rules/flags';
import { findLimits } from './rules/limits';
import { findMissingPredictions } from './rules/missing-predictions';
import { findPadding } from './rules/padding';
import { findStructure } from './rules/structure';
import { findUnpredictedImages } from './rules/unpredicted-images';
import type { Situation } from './situation';

export interface Bookkeeping {
  readonly found: readonly FoundCause[];
  /** With every repair applied. */
  readonly repaired: Situation;
}

type Search = (situation: Situation) => readonly FoundCause[];

const none = (found: FoundCause | null): readonly FoundCause[] => (found ? [found] : []);

/** Rounds of looking for changes of coordinates; each finds one, or a pair that tools make together. */
const MOST_CHANGES = 2;

const TURNED: ReadonlySet<CauseCode> = new Set(['axes-swapped', 'coordinates-flipped', 'exif-orientation']);

const repairedBy = (situation: Situation, causes: readonly FoundCause[]): Situation =>
  causes.reduce((now, { repair }) => (repair ? applyRepair(now, repair) : now), situation);

/** Which classes a change sets right can be told where each class has its own predictions: not where they are exchanged. */
function ofClassesConcerned(situation: Situation, change: FoundChange): readonly FoundCause[] {
  const ofAll = geometryCauses(situation, change);
  const within = withinClasses(situation, change);
  if (within === change || findClassMap(repairedBy(situation, ofAll))) return ofAll;
  return geometryCauses(situation, within);
}

export function findBookkeeping(given: Situation, scores: Scores, progress: Progress): Bookkeeping {
  const found: FoundCause[] = [];
  let situation = given;
  const look = (search: Search): boolean => {
    progress.check();
    const causes = search(situation);
    situation = repairedBy(situation, causes);
    found.push(...causes);
    return causes.length > 0;
  };
  look(findPadding);
  look(findFlags);
  look((now) => none(findJoin(now)));
  look((now) => none(findNames(now)));
  for (let round = 0; round < MOST_CHANGES; round++) {
    const hasChanged = look((now) => {
      const change = findChange(now, progress);
      return change ? ofClassesConcerned(now, change) : [];
    });
    if (!hasChanged) break;
  }
  look((now) => findBoxesWithoutSize(now, (one) => scores.score(one)));
  look((now) => none(findClassMap(now)));
  look((now) => findClassChanges(now, progress));
  look((now) =>
    findShift(
      now,
      found.some(({ code }) => TURNED.has(code)),
    ),
  );
  look(findMisplacedFlags);
  look(findLimits);
  look((now) => findDuplicates(now, (one) => scores.score(one)));
  look((now) => findClippedTruth(now, (one) => scores.score(one)));
  look((now) => findUnpredictedImages(now, (one) => scores.score(one)));
  look((now) => findMissingPredictions(now, scores.evaluate(now)));
  look(findStructure);
  return { found, repaired: situation };
}
