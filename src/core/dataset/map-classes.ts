/** Classes under other names: renamed, put together, or left out. */
import type { PredictionColumns, Truth } from './dataset';
import { annotationRows, predictionRows } from './rows';

/** By a class's name, what it is to be called; null leaves it out with its boxes. What is not named stays. */
export type ClassMap = Readonly<Record<string, string | null>>;

const targetOf = (map: ClassMap, name: string): string | null =>
  Object.hasOwn(map, name) ? map[name]! : name;

/** Whether the map says anything of these classes. */
export const isMapped = (map: ClassMap, names: readonly string[]): boolean =>
  names.some((name) => targetOf(map, name) !== name);

/**
 * Truth and the predictions joined to it, with classes mapped. Of classes that become one the first, by id, keeps its id;
 * one that has the name already comes before those that are called so now.
 */
export function mapClasses(
  truth: Truth,
  predictions: PredictionColumns | null,
  map: ClassMap,
): { readonly truth: Truth; readonly predictions: PredictionColumns | null } {
  const targets = truth.categories.map(({ name }) => targetOf(map, name));
  if (
    !isMapped(
      map,
      truth.categories.map(({ name }) => name),
    )
  )
    return { truth, predictions };
  const own = new Map(
    truth.categories.flatMap(({ name }, index) => (targets[index] === name ? [[name, index] as const] : [])),
  );
  const leaders = targets.map((target) => {
    if (target === null) return -1;
    return own.get(target) ?? targets.indexOf(target);
  });
  const kept = [...new Set(leaders.filter((leader) => leader >= 0))].sort((a, b) => a - b);
  const place = new Map(kept.map((leader, at) => [leader, at]));
  const categoryOf = Int32Array.from(leaders, (leader) => place.get(leader) ?? -1);
  const rowsOf = ({ category }: { readonly category: Int32Array }): number[] => {
    const rows: number[] = [];
    category.forEach((index, row) => {
      if (categoryOf[index]! >= 0) rows.push(row);
    });
    return rows;
  };
  const annotations = annotationRows(truth.annotations, rowsOf(truth.annotations));
  const chosen = predictions && predictionRows(predictions, rowsOf(predictions));
  const renamed = (category: Int32Array): Int32Array => category.map((index) => categoryOf[index]!);
  return {
    truth: {
      ...truth,
      categories: kept.map((leader) => ({ ...truth.categories[leader]!, name: targets[leader]! })),
      annotations: { ...annotations, category: renamed(annotations.category) },
      ...(truth.federation
        ? {
            federation: {
              negative: truth.federation.negative.map((list) => mapList(list, categoryOf)),
              notExhaustive: truth.federation.notExhaustive.map((list) => mapList(list, categoryOf)),
            },
          }
        : {}),
    },
    predictions: chosen && { ...chosen, category: renamed(chosen.category) },
  };
}

const mapList = (list: readonly number[], categoryOf: Int32Array): number[] => [
  ...new Set(list.map((index) => categoryOf[index]!).filter((index) => index >= 0)),
];

/** The truth with its classes numbered 1, 2, ... in this order; those that are not named come after, as they were. */
export function orderClasses(truth: Truth, names: readonly string[]): Truth {
  const rank = new Map(names.map((name, at) => [name, at]));
  const order = [...truth.categories.keys()].sort(
    (a, b) =>
      (rank.get(truth.categories[a]!.name) ?? names.length + a) -
      (rank.get(truth.categories[b]!.name) ?? names.length + b),
  );
  const place = new Int32Array(order.length);
  order.forEach((from, to) => (place[from] = to));
  const { federation } = truth;
  return {
    ...truth,
    categories: order.map((from, to) => ({ ...truth.categories[from]!, id: to + 1 })),
    annotations: {
      ...truth.annotations,
      category: truth.annotations.category.map((index) => place[index]!),
    },
    ...(federation
      ? {
          federation: {
            negative: federation.negative.map((list) => mapList(list, place)),
            notExhaustive: federation.notExhaustive.map((list) => mapList(list, place)),
          },
        }
      : {}),
  };
}
