import type { AnnotationColumns, ImageLabels } from '../../dataset/dataset';
import { BadInput } from '../../foundation/bad-input';
import type { ScoringInput } from '../evaluation';
import { type LabelHierarchy, readLabelHierarchy } from './label-hierarchy';

/**
 * Truth and image labels as Open Images' challenge expands them before scoring: every box is repeated for each of its
 * class's ancestors, a label that says present for the ancestors, one that says absent for the descendants. Labels of the
 * hierarchy are category names; the root is no class. Repeated rows stand behind their original, by rising category
 * index; repeated annotations get ids behind the highest. Throws `BadInput` for a hierarchy that is none, and for
 * classes in use that it does not know, or that the dataset does not.
 */
export function expandHierarchy(hierarchy: unknown, input: ScoringInput): ScoringInput {
  const relatives = new Relatives(readLabelHierarchy(hierarchy), input);
  return {
    ...input,
    annotations: expandAnnotations(input.annotations, relatives),
    ...(input.imageLabels ? { imageLabels: expandLabels(input.imageLabels, relatives) } : {}),
  };
}

/** Category indices above and below each category in use. */
class Relatives {
  readonly #hierarchy: LabelHierarchy;
  readonly #names: readonly string[];
  readonly #indices: ReadonlyMap<string, number>;
  readonly #known = new Map<string, readonly number[]>();

  constructor(hierarchy: LabelHierarchy, { categories }: ScoringInput) {
    this.#hierarchy = hierarchy;
    this.#names = categories.map(({ name }) => name);
    this.#indices = new Map(categories.map(({ name }, index) => [name, index]));
  }

  of(kind: keyof LabelHierarchy, category: number): readonly number[] {
    const key = `${kind} ${category}`;
    const known = this.#known.get(key) ?? this.#find(kind, this.#names[category]!);
    this.#known.set(key, known);
    return known;
  }

  #find(kind: keyof LabelHierarchy, name: string): number[] {
    const labels = this.#hierarchy[kind].get(name);
    if (!labels)
      throw unknownLabel(
        `The hierarchy does not know the class “${name}”.`,
        'Use the hierarchy of this dataset.',
      );
    const indices = [...labels].map((label) => {
      const index = this.#indices.get(label);
      if (index !== undefined) return index;
      throw unknownLabel(
        `The dataset has no class “${label}”, which the hierarchy relates to “${name}”.`,
        'Add it to the categories of the ground truth.',
      );
    });
    return indices.sort((a, b) => a - b);
  }
}

function unknownLabel(message: string, next: string): BadInput {
  return new BadInput('label-unknown', message, next);
}

/** Rows of the original with a category each: its own, and then those that are added. */
interface Repeats {
  readonly row: Int32Array;
  readonly category: Int32Array;
}

function repeat(category: Int32Array, added: (row: number) => readonly number[]): Repeats {
  const rows: number[] = [];
  const categories: number[] = [];
  category.forEach((own, row) => {
    for (const each of [own, ...added(row)]) {
      rows.push(row);
      categories.push(each);
    }
  });
  return { row: Int32Array.from(rows), category: Int32Array.from(categories) };
}

function expandAnnotations(given: AnnotationColumns, relatives: Relatives): AnnotationColumns {
  const { row, category } = repeat(given.category, (index) =>
    relatives.of('ancestors', given.category[index]!),
  );
  const count = row.length;
  const box = new Float64Array(count * 4);
  const id = new Float64Array(count);
  const extra = new Map<number, string>();
  let last = given.id.reduce((highest, each) => Math.max(highest, each), 0);
  row.forEach((from, to) => {
    const isAdded = to > 0 && row[to - 1] === from;
    box.set(given.box.subarray(from * 4, from * 4 + 4), to * 4);
    id[to] = isAdded ? ++last : given.id[from]!;
    const kept = given.extra.get(from);
    if (kept !== undefined && !isAdded) extra.set(to, kept);
  });
  return {
    count,
    id,
    category,
    box,
    extra,
    image: Int32Array.from(row, (from) => given.image[from]!),
    area: Float64Array.from(row, (from) => given.area[from]!),
    flags: Uint8Array.from(row, (from) => given.flags[from]!),
  };
}

function expandLabels(given: ImageLabels, relatives: Relatives): ImageLabels {
  const { row, category } = repeat(given.category, (index) => {
    const confidence = given.confidence[index]!;
    if (confidence === 1) return relatives.of('ancestors', given.category[index]!);
    return confidence === 0 ? relatives.of('descendants', given.category[index]!) : [];
  });
  return {
    image: Int32Array.from(row, (from) => given.image[from]!),
    category,
    confidence: Float64Array.from(row, (from) => given.confidence[from]!),
  };
}
