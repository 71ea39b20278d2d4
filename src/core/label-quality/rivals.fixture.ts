/** The fix queue and its rivals on one planting, each scored by the average precision of its ranking. */
import { Random } from '../foundation/random';
import type { ScoringInput } from '../metrics/evaluation';
import { createScorer } from '../metrics/scorer';
import { fixQueue, type Suggestion } from './fix-queue';
import type { SuggestionKind } from './label-error';
import { objectLab, OBJECTLAB_DEFAULTS } from './objectlab';
import type { LabelError } from './label-error';
import { plantErrors, type Planting } from './plant-errors';
import {
  placeOf,
  rankedPlaces,
  type RankedThing,
  rankingPrecision,
  type SuggestedPlace,
  unlabelledByConfidence,
} from './ranking.fixture';

export const MARKS = ['missing', 'extra', 'wrong-class', 'badly-placed', 'one queue'] as const;
export type Marks = Readonly<Record<(typeof MARKS)[number], number>>;

export interface Comparison {
  readonly queue: Marks;
  /** The same suggestions by probability alone. */
  readonly byProbability: Marks;
  /** Per mark the better of the default thresholds and of lowered ones. */
  readonly objectLab: Marks;
  /** Unlabelled predictions by confidence, for `missing`. */
  readonly byConfidence: number;
}

/** Plants errors into 5 % of the labels, a quarter of each kind, and lets each ranking look for them. */
export function compare(input: ScoringInput, seed: number, extraOnObjects: number): Comparison {
  const each = Math.round((input.annotations.count * 0.05) / 4);
  const planting = plantErrors(input, { each, shiftedIou: [0.3, 0.6], extraOnObjects }, new Random(seed));
  const faulty = planting.input;
  const { suggestions } = fixQueue(faulty, createScorer(faulty, 'coco'));
  const byDefault = objectLabMarks(planting, OBJECTLAB_DEFAULTS.low, OBJECTLAB_DEFAULTS.high);
  const byLowered = objectLabMarks(planting, 0.3, 0.5);
  const better = Object.fromEntries(MARKS.map((mark) => [mark, Math.max(byDefault[mark], byLowered[mark])]));
  return {
    queue: queueMarks(planting, suggestions, ({ expected }) => expected),
    byProbability: queueMarks(planting, suggestions, ({ probability }) => probability),
    objectLab: better as unknown as Marks,
    byConfidence: missingMark(planting, unlabelledByConfidence(faulty)),
  };
}

function missingMark({ removed }: Planting, places: readonly SuggestedPlace[]): number {
  return rankingPrecision(rankedPlaces(places, removed), removed.length);
}

function labelThings(
  { errors }: Planting,
  scores: Float64Array,
  isHit: (error: LabelError | null) => boolean,
): RankedThing[] {
  return [...scores].map((score, row) => ({ score, isHit: isHit(errors[row]!) }));
}

function kindMark(planting: Planting, kind: LabelError, scores: Float64Array): number {
  const things = labelThings(planting, scores, (error) => error === kind);
  return rankingPrecision(things, things.filter(({ isHit }) => isHit).length);
}

function wholeMark(planting: Planting, scores: Float64Array, places: readonly SuggestedPlace[]): number {
  const labels = labelThings(planting, scores, (error) => error !== null);
  const toFind = labels.filter(({ isHit }) => isHit).length + planting.removed.length;
  return rankingPrecision([...labels, ...rankedPlaces(places, planting.removed)], toFind);
}

function queueMarks(
  planting: Planting,
  suggestions: readonly Suggestion[],
  worth: (suggestion: Suggestion) => number,
): Marks {
  const { annotations, predictions } = planting.input;
  const scoresOf = (kinds: readonly SuggestionKind[]): Float64Array => {
    const scores = new Float64Array(annotations.count).fill(Infinity);
    for (const suggestion of suggestions)
      if (suggestion.annotation !== null && kinds.includes(suggestion.kind))
        scores[suggestion.annotation] = -worth(suggestion);
    return scores;
  };
  const places = suggestions.flatMap((suggestion) =>
    suggestion.kind === 'missing'
      ? [placeOf({ predictions }, suggestion.prediction!, -worth(suggestion))]
      : [],
  );
  return {
    missing: missingMark(planting, places),
    extra: kindMark(planting, 'extra', scoresOf(['extra'])),
    'wrong-class': kindMark(planting, 'wrong-class', scoresOf(['wrong-class'])),
    'badly-placed': kindMark(planting, 'badly-placed', scoresOf(['badly-placed'])),
    'one queue': wholeMark(planting, scoresOf(['extra', 'wrong-class', 'badly-placed']), places),
  };
}

/** ObjectLab has no score for added labels: the best of those it has stands in. */
function objectLabMarks(planting: Planting, low: number, high: number): Marks {
  const scores = objectLab(planting.input, { ...OBJECTLAB_DEFAULTS, low, high });
  const { badlyLocated, swapped } = scores;
  const lower = badlyLocated.map((score, row) => Math.min(score, swapped[row]!));
  const places = [...scores.overlooked].flatMap((score, row) =>
    Number.isNaN(score) ? [] : [placeOf(planting.input, row, score)],
  );
  return {
    missing: missingMark(planting, places),
    extra: Math.max(...[badlyLocated, swapped, lower].map((by) => kindMark(planting, 'extra', by))),
    'wrong-class': kindMark(planting, 'wrong-class', swapped),
    'badly-placed': kindMark(planting, 'badly-placed', badlyLocated),
    'one queue': wholeMark(planting, lower, places),
  };
}
