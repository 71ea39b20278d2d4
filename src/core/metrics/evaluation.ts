/**
 * What scoring takes and gives, whatever the protocol. `docs/metrics.md` has each protocol's rules and their sources.
 */
import type {
  AnnotationColumns,
  Category,
  Federation,
  Frequency,
  ImageLabels,
  PredictionColumns,
  RecordId,
} from '../dataset/dataset';

/** The evaluators of the TensorFlow Object Detection API. */
export const OBJECT_DETECTION_API_PROTOCOLS = [
  'tf-coco',
  'tf-pascal',
  'tf-weighted-pascal',
  'tf-precision-at-recall',
  'open-images-v2',
  'open-images-challenge',
] as const;
export type ObjectDetectionApiProtocol = (typeof OBJECT_DETECTION_API_PROTOCOLS)[number];

/** Those whose numbers follow every edit of a project at once. */
export const LIVE_PROTOCOLS = ['coco', 'voc2007', 'voc2012'] as const;
export type LiveProtocol = (typeof LIVE_PROTOCOLS)[number];

/** In the order in which `all` scores them. */
export const PROTOCOLS = [...LIVE_PROTOCOLS, ...OBJECT_DETECTION_API_PROTOCOLS, 'lvis', 'tide'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** Those computed from the match table. */
export type TableProtocol = Exclude<Protocol, 'tide'>;

/** The first key of a protocol's metrics at its default parameters: the one number shown in the toolbar. */
export const HEADLINE_METRIC: Readonly<Record<Protocol, string>> = {
  coco: 'AP',
  voc2007: 'mAP',
  voc2012: 'mAP',
  'tf-coco': 'DetectionBoxes_Precision/mAP',
  'tf-pascal': 'PascalBoxes_Precision/mAP@0.5IOU',
  'tf-weighted-pascal': 'WeightedPascalBoxes_Precision/mAP@0.5IOU',
  'tf-precision-at-recall': 'PrecisionAtRecallBoxes_Precision/mAP@0.5IOU',
  'open-images-v2': 'OpenImagesV2_Precision/mAP@0.5IOU',
  'open-images-challenge': 'OpenImagesDetectionChallenge_Precision/mAP@0.5IOU',
  lvis: 'AP',
  tide: 'mAP50',
};

export interface ScoringInput {
  /**
   * Ids of the images, by index. Scorers visit images by rising id (numbers before text, text by code point), but those
   * of the Object Detection API's Pascal family by index.
   */
  readonly imageIds: readonly RecordId[];
  /** By rising id. */
  readonly categories: readonly Category[];
  readonly annotations: AnnotationColumns;
  readonly predictions: PredictionColumns;
  /** LVIS's facts about images; without them every class is fully annotated where it stands, and negative nowhere. */
  readonly federation?: Federation | null;
  /** Open Images' verified labels; null where there are none at all. */
  readonly imageLabels?: ImageLabels | null;
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

/** COCO's parameters without pooling of classes; one limit, of detections per image over all classes. */
export type LvisParameters = Omit<CocoParameters, 'classAgnostic'>;

/** What the protocols of the Object Detection API take; each has some of these. */
export interface ObjectDetectionApiParameters {
  readonly iou: readonly number[];
  /** Precision at recall: the part of the curve that counts, both ends inclusive. */
  readonly recallBounds: readonly [lower: number, upper: number];
  /** Open Images: how much a group-of box counts, as truth and when found. */
  readonly groupOfWeight: number;
  /** Truth as TensorFlow 2's loop hands it on: cut to `maxNumberOfBoxes` an image, and filled up to it. */
  readonly asTensorflow2ReportsIt: boolean;
  readonly maxNumberOfBoxes: number;
  /** Predictions of classes that an image was not labelled for take no part. */
  readonly skipUnlabeledClasses: boolean;
}

/** Every parameter that some protocol has. */
export type AnyParameters = CocoParameters & VocParameters & ObjectDetectionApiParameters;

/** One row of `classes`; which metrics it has depends on the protocol. `null` is an undefined number. */
export interface ClassScores {
  /** null for the one row of a class-agnostic evaluation. */
  readonly id: number | null;
  readonly name: string | null;
  /** Annotations of the class that count (no crowd in COCO, no difficult ones in VOC), as the reference outputs give it. */
  readonly truth: number;
  readonly predictions: number;
  readonly AP: number | null;
  readonly AP50?: number | null;
  readonly AP75?: number | null;
  readonly AR100?: number | null;
  /** LVIS. */
  readonly frequency?: Frequency | null;
  /** Share of the images holding the class whose best-scored prediction of it lies on one of them. */
  readonly CorLoc?: number | null;
  /** Own limits on detections add `AR<largest limit>`. */
  readonly [recallAtLimit: `AR${number}`]: number | null | undefined;
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
  /** By key of `metrics`, where scores tie: bounds that no order of equal scores passes. */
  readonly ties?: Readonly<Record<string, readonly [low: number, high: number]>>;
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

/** As `Counts`, of one class; `category` is an index into the input's categories. */
export interface ClassCounts {
  readonly category: number;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly misses: number;
}

/**
 * Outcomes of everything at once. Prediction arrays are aligned with the rows of the input's predictions, annotation
 * arrays with the scorer's own annotation rows: images by index, each image's annotations in dataset order
 * (`Scorer.annotationRows`). Meanings as in `ImageOutcomes`, with rows in place of rows within the image.
 */
export interface AllOutcomes {
  readonly predictionOutcome: Uint8Array;
  /** Index into TIDE_ERRORS; 0 (none) for all but false positives. */
  readonly predictionError: Uint8Array;
  /** Annotation row, or -1. */
  readonly predictionTruth: Int32Array;
  readonly predictionIou: Float64Array;
  readonly truthOutcome: Uint8Array;
  /** Prediction row, or -1. */
  readonly truthPrediction: Int32Array;
}

/** Scores on a resample of the images. */
export interface ResampledScores {
  readonly metrics: Readonly<Record<string, number | null>>;
  /** By category index (one entry when class-agnostic). */
  readonly classAP: readonly (number | null)[];
}

/** What the numbers would be. */
export interface ScorePreview {
  readonly headline: number | null;
  /** AP by category index (one entry when class-agnostic). */
  readonly classAP: readonly (number | null)[];
}

/**
 * Cells of a COCO evaluation, C order: precision and scores [iou, 101 recall points, class, area range, limit], recall
 * [iou, class, area range, limit]. Undefined cells are -1, as in pycocotools (only here: everywhere else null).
 */
export interface CocoArrays {
  readonly precision: Float64Array;
  readonly recall: Float64Array;
  readonly scores: Float64Array;
  readonly shapes: {
    readonly precision: readonly number[];
    readonly recall: readonly number[];
    readonly scores: readonly number[];
  };
}

/** A protocol's arrays by name, C order. */
export type NamedArrays = Readonly<
  Record<string, { readonly data: Float64Array; readonly shape: readonly number[] }>
>;

/** One class's curve at the first IoU: COCO's 101 points (all sizes, largest limit), VOC's one point a detection. */
export interface ClassCurve {
  readonly id: number | null;
  readonly recall: readonly number[];
  readonly precision: readonly number[];
  readonly score: readonly (number | null)[];
}

/**
 * A live evaluation of one run under one protocol. `replaceTruth` matches only that image and the classes it touches
 * again; every number then equals, bit for bit, a full evaluation of the edited dataset. The order of an image's
 * annotations matters where IoUs tie: the full evaluation of the edited dataset must use the order given here.
 */
export interface Scorer {
  readonly protocol: TableProtocol;
  /** What is scored: the input given, without what the protocol leaves out before matching. */
  readonly input: ScoringInput;
  /** The first IoU, confidence 0.5. */
  defaultPoint(): OperatingPoint;
  /** Metrics and classes; cached until the truth changes. `counts` at the given point (default: first IoU, score 0.5). */
  result(point?: OperatingPoint): EvaluationResult;
  /** The headline number alone. */
  headline(): number | null;
  /** Category indices whose matches were made anew (0 when class-agnostic); none where only ids changed. */
  replaceTruth(image: number, truth: ImageTruth): readonly number[];
  /** The numbers as if the image's truth were replaced; nothing is kept. */
  preview(image: number, truth: ImageTruth): ScorePreview;
  /** The image's annotations as they are now. */
  truth(image: number): ImageTruth;
  /** Totals at a point, from what is already matched: fast enough to follow a slider. IoU from 0.5 (or the lowest of the parameters) to 1. */
  counts(point: OperatingPoint): Counts;
  countsByClass(point: OperatingPoint): readonly ClassCounts[];
  /** STATE_* by row of the input's predictions, whatever their score. The scorer's own: read only, valid until the next edit or call with another IoU. */
  states(iou: number): Uint8Array;
  outcomes(image: number, point: OperatingPoint): ImageOutcomes;
  /** Cached for the last point and patched by edits. The arrays are the scorer's own: read only, valid until the next edit or call with another point. */
  allOutcomes(point: OperatingPoint): AllOutcomes;
  /** Rows [from, to) of the image's annotations in `allOutcomes`. */
  annotationRows(image: number): readonly [from: number, to: number];
  /** Rows of the image's predictions in the input, in file order. */
  predictionRows(image: number): Int32Array;
  /** COCO's precision, recall and scores, LVIS's precision and recall; null for other protocols. Made on each call. */
  arrays(): NamedArrays | null;
  curves(): readonly ClassCurve[];
  /** The metrics if each image (by index) stood in the set that many times; nothing is matched again. */
  resampledMetrics(weights: Int32Array): Readonly<Record<string, number | null>>;
  /** The headline number of the same. */
  resampledHeadline(weights: Int32Array): number | null;
  resampled(weights: Int32Array): ResampledScores;
}
