/** COCO ground truth read by the kernels: what is left to JavaScript are images and classes, which are few, and remarks. */
import { fstatSync, readSync } from 'node:fs';
import type { Category, ImageRecord } from '../../core/dataset/dataset';
import type { Finding } from '../../core/foundation/finding';
import {
  giveAnnotationIds,
  remarkAnnotation,
  remarkMissingCrowd,
} from '../../core/formats/coco/annotation-remarks';
import { isBeyondExact } from '../../core/formats/coco/exact-id';
import { CategoryList, ImageList } from '../../core/formats/coco/images-and-categories';
import { isRecord } from '../../core/formats/extra';
import { RecordReporter } from '../../core/formats/reading';
import { decodeUtf8 } from '../../core/formats/text';
import {
  ANNOTATION_AREA,
  ANNOTATION_BYTES,
  ANNOTATION_FLAGS,
  ANNOTATION_ID,
  ANNOTATION_IMAGE,
  HAS_CROWD,
  LIST_ANNOTATIONS,
  LIST_CATEGORIES,
  LIST_IMAGES,
  PADDING,
  SHORTEST_ANNOTATION,
  TABLE_BYTES,
} from '../../core/kernels/assembly/layout';
import { STEP } from './control';
import { entriesOf } from './entries';
import type { Kernels } from './instance';
import { NotForKernels } from './refusal';

export interface KernelTruth {
  readonly images: readonly ImageRecord[];
  readonly categories: readonly Category[];
  readonly findings: readonly Finding[];
  /** In the kernels' memory, `ANNOTATION_BYTES` each. */
  readonly annotations: number;
  readonly count: number;
  /** Index of each of the file's image ids and class ids, by index into the kernels' tables. */
  readonly imageOf: Int32Array;
  readonly categoryOf: Int32Array;
  readonly indexOfImage: (id: number) => number;
  /** The text, no longer needed: memory to use again. */
  readonly spare: { readonly from: number; readonly to: number };
}

/** Memory that reading a file of so many bytes needs. */
export const truthBytes = (size: number): number =>
  size + Math.ceil(size / SHORTEST_ANNOTATION) * ANNOTATION_BYTES + 4 * PADDING + 3 * TABLE_BYTES;

interface ListPlace {
  readonly kind: number;
  readonly start: number;
  readonly end: number;
}

/** Throws `NotForKernels` where the plain reader has to read the file, `BadInput` as it does where reading is strict. */
export function readTruthFile(
  kernels: Kernels,
  file: number,
  options: { readonly file: string; readonly strict: boolean },
): KernelTruth {
  const { size } = fstatSync(file);
  const { exports } = kernels;
  const room = Math.ceil(size / SHORTEST_ANNOTATION);
  const own = exports.allocate(truthBytes(size)) >>> 0;
  if (own === 0) throw new NotForKernels('no room for the truth');
  const [imageTable, categoryTable, scrap] = [own, own + TABLE_BYTES, own + 2 * TABLE_BYTES];
  const annotations = own + 2 * TABLE_BYTES + PADDING;
  const text = annotations + room * ANNOTATION_BYTES;
  readFile(kernels.bytes, text, file, size);
  if (!exports.makeTable(imageTable) || !exports.makeTable(categoryTable))
    throw new NotForKernels('no room for tables of ids');
  exports.useTruthMemory(imageTable, categoryTable, scrap, annotations, room);
  const lists = findLists(kernels, text, text + size);
  const count = exports.annotationCount();

  const report = new RecordReporter(options);
  const images = new ImageList(report, false);
  const categories = new CategoryList(report, false);
  const remarks = new AnnotationRemarks(kernels, report, annotations, count);
  for (const list of lists) {
    if (list.kind === LIST_ANNOTATIONS) remarks.remarkCrowds();
    else
      addRecords(kernels.bytes, list, report, (value, record) =>
        list.kind === LIST_IMAGES ? images.add(value, record) : categories.add(value, record),
      );
  }
  if (images.images.length === 0) throw new NotForKernels('no images');
  const { categories: sorted, indexOf } = categories.finish();
  const imageOf = entriesOf(kernels, imageTable).map(({ id }) => images.indexOf(id));
  const categoryOf = entriesOf(kernels, categoryTable).map(({ id }) => indexOf(id));
  if (imageOf.includes(-1) || categoryOf.includes(-1)) throw new NotForKernels('unknown ids');
  remarks.remark(images.images, Int32Array.from(imageOf));
  return {
    images: images.images,
    categories: sorted,
    findings: report.list(),
    annotations,
    count,
    imageOf: Int32Array.from(imageOf),
    categoryOf: Int32Array.from(categoryOf),
    indexOfImage: (id) => images.indexOf(id),
    spare: { from: text, to: text + size },
  };
}

function readFile(bytes: Uint8Array, at: number, file: number, size: number): void {
  let held = 0;
  while (held < size) {
    const read = readSync(file, bytes, at + held, size - held, held);
    if (read === 0) throw new NotForKernels('the file shrank');
    held += read;
  }
  bytes.fill(0, at + size, at + size + PADDING);
}

/** Where the three lists lie, in the order of the file; annotations are read on the way. */
function findLists({ exports, bytes }: Kernels, text: number, end: number): ListPlace[] {
  const lists: ListPlace[] = [];
  let at = exports.openTruth(text) >>> 0;
  while (at !== 1) {
    const start = at === 0 ? 0 : exports.nextMember(at) >>> 0;
    if (start === 0) throw new NotForKernels('another form of truth');
    const kind = exports.memberList();
    const after =
      kind === LIST_ANNOTATIONS ? readAnnotations({ exports, bytes }, start) : exports.memberEnd() >>> 0;
    if (kind !== 0) lists.push({ kind, start, end: after });
    at = exports.afterMember(after, end) >>> 0;
  }
  const kinds = lists.map(({ kind }) => kind);
  const isWhole = [LIST_IMAGES, LIST_ANNOTATIONS, LIST_CATEGORIES].every((kind) => kinds.includes(kind));
  if (!isWhole || lists.length !== 3) throw new NotForKernels('lists that are missing or repeated');
  return lists;
}

/** `start`: of the list. Its end. */
function readAnnotations({ exports, bytes }: Pick<Kernels, 'exports' | 'bytes'>, start: number): number {
  let at = exports.skipSpace(start + 1) >>> 0;
  if (bytes[at] === CLOSE_BRACKET) return at + 1;
  do {
    at = exports.readAnnotations(at, at + STEP) >>> 0;
    if (at === 0) throw new NotForKernels('annotations out of the ordinary');
  } while (!exports.annotationsClosed());
  return at;
}

const CLOSE_BRACKET = 93;

function addRecords(
  bytes: Uint8Array,
  { start, end }: ListPlace,
  report: RecordReporter,
  add: (value: Readonly<Record<string, unknown>>, record: number) => void,
): void {
  const text = decodeUtf8(bytes.slice(start, end));
  if (text === null) throw new NotForKernels('text that is not UTF-8');
  (JSON.parse(text) as unknown[]).forEach((value, record) => {
    if (isRecord(value)) {
      if (typeof value['id'] === 'number' && isBeyondExact(value['id'])) throw new NotForKernels('a huge id');
      add(value, record);
    } else report.leaveOut('record-invalid', 'A record is not an object and was left out.', { record });
  });
}

/** Finds the few annotations that call for a remark in the kernels, and makes the remarks as the plain reader does. */
class AnnotationRemarks {
  readonly #kernels: Kernels;
  readonly #report: RecordReporter;
  readonly #annotations: number;
  readonly #count: number;

  constructor(kernels: Kernels, report: RecordReporter, annotations: number, count: number) {
    this.#kernels = kernels;
    this.#report = report;
    this.#annotations = annotations;
    this.#count = count;
  }

  #value(row: number, offset: number): number {
    return this.#kernels.doubles[(this.#annotations + row * ANNOTATION_BYTES + offset) / 8]!;
  }

  #word(row: number, offset: number): number {
    return this.#kernels.words[(this.#annotations + row * ANNOTATION_BYTES + offset) / 4]!;
  }

  /** Rows to remark on; `sizes`: width and height by index into the table of images. */
  #rows(sizes: Float64Array): Int32Array {
    const { exports, doubles, words } = this.#kernels;
    const sizesAt = exports.allocate(sizes.byteLength) >>> 0;
    const rowsAt = exports.allocate(this.#count * 4) >>> 0;
    if (sizesAt === 0 || rowsAt === 0) throw new NotForKernels('no room for remarks');
    doubles.set(sizes, sizesAt / 8);
    const found = exports.remarkedAnnotations(sizesAt, rowsAt);
    return words.slice(rowsAt / 4, rowsAt / 4 + found);
  }

  remarkCrowds(): void {
    if (this.#kernels.exports.annotationsWithoutCrowd() === 0) return;
    for (let row = 0; row < this.#count; row++)
      if (!(this.#word(row, ANNOTATION_FLAGS) & HAS_CROWD)) remarkMissingCrowd(this.#report, row);
  }

  remark(images: readonly ImageRecord[], imageOf: Int32Array): void {
    const sizes = new Float64Array(imageOf.length * 2);
    imageOf.forEach((image, index) => {
      sizes[index * 2] = images[image]!.width ?? 0;
      sizes[index * 2 + 1] = images[image]!.height ?? 0;
    });
    for (const row of this.#rows(sizes)) {
      const box = Float64Array.from({ length: 4 }, (_, part) => this.#value(row, part * 8));
      const image = images[imageOf[this.#word(row, ANNOTATION_IMAGE)]!]!;
      remarkAnnotation(this.#report, row, box, 0, this.#value(row, ANNOTATION_AREA), image);
    }
    if (this.#kernels.exports.idsRise()) return;
    const ids = Float64Array.from({ length: this.#count }, (_, row) => this.#value(row, ANNOTATION_ID));
    giveAnnotationIds(this.#report, ids, (row) => row);
  }
}
