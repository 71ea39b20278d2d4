/**
 * Plants label errors into a truth: some labels are removed, given another class or shifted, and some are added that
 * nothing stands for. The error model learns from such plantings what an error looks like in these very data.
 */
import { type AnnotationColumns, FLAG_CROWD, FLAG_GROUP_OF } from '../dataset/dataset';
import { annotationRows } from '../dataset/rows';
import type { Random } from '../foundation/random';
import { boxIou } from '../matching/overlap';
import type { ScoringInput } from '../metrics/evaluation';
import { rowsByImage } from './by-image';
import type { LabelError } from './label-error';

export interface RemovedLabel {
  readonly image: number;
  readonly category: number;
  /** x, y, width, height. */
  readonly box: readonly number[];
}

export interface Planting {
  /** The input with the faulty truth: what was not removed in its old order, then what was added. */
  readonly input: ScoringInput;
  /** By row of the faulty truth: what was planted there, or null. */
  readonly errors: readonly (LabelError | null)[];
  readonly removed: readonly RemovedLabel[];
}

export interface PlantingOptions {
  /** Errors of each kind. */
  readonly each: number;
  /** How much a shifted box still overlaps where it was: IoU from, to. */
  readonly shiftedIou: readonly [from: number, to: number];
  /** Share of the added labels that lie on a labelled object, as a second label of another class. */
  readonly extraOnObjects: number;
}

/** A box is drawn again at most so often. */
const TRIES = 200;
/** An added label overlaps others by less than this. */
const BACKGROUND_IOU = 0.1;

/** Every label is hit at most once; crowds and groups are left alone. Fewer are planted where there are too few labels. */
export function plantErrors(input: ScoringInput, options: PlantingOptions, random: Random): Planting {
  const { annotations } = input;
  const eligible = [...annotations.flags.keys()].filter(
    (row) => !(annotations.flags[row]! & (FLAG_CROWD | FLAG_GROUP_OF)),
  );
  const each = Math.min(options.each, Math.floor(eligible.length / 3));
  const chosen = random.choose(each * 3, eligible.length).map((place) => eligible[place]!);
  const missing = new Set(chosen.slice(0, each));
  const wrong = new Set(input.categories.length > 1 ? chosen.slice(each, 2 * each) : []);
  const shifted = new Set(chosen.slice(2 * each));
  const planter = new Planter(input, options, random);

  const kept = [...annotations.id.keys()].filter((row) => !missing.has(row));
  const columns = annotationRows(annotations, kept);
  const errors = kept.map((old, row): LabelError | null => {
    if (wrong.has(old)) {
      columns.category[row] = planter.otherClass(annotations.category[old]!);
      return 'wrong-class';
    }
    if (!shifted.has(old)) return null;
    columns.box.set(planter.shiftedBox(old), row * 4);
    return 'badly-placed';
  });
  const added = planter.extras(each);
  return {
    input: { ...input, annotations: withAdded(columns, added) },
    errors: [...errors, ...added.map((): LabelError => 'extra')],
    removed: [...missing].map((row) => removedLabel(annotations, row)),
  };
}

function removedLabel({ image, category, box }: AnnotationColumns, row: number): RemovedLabel {
  return {
    image: image[row]!,
    category: category[row]!,
    box: [...box.subarray(row * 4, row * 4 + 4)],
  };
}

class Planter {
  readonly #input: ScoringInput;
  readonly #options: PlantingOptions;
  readonly #random: Random;

  constructor(input: ScoringInput, options: PlantingOptions, random: Random) {
    this.#input = input;
    this.#options = options;
    this.#random = random;
  }

  otherClass(klass: number): number {
    const other = this.#random.below(this.#input.categories.length - 1);
    return other < klass ? other : other + 1;
  }

  /** The label's box, moved and stretched until it overlaps its old place by as much as asked. */
  shiftedBox(row: number): Float64Array {
    const old = this.#input.annotations.box.subarray(row * 4, row * 4 + 4);
    const [from, to] = this.#options.shiftedIou;
    const random = this.#random;
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const width = old[2]! * Math.exp(random.normal() * 0.25);
      const height = old[3]! * Math.exp(random.normal() * 0.25);
      const x = old[0]! + old[2]! / 2 + random.between(-0.5, 0.5) * old[2]! - width / 2;
      const y = old[1]! + old[3]! / 2 + random.between(-0.5, 0.5) * old[3]! - height / 2;
      const box = Float64Array.of(Math.max(0, x), Math.max(0, y), width, height);
      const iou = boxIou(old, 0, box, 0);
      if (iou >= from && iou <= to) return box;
    }
    const [x, y, width, height] = [old[0]!, old[1]!, old[2]!, old[3]!];
    return Float64Array.of(x + width * 0.4, y, width, height);
  }

  extras(count: number): RemovedLabel[] {
    const { annotations, imageIds } = this.#input;
    if (annotations.count === 0) return [];
    const labels = rowsByImage(annotations, imageIds.length);
    const extent = extents(this.#input);
    const onObjects = Math.round(count * this.#options.extraOnObjects);
    return Array.from({ length: count }, (_, index) =>
      index < onObjects ? this.#secondLabel() : this.#backgroundLabel(labels, extent),
    );
  }

  #secondLabel(): RemovedLabel {
    const { annotations, categories } = this.#input;
    const label = removedLabel(annotations, this.#random.below(annotations.count));
    const nudge = (length: number): number => this.#random.normal() * 0.04 * length;
    const [x, y, width, height] = label.box as [number, number, number, number];
    return {
      image: label.image,
      category: categories.length > 1 ? this.otherClass(label.category) : label.category,
      box: [Math.max(0, x + nudge(width)), Math.max(0, y + nudge(height)), width, height],
    };
  }

  /** As large as some other label, in a random place of a random image where no label is. */
  #backgroundLabel(labels: ReturnType<typeof rowsByImage>, extent: Float64Array): RemovedLabel {
    const { annotations, categories, imageIds } = this.#input;
    const random = this.#random;
    let last: RemovedLabel | null = null;
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const image = random.below(imageIds.length);
      const like = random.below(annotations.count) * 4;
      const width = annotations.box[like + 2]!;
      const height = annotations.box[like + 3]!;
      const box = Float64Array.of(
        random.unit() * Math.max(0, extent[image * 2]! - width),
        random.unit() * Math.max(0, extent[image * 2 + 1]! - height),
        width,
        height,
      );
      last = { image, category: random.below(categories.length), box: [...box] };
      const isFree = labels
        .of(image)
        .every((row) => boxIou(annotations.box, row * 4, box, 0) < BACKGROUND_IOU);
      if (isFree) return last;
    }
    return last!;
  }
}

/** Width and height of every image as its boxes show them: scoring knows no other. */
export function extents({ imageIds, annotations, predictions }: ScoringInput): Float64Array {
  const extent = new Float64Array(imageIds.length * 2);
  let widest = 0;
  let highest = 0;
  for (const { count, image, box } of [annotations, predictions]) {
    for (let row = 0; row < count; row++) {
      const right = box[row * 4]! + box[row * 4 + 2]!;
      const bottom = box[row * 4 + 1]! + box[row * 4 + 3]!;
      const at = image[row]! * 2;
      extent[at] = Math.max(extent[at]!, right);
      extent[at + 1] = Math.max(extent[at + 1]!, bottom);
      widest = Math.max(widest, right);
      highest = Math.max(highest, bottom);
    }
  }
  for (let image = 0; image < imageIds.length; image++) {
    if (extent[image * 2] === 0) extent.set([widest, highest], image * 2);
  }
  return extent;
}

function withAdded(columns: AnnotationColumns, added: readonly RemovedLabel[]): AnnotationColumns {
  let highest = columns.id.reduce((most, id) => Math.max(most, id), 0);
  const joined = <T extends Float64Array | Int32Array | Uint8Array>(old: T, more: readonly number[]): T => {
    const whole = new (old.constructor as new (length: number) => T)(old.length + more.length);
    whole.set(old);
    whole.set(more, old.length);
    return whole;
  };
  return {
    count: columns.count + added.length,
    id: joined(
      columns.id,
      added.map(() => ++highest),
    ),
    image: joined(
      columns.image,
      added.map(({ image }) => image),
    ),
    category: joined(
      columns.category,
      added.map(({ category }) => category),
    ),
    box: joined(
      columns.box,
      added.flatMap(({ box }) => [...box]),
    ),
    area: joined(
      columns.area,
      added.map(({ box }) => box[2]! * box[3]!),
    ),
    flags: joined(
      columns.flags,
      added.map(() => 0),
    ),
    extra: columns.extra,
  };
}
