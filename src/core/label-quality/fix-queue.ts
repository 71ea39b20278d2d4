/**
 * The fix queue: what in the ground truth to look at first. Each suggestion is one decision for a person, ordered by
 * what it is expected to gain: the probability that the label is wrong, times what the score gains if it is (exact, by
 * a preview of the very edit). Below the stop line all that is left gains less than one standard error of the score.
 */
import type { PredictionColumns } from '../dataset/dataset';
import type { PricingScorer } from '../diagnosis/class-evaluation';
import type { LabelEdit } from '../diagnosis/repair';
import { noProgress, type Progress } from '../foundation/cancellation';
import { drawImages } from '../metrics/bootstrap/draws';
import type { ScoringInput } from '../metrics/evaluation';
import { rowsByImage, type RowsByImage } from './by-image';
import { editedTruth } from './edited-truth';
import { type ErrorProbabilities, errorProbabilities, WRONG_LABELS, type WrongLabel } from './error-model';
import { type LabelError, SUGGESTION_KINDS, type SuggestionKind } from './label-error';
import { repeatedLabels } from './repeated-labels';

export interface Suggestion {
  readonly kind: SuggestionKind;
  /** Index into `imageIds`. */
  readonly image: number;
  /** The suspect label, a row of the annotations; null for a missing one. */
  readonly annotation: number | null;
  /** What the model saw there, a row of the predictions; null where it saw nothing. */
  readonly prediction: number | null;
  /** The label that this one repeats, a row of the annotations; null but for duplicated ones. */
  readonly repeats: number | null;
  /** Probability that the label is wrong in this way, 0 to 1. */
  readonly probability: number;
  /** What the score gains if the edit is right, exactly, on the scale of the protocol's first key. May be negative. */
  readonly gain: number;
  /** Probability times gain. */
  readonly expected: number;
  readonly edit: LabelEdit;
}

export interface FixQueue {
  readonly suggestions: readonly Suggestion[];
  /** How many suggestions stand above the stop line. */
  readonly stop: number;
  /** Of the score, by a bootstrap over images; null where the score is undefined. */
  readonly standardError: number | null;
  /** Sum of what all suggestions are expected to gain, by kind. */
  readonly expectedGain: Readonly<Record<SuggestionKind, number>>;
  /** Estimated share of wrong labels by kind; of `missing`, the share of unlabelled predictions. */
  readonly rates: Readonly<Record<LabelError, number>>;
}

export interface FixQueueOptions {
  /** Predictions of other runs on the same images: a suspicion that they share weighs more. */
  readonly otherRuns?: readonly PredictionColumns[];
  readonly progress?: Progress;
}

/** Suggestions less likely than this are not made. */
const LEAST_PROBABILITY = 0.005;
/** Nobody draws two boxes of a class over one another on purpose; only rarely do two objects hide each other so. */
const DUPLICATED_PROBABILITY = 0.95;
/** Previews cost time: only so many of the likeliest suggestions are priced. */
const MOST_PRICED = 4000;
/** Resamples for the standard error: fewer of large sets, whose standard error is steadier. */
const RESAMPLES = [16, 60] as const;
const RESAMPLED_PREDICTIONS = 3_000_000;
const SEED = 0;

/** `scorer` scores the same input. Runs of the model that trained on these images say little: it learned the errors. */
export function fixQueue(
  input: ScoringInput,
  scorer: PricingScorer,
  { otherRuns = [], progress = noProgress }: FixQueueOptions = {},
): FixQueue {
  const probabilities = errorProbabilities(input, otherRuns, progress);
  const likeliest = [
    ...duplicateSuspicions(input),
    ...labelSuspicions(input, probabilities),
    ...missingSuspicions(input, probabilities),
  ]
    .sort((a, b) => b.probability - a.probability)
    .slice(0, MOST_PRICED);
  const suggestions = bestOfEachLabel(price(likeliest, input, scorer, progress)).sort(
    (a, b) => b.expected - a.expected || b.probability - a.probability,
  );
  const standardError = standardErrorOf(scorer);
  const expectedGain = Object.fromEntries(SUGGESTION_KINDS.map((kind) => [kind, 0])) as Record<
    SuggestionKind,
    number
  >;
  for (const { kind, expected } of suggestions) expectedGain[kind] += expected;
  const stop =
    standardError === null
      ? suggestions.length
      : stopLine(
          suggestions.map(({ expected }) => expected),
          standardError,
        );
  return { suggestions, stop, standardError, expectedGain, rates: probabilities.rates };
}

type Suspicion = Omit<Suggestion, 'gain' | 'expected'>;

function duplicateSuspicions({ annotations, imageIds }: ScoringInput): Suspicion[] {
  return repeatedLabels(annotations, imageIds.length).repeated.map(({ row, of }) => ({
    kind: 'duplicated',
    image: annotations.image[row]!,
    annotation: row,
    prediction: null,
    repeats: of,
    probability: DUPLICATED_PROBABILITY,
    edit: { delete: { row } },
  }));
}

function labelSuspicions(
  { annotations, predictions }: ScoringInput,
  { labels, evidence }: ErrorProbabilities,
): Suspicion[] {
  const found: Suspicion[] = [];
  for (let row = 0; row < annotations.count; row++) {
    const sum = WRONG_LABELS.reduce((total, kind) => total + labels[kind][row]!, 0);
    for (const kind of WRONG_LABELS) {
      // The kinds were judged one by one; together they are at most certain.
      const probability = labels[kind][row]! / Math.max(1, sum);
      if (probability < LEAST_PROBABILITY) continue;
      const witness = (kind === 'wrong-class' ? evidence.otherClass : evidence.placed)[row]!;
      if (witness < 0 && kind !== 'extra') continue;
      found.push({
        kind,
        image: annotations.image[row]!,
        annotation: row,
        prediction: witness < 0 ? null : witness,
        repeats: null,
        probability,
        edit: editOf(kind, row, witness, predictions),
      });
    }
  }
  return found;
}

function editOf(
  kind: WrongLabel,
  row: number,
  witness: number,
  { category, box }: PredictionColumns,
): LabelEdit {
  if (kind === 'extra') return { delete: { row } };
  if (kind === 'wrong-class') return { change: { row, category: category[witness]! } };
  return { change: { row, box: boxAt(box, witness) } };
}

function missingSuspicions({ predictions }: ScoringInput, found: ErrorProbabilities): Suspicion[] {
  return [...found.candidates].flatMap((row, place): Suspicion[] => {
    const probability = found.missing[place]!;
    if (probability < LEAST_PROBABILITY) return [];
    const image = predictions.image[row]!;
    const add = { image, category: predictions.category[row]!, box: boxAt(predictions.box, row) };
    return [
      {
        kind: 'missing',
        image,
        annotation: null,
        prediction: row,
        repeats: null,
        probability,
        edit: { add },
      },
    ];
  });
}

function boxAt(box: Float64Array, row: number): [number, number, number, number] {
  const at = row * 4;
  return [box[at]!, box[at + 1]!, box[at + 2]!, box[at + 3]!];
}

function price(
  suspicions: readonly Suspicion[],
  input: ScoringInput,
  scorer: PricingScorer,
  progress: Progress,
): Suggestion[] {
  const now = scorer.headline() ?? 0;
  const rows = rowsByImage(input.annotations, input.imageIds.length);
  return suspicions.map((suspicion, index) => {
    progress.check();
    if (index % 50 === 0) progress.report('Pricing suspects', index, suspicions.length);
    const place =
      suspicion.annotation === null ? -1 : placeInImage(rows, suspicion.image, suspicion.annotation);
    const edited = editedTruth(scorer.truth(suspicion.image), suspicion.edit, place);
    const gain = (scorer.preview(suspicion.image, edited).headline ?? now) - now;
    return { ...suspicion, gain, expected: suspicion.probability * gain };
  });
}

function placeInImage(rows: RowsByImage, image: number, annotation: number): number {
  return rows.of(image).indexOf(annotation);
}

/** One decision a label: of several suspicions of it, the likeliest. */
function bestOfEachLabel(suggestions: readonly Suggestion[]): Suggestion[] {
  const ofLabel = new Map<number, Suggestion>();
  const missing: Suggestion[] = [];
  for (const suggestion of suggestions) {
    if (suggestion.annotation === null) missing.push(suggestion);
    else {
      const rival = ofLabel.get(suggestion.annotation);
      if (!rival || suggestion.probability > rival.probability)
        ofLabel.set(suggestion.annotation, suggestion);
    }
  }
  return [...ofLabel.values(), ...missing];
}

/** `expected`: gains in the order of the queue. How many come before what is left gains less than one standard error. */
export function stopLine(expected: readonly number[], standardError: number): number {
  let left = 0;
  let stop = expected.length;
  while (stop > 0) {
    left += Math.max(0, expected[stop - 1]!);
    if (left >= standardError) return stop;
    stop--;
  }
  return 0;
}

function standardErrorOf(scorer: PricingScorer): number | null {
  const images = scorer.input.imageIds.length;
  const [least, most] = RESAMPLES;
  const affordable = Math.floor(RESAMPLED_PREDICTIONS / Math.max(1, scorer.input.predictions.count));
  const resamples = Math.min(most, Math.max(least, affordable));
  const values: number[] = [];
  for (let resample = 0; resample < resamples; resample++) {
    const value = scorer.resampledHeadline(drawImages(images, resample, SEED));
    if (value !== null) values.push(value);
  }
  if (values.length < 2) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
