/** Annotations of a COCO file, in columns while they are read, and joined to images and classes at the end. */
import { blankAnnotations } from '../../dataset/blank-columns';
import type { AnnotationColumns, ImageRecord, RecordId } from '../../dataset/dataset';
import { FLAG_CROWD, FLAG_DIFFICULT, FLAG_GROUP_OF, FLAG_IGNORE } from '../../dataset/dataset';
import { BadInput } from '../../foundation/bad-input';
import { GrowingFloat64, GrowingInt32, GrowingUint8 } from '../growing-columns';
import { JsonKeys } from '../json/keys';
import type { JsonScanner } from '../json/scanner';
import { CLOSE_BRACE } from '../json/scanner';
import type { RecordReporter } from '../reading';
import { giveAnnotationIds, remarkAnnotation, remarkMissingCrowd } from './annotation-remarks';
import { IdTable } from './id-table';
import { RecordFields } from './record-fields';
import { boundsOfSegmentation } from './segmentation';

const NAMES = [
  ...['id', 'image_id', 'category_id', 'bbox', 'area', 'segmentation', 'segments_info'],
  ...['iscrowd', 'difficult', 'group_of', 'ignore'],
];
const ID = 0;
const IMAGE_ID = 1;
const CATEGORY_ID = 2;
const BBOX = 3;
const AREA = 4;
const SEGMENTATION = 5;
const SEGMENTS_INFO = 6;
/** From `iscrowd` on. */
const FIRST_FLAG = 7;
const FLAGS = [FLAG_CROWD, FLAG_DIFFICULT, FLAG_GROUP_OF, FLAG_IGNORE];

const TRUE_STARTS = 116;

export class AnnotationList {
  readonly #scanner: JsonScanner;
  readonly #file: string;
  readonly #report: RecordReporter;
  readonly #keepExtra: boolean;
  readonly #fields: RecordFields;
  readonly #keys = new JsonKeys(NAMES);
  readonly #imageIds = new IdTable();
  readonly #categoryIds = new IdTable();
  /** NaN where the file has no number. */
  readonly #id = new GrowingFloat64();
  readonly #image = new GrowingInt32();
  readonly #category = new GrowingInt32();
  readonly #box = new GrowingFloat64();
  /** NaN where the file has none. */
  readonly #area = new GrowingFloat64();
  readonly #flags = new GrowingUint8();
  readonly #record = new GrowingInt32();
  readonly #extra = new Map<number, string>();
  /** By row: ids that are no numbers here. */
  readonly #writtenIds = new Map<number, string>();
  // The record being read.
  #recordId: RecordId | null = null;
  #imageId: RecordId | null = null;
  #categoryId: RecordId | null = null;
  #areaOfRecord = NaN;
  #flagsOfRecord = 0;
  #hasCrowd = false;
  #members: string[] = [];
  /** Where the segmentation starts and ends among the scanner's bytes; 0 where there is none. */
  #segmentationStart = 0;
  #segmentationEnd = 0;

  constructor(scanner: JsonScanner, file: string, report: RecordReporter, keepExtra: boolean) {
    this.#scanner = scanner;
    this.#file = file;
    this.#report = report;
    this.#keepExtra = keepExtra;
    this.#fields = new RecordFields(scanner);
  }

  /** Reads the object that starts here. */
  read(record: number): void {
    const scanner = this.#scanner;
    scanner.position++;
    this.#recordId = null;
    this.#imageId = null;
    this.#categoryId = null;
    this.#areaOfRecord = NaN;
    this.#flagsOfRecord = 0;
    this.#hasCrowd = false;
    this.#segmentationEnd = 0;
    if (this.#members.length > 0) this.#members = [];
    this.#fields.clear();
    scanner.sawLiteral = false;
    if (scanner.peek() === CLOSE_BRACE) scanner.position++;
    else
      do this.#member();
      while (scanner.hasNext(CLOSE_BRACE));
    this.#keep(record);
  }

  #member(): void {
    const scanner = this.#scanner;
    scanner.peek();
    const start = scanner.position;
    const key = this.#keys.read(scanner);
    switch (key) {
      case ID:
        this.#recordId = this.#fields.readId();
        return;
      case IMAGE_ID:
        this.#imageId = this.#fields.readId();
        return;
      case CATEGORY_ID:
        this.#categoryId = this.#fields.readId();
        return;
      case BBOX:
        this.#fields.readBox();
        return;
      case AREA:
        this.#areaOfRecord = this.#fields.readNumber() ?? NaN;
        return;
      case SEGMENTATION:
        scanner.peek();
        this.#segmentationStart = scanner.position;
        this.#other(start);
        this.#segmentationEnd = scanner.position;
        return;
      case SEGMENTS_INFO:
        throw new BadInput(
          'coco-panoptic',
          'The file is COCO’s panoptic form: its annotations are segments of mask images, not boxes.',
          'Give the boxes of the same images: instances_*.json.',
          { file: this.#file, byte: scanner.offset() },
        );
      case -1:
        this.#other(start);
        return;
      default:
        this.#flag(FLAGS[key - FIRST_FLAG]!);
    }
  }

  #other(start: number): void {
    const scanner = this.#scanner;
    if (!this.#keepExtra) {
      scanner.skipValue();
      return;
    }
    const value = scanner.readText();
    // The last of repeated names counts, as for JSON.parse: they are merged when the text is parsed.
    const nameEnd = endOfName(scanner, start);
    this.#members.push(`${scanner.text(start, nameEnd)}:${value}`);
  }

  #flag(flag: number): void {
    const isTrue = this.#scanner.peek() === TRUE_STARTS;
    const number = this.#fields.readNumber();
    const isOn = isTrue || (number !== null && number !== 0);
    this.#flagsOfRecord = isOn ? this.#flagsOfRecord | flag : this.#flagsOfRecord & ~flag;
    if (flag === FLAG_CROWD) this.#hasCrowd = true;
  }

  #keep(record: number): void {
    const report = this.#report;
    if (this.#imageId === null || this.#categoryId === null) {
      report.leaveOut(
        'annotation-invalid',
        'An annotation has no usable image_id or category_id and was left out.',
        { record },
      );
      return;
    }
    if (!this.#fields.hasBox && this.#segmentationEnd > 0) this.#takeSegmentation(record);
    const problem = this.#fields.boxProblem();
    if (problem !== null) {
      report.leaveOut(problem.code, problem.message, { record });
      return;
    }
    if (this.#scanner.sawLiteral) {
      report.leaveOut('not-a-number', 'A record holds NaN or Infinity and was left out.', { record });
      return;
    }
    if (!this.#hasCrowd) remarkMissingCrowd(report, record);
    const { x, y, width, height } = this.#fields;
    if (this.#members.length > 0) this.#extra.set(this.#id.length, `{${this.#members.join(',')}}`);
    if (typeof this.#recordId === 'string') this.#writtenIds.set(this.#id.length, this.#recordId);
    this.#id.push(
      typeof this.#recordId === 'number' && Number.isSafeInteger(this.#recordId) ? this.#recordId : NaN,
    );
    this.#image.push(this.#imageIds.indexOf(this.#imageId));
    this.#category.push(this.#categoryIds.indexOf(this.#categoryId));
    this.#box.push(x);
    this.#box.push(y);
    this.#box.push(width);
    this.#box.push(height);
    this.#area.push(Number.isFinite(this.#areaOfRecord) ? this.#areaOfRecord : NaN);
    this.#flags.push(this.#flagsOfRecord);
    this.#record.push(record);
  }

  /** The box around the segmentation of a record that has none itself. */
  #takeSegmentation(record: number): void {
    if (this.#scanner.sawLiteral) return;
    const text = this.#scanner.text(this.#segmentationStart, this.#segmentationEnd);
    const bounds = boundsOfSegmentation(JSON.parse(text));
    if (bounds === null) return;
    this.#fields.setBox(bounds);
    this.#report.note(
      'polygons-as-boxes',
      'info',
      'Polygons and masks without a box are read as the boxes around them.',
      { record },
    );
  }

  /** Each `category_id` once, as it stands. */
  get categoryIds(): readonly RecordId[] {
    return this.#categoryIds.ids;
  }

  /**
   * Columns of the annotations whose image and class exist; the others are left out. `writtenIds`: by the number that one
   * was given, how its id is written.
   */
  finish(
    images: readonly ImageRecord[],
    indexOfImage: (id: RecordId) => number,
    indexOfCategory: (id: RecordId) => number,
  ): { readonly columns: AnnotationColumns; readonly writtenIds: ReadonlyMap<number, string> } {
    const image = Int32Array.from(this.#imageIds.ids, indexOfImage);
    const category = Int32Array.from(this.#categoryIds.ids, indexOfCategory);
    const rows = this.#rowsWithPlace(image, category);
    const columns = blankAnnotations(rows.length);
    const box = this.#box.values;
    const idOf = this.#id.values;
    const imageOf = this.#image.values;
    const categoryOf = this.#category.values;
    const areaOf = this.#area.values;
    const flagsOf = this.#flags.values;
    for (let to = 0; to < rows.length; to++) {
      const row = rows[to]!;
      columns.id[to] = idOf[row]!;
      columns.image[to] = image[imageOf[row]!]!;
      columns.category[to] = category[categoryOf[row]!]!;
      for (let at = 0; at < 4; at++) columns.box[to * 4 + at] = box[row * 4 + at]!;
      const area = areaOf[row]!;
      columns.area[to] = Number.isNaN(area) ? box[row * 4 + 2]! * box[row * 4 + 3]! : area;
      columns.flags[to] = flagsOf[row]!;
      const extra = this.#extra.get(row);
      if (extra !== undefined) columns.extra.set(to, extra);
      remarkAnnotation(this.#report, this.#record.values[row]!, box, row, area, images[columns.image[to]!]!);
    }
    const recordOf = this.#record.values;
    giveAnnotationIds(this.#report, columns.id, (row) => recordOf[rows[row]!]!);
    const writtenIds = new Map<number, string>();
    if (this.#writtenIds.size > 0)
      rows.forEach((row, to) => {
        const written = this.#writtenIds.get(row);
        if (written !== undefined) writtenIds.set(columns.id[to]!, written);
      });
    return { columns, writtenIds };
  }

  #rowsWithPlace(image: Int32Array, category: Int32Array): Int32Array {
    const rows = new GrowingInt32();
    const imageOf = this.#image.values;
    const categoryOf = this.#category.values;
    for (let row = 0; row < imageOf.length; row++) {
      const place = { record: this.#record.values[row]! };
      if (image[imageOf[row]!]! < 0) {
        this.#report.leaveOut(
          'image-unknown',
          'An annotation names an image that is not there; it was left out.',
          place,
        );
      } else if (category[categoryOf[row]!]! < 0) {
        this.#report.leaveOut(
          'category-unknown',
          'An annotation names a class that is not there; it was left out.',
          place,
        );
      } else rows.push(row);
    }
    return rows.values;
  }
}

/** End of the string that starts at `start`. */
function endOfName(scanner: JsonScanner, start: number): number {
  const after = scanner.position;
  scanner.position = start;
  scanner.skipString();
  const end = scanner.position;
  scanner.position = after;
  return end;
}
