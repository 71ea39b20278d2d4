/**
 * Labels that are wrong, by the fix queue. Before anybody has looked, the price is what the queue expects: the sum over
 * the suspects of the probability of an error times the exact gain of its edit. A model that finds little is no witness,
 * and a few doubtful suspects are no cause: every set has some.
 */
import type { ScoringInput } from '../../metrics/evaluation';
import { createScorer } from '../../metrics/scorer';
import { TRUSTED_FOUND_SHARE } from '../../label-quality/find-fixes';
import { type FixQueue, fixQueue, type Suggestion } from '../../label-quality/fix-queue';
import type { LabelError } from '../../label-quality/label-error';
import type { CauseCode, FoundCause } from '../cause';
import { foundLabels, shareOf } from '../found-labels';
import { scorerOfClass } from '../class-evaluation';
import type { Rule } from '../rule';
import { findUnseenLabels } from './unseen-labels';
import { scoringInputOf } from '../situation';

/** What it takes to name a cause, by how good a witness the model is. */
interface Demands {
  /** Probability from which an error is likely. */
  readonly likely: number;
  readonly leastGain: number;
  /** Of one standard error of the score: a smaller sum is lost in the noise. */
  readonly leastOfNoise: number;
  /** Likely labels of the wrong class, for each label that the model does not find: it may well confuse as many. */
  readonly confusions: number;
  /** Likely labels of nothing, for each label that the model does not find. */
  readonly unfound: number;
}
const OF_A_WITNESS: Demands = {
  likely: 0.5,
  leastGain: 0.005,
  leastOfNoise: 0.5,
  confusions: 1,
  unfound: 0.5,
};
/** Of a model that finds nearly every label, a doubt says more. */
const OF_A_GOOD_WITNESS: Demands = {
  likely: 0.3,
  leastGain: 0.003,
  leastOfNoise: 0.25,
  confusions: 0.2,
  unfound: 0.5,
};
/**
 * Errors that a model's own mistakes do not look like. Where there are none of them, the few labels of which a good model
 * sees another class, or nothing, are most likely its mistakes: every model makes some.
 */
const PLAIN: readonly LabelError[] = ['missing', 'badly-placed'];
const WITHOUT_PLAIN: Demands = { ...OF_A_WITNESS, confusions: 2, unfound: 0.8 };
/**
 * What a model is sure of and nobody labelled has few other readings: on sets without errors the sum stays below a tenth
 * of a standard error.
 */
const OF_MISSING = { likely: 0.3, leastGain: 0.003 };
const GOOD_FOUND_SHARE = 0.96;
/** Where more labels seem of the wrong class, the model confuses classes. */
const MOST_WRONG_CLASS = 0.03;
/** Fewer likely errors than this are told in the queue alone. */
const LEAST_LIKELY = 4;
/** In a smaller set one cannot tell an error from an accident. */
export const FEWEST_LABELS = 150;

interface Wording {
  readonly code: CauseCode;
  readonly title: (count: number) => string;
  readonly action: string;
}

const WORDINGS: Readonly<Record<LabelError, Wording>> = {
  missing: {
    code: 'labels-missing',
    title: (count) => `Labels missing: the model finds about ${count} objects that nobody labelled`,
    action: 'Go through the fix queue: accept what the model found, dismiss what is not there',
  },
  extra: {
    code: 'labels-extra',
    title: (count) => `Labels too many: about ${count} stand where the model sees nothing`,
    action: 'Go through the fix queue: delete labels that nothing stands for',
  },
  'wrong-class': {
    code: 'labels-wrong-class',
    title: (count) => `Labels of the wrong class: about ${count}`,
    action: 'Go through the fix queue: accept the class that the model sees, or dismiss',
  },
  'badly-placed': {
    code: 'labels-badly-placed',
    title: (count) => `Labels badly placed: about ${count} boxes are beside their objects`,
    action: 'Go through the fix queue: accept the model’s box, or dismiss',
  },
};

export const labelErrors: Rule = {
  codes: Object.values(WORDINGS).map(({ code }) => code),
  group: 'B',
  looksFor: 'labels that may be wrong',
  find(context) {
    const { repaired, progress } = context;
    if (!repaired || repaired.protocol === 'tide') return [];
    const input = scoringInputOf(repaired);
    const found = shareOf(foundLabels(input, 'any-class'));
    if (
      input.annotations.count < FEWEST_LABELS ||
      found < TRUSTED_FOUND_SHARE ||
      context.score(repaired) === null
    )
      return [];
    const scorer = createScorer(input, repaired.protocol, repaired.parameters);
    const category = repaired.scoredCategory ?? null;
    const asked = category === null ? scorer : scorerOfClass(scorer, category);
    const queue = fixQueue(input, asked, { progress });
    const kinds = Object.keys(WORDINGS) as LabelError[];
    const told = (kind: LabelError, demands: Demands): FoundCause[] => {
      const least = leastErrors(kind, 1 - found, input, demands);
      return causeOf(kind, queue, input, least, kind === 'missing' ? { ...demands, ...OF_MISSING } : demands);
    };
    const demands = demandsOf(found, queue, input);
    const isBorneOut = PLAIN.some((kind) => told(kind, demands).length > 0);
    const causes = kinds.flatMap((kind) =>
      told(kind, isBorneOut || PLAIN.includes(kind) ? demands : WITHOUT_PLAIN),
    );
    const isTold = causes.some(({ code }) => code === 'labels-extra');
    return isTold || !isBorneOut || found < GOOD_FOUND_SHARE
      ? causes
      : [...causes, ...findUnseenLabels(context, repaired)];
  },
};

function demandsOf(found: number, { suggestions }: FixQueue, { annotations }: ScoringInput): Demands {
  const wrongClass = suggestions.reduce(
    (sum, { kind, probability }) => sum + (kind === 'wrong-class' ? probability : 0),
    0,
  );
  const isGood = found >= GOOD_FOUND_SHARE && wrongClass <= MOST_WRONG_CLASS * annotations.count;
  return isGood ? OF_A_GOOD_WITNESS : OF_A_WITNESS;
}

/**
 * How many likely errors make a cause. A label of the wrong class looks like a class that the model takes for another,
 * and one that stands for nothing like an object that it misses. A model that misses a share of the objects may well
 * confuse as many, so only more than that counts; and added labels must be most of what it misses.
 */
function leastErrors(
  kind: LabelError,
  missedShare: number,
  { annotations }: ScoringInput,
  { confusions, unfound }: Demands,
): number {
  const missed = missedShare * annotations.count;
  if (kind === 'wrong-class') return Math.max(LEAST_LIKELY, confusions * missed);
  return kind === 'extra' ? Math.max(LEAST_LIKELY, unfound * missed) : LEAST_LIKELY;
}

/** What the queue says of one kind of error, where it is more than every set has. */
export interface Suspects {
  readonly suspects: number;
  readonly likely: number;
  readonly expectedErrors: number;
  /** Likely ones by the name of their class. */
  readonly byClass: Readonly<Record<string, number>>;
  /** Indices into `imageIds`, the dearest first. */
  readonly images: readonly number[];
  /** Expected, and its standard deviation. */
  readonly gain: number;
  readonly deviation: number;
}

/** Null where there is no clear sign of such errors. */
export function suspectsOf(
  kind: LabelError,
  queue: FixQueue,
  input: ScoringInput,
  leastLikely: number = LEAST_LIKELY,
  { likely: likelyFrom, leastGain, leastOfNoise }: Demands = OF_A_WITNESS,
): Suspects | null {
  const own = queue.suggestions.filter((suggestion) => suggestion.kind === kind && suggestion.expected > 0);
  const likely = own.filter(({ probability }) => probability >= likelyFrom);
  const gainOf = (some: readonly Suggestion[]): number =>
    some.reduce((sum, { expected }) => sum + expected, 0);
  const gain = gainOf(own);
  const isClear =
    likely.length >= leastLikely &&
    gainOf(likely) >= leastGain &&
    gain >= leastOfNoise * (queue.standardError ?? Infinity);
  if (!isClear) return null;
  const classOf = ({ annotation, prediction }: Suggestion): number =>
    annotation === null ? input.predictions.category[prediction!]! : input.annotations.category[annotation]!;
  return {
    suspects: own.length,
    likely: likely.length,
    expectedErrors: own.reduce((sum, { probability }) => sum + probability, 0),
    byClass: countBy(likely, (suggestion) => input.categories[classOf(suggestion)]!.name),
    images: [...new Set(own.map(({ image }) => image))],
    gain,
    deviation: Math.sqrt(
      own.reduce((sum, { probability: p, gain: each }) => sum + p * (1 - p) * each ** 2, 0),
    ),
  };
}

function causeOf(
  kind: LabelError,
  queue: FixQueue,
  input: ScoringInput,
  leastLikely: number,
  demands: Demands,
): FoundCause[] {
  const found = suspectsOf(kind, queue, input, leastLikely, demands);
  if (!found) return [];
  const { suspects, likely, expectedErrors, byClass, images, gain, deviation } = found;
  const { code, title, action } = WORDINGS[kind];
  return [
    {
      code,
      title: title(Math.round(expectedErrors)),
      evidence: { suspects, likely, expectedErrors, byClass },
      images,
      action,
      repair: null,
      price: {
        gain,
        interval: [Math.max(0, gain - 1.96 * deviation), gain + 1.96 * deviation],
        confidence: 'estimated',
      },
    },
  ];
}

function countBy<T>(things: readonly T[], keyOf: (thing: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const thing of things) counts[keyOf(thing)] = (counts[keyOf(thing)] ?? 0) + 1;
  return counts;
}
