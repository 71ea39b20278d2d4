/**
 * How likely each label is wrong, and each unlabelled prediction a missing label.
 *
 * Nobody knows which labels are wrong, but everybody can make wrong ones: errors are planted into the very data, and
 * boosted trees learn to tell them from what stands there already. An image is always judged by trees that learned from
 * other images. Labels that stand there may be wrong too, so the trees' odds r (planted against as-is, per planted and
 * as-is label) overstate soundness; with a share of errors s, the probability of an error is s * r, and s is at most the
 * least ratio of the two groups over any threshold (Blanchard, Lee and Scott 2010, "Semi-supervised novelty detection";
 * Elkan and Noto 2008).
 */
import { noProgress, type Progress } from '../foundation/cancellation';
import { Random } from '../foundation/random';
import { boxIou } from '../matching/overlap';
import type { ScoringInput } from '../metrics/evaluation';
import type { AnnotationColumns, PredictionColumns } from '../dataset/dataset';
import { annotationRows, predictionRows } from '../dataset/rows';
import { type BinnedRows, binRows, BOOSTING_DEFAULTS, type FeatureTable, learnTrees } from './boosted-trees';
import { calibrate, errorShare } from './calibration';
import { LABEL_ERRORS, type LabelError } from './label-error';
import { missingCount } from './missing-count';
import { type Planting, plantErrors } from './plant-errors';
import {
  CANDIDATE_FEATURES,
  CONFIDENCE_COLUMNS,
  isJudged,
  LABEL_FEATURES,
  type LabelEvidence,
  SuspectFeatures,
} from './suspect-features';

export type WrongLabel = Exclude<LabelError, 'missing'>;
export const WRONG_LABELS = LABEL_ERRORS.filter((error): error is WrongLabel => error !== 'missing');

export interface ErrorProbabilities {
  /** By kind and annotation row, 0 to 1; 0 for crowds and groups. */
  readonly labels: Readonly<Record<WrongLabel, Float64Array>>;
  /** Prediction rows that may stand for missing labels. */
  readonly candidates: Int32Array;
  /** By place in `candidates`, 0 to 1. */
  readonly missing: Float64Array;
  readonly evidence: LabelEvidence;
  /** Estimated share of wrong labels by kind; of `missing`, the share of candidates. */
  readonly rates: Readonly<Record<LabelError, number>>;
}

/** Candidates are many and errors among them few: single splits, of which confidence may only speak for an error. */
const FEW_EXAMPLES = {
  ...BOOSTING_DEFAULTS,
  depth: 1,
  trees: 150,
  leafWeight: 4,
  rising: CONFIDENCE_COLUMNS,
};

/** Groups of images; those of a group are judged by what was learned from the others. */
const FOLDS = 4;
/** Share of the labels that a planting changes, by kind. */
const SHARE = 0.05;
/** Plantings are repeated until so many errors of a kind were seen, or so often. */
const ENOUGH_ERRORS = 800;
const MOST_PLANTINGS = 30;
/** What stands there is nearly the same in every planting: so many copies of it are learned from. */
const AS_IS_COPIES = 3;
/** More labels than this are not learned from. */
const MOST_LABELS = 4000;
const SEED = 20_210_423;
/** Times that everything is planted and learned, each time by other draws; probabilities are means. */
const ROUNDS = 2;
/** Broader than any one idea of a shifted box. */
const SHIFTED_IOU = [0.25, 0.7] as const;
const EXTRA_ON_OBJECTS = 0.25;

export function errorProbabilities(
  input: ScoringInput,
  otherRuns: readonly PredictionColumns[] = [],
  progress: Progress = noProgress,
): ErrorProbabilities {
  const own = new SuspectFeatures(input, otherRuns);
  const evidence = own.labels();
  const candidates = own.candidates();
  const sample = sampleOf({ ...input, annotations: inOrder(input.annotations) });
  const rounds = Array.from({ length: ROUNDS }, (_, round) => learn(sample, otherRuns, round, progress));
  const { annotations, predictions } = input;
  const labels = {} as Record<WrongLabel, Float64Array>;
  const rates = {} as Record<LabelError, number>;
  for (const kind of WRONG_LABELS) {
    const isAsked = annotations.flags.map((flags) => Number(isJudged(flags)));
    const judged = meanJudgement(
      rounds.map((learned) => judge(learned.labels, kind, evidence.features, annotations.image, isAsked)),
    );
    labels[kind] = judged.probability;
    rates[kind] = judged.rate;
  }
  const images = candidates.rows.map((row) => predictions.image[row]!);
  const isAsked = new Uint8Array(images.length).fill(1);
  const missing = meanJudgement(
    rounds.map((learned) => judge(learned.candidates, 'missing', candidates.features, images, isAsked)),
  );
  const credit = creditOf(missing.probability, missingCount(input));
  rates.missing = missing.rate * credit;
  return {
    labels,
    candidates: candidates.rows,
    missing: missing.probability.map((probability) => probability * credit),
    evidence,
    rates,
  };
}

/** Suspects keep their order, and at least so much of their probability. */
const LEAST_CREDIT = 0.1;

/** What the trees take for missing labels, brought down to as many as the confidences bear out. */
function creditOf(probabilities: Float64Array, count: number): number {
  const expected = probabilities.reduce((sum, probability) => sum + probability, 0);
  return expected === 0 ? 1 : Math.min(1, Math.max(LEAST_CREDIT, count / expected));
}

/** Rows of all plantings, one after the other. */
interface Examples {
  readonly features: FeatureTable;
  readonly image: Int32Array;
  /** By row: the planted error, or null. */
  readonly error: readonly (LabelError | null)[];
  /** By fold: the examples of other folds, made ready to learn from; for all kinds of errors the same. */
  readonly others: readonly BinnedRows[];
}

interface Learned {
  readonly labels: Examples;
  readonly candidates: Examples;
}

/** By image and place, so that the draws do not depend on where a label stands in its file. */
function inOrder(annotations: AnnotationColumns): AnnotationColumns {
  const { image, category, box } = annotations;
  const rows = [...image.keys()].sort((a, b) => {
    let order = image[a]! - image[b]!;
    for (let part = 0; order === 0 && part < 4; part++) order = box[a * 4 + part]! - box[b * 4 + part]!;
    return order || category[a]! - category[b]!;
  });
  return annotationRows(annotations, rows);
}

function learn(
  input: ScoringInput,
  otherRuns: readonly PredictionColumns[],
  round: number,
  progress: Progress,
): Learned {
  const each = Math.max(3, Math.round(input.annotations.count * SHARE));
  const plantings = Math.max(2, Math.min(MOST_PLANTINGS, Math.ceil(ENOUGH_ERRORS / each)));
  const asIsShare = Math.min(1, AS_IS_COPIES / plantings);
  const labels = new ExampleCollector(LABEL_FEATURES);
  const candidates = new ExampleCollector(CANDIDATE_FEATURES);
  for (let index = 0; index < plantings; index++) {
    progress.check();
    progress.report('Learning what errors look like', round * plantings + index, ROUNDS * plantings);
    const options = { each, shiftedIou: SHIFTED_IOU, extraOnObjects: EXTRA_ON_OBJECTS };
    const random = new Random(SEED + round * MOST_PLANTINGS + index);
    const planting = plantErrors(input, options, random);
    const described = new SuspectFeatures(planting.input, otherRuns);
    const truth = planting.input.annotations;
    labels.add(described.labels().features, truth.image, planting.errors, asIsShare, random);
    const { rows, features } = described.candidates();
    const images = rows.map((row) => input.predictions.image[row]!);
    candidates.add(features, images, errorsOfCandidates(planting, rows), asIsShare, random);
  }
  return { labels: labels.examples(), candidates: candidates.examples() };
}

/** Of a large set, a random part of the images, with all that stands in them. */
function sampleOf(input: ScoringInput): ScoringInput {
  const { annotations, predictions, imageIds } = input;
  const most = Math.round((MOST_LABELS / Math.max(1, annotations.count)) * imageIds.length);
  if (most >= imageIds.length) return input;
  const chosen = new Set(new Random(SEED).choose(most, imageIds.length));
  const rowsOf = ({ image }: { readonly image: Int32Array }): number[] =>
    [...image.keys()].filter((row) => chosen.has(image[row]!));
  return {
    ...input,
    annotations: annotationRows(annotations, rowsOf(annotations)),
    predictions: predictionRows(predictions, rowsOf(predictions)),
  };
}

/** Candidates that show a removed label; of several for one label, the surest. */
function errorsOfCandidates({ input, removed }: Planting, rows: Int32Array): (LabelError | null)[] {
  const { predictions } = input;
  const errors = new Array<LabelError | null>(rows.length).fill(null);
  const places = new Map<number, number[]>();
  rows.forEach((row, place) => {
    const list = places.get(predictions.image[row]!);
    if (list) list.push(place);
    else places.set(predictions.image[row]!, [place]);
  });
  for (const { image, category, box } of removed) {
    const own = Float64Array.from(box);
    const shown = (places.get(image) ?? []).find((place) => {
      const row = rows[place]!;
      return predictions.category[row] === category && boxIou(own, 0, predictions.box, row * 4) >= 0.5;
    });
    if (shown !== undefined) errors[shown] = 'missing';
  }
  return errors;
}

class ExampleCollector {
  readonly #columns: number;
  readonly #values: Float64Array[] = [];
  readonly #images: Int32Array[] = [];
  readonly #errors: (LabelError | null)[] = [];

  constructor(columns: number) {
    this.#columns = columns;
  }

  /** Everything planted, and of what stood there a random part. */
  add(
    features: FeatureTable,
    image: Int32Array,
    errors: readonly (LabelError | null)[],
    asIsShare: number,
    random: Random,
  ): void {
    const kept = [...errors.keys()].filter((row) => errors[row] !== null || random.unit() < asIsShare);
    const values = new Float64Array(kept.length * this.#columns);
    kept.forEach((row, at) => {
      const from = row * this.#columns;
      values.set(features.values.subarray(from, from + this.#columns), at * this.#columns);
      this.#errors.push(errors[row]!);
    });
    this.#values.push(values);
    this.#images.push(Int32Array.from(kept, (row) => image[row]!));
  }

  examples(): Examples {
    const rows = this.#errors.length;
    const values = new Float64Array(rows * this.#columns);
    const image = new Int32Array(rows);
    let at = 0;
    this.#values.forEach((part, index) => {
      values.set(part, at * this.#columns);
      image.set(this.#images[index]!, at);
      at += this.#images[index]!.length;
    });
    const features = { rows, columns: this.#columns, values };
    return { features, image, error: this.#errors, others: othersOf(features, image) };
  }
}

/** Which group an image belongs to; near ones (frames of one film) lie together. */
function foldOf(image: number): number {
  return Math.imul(image >>> 2, 0x9e3779b1) >>> 30;
}

/** By fold: the examples of all others. */
function othersOf(features: FeatureTable, image: Int32Array): BinnedRows[] {
  return Array.from({ length: FOLDS }, (_, fold) => {
    const rows = Int32Array.from(image.keys()).filter((row) => foldOf(image[row]!) !== fold);
    return binRows(features, rows);
  });
}

interface Judgement {
  readonly probability: Float64Array;
  readonly rate: number;
}

function judge(
  examples: Examples,
  kind: LabelError,
  features: FeatureTable,
  image: Int32Array,
  isAsked: Uint8Array,
): Judgement {
  const { error } = examples;
  // Errors of other kinds count as no: the trees learn to tell the kinds apart too.
  const isPlanted = Uint8Array.from(error, (found) => Number(found === kind));
  const odds = new Float64Array(features.rows);
  const planted: number[] = [];
  const asIs: number[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const trees = learnTrees(
      examples.others[fold]!,
      isPlanted,
      kind === 'missing' ? FEW_EXAMPLES : BOOSTING_DEFAULTS,
    );
    for (let row = 0; row < error.length; row++) {
      if (foldOf(examples.image[row]!) === fold && isPlanted[row])
        planted.push(trees.logOdds(examples.features, row));
    }
    for (let row = 0; row < features.rows; row++) {
      if (foldOf(image[row]!) !== fold) continue;
      odds[row] = trees.logOdds(features, row);
      if (isAsked[row]) asIs.push(odds[row]!);
    }
  }
  const rate = errorShare(Float64Array.from(planted), Float64Array.from(asIs));
  const calibrated = calibrate(Float64Array.from(planted), Float64Array.from(asIs));
  const probability = odds.map((logOdds, row) =>
    isAsked[row] ? Math.min(0.99, rate * Math.exp(calibrated(logOdds))) : 0,
  );
  return { probability, rate };
}

function meanJudgement(judgements: readonly Judgement[]): Judgement {
  const [first] = judgements;
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    probability: first!.probability.map((_, row) =>
      mean(judgements.map(({ probability }) => probability[row]!)),
    ),
    rate: mean(judgements.map(({ rate }) => rate)),
  };
}
