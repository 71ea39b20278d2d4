/** The largest cells off the diagonal of a confusion matrix. */
export interface ConfusedPair {
  /** Class ids; null is the background. */
  readonly truth: number | null;
  readonly predicted: number | null;
  readonly number: number;
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
