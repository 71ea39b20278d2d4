/** What a format is to the rest of Reticle. Each is a folder here and a line of `registry.ts`. */
import type { PredictionColumns, PredictionsFormat, Truth, TruthFormat } from '../dataset/dataset';
import type { Progress } from '../foundation/cancellation';
import type { RawPredictions } from './coco/read-results';
import type { LabelMapEntry } from './given-ids';
import type { ReadOptions, TruthReading } from './reading';
import type { Source } from './source';

/** The start of a file, from which it is recognised. */
export interface FileHead {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Decoded, without a byte order mark. */
  readonly text: string;
  /** The head is the whole file. */
  readonly isWhole: boolean;
}

export interface Sniffed {
  readonly kind: 'truth' | 'predictions';
  /** For people: what in it told. */
  readonly why: string;
  /** Nothing in it tells truth and predictions apart: it has no objects. */
  readonly isEither?: boolean;
}

/** What a folder's layout says: which files are the format's. */
export interface Surveyed extends Sniffed {
  readonly paths: readonly string[];
}

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** Image files that lie with a dataset, or in the folder given for them. */
export interface ImageFiles {
  /** Relative names of all of them. */
  names(): Promise<readonly string[]>;
  /** Size of the image as viewers show it (turned as its EXIF orientation says); null where there is none. */
  sizeOf(name: string): Promise<ImageSize | null>;
  /** The same of many, each as `names` has it: several times as fast where many files are read. */
  sizesOf?(names: readonly string[], progress: Progress): Promise<readonly (ImageSize | null)[]>;
  /** Whether `names` are of a folder of the user's choice, outside the dataset. */
  readonly isGiven: boolean;
}

export interface TruthContext extends ReadOptions {
  readonly labelMap: readonly LabelMapEntry[] | null;
  readonly images: ImageFiles;
  readonly progress: Progress;
}

export interface PredictionsContext extends ReadOptions {
  /** The truth that they are to join; null where there is none. */
  readonly truth: Truth | null;
  /** Size of the image that a name means, for shares of it; null where nothing tells. */
  sizeOf(name: string): Promise<ImageSize | null>;
  readonly progress: Progress;
}

/** Bits of what reading a file of the format would give back. */
export interface Expresses {
  /** FLAG_* bits. */
  readonly flags: number;
  /** An area other than width times height. */
  readonly area: boolean;
  readonly subsets: boolean;
  readonly emptyClasses: boolean;
  /** Classes that share a name. */
  readonly repeatedClassNames: boolean;
  /** Needs the size of an image to write its boxes. */
  readonly needsSizes: boolean;
  /** Images are known by the paths of files: names that no file can have on every system are written otherwise. */
  readonly namesArePaths?: boolean;
  /** One file an image, called by its stem: names of several folders or extensions collide. */
  readonly fileByStem: boolean;
}

/** A file to write; `path` is empty where the format is one file. */
export interface TargetFile {
  readonly path: string;
  readonly content: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;
}

export interface WriteContext {
  /** Bytes of an image, for formats that hold images within; null where they are not to be, or not there. */
  readonly imageBytes: ((image: number) => Promise<Uint8Array | null>) | null;
  readonly progress: Progress;
}

export interface TruthWriter {
  readonly layout: 'file' | 'folder';
  /** With the dot, for files. */
  readonly extension: string;
  readonly expresses: Expresses;
  /** Images that are copied go into the file itself. */
  readonly holdsImages?: boolean;
  /** What this format alone cannot say. Lines of `[code, message, count]`. */
  losses?(truth: Truth): readonly (readonly [code: string, message: string, count: number])[];
  /** Where the format has its images, relative to the target. `image`: index. */
  imagePath(truth: Truth, image: number): string;
  write(truth: Truth, context: WriteContext): AsyncIterable<TargetFile> | Iterable<TargetFile>;
}

export interface PredictionsWriter {
  readonly layout: 'file' | 'folder';
  readonly needsSizes: boolean;
  write(truth: Truth, predictions: PredictionColumns): Iterable<TargetFile>;
}

export interface Format {
  readonly name: TruthFormat | PredictionsFormat;
  /** For people. */
  readonly title: string;
  /** One file an image, truth and predictions alike but for scores: the files of a folder are of one kind. */
  readonly isFileAnImage?: boolean;
  /** Paths of files that are read beside those that hold boxes: lists of classes. */
  readonly companions?: RegExp;
  /** What one of its files looks like; null where it is none. */
  sniff(file: FileHead): Sniffed | null;
  /** Where a folder's layout tells more than its files; null where it does not. */
  survey?(source: Source): Promise<Surveyed | null>;
  /** Reads the files at `paths`. Throws `BadInput` where they are not of this format or do not end. */
  readTruth?(source: Source, paths: readonly string[], context: TruthContext): Promise<TruthReading>;
  readPredictions?(
    source: Source,
    paths: readonly string[],
    context: PredictionsContext,
  ): Promise<RawPredictions>;
  readonly truthWriter?: TruthWriter;
  readonly predictionsWriter?: PredictionsWriter;
}
