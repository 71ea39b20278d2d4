/**
 * Formats without ids get them on reading: images 1, 2, ... by file name in byte order, annotations in that order and
 * then in file order, classes as in the label map, else by name in byte order.
 */
import { blankAnnotations } from '../dataset/blank-columns';
import type { Category, Truth, TruthFormat } from '../dataset/dataset';
import { FLAG_CROWD, FLAG_DIFFICULT } from '../dataset/dataset';
import { GrowingFloat64, GrowingInt32, GrowingUint8 } from './growing-columns';
import { checkName } from './limits';
import { compareBytes } from './names';
import type { RecordReporter } from './reading';

export interface NamedObject {
  readonly className: string;
  readonly box: readonly [number, number, number, number];
  readonly isDifficult: boolean;
  readonly isCrowd?: boolean;
  readonly extra: string | null;
}

export interface NamedImage {
  readonly fileName: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly objects: readonly NamedObject[];
  readonly extra: string | null;
}

export interface LabelMapEntry {
  readonly id: number;
  readonly name: string;
}

/** An image whose objects are rows of columns. */
export interface RowedImage extends Omit<NamedImage, 'objects'> {
  readonly firstRow: number;
  readonly rows: number;
}

/** Objects in columns while they are read: of a large set an object each takes most of the time to keep. */
export class ObjectColumns {
  readonly #names: string[] = [];
  readonly #indexOfName = new Map<string, number>();
  readonly class = new GrowingInt32();
  readonly box = new GrowingFloat64();
  readonly flags = new GrowingUint8();
  readonly extra = new Map<number, string>();

  /** Names of classes, by the index that rows have of them. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** The image with its objects as rows. */
  add({ objects, fileName, width, height, extra }: NamedImage): RowedImage {
    const firstRow = this.class.length;
    for (const object of objects) this.#addObject(object);
    return { fileName, width, height, extra, firstRow, rows: objects.length };
  }

  #addObject({ className, box, isDifficult, isCrowd, extra }: NamedObject): void {
    if (extra !== null) this.extra.set(this.class.length, extra);
    let index = this.#indexOfName.get(className);
    if (index === undefined) {
      index = this.#names.push(className) - 1;
      this.#indexOfName.set(className, index);
    }
    this.class.push(index);
    for (let part = 0; part < 4; part++) this.box.push(box[part]!);
    this.flags.push((isDifficult ? FLAG_DIFFICULT : 0) | (isCrowd ? FLAG_CROWD : 0));
  }
}

/** Throws `BadInput` where a name is none; gives the classes of these images alone. */
function usedClasses(images: readonly RowedImage[], { names, class: column }: ObjectColumns): string[] {
  const classes = column.values;
  const isUsed = new Uint8Array(names.length);
  for (const { fileName, firstRow, rows } of images) {
    checkName(fileName);
    for (let row = firstRow; row < firstRow + rows; row++) {
      const index = classes[row]!;
      if (isUsed[index] === 0) checkName(names[index]!);
      isUsed[index] = 1;
    }
  }
  return names.filter((_, index) => isUsed[index] === 1);
}

/** Classes of the label map, then those that it lacks, by name above its highest id. */
function chooseCategories(
  used: readonly string[],
  labelMap: readonly LabelMapEntry[] | null,
  report: RecordReporter,
): Category[] {
  const names = [...used].sort(compareBytes);
  const known = (labelMap ?? []).map(({ id, name }) => ({ id, name, extra: null }));
  const missing = names.filter((name) => !known.some((category) => category.name === name));
  if (labelMap && missing.length > 0) {
    report.note(
      'class-not-in-label-map',
      'warning',
      `Classes that the label map lacks were given ids above its own: ${missing.slice(0, 20).join(', ')}.`,
      {},
      missing.length,
    );
  }
  const highest = known.reduce((most, { id }) => Math.max(most, id), 0);
  return [...known, ...missing.map((name, index) => ({ id: highest + 1 + index, name, extra: null }))].sort(
    (a, b) => a.id - b.id,
  );
}

/** A truth of images known by name. `subsets`: names to file names. */
export function truthWithGivenIds(
  format: TruthFormat,
  source: readonly NamedImage[],
  labelMap: readonly LabelMapEntry[] | null,
  subsets: ReadonlyMap<string, readonly string[]>,
  report: RecordReporter,
): Truth {
  const objects = new ObjectColumns();
  const images = source.map((image) => objects.add(image));
  return truthOfRows(format, images, objects, labelMap, subsets, report);
}

/** As `truthWithGivenIds`, of images whose objects are rows. */
export function truthOfRows(
  format: TruthFormat,
  source: readonly RowedImage[],
  objects: ObjectColumns,
  labelMap: readonly LabelMapEntry[] | null,
  subsets: ReadonlyMap<string, readonly string[]>,
  report: RecordReporter,
): Truth {
  const categories = chooseCategories(usedClasses(source, objects), labelMap, report);
  const images = [...source].sort((a, b) => compareBytes(a.fileName, b.fileName));
  return {
    format,
    hasOwnIds: false,
    images: images.map(({ fileName, width, height, extra }, index) => ({
      id: index + 1,
      fileName,
      width,
      height,
      extra,
    })),
    categories,
    annotations: annotationsOf(images, objects, categories),
    subsets: subsetsOf(images, subsets),
    extra: null,
  };
}

function annotationsOf(
  images: readonly RowedImage[],
  objects: ObjectColumns,
  categories: readonly Category[],
): Truth['annotations'] {
  const indexOfClass = new Map(categories.map(({ name }, index) => [name, index]));
  const place = Int32Array.from(objects.names, (name) => indexOfClass.get(name) ?? -1);
  const columns = blankAnnotations(images.reduce((sum, { rows }) => sum + rows, 0));
  const [classes, boxes, flags] = [objects.class.values, objects.box.values, objects.flags.values];
  let to = 0;
  images.forEach(({ firstRow, rows }, image) => {
    for (let from = firstRow; from < firstRow + rows; from++, to++) {
      columns.id[to] = to + 1;
      columns.image[to] = image;
      columns.category[to] = place[classes[from]!]!;
      for (let part = 0; part < 4; part++) columns.box[to * 4 + part] = boxes[from * 4 + part]!;
      columns.area[to] = boxes[from * 4 + 2]! * boxes[from * 4 + 3]!;
      columns.flags[to] = flags[from]!;
      const extra = objects.extra.get(from);
      if (extra !== undefined) columns.extra.set(to, extra);
    }
  });
  return columns;
}

function subsetsOf(
  images: readonly RowedImage[],
  subsets: ReadonlyMap<string, readonly string[]>,
): Truth['subsets'] {
  if (subsets.size === 0) return [];
  const indexOfImage = new Map(images.map(({ fileName }, index) => [fileName, index]));
  return [...subsets].map(([name, names]) => ({
    name,
    images: Int32Array.from(names.flatMap((fileName) => indexOfImage.get(fileName) ?? [])),
  }));
}
