/**
 * Builds a truth from images and classes known by name, in columns while records arrive. Ids are given at the end:
 * images 1, 2, ... by file name in byte order, annotations in that order and then in file order, classes as in the label
 * map, else by the number that the format itself gives them, else by name in byte order.
 */
import { blankAnnotations } from '../dataset/blank-columns';
import type { Category, Truth, TruthFormat } from '../dataset/dataset';
import type { LabelMapEntry } from './given-ids';
import { GrowingFloat64, GrowingInt32, GrowingUint8 } from './growing-columns';
import { checkName } from './limits';
import { compareBytes } from './names';
import type { RecordReporter } from './reading';

export type Box = readonly [x: number, y: number, width: number, height: number];

interface BuiltImage {
  readonly fileName: string;
  width: number | null;
  height: number | null;
  extra: string | null;
  /** An id of its own, where the format has one. */
  id: number | null;
}

interface BuiltClass {
  readonly name: string;
  /** The format's own id; null where it has none. */
  readonly id: number | null;
  readonly extra: string | null;
}

export class NamedTruth {
  readonly #images: BuiltImage[] = [];
  readonly #imageIndex = new Map<string, number>();
  readonly #classes: BuiltClass[] = [];
  readonly #classIndex = new Map<string, number>();
  readonly #image = new GrowingInt32();
  readonly #class = new GrowingInt32();
  readonly #box = new GrowingFloat64();
  readonly #area = new GrowingFloat64();
  readonly #flags = new GrowingUint8();
  readonly #extra = new Map<number, string>();
  readonly #subsets = new Map<string, Set<number>>();
  extra: string | null = null;

  get imageCount(): number {
    return this.#images.length;
  }

  get annotationCount(): number {
    return this.#image.length;
  }

  indexOf(fileName: string): number | undefined {
    return this.#imageIndex.get(fileName);
  }

  nameOf(image: number): string {
    return this.#images[image]!.fileName;
  }

  sizeOf(image: number): { readonly width: number | null; readonly height: number | null } {
    return this.#images[image]!;
  }

  /** Index of the image of that name; it is added where it is new. */
  image(
    fileName: string,
    width: number | null,
    height: number | null,
    extra: string | null = null,
    id: number | null = null,
  ): number {
    const known = this.#imageIndex.get(fileName);
    if (known !== undefined) {
      const image = this.#images[known]!;
      image.width ??= width;
      image.height ??= height;
      return known;
    }
    checkName(fileName);
    this.#imageIndex.set(fileName, this.#images.length);
    return this.#images.push({ fileName, width, height, extra, id }) - 1;
  }

  /** Index of a class. Classes of one name and different ids are different classes. */
  classOf(name: string, id: number | null = null, extra: string | null = null): number {
    const key = id === null ? name : `${id}\u0000${name}`;
    const known = this.#classIndex.get(key);
    if (known !== undefined) return known;
    checkName(name);
    this.#classIndex.set(key, this.#classes.length);
    return this.#classes.push({ name, id, extra }) - 1;
  }

  add(image: number, classIndex: number, box: Box, flags = 0, extra: string | null = null, area = NaN): void {
    if (extra !== null) this.#extra.set(this.#image.length, extra);
    this.#image.push(image);
    this.#class.push(classIndex);
    for (let part = 0; part < 4; part++) this.#box.push(box[part]!);
    this.#area.push(Number.isFinite(area) ? area : box[2] * box[3]);
    this.#flags.push(flags);
  }

  putInto(subset: string, image: number): void {
    const members = this.#subsets.get(subset) ?? new Set<number>();
    members.add(image);
    this.#subsets.set(subset, members);
  }

  finish(format: TruthFormat, labelMap: readonly LabelMapEntry[] | null, report: RecordReporter): Truth {
    const order = [...this.#images.keys()].sort((a, b) =>
      compareBytes(this.#images[a]!.fileName, this.#images[b]!.fileName),
    );
    const place = new Int32Array(order.length);
    order.forEach((image, to) => (place[image] = to));
    const { categories, indexOf } = this.#categories(labelMap, report);
    const rows = this.#rowsByPlace(place);
    const ids = new Set<number>();
    for (const { id } of this.#images) if (id !== null) ids.add(id);
    const hasOwnIds = order.length > 0 && ids.size === order.length;
    const columns = blankAnnotations(rows.length);
    const [imageOf, classOf, boxes] = [this.#image.values, this.#class.values, this.#box.values];
    const [areas, flags] = [this.#area.values, this.#flags.values];
    rows.forEach((from, to) => {
      columns.id[to] = to + 1;
      columns.image[to] = place[imageOf[from]!]!;
      columns.category[to] = indexOf[classOf[from]!]!;
      for (let part = 0; part < 4; part++) columns.box[to * 4 + part] = boxes[from * 4 + part]!;
      columns.area[to] = areas[from]!;
      columns.flags[to] = flags[from]!;
      const extra = this.#extra.get(from);
      if (extra !== undefined) columns.extra.set(to, extra);
    });
    return {
      format,
      hasOwnIds,
      images: order.map((image, index) => {
        const { fileName, width, height, extra, id } = this.#images[image]!;
        return { id: hasOwnIds ? id! : index + 1, fileName, width, height, extra };
      }),
      categories,
      annotations: columns,
      subsets: [...this.#subsets].map(([name, images]) => ({
        name,
        images: Int32Array.from([...images].map((image) => place[image]!)).sort(),
      })),
      extra: this.extra,
    };
  }

  /** Rows in the order of their images; those of one image stay in file order. A counting sort: sets can be large. */
  #rowsByPlace(place: Int32Array): Int32Array {
    const imageOf = this.#image.values;
    const start = new Int32Array(place.length + 1);
    for (const image of imageOf) start[place[image]! + 1]!++;
    for (let at = 1; at < start.length; at++) start[at]! += start[at - 1]!;
    const rows = new Int32Array(imageOf.length);
    for (let row = 0; row < imageOf.length; row++) rows[start[place[imageOf[row]!]!]!++] = row;
    return rows;
  }

  #categories(
    labelMap: readonly LabelMapEntry[] | null,
    report: RecordReporter,
  ): { categories: Category[]; indexOf: Int32Array } {
    const categories: Category[] = [];
    const taken = new Set<number>();
    const give = (id: number, name: string, extra: string | null): Category => {
      const category = { id, name, extra };
      taken.add(id);
      categories.push(category);
      return category;
    };
    const byName = new Map<string, Category>();
    for (const { id, name } of labelMap ?? []) byName.set(name, give(id, name, null));
    const chosen = new Array<Category | undefined>(this.#classes.length);
    this.#classes.forEach(({ name, id, extra }, index) => {
      const mapped = byName.get(name);
      if (mapped) chosen[index] = mapped;
      else if (labelMap === null && id !== null && !taken.has(id)) chosen[index] = give(id, name, extra);
    });
    const missing = [...this.#classes.keys()].filter((index) => chosen[index] === undefined);
    missing.sort((a, b) => compareBytes(this.#classes[a]!.name, this.#classes[b]!.name));
    let highest = categories.reduce((most, { id }) => Math.max(most, id), 0);
    const named = new Map(categories.map((category) => [category.name, category]));
    for (const index of missing) {
      const { name, extra } = this.#classes[index]!;
      const known = named.get(name);
      chosen[index] = known ?? give(++highest, name, extra);
      named.set(name, chosen[index]);
    }
    if (labelMap && categories.length > labelMap.length)
      report.note(
        'class-not-in-label-map',
        'warning',
        `Classes that the label map lacks were given ids above its own: ${categories
          .slice(labelMap.length, labelMap.length + 20)
          .map(({ name }) => name)
          .join(', ')}.`,
        {},
        categories.length - labelMap.length,
      );
    categories.sort((a, b) => a.id - b.id);
    const place = new Map(categories.map((category, index) => [category, index]));
    return { categories, indexOf: Int32Array.from(chosen, (category) => place.get(category!)!) };
  }
}
