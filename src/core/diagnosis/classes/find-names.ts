/** Classes whose names differ only as people write them: in case, spaces, signs, by a letter or a plural. */
import type { Category } from '../../dataset/dataset';
import type { FoundCause } from '../cause';
import type { Situation } from '../situation';

/** Without case, spaces and signs. */
export const plainName = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');

/** A letter more, less or other, or two exchanged. */
export function isOneLetterApart(left: string, right: string): boolean {
  if (isPlural(left, right) || isPlural(right, left)) return true;
  if (Math.abs(left.length - right.length) > 1 || Math.min(left.length, right.length) < 4) return false;
  let start = 0;
  while (start < Math.min(left.length, right.length) && left[start] === right[start]) start++;
  const [a, b] = [left.slice(start), right.slice(start)];
  return (
    a.slice(1) === b.slice(1) ||
    a.slice(1) === b ||
    a === b.slice(1) ||
    (a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2))
  );
}

const isPlural = (many: string, one: string): boolean =>
  one.length >= 3 && (many === `${one}s` || many === `${one}es`);

function nearest(name: string, categories: readonly Category[]): Category | null {
  const plain = plainName(name);
  const same = categories.filter((category) => plainName(category.name) === plain);
  if (same.length === 1) return same[0]!;
  if (same.length > 1) return null;
  const near = categories.filter((category) => isOneLetterApart(plainName(category.name), plain));
  return near.length === 1 ? near[0]! : null;
}

export function findNames(situation: Situation): FoundCause | null {
  return ofPredictions(situation) ?? ofTruth(situation);
}

const ACTION = 'Write the classes alike in the label map and in the labels';

/** Names of the predictions that joined no class. */
function ofPredictions({ truth, predictions }: Situation): FoundCause | null {
  const joined = new Set<number>();
  const imagesOf = predictions.categories.map(() => new Set<number>());
  for (let row = 0; row < predictions.count; row++) {
    if (predictions.category[row]! >= 0) joined.add(predictions.namedCategory[row]!);
    else if (predictions.image[row]! >= 0)
      imagesOf[predictions.namedCategory[row]!]!.add(predictions.image[row]!);
  }
  const pairs = predictions.categories.flatMap((name, named) => {
    const found = typeof name === 'string' && !joined.has(named) ? nearest(name, truth.categories) : null;
    return found ? [{ named, name: String(name), found }] : [];
  });
  if (pairs.length === 0) return null;
  return {
    code: 'category-names-differ',
    title: `Class names differ: predictions say “${pairs[0]!.name}”, the ground truth “${pairs[0]!.found.name}”`,
    evidence: {
      names: Object.fromEntries(pairs.map(({ name, found }) => [name, found.name])),
      side: 'predictions',
    },
    images: [...new Set(pairs.flatMap(({ named }) => [...imagesOf[named]!]))],
    action: ACTION,
    repair: {
      kind: 'map-classes',
      side: 'predictions',
      map: Object.fromEntries(pairs.map(({ name, found }) => [name, found.id])),
    },
  };
}

/** Two classes of the truth that are one: the one with fewer annotations means the other. */
function ofTruth({ truth, predictions }: Situation): FoundCause | null {
  const { annotations, categories } = truth;
  const counts = new Int32Array(categories.length);
  for (const category of annotations.category) counts[category]!++;
  const predicted = new Set(predictions.category);
  const pairs = categories.flatMap((category, index) => {
    const twins = categories.filter(
      (other, at) =>
        at !== index &&
        plainName(other.name) === plainName(category.name) &&
        plainName(other.name) !== '' &&
        (counts[at]! > counts[index]! || (counts[at] === counts[index] && at < index)),
    );
    const isUsed = counts[index]! > 0 || predicted.has(index);
    return isUsed && twins.length > 0 ? [{ index, name: category.name, found: twins[0]! }] : [];
  });
  if (pairs.length === 0) return null;
  const minor = new Set(pairs.map(({ index }) => index));
  return {
    code: 'category-names-differ',
    title: `Class names differ: the ground truth has both “${pairs[0]!.found.name}” and “${pairs[0]!.name}”`,
    evidence: {
      names: Object.fromEntries(pairs.map(({ name, found }) => [name, found.name])),
      side: 'truth',
    },
    images: [...new Set([...annotations.image].filter((_, row) => minor.has(annotations.category[row]!)))],
    action: ACTION,
    repair: {
      kind: 'map-classes',
      side: 'truth',
      map: Object.fromEntries(pairs.map(({ name, found }) => [name, found.id])),
    },
  };
}
