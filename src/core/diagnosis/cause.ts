/**
 * What diagnosis reports: causes of a low score, each with its evidence, its price, the images that show it and the
 * repair that undoes it. A rule finds causes; `bill.ts` prices, orders and holds back. Codes are stable: they are those
 * of the command line.
 */
import type { Repair } from './repair';

/** A: bookkeeping; B: labels; C: training; D: data. E (evaluation settings) counts as bookkeeping. */
export type CauseGroup = 'A' | 'B' | 'C' | 'D';

export const CAUSE_CODES = {
  A: [
    'padded-ground-truth',
    'ground-truth-clipped',
    'detections-capped',
    'label-map-shifted',
    'label-map-permuted',
    'category-names-differ',
    'axes-swapped',
    'coordinates-flipped',
    'box-format',
    'coordinates-normalised',
    'coordinates-scaled',
    'coordinates-letterboxed',
    'coordinates-off-by-one',
    'exif-orientation',
    'images-not-joined',
    'ids-invalid',
    'area-wrong',
    'flags-wrong',
    'other-protocol',
    'scores-cut',
    'class-without-truth',
    'class-never-predicted',
    'duplicates-not-suppressed',
    'evaluation-count-wrong',
  ],
  B: [
    'labels-missing',
    'labels-extra',
    'labels-wrong-class',
    'labels-badly-placed',
    'labels-duplicated',
    'training-labels-missing',
  ],
  C: [
    'learning-rate-too-high',
    'learning-rate-too-low',
    'warm-up-never-ends',
    'learning-rate-never-decays',
    'learning-rate-decays-too-early',
    'checkpoint-type',
    'batch-normalisation',
    'overfitting',
    'augmentation-missing',
    'underfitting',
    'stopped-too-early',
    'class-imbalance',
    'no-background-images',
  ],
  D: [
    'objects-too-small',
    'aspect-squashed',
    'anchors-do-not-cover',
    'resolution-differs',
    'preprocessing-differs',
    'export-loss',
    'train-evaluation-shift',
    'train-evaluation-overlap',
    'position-bias',
    'asymmetric-classes-flipped',
  ],
} as const satisfies Record<CauseGroup, readonly string[]>;

export type CauseCode = (typeof CAUSE_CODES)[CauseGroup][number];
export const ALL_CAUSES: readonly CauseCode[] = Object.values(CAUSE_CODES).flat();

export function groupOf(code: CauseCode): CauseGroup {
  const groups = Object.keys(CAUSE_CODES) as CauseGroup[];
  return groups.find((group) => (CAUSE_CODES[group] as readonly string[]).includes(code))!;
}

/** `exact`: scored again; `measured`: the model ran again; `estimated`: a bound; null where there is no price. */
export type Confidence = 'exact' | 'measured' | 'estimated' | null;

/** JSON values, as they are printed. */
export type Evidence = Readonly<Record<string, unknown>>;

/** What a rule knows of a cause before it is priced. */
export interface FoundCause {
  readonly code: CauseCode;
  /** One short sentence without a full stop. */
  readonly title: string;
  readonly evidence: Evidence;
  /** Indices into `Truth.images` of those that show it, the clearest first; all of them. */
  readonly images: readonly number[];
  /** What to do, in a sentence. */
  readonly action: string;
  /** Null: advice only. A repair is priced by scoring a copy to which it was applied. */
  readonly repair: Repair | null;
  /** A price that no repair gives: measured with the model, or a bound. Ignored where `repair` can be scored. */
  readonly price?: {
    readonly gain: number;
    readonly interval: readonly [low: number, high: number] | null;
    /** `exact`: of a number that was reported, and is known to the digit without the fault. */
    readonly confidence: 'exact' | 'measured' | 'estimated';
    /** Where it is not the score and the gain. */
    readonly scoreAfter?: number;
  } | null;
}

/** One row of the bill. Scores, gains and shares are on the scale of the protocol's first key. */
export interface Cause {
  readonly code: CauseCode;
  readonly group: CauseGroup;
  readonly title: string;
  /** What the score gains when this alone is repaired; null where it has no price. */
  readonly gain: number | null;
  /** 95 %, bootstrap over images; null without a price. */
  readonly gainInterval: readonly [low: number, high: number] | null;
  /** Part of what all causes together gain, whatever the order of repairs (Shapley value); null without a price. */
  readonly share: number | null;
  /** The score with this alone repaired. */
  readonly scoreAfter: number | null;
  readonly confidence: Confidence;
  /** With `images`: how many show it. */
  readonly evidence: Evidence;
  /** File names, at most 50. */
  readonly images: readonly string[];
  readonly action: string;
  readonly repair: Repair | null;
}

/** The most file names that a cause lists. */
export const MOST_IMAGES = 50;
