/** What an import hands to the project: everything read, checked and joined; writing it is one transaction. */
import type { PredictionColumns, Truth } from '../../core/dataset/dataset';
import type { LabelSource } from '../../contract/view-types';
import type { ReviewRecord } from '../store/records';

/** What probing an image's file told. */
export interface ProbedImage {
  /** Path below the image root, with `/`; null where no file was found. */
  readonly location: string | null;
  readonly bytes: number | null;
  /** SHA-256 of the file, hexadecimal. */
  readonly hash: string | null;
  /** Pixels as stored; null where unknown. */
  readonly width: number | null;
  readonly height: number | null;
  /** EXIF orientation, 1 to 8. */
  readonly orientation: number;
}

export type UprightLabels = 'all' | 'by-size' | null;

export interface RunImport {
  readonly name: string;
  /** File name of the source, for people. */
  readonly source: string;
  /** Indices are those of `TruthImport.truth`, or of `ProjectSession.asTruth()` where no truth comes along. */
  readonly predictions: PredictionColumns;
}

export interface TruthImport {
  readonly truth: Truth;
  /** Folder below which images lie (absolute); null where none were found. */
  readonly imageRoot: string | null;
  /** Folders that images were found in, or files that hold them, where that is not all below the root; absolute. */
  readonly imageFolders?: readonly string[];
  /** Whether labels were of upright pixels: of all images, or of those whose size said so. They go out so again. */
  readonly upright?: UprightLabels;
  /** To read the files again; null where that is not known. */
  readonly source?: LabelSource | null;
  /** By image index. */
  readonly probes: readonly ProbedImage[];
  /** Keys of images that the project has, by image index; where not given those of the same name are the same. */
  readonly keys?: readonly (number | null)[];
  /** What the user did to the labels before is still in them. */
  readonly keepsEdits?: boolean;
  /** Review of images that the project does not have yet, by file name. */
  readonly reviews?: ReadonlyMap<string, ReviewRecord>;
}

export interface ProjectImport {
  readonly truth: TruthImport | null;
  readonly run: RunImport | null;
  /** More runs of the same step. */
  readonly moreRuns?: readonly RunImport[];
  /** Allows exchanging the ground truth, or a run of the same name. */
  readonly replace: boolean;
  /** The ground truth was put together with the one that is there: it may take its place. */
  readonly isUpdate?: boolean;
  readonly author: string;
  /** Findings of the readers are not stored; the label says what was imported. */
  readonly label: string;
  readonly action?: 'import' | 'merge';
}
