/**
 * What scoring takes and gives, whatever the protocol. `docs/metrics.md` has each protocol's rules and their sources.
 */
import type { AnnotationColumns, Category, PredictionColumns, RecordId } from '../dataset/dataset';

export const PROTOCOLS = ['coco', 'voc2007', 'voc2012'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** The first key of a protocol's metrics: the one number shown in the toolbar. */
export const HEADLINE_METRIC: Readonly<Record<Protocol, string>> = { coco: 'AP', voc2007: 'mAP', voc2012: 'mAP' };

export interface ScoringInput {
  /** Ids of the images, by index. Scorers visit images by rising id (numbers before text, text by code unit). */
  readonly imageIds: readonly RecordId[];
  /** By rising id. */
  readonly categories: readonly Category[];
  readonly annotations: AnnotationColumns;
  readonly predictions: PredictionColumns;
}

export interface CocoParameters {
  readonly iou: readonly number[];
  readonly maxDetections: readonly number[];
  /** Name to [min, max] in square pixels, inclusive at both ends. */
  readonly areaRanges: Readonly<Record<string, readonly [number, number]>>;
  readonly classAgnostic: boolean;
  /** Where a truth's size comes from: the file's `area`, or width * height. */
  readonly area: 'file' | 'box';
}

export interface VocParameters {
  readonly iou: readonly number[];
  /** `inclusive`: pixels are counted, so widths are x2 - x1 + 1 (the devkit); `edge`: plain widths. */
  readonly boxSize: 'inclusive' | 'edge';
  /** `above`: IoU must exceed the threshold (the devkit); `at-least`: reaching it is enough. */
  readonly iouRule: 'above' | 'at-least';
}

/** One row of `classes`; which metrics it has depends on the protocol. `null` is an undefined number. */
export interface ClassScores {
  /** null for the one row of a class-agnostic evaluation. */
  readonly id: number | null;
  readonly name: string | null;
  /** Annotations of the class (all, whatever their flags). */
  readonly truth: number;
  readonly predictions: number;
  readonly AP: number | null;
  readonly AP50?: number | null;
  readonly AP75?: number | null;
  readonly AR100?: number | null;
}

/** What the sliders move: where predictions under `score` are left out and `iou` decides what matches. */
export interface OperatingPoint {
  readonly iou: number;
  readonly score: number;
}

export interface Counts {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly misses: number;
  readonly at: OperatingPoint;
}

/** One entry of the command line's `results`. Keys of `metrics` are the protocol's own. */
export interface EvaluationResult {
  readonly protocol: Protocol;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly classes: readonly ClassScores[];
  readonly counts: Counts;
}

/**
 * What became of a prediction at an operating point. The error types follow TIDE's definitions (background below an
 * IoU of 0.1), with the point's IoU as the foreground threshold; TIDE's `Both` and `Bkg` are both `false-positive`.
 * `cut`: below the score threshold or over the limit on detections.
 */
export const PREDICTION_OUTCOMES = [
  'true-positive',
  'false-positive',
  'wrong-class',
  'loose-box',
  'duplicate',
  'ignored',
  'cut',
] as const;
export type PredictionOutcome = (typeof PREDICTION_OUTCOMES)[number];

/** What became of an annotation: `ignored` ones (crowd, difficult) count neither as found nor as missed. */
export const TRUTH_OUTCOMES = ['matched', 'miss', 'ignored'] as const;
export type TruthOutcome = (typeof TRUTH_OUTCOMES)[number];

/** Outcomes of one image; arrays are aligned with its predictions (file order) and its annotations (dataset order). */
export interface ImageOutcomes {
  /** Index into PREDICTION_OUTCOMES. */
  readonly prediction: Uint8Array;
  /**
   * Row within the image's annotations that the prediction concerns: the match of a true positive, the truth that a
   * loose box, a wrong class or a duplicate points at; -1 for none.
   */
  readonly predictionTruth: Int32Array;
  /** IoU with that annotation, else the best IoU with any annotation of the image; 0 where there is none. */
  readonly predictionIou: Float64Array;
  /** Index into TRUTH_OUTCOMES. */
  readonly truth: Uint8Array;
  /** Row within the image's predictions that matched the annotation, or the loose box that points at a miss; -1. */
  readonly truthPrediction: Int32Array;
}

/** The annotations of one image, in dataset order; the unit in which edits reach a scorer. */
export interface ImageTruth {
  readonly count: number;
  readonly id: Float64Array;
  /** Index into `categories`. */
  readonly category: Int32Array;
  readonly box: Float64Array;
  readonly area: Float64Array;
  readonly flags: Uint8Array;
}

/**
 * A live evaluation of one run under one protocol. `replaceTruth` matches only that image and the classes it touches
 * again; every number then equals, bit for bit, a full evaluation of the edited dataset.
 */
export interface Scorer {
  readonly protocol: Protocol;
  /** Metrics and classes; cached until the truth changes. `counts` at the given point (default IoU 0.5, score 0.5). */
  result(point?: OperatingPoint): EvaluationResult;
  /** The headline number alone. */
  headline(): number | null;
  replaceTruth(image: number, truth: ImageTruth): void;
  /** Totals at a point, from what is already matched: fast enough to follow a slider. */
  counts(point: OperatingPoint): Counts;
  outcomes(image: number, point: OperatingPoint): ImageOutcomes;
}
