/**
 * The dataset as every reader gives it and every scorer takes it. Boxes are `[x, y, width, height]` in absolute pixels
 * of the stored (unrotated) image, float64, edges counted from 0.
 *
 * Annotations and predictions are columns (one typed array a field, one entry a record), never objects: a set of
 * millions fits, and hot loops run over flat memory.
 */

import type { BoxConvention } from '../formats/conventions/box-convention';

/** Ids as they stand in files: whole numbers or text. */
export type RecordId = number | string;

export interface ImageRecord {
  readonly id: RecordId;
  /** Relative path with `/`, as the file says it (backslashes turned). A name, never trusted as a path. */
  readonly fileName: string;
  /** Pixels of the stored image; null where neither the file nor the image says. */
  readonly width: number | null;
  readonly height: number | null;
  /** JSON text of what the reader did not understand, for the exporter; null where there is nothing. */
  readonly extra: string | null;
}

export interface Category {
  readonly id: number;
  readonly name: string;
  /** LVIS: rare, common or frequent in training; absent where the file does not say. */
  readonly frequency?: Frequency;
  /** Used by annotations without being in the file's list; only where the reader was asked to keep such classes. */
  readonly isUnlisted?: boolean;
  /** As `ImageRecord.extra`. */
  readonly extra: string | null;
}

export type Frequency = 'r' | 'c' | 'f';

/** Bits of `AnnotationColumns.flags`. */
export const FLAG_CROWD = 1;
export const FLAG_DIFFICULT = 2;
export const FLAG_GROUP_OF = 4;
export const FLAG_IGNORE = 8;
/** Only while scoring: an annotation that the protocol never gets to see. Readers never set it. */
export const FLAG_UNSEEN = 128;

export interface AnnotationColumns {
  readonly count: number;
  /** The file's id, or the number given on reading. Ids that are no safe whole numbers are replaced by the highest + 1, ..., with a finding (see `writtenIds`). */
  readonly id: Float64Array;
  /** Index into `Truth.images`. */
  readonly image: Int32Array;
  /** Index into `Truth.categories`. */
  readonly category: Int32Array;
  /** x, y, width, height: four entries a record. */
  readonly box: Float64Array;
  /** The file's `area`, else width * height. */
  readonly area: Float64Array;
  /** FLAG_* bits. */
  readonly flags: Uint8Array;
  /** JSON (or XML, for VOC) text of what was not understood, by record; only where the reader was asked to keep it. */
  readonly extra: ReadonlyMap<number, string>;
}

/** What is known of the classes that an image was checked for. Category indices by image index. */
export interface Federation {
  /** Classes known to be absent. */
  readonly negative: readonly (readonly number[])[];
  /** Classes of which not all objects were annotated. */
  readonly notExhaustive: readonly (readonly number[])[];
}

/** Labels of whole images that people verified, one entry a label. */
export interface ImageLabels {
  /** Index into `Truth.images`. */
  readonly image: Int32Array;
  /** Index into `Truth.categories`. */
  readonly category: Int32Array;
  /** 1: present; 0: absent. */
  readonly confidence: Float64Array;
}

export interface Subset {
  readonly name: string;
  /** Indices into `Truth.images`. */
  readonly images: Int32Array;
}

export type TruthFormat =
  | 'coco'
  | 'voc'
  | 'yolo'
  | 'darknet'
  | 'tfrecord'
  | 'csv'
  | 'retinanet-csv'
  | 'open-images-csv'
  | 'labelme'
  | 'cvat'
  | 'label-studio'
  | 'kitti'
  | 'create-ml'
  | 'via'
  | 'vott';

export type ConventionsByFormat = Readonly<Partial<Record<TruthFormat, BoxConvention>>>;

export interface Truth {
  readonly format: TruthFormat;
  /** False where ids were given on reading (VOC, CSV): predictions then join by name or by rank. */
  readonly hasOwnIds: boolean;
  /** In file order for COCO; by file name in byte order where ids were given. */
  readonly images: readonly ImageRecord[];
  /** By rising id. */
  readonly categories: readonly Category[];
  readonly annotations: AnnotationColumns;
  /** By the number that an annotation was given on reading: its id as written, text or digits beyond what a double holds. */
  readonly writtenIds?: ReadonlyMap<number, string>;
  readonly subsets: readonly Subset[];
  /** LVIS's fields of images; null where no image has them. */
  readonly federation?: Federation | null;
  /** By format, how its files had their boxes, where that is not as its tools write them; they are written so again. */
  readonly conventions?: ConventionsByFormat;
  /** JSON text of the file's other top-level members (`info`, `licenses`, ...); null where there are none. */
  readonly extra: string | null;
}

export type PredictionsFormat =
  | 'coco-results'
  | 'detections-tfrecord'
  | 'yolo'
  | 'csv'
  | 'open-images-csv'
  | 'labelme'
  | 'label-studio'
  | 'kitti';

/** Predictions joined to a truth: indices, not ids. Records that did not join are absent. */
export interface PredictionColumns {
  readonly count: number;
  /** Index into `Truth.images`. */
  readonly image: Int32Array;
  /** Index into `Truth.categories`. */
  readonly category: Int32Array;
  /** x, y, width, height: four entries a record. */
  readonly box: Float64Array;
  readonly score: Float64Array;
  /** The record's place in its file, from 0 (records left out leave gaps). Rising. */
  readonly fileIndex: Uint32Array;
}

/** How predictions found their images; printed as `inputs.join`. */
export interface Join {
  readonly by: 'id' | 'file-name' | 'rank';
  /** Images of the truth that have predictions. */
  readonly images: number;
  readonly total: number;
  /** Predictions that joined. */
  readonly predictions: number;
  /** Predictions left out. */
  readonly left: number;
}

export const EMPTY_PREDICTIONS: PredictionColumns = {
  count: 0,
  image: new Int32Array(0),
  category: new Int32Array(0),
  box: new Float64Array(0),
  score: new Float64Array(0),
  fileIndex: new Uint32Array(0),
};
