/**
 * What the numbers of a box mean in a file: their order, their unit, where pixels are counted from, whether the far corner
 * is an edge or a pixel that belongs to the box, and of which picture they are where EXIF turns it. One type for all
 * formats; what a format leaves open is told by its files, or by the user.
 */
export const CONVENTION_VALUES = {
  /** Corners are near, then far; `yxyx` is the Object Detection API's order. */
  layout: ['xywh', 'xyxy', 'cxcywh', 'yxyx'],
  units: ['pixels', 'shares'],
  /** What the first row and column of pixels are called. */
  origin: [0, 1],
  /** The far corner is the box's edge, or its last pixel: then a box is one wider than the difference. */
  far: ['edge', 'inclusive'],
  /** `by-size`: as the size says that the labels declare of an image, and stored where it says nothing. */
  pixels: ['by-size', 'stored', 'upright'],
} as const;

export type ConventionPart = keyof typeof CONVENTION_VALUES;
export type BoxConvention = {
  readonly [P in ConventionPart]: (typeof CONVENTION_VALUES)[P][number];
};
/** Parts that the user decides; what is absent is as the file or the format says. */
export type ConventionChoice = { readonly [P in ConventionPart]?: BoxConvention[P] | undefined };

export const CONVENTION_PARTS = Object.keys(CONVENTION_VALUES) as readonly ConventionPart[];
