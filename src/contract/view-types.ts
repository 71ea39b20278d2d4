/** What the window is shown: plain data, made by the engine. */
import type { Finding } from '../core/foundation/finding';
import type { Join, RecordId } from '../core/dataset/dataset';
import type {
  ClassScores,
  OperatingPoint,
  PredictionOutcome,
  AppProtocol,
  TruthOutcome,
} from '../core/metrics/evaluation';

/** Row ids of the project file. */
export type ImageKey = number;
export type CategoryId = number;
export type RunId = number;
/** An annotation's id as files and the command line know it. */
export type AnnotationId = number;
export type Box = readonly [x: number, y: number, width: number, height: number];

export const REVIEW_STATUSES = ['to-do', 'done', 'second-look', 'dismissed'] as const;
export type ReviewStatus = (typeof REVIEW_STATUSES)[number];

/** What a gallery tile can be about. `miss` is the only one without a prediction. */
export type TileOutcome = Exclude<PredictionOutcome, 'cut'> | 'miss';

export interface RunSummary {
  readonly id: RunId;
  readonly name: string;
  readonly predictions: number;
  readonly images: number;
  readonly source: string;
  readonly importedAt: string;
}

export interface CategorySummary {
  readonly id: CategoryId;
  readonly name: string;
  readonly annotations: number;
}

export interface SavedView {
  readonly id: number;
  readonly name: string;
  /** The rule, never the result. */
  readonly query: GalleryQuery;
}

export interface ProjectState {
  readonly path: string;
  /** File name without `.reticle`. */
  readonly name: string;
  readonly isSample: boolean;
  readonly images: number;
  readonly annotations: number;
  readonly categories: readonly CategorySummary[];
  readonly runs: readonly RunSummary[];
  /** Images whose file is not where it was. */
  readonly missingImages: number;
  readonly imageRoot: string | null;
  readonly reviewed: number;
  readonly views: readonly SavedView[];
  /** Time of the last commit, ISO 8601; null where nothing was written yet. */
  readonly savedAt: string | null;
  readonly canUndo: number;
  readonly canRedo: number;
}

export interface ImportSource {
  readonly path: string;
  readonly name: string;
  readonly kind: 'truth' | 'predictions' | 'label-map' | 'images' | 'project' | 'unknown';
  readonly format: string | null;
  readonly why: string;
}

/** A dry run: what an import would write. Nothing has been written. */
export interface ImportPlan {
  readonly sources: readonly ImportSource[];
  readonly subsets: readonly {
    readonly name: string;
    readonly images: number;
    readonly annotations: number;
  }[];
  /** null: all together. */
  readonly subset: string | null;
  readonly subsetReason: string | null;
  readonly images: number;
  /** Images whose pixels were found. */
  readonly imagesFound: number;
  readonly annotations: number;
  readonly predictions: number;
  readonly join: Join | null;
  readonly classes: readonly {
    readonly id: CategoryId;
    readonly name: string;
    readonly truth: number;
    readonly predictions: number;
  }[];
  readonly findings: readonly Finding[];
  /** File name proposed for the project, without folder. */
  readonly suggestedName: string;
  readonly suggestedRunName: string | null;
  /** Why it cannot be imported as it stands; null where it can. */
  readonly problem: { readonly message: string; readonly next: string } | null;
}

export interface GalleryFilter {
  readonly outcomes: readonly TileOutcome[] | null;
  readonly categories: readonly CategoryId[] | null;
  /** COCO's sizes by the box's area: under 32², to 96², over. */
  readonly sizes: readonly ('small' | 'medium' | 'large')[] | null;
  readonly statuses: readonly ReviewStatus[] | null;
  /** Confidence of the tile's prediction, inclusive; misses pass where the range starts at 0. */
  readonly confidence: readonly [number, number] | null;
  /** Part of a file name or note, case ignored. */
  readonly text: string;
}

export type GallerySort = 'failures' | 'confidence' | 'name' | 'iou' | 'size';

export interface GalleryQuery {
  readonly kind: 'failures' | 'images';
  readonly run: RunId | null;
  readonly point: OperatingPoint;
  readonly filter: GalleryFilter;
  readonly sort: GallerySort;
  readonly descending: boolean;
}

export interface GallerySummary {
  /** Handle for `gallery.window`; it stays valid until the next query of the same kind. */
  readonly query: number;
  /** Tiles that match, of all tiles of that kind before filtering. */
  readonly matching: number;
  readonly total: number;
  /** Images that the matching tiles stand on, of all. */
  readonly matchingImages: number;
  readonly totalImages: number;
  /** Counts for the filter pane, each under all other filters. */
  readonly facets: {
    readonly outcomes: Readonly<Record<TileOutcome, number>>;
    readonly categories: readonly { readonly id: CategoryId; readonly count: number }[];
    readonly sizes: Readonly<Record<'small' | 'medium' | 'large', number>>;
    readonly statuses: Readonly<Record<ReviewStatus, number>>;
  };
}

export interface OverlayBox {
  readonly box: Box;
  readonly isTruth: boolean;
  readonly outcome: TileOutcome;
}

export interface FailureTile {
  readonly kind: 'failure';
  readonly image: ImageKey;
  readonly imageName: string;
  readonly imageWidth: number;
  readonly imageHeight: number;
  readonly outcome: TileOutcome;
  readonly category: CategoryId;
  /** Class of the truth pointed at, for a wrong class. */
  readonly truthCategory: CategoryId | null;
  readonly score: number | null;
  readonly iou: number | null;
  /** The prediction's box, or the missed truth's. */
  readonly box: Box;
  /** The truth it points at or matches; null for none. */
  readonly truthBox: Box | null;
  readonly annotation: AnnotationId | null;
  /** Index of the prediction in its file. */
  readonly prediction: number | null;
  readonly status: ReviewStatus;
  /** Other ground truth near it, for the overlay. */
  readonly neighbours: readonly OverlayBox[];
}

export interface ImageTile {
  readonly kind: 'image';
  readonly image: ImageKey;
  readonly imageName: string;
  readonly imageWidth: number;
  readonly imageHeight: number;
  readonly status: ReviewStatus;
  readonly hasNote: boolean;
  readonly isMissing: boolean;
  readonly counts: Readonly<Record<TileOutcome, number>>;
  readonly boxes: readonly OverlayBox[];
}

export type Tile = FailureTile | ImageTile;

export interface AnnotationView {
  readonly id: AnnotationId;
  readonly category: CategoryId;
  readonly box: Box;
  readonly crowd: boolean;
  readonly difficult: boolean;
  readonly outcome: TruthOutcome;
  /** Index (in `ImageDetail.predictions`) of the prediction that matched or points at it; null. */
  readonly partner: number | null;
  readonly iou: number | null;
  /** The verdict given on it (operation `judge`); absent where there is none. */
  readonly status?: ReviewStatus;
}

export interface PredictionView {
  /** Index of the prediction in its file. */
  readonly index: number;
  readonly category: CategoryId;
  readonly box: Box;
  readonly score: number;
  readonly outcome: PredictionOutcome;
  /** The annotation matched or pointed at. */
  readonly annotation: AnnotationId | null;
  readonly iou: number;
  /** As in `AnnotationView`. */
  readonly status?: ReviewStatus;
}

export interface ImageDetail {
  readonly image: ImageKey;
  readonly id: RecordId;
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** EXIF orientation 1 to 8 of the file; boxes and pixels shown are those of the stored, unrotated image. */
  readonly orientation: number;
  readonly isMissing: boolean;
  readonly status: ReviewStatus;
  readonly note: string;
  readonly annotations: readonly AnnotationView[];
  readonly predictions: readonly PredictionView[];
}

export interface ScoreState {
  readonly run: RunId;
  readonly protocol: AppProtocol;
  /** Key of the headline number, as in `metrics`. */
  readonly metric: string;
  readonly value: number | null;
  /** Change made by the last edit, and since the project was opened; null where a number is undefined. */
  readonly editChange: number | null;
  readonly sessionChange: number | null;
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly classes: readonly ClassScores[];
  /** Per class (by id), the headline AP before the last edit, where it changed. */
  readonly before: {
    readonly value: number | null;
    readonly classes: Readonly<Record<number, number | null>>;
  } | null;
  /** What the last edit cost: images and classes matched again, and the time. */
  readonly work: { readonly images: number; readonly classes: number; readonly milliseconds: number } | null;
}

export interface PointCounts {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly misses: number;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  readonly at: OperatingPoint;
  /** Predictions by confidence, 40 equal bins from 0 to 1. */
  readonly histogram: readonly number[];
}

export interface EditAcknowledged {
  /** Step in the history; committed to disk before this is sent. */
  readonly step: number;
  readonly savedAt: string;
  readonly added: readonly AnnotationId[];
  readonly changed: readonly AnnotationId[];
  readonly deleted: readonly AnnotationId[];
  readonly images: readonly ImageKey[];
  readonly label: string;
  readonly score: ScoreState | null;
  readonly canUndo: number;
  readonly canRedo: number;
}

export interface HistoryEntry {
  readonly step: number;
  readonly time: string;
  readonly author: string;
  readonly action: 'import' | 'edit' | 'undo' | 'redo' | 'merge' | 'repair';
  readonly label: string;
  readonly of: number | null;
  readonly isUndone: boolean;
  readonly scores: readonly {
    readonly run: string;
    readonly metric: string;
    readonly before: number | null;
    readonly after: number | null;
  }[];
}

export const EXPORT_FORMATS = ['coco', 'voc', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportPlan {
  readonly format: ExportFormat;
  readonly images: number;
  readonly annotations: number;
  /** What the format cannot express; exporting needs consent where there is any. */
  readonly losses: readonly Finding[];
}

export interface Component {
  readonly name: string;
  readonly present: boolean;
  readonly version: string | null;
  readonly detail: string;
  /** What to do where it is missing; null where nothing needs doing. */
  readonly fix: string | null;
}

export interface Settings {
  readonly appearance: 'system' | 'light' | 'dark';
  readonly highContrast: boolean;
  readonly density: 'comfortable' | 'compact';
  /** Single-letter keys on or off (WCAG 2.1.4). */
  readonly singleKeys: boolean;
  readonly advanceAfterReview: boolean;
}

export interface RecentProject {
  readonly path: string;
  readonly name: string;
  readonly openedAt: string;
  readonly detail: string;
}
