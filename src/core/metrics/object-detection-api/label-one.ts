import type { Category, Truth } from '../../dataset/dataset';

/**
 * The truth with a class of id 1, unlisted where the list lacks it. As TensorFlow 2 reports it padding is label 1, listed
 * or not: where that is truth, predictions of it count, and so have to join.
 */
export function withLabelOne(truth: Truth): Truth {
  const { categories, annotations, federation } = truth;
  if (categories.some(({ id }) => id === 1)) return truth;
  const labelOne: Category = { id: 1, name: '1', isUnlisted: true, extra: null };
  const place = categories.filter(({ id }) => id < 1).length;
  const moved = (category: number): number => (category < place ? category : category + 1);
  const movedLists = (lists: readonly (readonly number[])[]): number[][] =>
    lists.map((list) => list.map(moved));
  return {
    ...truth,
    categories: [...categories.slice(0, place), labelOne, ...categories.slice(place)],
    annotations: { ...annotations, category: annotations.category.map(moved) },
    federation: federation
      ? { negative: movedLists(federation.negative), notExhaustive: movedLists(federation.notExhaustive) }
      : null,
  };
}
