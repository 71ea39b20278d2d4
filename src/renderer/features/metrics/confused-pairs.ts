/** The largest cells off the diagonal of a confusion matrix. */
export interface ConfusedPair {
  /** Class ids; null is the background. */
  readonly truth: number | null;
  readonly predicted: number | null;
  readonly number: number;
}

/**
 * The places of the `most` classes that are most often taken for another or another for them, in their own order; all
 * where there are no more. The background is the last of `size` places, always shown, and counts for no class.
 */
export function mostConfused(cells: readonly number[], size: number, most: number): readonly number[] {
  const classes = size - 1;
  const places = Array.from({ length: classes }, (_, place) => place);
  if (classes <= most) return [...places, classes];
  const confused = new Float64Array(classes);
  for (const row of places)
    for (const column of places) {
      if (row === column) continue;
      const number = cells[row * size + column]!;
      confused[row]! += number;
      confused[column]! += number;
    }
  const kept = places.sort((a, b) => confused[b]! - confused[a]! || a - b).slice(0, most);
  return [...kept.sort((a, b) => a - b), classes];
}

/** Largest first; `cells`: [truth, predicted] over `ids`. */
export function confusedPairs(
  cells: readonly number[],
  ids: readonly (number | null)[],
): readonly ConfusedPair[] {
  return ids
    .flatMap((truth, row) =>
      ids.map((predicted, column) => ({ truth, predicted, number: cells[row * ids.length + column]! })),
    )
    .filter(({ truth, predicted, number }) => truth !== predicted && number > 0)
    .sort((a, b) => b.number - a.number);
}
