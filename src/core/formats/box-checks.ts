/** What can be wrong with a box, in the words of the findings. */
export type BoxProblem = { readonly code: string; readonly message: string };

/** `[x, y, width, height]` of a record, or why it cannot be used. */
export function readBox(value: unknown): readonly [number, number, number, number] | BoxProblem {
  if (!Array.isArray(value) || value.length !== 4) {
    return { code: 'box-invalid', message: 'A record has no box of four numbers and was left out.' };
  }
  const numbers = value.map((entry: unknown) => (typeof entry === 'number' ? entry : NaN));
  if (!numbers.every(Number.isFinite)) {
    return {
      code: 'box-not-finite',
      message: 'A box holds something that is not a finite number; the record was left out.',
    };
  }
  const [x, y, width, height] = numbers as [number, number, number, number];
  if (width < 0 || height < 0) {
    return {
      code: 'box-negative',
      message: 'A box has a negative width or height; the record was left out.',
    };
  }
  return [x, y, width, height];
}

export const isProblem = (box: object): box is BoxProblem => 'code' in box;

/** Whether a box reaches outside an image by more than rounding. */
export function isOutside(
  [x, y, width, height]: readonly [number, number, number, number],
  imageWidth: number | null,
  imageHeight: number | null,
): boolean {
  if (x < -0.5 || y < -0.5) return true;
  return (
    (imageWidth !== null && imageWidth > 0 && x + width > imageWidth + 0.5) ||
    (imageHeight !== null && imageHeight > 0 && y + height > imageHeight + 0.5)
  );
}
