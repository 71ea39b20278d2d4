/**
 * Repairs: reversible changes that are tried on a copy. They are data, so that a repair can be recorded with a run,
 * shown, and undone by leaving it out.
 */
import type { ProtocolParameters } from '../metrics/protocol-evaluation';

/** How coordinates were turned or mirrored; turns are clockwise. */
export const TRANSFORMS = [
  'swap-xy',
  'flip-x',
  'flip-y',
  'rotate-90',
  'rotate-180',
  'rotate-270',
  'swap-xy-rotate-180',
] as const;
export type Transform = (typeof TRANSFORMS)[number];

export const BOX_FORMATS = ['xywh', 'xyxy', 'cxcywh', 'yxyx'] as const;
export type BoxFormat = (typeof BOX_FORMATS)[number];

/** How an image was brought to the size that coordinates are in. */
export type Fit = 'stretch' | 'letterbox' | 'letterbox-corner' | 'longest-side' | 'shortest-side' | 'factor';

/** What to do to every box. Boxes are `[x, y, width, height]` as read; the result is in pixels of the stored image. */
export type BoxChange =
  /** `transform` is applied; `relative`: lengths were measured in parts of the sides, so the sides keep their lengths. */
  | { readonly change: 'turn'; readonly transform: Transform; readonly relative: boolean }
  /** The four numbers mean `from`; they become `to`. */
  | { readonly change: 'format'; readonly from: BoxFormat; readonly to: BoxFormat }
  /** Parts of `range` (1, or 1000) of the image's sides become pixels. */
  | { readonly change: 'to-pixels'; readonly range: number }
  /** Pixels of an image resized to `width` x `height` (as `fit` says) become the stored image's; `factor`: divided by `factor`. */
  | {
      readonly change: 'undo-resize';
      readonly fit: Fit;
      readonly width: number;
      readonly height: number;
      readonly factor: number;
    }
  /** Added to x, y, width, height. */
  | { readonly change: 'shift'; readonly by: readonly [number, number, number, number] }
  /** By each image's EXIF orientation: boxes of the shown image become the stored one's, or the other way about. */
  | { readonly change: 'orientation'; readonly to: 'stored' | 'upright' };

/** Which images a repair concerns, where it is not all: those whose property has one of the values. */
export interface ImageGroup {
  readonly by: 'folder' | 'size' | 'subset' | 'orientation' | 'name' | 'file';
  readonly values: readonly string[];
}

/** One change of the truth. Rows and indices are those of the truth that the repair is applied to. */
export type LabelEdit =
  | { readonly delete: { readonly row: number } }
  | {
      readonly change: {
        readonly row: number;
        readonly category?: number;
        readonly box?: readonly [number, number, number, number];
      };
    }
  | {
      readonly add: {
        readonly image: number;
        readonly category: number;
        readonly box: readonly [number, number, number, number];
      };
    };

export type Repair =
  | ({
      readonly kind: 'transform-predictions' | 'transform-truth';
      readonly group?: ImageGroup;
      /** Ids of the truth's classes; absent where boxes of all classes are concerned. */
      readonly classes?: readonly number[];
    } & BoxChange)
  /** Class to class: by id or name as the predictions have it, to the truth's id; `side`: whose classes change. */
  | {
      readonly kind: 'map-classes';
      readonly side: 'predictions' | 'truth';
      readonly map: Readonly<Record<string, number>>;
      readonly group?: ImageGroup;
    }
  /** Names of images as the predictions have them, to the truth's file names. */
  | { readonly kind: 'join-images'; readonly rule: string; readonly map: Readonly<Record<string, string>> }
  /** Scores with other parameters, or after leaving predictions out that overlap better ones of their class. */
  | { readonly kind: 'change-scoring'; readonly parameters: ProtocolParameters }
  | { readonly kind: 'change-scoring'; readonly suppressAbove: number }
  | { readonly kind: 'change-labels'; readonly clearFlag: number; readonly group?: ImageGroup }
  | { readonly kind: 'change-labels'; readonly removeEmptyBoxes: true }
  | { readonly kind: 'change-labels'; readonly edits: readonly LabelEdit[] };

/** Whether it changes predictions alone, so that a run can be made anew with it. */
export function changesPredictions(repair: Repair): boolean {
  return (
    repair.kind === 'transform-predictions' ||
    (repair.kind === 'map-classes' && repair.side === 'predictions')
  );
}
