import type { Category } from '../../dataset/dataset';

/** Which classes an evaluator counts, by category index. */
export interface ApiClasses {
  /** The given ones, and behind them label 1 where padding needs it and no class has that id. */
  readonly categories: readonly Category[];
  readonly isCounted: readonly boolean[];
  /** The class as which annotations of a class are handed on. */
  readonly truthClass: Int32Array;
  /** The class with id 1, or -1. */
  readonly labelOne: number;
}

/**
 * The number of classes is the highest listed id: unlisted ids below it are classes without a name, those above it
 * vanish. The COCO flavour drops both. In TensorFlow 2's loop classes are one-hot rows; an id above the highest has a
 * row of zeros, which is read as label 1.
 */
export function apiClasses(given: readonly Category[], isCoco: boolean, isOneHot: boolean): ApiClasses {
  const highest = given.reduce((top, { id, isUnlisted }) => (isUnlisted ? top : Math.max(top, id)), 0);
  const hasLabelOne = given.some(({ id }) => id === 1);
  const labelOne: Category = { id: 1, name: '1', isUnlisted: true, extra: null };
  const isAdded = isOneHot && !isCoco && !hasLabelOne && highest > 0;
  const categories = isAdded ? [...given, labelOne] : given;
  const indexOfOne = categories.findIndex(({ id }) => id === 1);
  return {
    categories,
    isCounted: categories.map(({ id, isUnlisted }) => !isUnlisted || (!isCoco && id >= 1 && id < highest)),
    truthClass: Int32Array.from(categories, ({ id, isUnlisted }, index) =>
      isOneHot && isUnlisted && id > highest && indexOfOne >= 0 ? indexOfOne : index,
    ),
    labelOne: indexOfOne,
  };
}
