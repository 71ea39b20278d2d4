/** COCO ground truth: `{images, annotations, categories, ...}`. */
import type { AnnotationColumns, Category, ImageRecord, RecordId, Truth } from '../../dataset/dataset';
import { FLAG_CROWD, FLAG_DIFFICULT, FLAG_GROUP_OF, FLAG_IGNORE } from '../../dataset/dataset';
import { BadInput } from '../../foundation/bad-input';
import { isOutside, isProblem, readBox } from '../box-checks';
import { extraOf, isRecord } from '../extra';
import { GrowingFloat64 } from '../growing-columns';
import { JsonRecordSplitter } from '../json/record-splitter';
import { fileNameProblem, normaliseFileName } from '../names';
import type { ReadOptions, TruthReading } from '../reading';
import { RecordReporter } from '../reading';

const IMAGE_KEYS = new Set(['id', 'file_name', 'width', 'height']);
const CATEGORY_KEYS = new Set(['id', 'name']);
const ANNOTATION_KEYS = new Set([
  'id',
  'image_id',
  'category_id',
  'bbox',
  'area',
  'iscrowd',
  'difficult',
  'group_of',
  'ignore',
]);

interface PendingAnnotation {
  readonly record: number;
  readonly id: unknown;
  readonly image: RecordId;
  readonly category: number;
  readonly area: number | null;
  readonly flags: number;
  readonly extra: string | null;
}

const isOn = (value: unknown): boolean => value === true || (typeof value === 'number' && value !== 0);
const asSize = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;
/** Ids as text would join nothing that numbers them: '7' and 7 are one id where all are numbers. */
const idKey = (id: RecordId): string => String(id);

export class CocoTruthReader {
  readonly #options: ReadOptions;
  readonly #report: RecordReporter;
  readonly #splitter: JsonRecordSplitter;
  readonly #images: ImageRecord[] = [];
  readonly #categories: Category[] = [];
  readonly #seen = new Set<string>();
  /** Annotations wait until images and categories are known: members may come in any order. */
  readonly #pending: PendingAnnotation[] = [];
  readonly #box = new GrowingFloat64();
  readonly #other: string[] = [];

  constructor(options: ReadOptions) {
    this.#options = options;
    this.#report = new RecordReporter(options);
    this.#splitter = new JsonRecordSplitter(options.file, {
      wanted: new Set(['images', 'annotations', 'categories']),
      record: (member, value, index) => this.#add(member, value, index),
      member: (name, text) => {
        this.#seen.add(name);
        if (options.keepExtra) this.#other.push(`${JSON.stringify(name)}:${text}`);
      },
    });
  }

  push(chunk: Uint8Array): void {
    this.#splitter.push(chunk);
  }

  /** Throws `BadInput` where the file is not complete or has no images. */
  end(): TruthReading {
    this.#splitter.end();
    if (this.#images.length === 0) {
      throw new BadInput(
        'truth-without-images',
        'The file has no images that can be used.',
        'Check that it is COCO ground truth: images, annotations, categories.',
        { file: this.#options.file },
      );
    }
    this.#categories.sort((a, b) => a.id - b.id);
    const annotations = this.#resolve();
    const truth: Truth = {
      format: 'coco',
      hasOwnIds: true,
      images: this.#images,
      categories: this.#categories,
      annotations,
      subsets: [],
      extra: this.#other.length > 0 ? `{${this.#other.join(',')}}` : null,
    };
    return { truth, findings: this.#report.list() };
  }

  #add(member: string | null, value: unknown, record: number): void {
    if (value === undefined) {
      this.#report.leaveOut('not-a-number', 'A record holds NaN or Infinity and was left out.', { record });
      return;
    }
    if (!isRecord(value)) {
      this.#report.leaveOut('record-invalid', 'A record is not an object and was left out.', { record });
      return;
    }
    if (member === 'images') this.#addImage(value, record);
    else if (member === 'categories') this.#addCategory(value, record);
    else this.#addAnnotation(value, record);
  }

  #addImage(value: Record<string, unknown>, record: number): void {
    const { id, file_name: fileName, width, height } = value;
    if (typeof id !== 'string' && !(typeof id === 'number' && Number.isFinite(id))) {
      this.#report.leaveOut('image-id-invalid', 'An image has no usable id and was left out.', { record });
      return;
    }
    const key = `image ${idKey(id)}`;
    if (this.#seen.has(key)) {
      this.#report.leaveOut(
        'image-id-repeated',
        'An image repeats the id of one before it; it was left out.',
        { record },
      );
      return;
    }
    this.#seen.add(key);
    const name = typeof fileName === 'string' && fileName !== '' ? fileName : String(id);
    const place = { record, image: name };
    if (name.includes('\\'))
      this.#report.note(
        'name-with-backslash',
        'info',
        'A file name has backslashes; they are read as /.',
        place,
      );
    const problem = fileNameProblem(name);
    if (problem)
      this.#report.note(
        'name-unsafe',
        'warning',
        `A file name ${problem}; it is used as a name only.`,
        place,
      );
    if (asSize(width) === null || asSize(height) === null) {
      this.#report.note(
        'image-without-size',
        'info',
        'An image has no usable size; it is read from its file where there is one.',
        place,
      );
    }
    this.#images.push({
      id,
      fileName: normaliseFileName(name),
      width: asSize(width),
      height: asSize(height),
      extra: this.#options.keepExtra ? extraOf(value, IMAGE_KEYS) : null,
    });
  }

  #addCategory(value: Record<string, unknown>, record: number): void {
    const { id, name } = value;
    if (typeof id !== 'number' || !Number.isSafeInteger(id)) {
      this.#report.leaveOut('category-id-invalid', 'A class has no usable id and was left out.', { record });
      return;
    }
    if (this.#seen.has(`category ${id}`)) {
      this.#report.leaveOut(
        'category-id-repeated',
        'A class repeats the id of one before it; it was left out.',
        { record },
      );
      return;
    }
    this.#seen.add(`category ${id}`);
    this.#categories.push({
      id,
      name: typeof name === 'string' ? name : String(id),
      extra: this.#options.keepExtra ? extraOf(value, CATEGORY_KEYS) : null,
    });
  }

  #addAnnotation(value: Record<string, unknown>, record: number): void {
    const { image_id: image, category_id: category } = value;
    if ((typeof image !== 'string' && typeof image !== 'number') || typeof category !== 'number') {
      this.#report.leaveOut(
        'annotation-invalid',
        'An annotation has no usable image_id or category_id and was left out.',
        { record },
      );
      return;
    }
    const box = readBox(value['bbox']);
    if (isProblem(box)) {
      this.#report.leaveOut(box.code, box.message, { record });
      return;
    }
    const flags =
      (isOn(value['iscrowd']) ? FLAG_CROWD : 0) |
      (isOn(value['difficult']) ? FLAG_DIFFICULT : 0) |
      (isOn(value['group_of']) ? FLAG_GROUP_OF : 0) |
      (isOn(value['ignore']) ? FLAG_IGNORE : 0);
    const { area } = value;
    this.#box.push(...box);
    this.#pending.push({
      record,
      id: value['id'],
      image,
      category,
      area: typeof area === 'number' && Number.isFinite(area) ? area : null,
      flags,
      extra: this.#options.keepExtra ? extraOf(value, ANNOTATION_KEYS) : null,
    });
  }

  #resolve(): AnnotationColumns {
    const images = new Map(this.#images.map((image, index) => [idKey(image.id), index]));
    const categories = new Map(this.#categories.map((category, index) => [category.id, index]));
    const rows = this.#pending.flatMap((pending, row) => {
      const place = { record: pending.record };
      if (!images.has(idKey(pending.image))) {
        this.#report.leaveOut(
          'image-unknown',
          'An annotation names an image that is not there; it was left out.',
          place,
        );
        return [];
      }
      if (!categories.has(pending.category)) {
        this.#report.leaveOut(
          'category-unknown',
          'An annotation names a class that is not there; it was left out.',
          place,
        );
        return [];
      }
      return [{ pending, row }];
    });
    const boxes = this.#box.values;
    const columns = {
      count: rows.length,
      id: this.#numberIds(rows.map(({ pending }) => pending)),
      image: Int32Array.from(rows, ({ pending }) => images.get(idKey(pending.image))!),
      category: Int32Array.from(rows, ({ pending }) => categories.get(pending.category)!),
      box: new Float64Array(rows.length * 4),
      area: new Float64Array(rows.length),
      flags: Uint8Array.from(rows, ({ pending }) => pending.flags),
      extra: new Map<number, string>(),
    };
    rows.forEach(({ pending, row }, index) => {
      const [x, y, width, height] = boxes.subarray(row * 4, row * 4 + 4) as unknown as [
        number,
        number,
        number,
        number,
      ];
      columns.box.set([x, y, width, height], index * 4);
      columns.area[index] = pending.area ?? width * height;
      if (pending.extra !== null) columns.extra.set(index, pending.extra);
      this.#remark(pending, [x, y, width, height], this.#images[columns.image[index]!]!);
    });
    return columns;
  }

  #remark(
    pending: PendingAnnotation,
    box: readonly [number, number, number, number],
    image: ImageRecord,
  ): void {
    const place = { record: pending.record, image: image.fileName };
    if (box[2] === 0 || box[3] === 0)
      this.#report.note(
        'box-without-area',
        'warning',
        'A box has no area; it is kept and can match nothing.',
        place,
      );
    if (isOutside(box, image.width, image.height))
      this.#report.note(
        'box-outside-image',
        'warning',
        'A box reaches outside its image; it is kept as it is.',
        place,
      );
    if (pending.area === null)
      this.#report.note(
        'area-missing',
        'info',
        'An annotation has no area; width times height is taken.',
        place,
      );
  }

  /** Ids as numbers: missing and textual ones get numbers above all others. */
  #numberIds(rows: readonly PendingAnnotation[]): Float64Array {
    const isNumber = (id: unknown): id is number => typeof id === 'number' && Number.isSafeInteger(id);
    let highest = rows.reduce((most, { id }) => (isNumber(id) ? Math.max(most, id) : most), 0);
    const used = new Set<number>();
    return Float64Array.from(rows, ({ id, record }) => {
      if (!isNumber(id)) {
        this.#report.note(
          'annotation-id-given',
          'info',
          'An annotation has no whole number as id; it was given one.',
          { record },
        );
        return ++highest;
      }
      if (id === 0) {
        this.#report.note(
          'annotation-id-zero',
          'warning',
          'An annotation has id 0; it counts as any other here. pycocotools reads 0 as “no match” and counts a hit on it as a miss and a false positive.',
          { record },
        );
      }
      if (used.has(id)) {
        this.#report.note(
          'annotation-id-repeated',
          'warning',
          'An annotation repeats an id; it counts as a box of its own here. pycocotools keeps only the last box of an id.',
          { record },
        );
      }
      used.add(id);
      return id;
    });
  }
}
