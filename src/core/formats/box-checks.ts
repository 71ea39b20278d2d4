/** What can be wrong with a box, in the words of the findings. */
export type BoxProblem = { readonly code: string; readonly message: string };

/** Whether a box reaches outside an image by more than rounding. */
export function isOutside(
  x: number,
  y: number,
  width: number,
  height: number,
  imageWidth: number | null,
  imageHeight: number | null,
): boolean {
  if (x < -0.5 || y < -0.5) return true;
  return (
    (imageWidth !== null && imageWidth > 0 && x + width > imageWidth + 0.5) ||
    (imageHeight !== null && imageHeight > 0 && y + height > imageHeight + 0.5)
  );
}
