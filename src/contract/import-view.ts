/** What the import page is shown before anything is written: plain data, made by the engine. */
import type { TruthDifference } from '../core/dataset/truth-difference';
import type { ConventionReading } from '../core/formats/conventions/convention';
import type { Finding } from '../core/foundation/finding';
import type { Join } from '../core/dataset/dataset';
import type { CategoryId, Box } from './view-types';

export interface ImportSource {
  readonly path: string;
  readonly name: string;
  readonly kind: 'truth' | 'predictions' | 'label-map' | 'images' | 'project' | 'unknown';
  readonly format: string | null;
  readonly why: string;
}

/** Where an import goes: a new project, or the open one in one of three ways. */
export type ImportHow = 'new' | 'add' | 'update' | 'replace';

/** An image that an import would bring, in stored pixels. */
export interface PreviewImage {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** The picture as a data address; null where its file was not found. */
  readonly picture: string | null;
  readonly boxes: readonly PreviewBox[];
  /** The most confident ones. */
  readonly predictions: readonly PreviewBox[];
}

export interface PreviewBox {
  readonly box: Box;
  readonly name: string;
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
  /** As the files call them. */
  readonly classes: readonly {
    readonly id: CategoryId;
    readonly name: string;
    readonly truth: number;
    readonly predictions: number;
  }[];
  /** How boxes are read, with what told; null where there are none. */
  readonly conventions: {
    readonly truth: ConventionReading | null;
    readonly predictions: ConventionReading | null;
  };
  /** Some images with their boxes as they would be read. */
  readonly preview: readonly PreviewImage[];
  /** What would change of the labels that are there; null where they are put in anew. */
  readonly difference: TruthDifference | null;
  readonly findings: readonly Finding[];
  /** File name proposed for the project, without folder. */
  readonly suggestedName: string;
  readonly suggestedRunName: string | null;
  /** Why it cannot be imported as it stands; null where it can. */
  readonly problem: { readonly message: string; readonly next: string } | null;
}
