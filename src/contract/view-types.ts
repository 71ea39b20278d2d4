/** What the window is shown: plain data, made by the engine. */
import type { BehindData } from './behind-data';
import type { ExportFormat } from './export-formats';
import type { Share } from '../core/dataset/split';
import type { ConventionChoice } from '../core/formats/conventions/box-convention';
import type { Finding } from '../core/foundation/finding';
import type { RecordId } from '../core/dataset/dataset';
import type { SliceBy } from '../core/metrics/analysis/slices';
import type { TideBar } from '../core/metrics/tide/tide-errors';
import type {
  ClassScores,
  OperatingPoint,
  PredictionOutcome,
  LiveProtocol,
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
  readonly subsets: readonly { readonly name: string; readonly images: number }[];
  /** Images whose file is not where it was. */
  readonly missingImages: number;
  readonly imageRoot: string | null;
  /** null where it is not known. */
  readonly source: LabelSource | null;
  /** Where the project lies somewhere that puts it in danger: another computer's disk, a synchronised folder. */
  readonly risk: { readonly kind: 'network' | 'cloud'; readonly name: string } | null;
  readonly reviewed: number;
  readonly views: readonly SavedView[];
  /** Time of the last commit, ISO 8601; null where nothing was written yet. */
  readonly savedAt: string | null;
  readonly canUndo: number;
  readonly canRedo: number;
  /** The step that undo would take back put the ground truth in: all labels would go. */
  readonly undoEmpties: boolean;
}

/** A copy that was taken of a project. */
export interface BackupSummary {
  readonly name: string;
  /** Last step that it holds. */
  readonly step: number;
  /** ISO 8601. */
  readonly time: string;
  readonly bytes: number;
}

/** Where the labels of a project came from, and what was chosen then: to read them again. */
export interface LabelSource {
  readonly paths: readonly string[];
  readonly subset: string | null;
  readonly images: string | null;
  readonly conventions: { readonly truth: ConventionChoice; readonly predictions: ConventionChoice };
  readonly classes: Readonly<Record<string, string | null>>;
}

/** Images that the Images gallery shows under a filter: the rule, never the result. */
export interface ImageChoice {
  readonly run: RunId | null;
  readonly point: OperatingPoint;
  readonly filter: TileFilter;
}

/** What is scored where not all is. null: all. */
export interface PartOfSet {
  readonly categories: readonly CategoryId[] | null;
  /** Name of a subset of the project's images. */
  readonly subset: string | null;
  readonly images: ImageChoice | null;
}

/** Tiles that stand behind a number of the pages Metrics and Compare. */
export interface NumberBehind {
  /** Whose matching made the number. */
  readonly protocol: LiveProtocol;
  readonly part: PartOfSet | null;
  /** `annotations`: a tile each, found or missed. `predictions`: a tile each. null: tiles as ever. */
  readonly of: 'annotations' | 'predictions' | null;
  /** A cell of the confusion matrix; null in it stands for the background. */
  readonly cell: { readonly truth: CategoryId | null; readonly predicted: CategoryId | null } | null;
  readonly slice: { readonly by: SliceBy; readonly index: number } | null;
  readonly error: TideBar | null;
}

export interface TileFilter {
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

export interface GalleryFilter extends TileFilter {
  readonly behind?: NumberBehind | null | undefined;
  /** Images behind a bar of the data page; only the gallery of images reads it. */
  readonly data?: BehindData | null | undefined;
}

/** `gain`: what mending a failure alone would add to the headline number. */
export type GallerySort = 'gain' | 'failures' | 'confidence' | 'name' | 'iou' | 'size';

export interface GalleryQuery {
  readonly kind: 'failures' | 'images';
  readonly run: RunId | null;
  /** Whose matching decides outcomes; COCO's where absent. */
  readonly protocol?: LiveProtocol | undefined;
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
  /** What mending it alone would add to the headline number; only where tiles are sorted by it. */
  readonly gain: number | null;
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
  readonly protocol: LiveProtocol;
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
  /** As in `ProjectState`. */
  readonly undoEmpties: boolean;
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

/** What of the labels goes out, and how classes are numbered. */
export interface ExportChoice {
  /** One of the splits that there are; null: all images. */
  readonly subset: string | null;
  /** Only images whose review is done. */
  readonly reviewedOnly: boolean;
  /** Names of classes in the order in which they are numbered; empty: as they are. */
  readonly classOrder: readonly string[];
  /** New splits at random in place of those that there are; the same for the same seed. */
  readonly split: { readonly shares: readonly Share[]; readonly seed: number } | null;
}

export interface ExportPlan {
  readonly format: ExportFormat;
  /** Why nothing of that choice can be exported; null where it can. */
  readonly problem: string | null;
  readonly images: number;
  readonly annotations: number;
  /** What the format cannot express. */
  readonly losses: readonly Finding[];
  readonly needsConsent: boolean;
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
  /** Another image is shown at the zoom of the one before, instead of whole. */
  readonly keepZoom: boolean;
}

export interface RecentProject {
  readonly path: string;
  readonly name: string;
  readonly openedAt: string;
  readonly detail: string;
}
