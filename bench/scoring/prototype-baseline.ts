import { pathToFileURL } from 'node:url';
import type { ScoringInput } from '../../src/core/metrics/evaluation';

/** What the prototype's module is used for: one object that evaluates a class at a time. */
interface PrototypeModule {
  readonly CatEval: new (images: number, predictions: number, annotations: number) => PrototypeClass;
}

interface PrototypeClass {
  prepare(
    count: number,
    rows: Uint32Array,
    image: Int32Array,
    box: Float64Array,
    score: Float64Array,
    truths: number,
    truthRows: Uint32Array,
    truthImage: Int32Array,
  ): void;
  matchAll(box: Float64Array, truthBox: Float64Array, area: Float64Array, crowd: Uint8Array): void;
  npig(rows: Uint32Array, area: Float64Array, crowd: Uint8Array): number[];
  accumulate(
    klass: number,
    classes: number,
    positives: number[],
    score: Float64Array,
    precision: Float64Array,
    recall: Float64Array,
    scores: Float64Array,
  ): void;
}

interface PrototypeArrays {
  readonly precision: Float64Array;
  readonly recall: Float64Array;
  readonly scores: Float64Array;
}

/** The prototype on the set's columns (image ids must rise with their index). */
export async function loadPrototype(
  path: string,
  input: ScoringInput,
): Promise<{ evaluate(): void; arrays(): PrototypeArrays }> {
  const module = (await import(/* @vite-ignore */ pathToFileURL(path).href)) as PrototypeModule;
  const classes = input.categories.length;
  const cells = 10 * classes * 4 * 3;
  let arrays: PrototypeArrays;
  const evaluate = () => {
    arrays = {
      precision: new Float64Array(cells * 101).fill(-1),
      recall: new Float64Array(cells).fill(-1),
      scores: new Float64Array(cells * 101).fill(-1),
    };
    evaluateClasses(module, input, arrays);
  };
  return { evaluate, arrays: () => arrays };
}

function evaluateClasses(module: PrototypeModule, input: ScoringInput, arrays: PrototypeArrays): void {
  const { predictions, annotations, imageIds, categories } = input;
  const found = rowsByClass(predictions.category, categories.length);
  const truth = rowsByClass(annotations.category, categories.length);
  const largest = (rows: readonly Uint32Array[]) => Math.max(...rows.map(({ length }) => length));
  const images = imageIds.length;
  const one = new module.CatEval(images, Math.max(largest(found), images + 1, 128), largest(truth) + 1);
  for (let klass = 0; klass < categories.length; klass++) {
    const rows = found[klass]!;
    const truthRows = truth[klass]!;
    one.prepare(
      rows.length,
      rows,
      predictions.image,
      predictions.box,
      predictions.score,
      truthRows.length,
      truthRows,
      annotations.image,
    );
    one.matchAll(predictions.box, annotations.box, annotations.area, annotations.flags);
    const positives = one.npig(truthRows, annotations.area, annotations.flags);
    const { precision, recall, scores } = arrays;
    one.accumulate(klass, categories.length, positives, predictions.score, precision, recall, scores);
  }
}

function rowsByClass(category: Int32Array, classes: number): Uint32Array[] {
  const counts = new Uint32Array(classes);
  for (const klass of category) counts[klass]!++;
  const rows = Array.from(counts, (count) => new Uint32Array(count));
  counts.fill(0);
  category.forEach((klass, row) => (rows[klass]![counts[klass]!++] = row));
  return rows;
}
