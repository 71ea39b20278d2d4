/** Where an image lies in a network's input, and the way back for boxes. */
import type { ImageSize, InputPlan, LetterboxRule, Placement } from './model';

/** Python's and NumPy's `round`: halves go to the even neighbour. */
export function roundHalfToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

const halfUp = (value: number): number => Math.floor(value + 0.5);

/** The image as large as it is. */
function placeAsIs(imageWidth: number, imageHeight: number): Placement {
  return {
    imageWidth,
    imageHeight,
    inputWidth: imageWidth,
    inputHeight: imageHeight,
    scaleX: 1,
    scaleY: 1,
    offsetX: 0,
    offsetY: 0,
    contentWidth: imageWidth,
    contentHeight: imageHeight,
  };
}

/** Each axis by its own factor, so that the image fills the input. */
function placeStretched(imageWidth: number, imageHeight: number, width: number, height: number): Placement {
  return {
    imageWidth,
    imageHeight,
    inputWidth: width,
    inputHeight: height,
    scaleX: width / imageWidth,
    scaleY: height / imageHeight,
    offsetX: 0,
    offsetY: 0,
    contentWidth: width,
    contentHeight: height,
  };
}

/** What is missing to the input's size, or only to the next multiple. */
const padding = (missing: number, multipleOf: number | null): number =>
  multipleOf === null ? missing : missing % multipleOf;

/**
 * The scaled size of an image by limits of its sides, in the steps of transformers' image processors: where the longer
 * limit decides, the shorter side is a fraction, of which the longer one is worked out before it is rounded.
 */
function withinSides(width: number, height: number, shorter: number, longer: number): ImageSize {
  const least = Math.min(width, height);
  const most = Math.max(width, height);
  const isCapped = (most / least) * shorter > longer;
  const raw = isCapped ? (longer * least) / most : shorter;
  const rounded = roundHalfToEven(raw);
  if (least === rounded) return { width, height };
  return width < height
    ? { width: rounded, height: Math.floor((raw * height) / width) }
    : { width: Math.floor((raw * width) / height), height: rounded };
}

/** The same limits in the steps of Detectron2 and OpenMMLab: one gain for both sides, halves rounded up. */
function withinSidesHalfUp(width: number, height: number, shorter: number, longer: number): ImageSize {
  const gain = Math.min(shorter / Math.min(width, height), longer / Math.max(width, height));
  return { width: halfUp(width * gain), height: halfUp(height * gain) };
}

/** The image alone, its sides within the limits, padded below and on the right only to whole multiples. */
function placeBySides(
  imageWidth: number,
  imageHeight: number,
  size: ImageSize,
  { multipleOf, rounding }: LetterboxRule,
): Placement {
  const within = rounding === 'sides' ? withinSides : withinSidesHalfUp;
  const { width, height } = within(imageWidth, imageHeight, size.height, size.width);
  const unit = multipleOf ?? 1;
  return {
    ...placeStretched(imageWidth, imageHeight, width, height),
    inputWidth: Math.ceil(width / unit) * unit,
    inputHeight: Math.ceil(height / unit) * unit,
  };
}

const ROUNDINGS = {
  'half-to-even': roundHalfToEven,
  'half-up': halfUp,
  down: Math.floor,
} as const;

function placeInLetterbox(
  imageWidth: number,
  imageHeight: number,
  size: ImageSize,
  rule: LetterboxRule & { readonly rounding: keyof typeof ROUNDINGS },
): Placement {
  const gain = Math.min(size.width / imageWidth, size.height / imageHeight);
  const whole = ROUNDINGS[rule.rounding];
  const contentWidth = Math.max(1, whole(imageWidth * gain));
  const contentHeight = Math.max(1, whole(imageHeight * gain));
  const paddingX = padding(size.width - contentWidth, rule.multipleOf);
  const paddingY = padding(size.height - contentHeight, rule.multipleOf);
  const isCentred = rule.place === 'centre';
  const hasOwnGains = rule.rounding !== 'down';
  return {
    imageWidth,
    imageHeight,
    inputWidth: contentWidth + paddingX,
    inputHeight: contentHeight + paddingY,
    scaleX: hasOwnGains ? contentWidth / imageWidth : gain,
    scaleY: hasOwnGains ? contentHeight / imageHeight : gain,
    // The odd pixel goes right and below.
    offsetX: isCentred ? Math.floor(paddingX / 2) : 0,
    offsetY: isCentred ? Math.floor(paddingY / 2) : 0,
    contentWidth,
    contentHeight,
  };
}

/** Where an image of this size lies in the input. */
export function placeImage(input: InputPlan, imageWidth: number, imageHeight: number): Placement {
  const { resize, size, letterbox } = input;
  if (resize === 'none' || size === null) return placeAsIs(imageWidth, imageHeight);
  if (resize === 'letterbox' && letterbox) {
    const { rounding } = letterbox;
    return rounding === 'sides' || rounding === 'sides-half-up'
      ? placeBySides(imageWidth, imageHeight, size, letterbox)
      : placeInLetterbox(imageWidth, imageHeight, size, { ...letterbox, rounding });
  }
  return placeStretched(imageWidth, imageHeight, size.width, size.height);
}
