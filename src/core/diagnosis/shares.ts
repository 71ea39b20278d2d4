/** Order-free shares: the Shapley value of each repair in what all of them gain together. */

/** More repairs than this would need too many scorings: shares are then averages over orders. */
const MOST_SUBSETS_OF = 4;
const ORDERS = 6;

/**
 * `value(subset)`: the score with the repairs of a subset (a bit each). The shares add up to `value(all) - value(none)`.
 * Subsets are asked for once each.
 */
export function shapleyShares(count: number, value: (subset: number) => number): number[] {
  const known = new Map<number, number>();
  const of = (subset: number): number => {
    const kept = known.get(subset);
    if (kept !== undefined) return kept;
    const fresh = value(subset);
    known.set(subset, fresh);
    return fresh;
  };
  const shares = new Array<number>(count).fill(0);
  const orders = count <= MOST_SUBSETS_OF ? permutations(count) : rotations(count);
  for (const order of orders) {
    let subset = 0;
    for (const item of order) {
      const next = subset | (1 << item);
      shares[item]! += (of(next) - of(subset)) / orders.length;
      subset = next;
    }
  }
  return shares;
}

function permutations(count: number): number[][] {
  if (count === 0) return [[]];
  return permutations(count - 1).flatMap((rest) =>
    Array.from({ length: count }, (_, place) => [...rest.slice(0, place), count - 1, ...rest.slice(place)]),
  );
}

/** A few orders in which each item comes early as often as late. */
function rotations(count: number): number[][] {
  const items = [...new Array(count).keys()];
  const step = Math.max(1, Math.ceil(count / (ORDERS / 2)));
  const starts = items.filter((item) => item % step === 0);
  return starts.flatMap((start) => {
    const turned = [...items.slice(start), ...items.slice(0, start)];
    return [turned, [...turned].reverse()];
  });
}
