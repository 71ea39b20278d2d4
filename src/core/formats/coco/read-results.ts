/** COCO results: an array of `{image_id, category_id, bbox, score}`, or one record a line. */
import type { RecordId } from '../../dataset/dataset';
import { BadInput } from '../../foundation/bad-input';
import type { Finding } from '../../foundation/finding';
import type { ConventionReading } from '../conventions/convention';
import { GrowingFloat64, GrowingInt32 } from '../growing-columns';
import { JsonKeys } from '../json/keys';
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  JsonScanner,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from '../json/scanner';
import type { ReadOptions } from '../reading';
import { RecordReporter } from '../reading';
import { IdTable } from './id-table';
import { RecordFields } from './record-fields';
import { passByteOrderMark } from './byte-order-mark';

/** How a file names one of its images. */
export interface RawImage {
  /** `image_id` as it stands; null where records have none. */
  readonly id: RecordId | null;
  /** `file_name`, where records have one. */
  readonly fileName: string | null;
}

/** Predictions as their file has them, not yet joined to a truth: one entry a record that can be used. */
export interface RawPredictions {
  readonly count: number;
  /** Index into `images`. */
  readonly image: Int32Array;
  /** Each way to name an image once, in the order first seen. */
  readonly images: readonly RawImage[];
  /** Index into `categories`. */
  readonly category: Int32Array;
  /** Each `category_id` once, as it stands, in the order first seen. */
  readonly categories: readonly RecordId[];
  /** x, y, width, height: four entries a record. */
  readonly box: Float64Array;
  readonly score: Float64Array;
  /** The record's place in its file, from 0. Rising. */
  readonly fileIndex: Int32Array;
  /** Records of the file, those left out too. */
  readonly recordsInFile: number;
  readonly findings: readonly Finding[];
  /** How the boxes' numbers were read, where the format leaves something of that open. */
  readonly conventions?: ConventionReading;
}

const NAMES = [
  'image_id',
  'category_id',
  'bbox',
  'score',
  'file_name',
  'segmentation',
  'keypoints',
  'images',
  'annotations',
  'categories',
];
const IMAGE_ID = 0;
const CATEGORY_ID = 1;
const BBOX = 2;
const SCORE = 3;
const FILE_NAME = 4;
const SEGMENTATION = 5;
const KEYPOINTS = 6;
/** From here on: members of a dataset, not of a result. */
const IMAGES = 7;

/** `record`: the first of `count`. */
export function remarkEmptyBoxes(report: RecordReporter, record: number, count: number): void {
  report.note(
    'box-without-area',
    'warning',
    'A predicted box has no area; it is kept and can match nothing.',
    { record },
    count,
  );
}

/** Most records name the image of the record before them. */
class ImageTable {
  readonly images: RawImage[] = [];
  readonly #byKey = new Map<string, number>();
  readonly #byNumber = new Map<number, number>();
  #lastId: RecordId | null = null;
  #lastName: Uint8Array | null = null;
  #last = -1;

  /** `name`: bytes of the JSON string `file_name` with its quotes, or null; `textOf` is asked only for new ones. */
  indexOf(id: RecordId | null, name: Uint8Array | null, textOf: () => string): number {
    if (this.#last >= 0 && id === this.#lastId && isSame(name, this.#lastName)) return this.#last;
    this.#lastId = id;
    this.#lastName = name?.slice() ?? null;
    this.#last =
      name === null && typeof id === 'number' ? this.#ofNumber(id) : this.#ofName(id, name ? textOf() : null);
    return this.#last;
  }

  #ofNumber(id: number): number {
    const known = this.#byNumber.get(id);
    if (known !== undefined) return known;
    this.#byNumber.set(id, this.images.length);
    return this.images.push({ id, fileName: null }) - 1;
  }

  #ofName(id: RecordId | null, fileName: string | null): number {
    const key = JSON.stringify([id, fileName]);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    this.#byKey.set(key, this.images.length);
    return this.images.push({ id, fileName }) - 1;
  }
}

function isSame(left: Uint8Array | null, right: Uint8Array | null): boolean {
  if (left === null || right === null) return left === right;
  if (left.length !== right.length) return false;
  for (let at = 0; at < left.length; at++) if (left[at] !== right[at]) return false;
  return true;
}

/** Feed the file with `push`, in pieces of any size, then call `end` once. */
export class CocoResultsReader {
  readonly #file: string;
  readonly #report: RecordReporter;
  readonly #scanner: JsonScanner;
  readonly #fields: RecordFields;
  readonly #keys = new JsonKeys(NAMES);
  readonly #images = new ImageTable();
  readonly #categories = new IdTable();
  readonly #image = new GrowingInt32();
  readonly #category = new GrowingInt32();
  readonly #box = new GrowingFloat64();
  readonly #score = new GrowingFloat64();
  readonly #fileIndex = new GrowingInt32();
  #place: 'start' | 'first' | 'next' | 'lines' | 'ended' = 'start';
  #records = 0;
  #withoutBox = 0;
  #withMaskOrKeypoints = 0;
  #firstMask = 0;
  // The record being read.
  #imageId: RecordId | null = null;
  #categoryId: RecordId | null = null;
  #scoreOfRecord = NaN;
  #hasScore = false;
  #hasBox = false;
  #hasMaskOrKeypoints = false;
  #nameStart = -1;
  #nameEnd = -1;

  constructor(options: ReadOptions) {
    this.#file = options.file;
    this.#report = new RecordReporter(options);
    this.#scanner = new JsonScanner(options.file);
    this.#fields = new RecordFields(this.#scanner);
  }

  /** Throws `BadInput` where the file is no JSON, or no list of results. */
  push(chunk: Uint8Array): void {
    this.#scanner.push(chunk, this.#step);
  }

  /** Throws `BadInput` where the file is not complete, or holds masks or keypoints only. */
  end(): RawPredictions {
    this.#scanner.complete(this.#step);
    if (this.#place === 'start') this.#scanner.failAt('json-empty', 'The file holds nothing.');
    if (this.#place !== 'ended' && this.#place !== 'lines') this.#scanner.fail();
    if (this.#records > 0 && this.#withoutBox === this.#records && this.#withMaskOrKeypoints > 0) {
      throw new BadInput(
        'results-without-boxes',
        'The results hold only masks or keypoints, no boxes.',
        'Export the model’s boxes (bbox), or convert the masks to boxes first.',
        { file: this.#file },
      );
    }
    if (this.#withMaskOrKeypoints > 0) {
      this.#report.leaveOut(
        'record-without-box',
        'A record holds a mask or keypoints but no box and was left out.',
        { record: this.#firstMask },
        this.#withMaskOrKeypoints,
      );
    }
    if (this.#scanner.sawOtherEncoding) {
      this.#report.note(
        'text-not-utf8',
        'warning',
        'The file is not UTF-8; its text was read as Windows-1252.',
      );
    }
    return {
      count: this.#image.length,
      image: this.#image.values,
      images: this.#images.images,
      category: this.#category.values,
      categories: this.#categories.ids,
      box: this.#box.values,
      score: this.#score.values,
      fileIndex: this.#fileIndex.values,
      recordsInFile: this.#records,
      findings: this.#report.list(),
    };
  }

  readonly #step = (): boolean => {
    const scanner = this.#scanner;
    const place = this.#place;
    if (place === 'start') {
      passByteOrderMark(scanner);
      const byte = scanner.peekOrEnd();
      if (byte === 0 && scanner.position >= scanner.end) return false;
      if (byte === OPEN_BRACE) this.#place = 'lines';
      else if (byte === OPEN_BRACKET) {
        scanner.position++;
        this.#place = 'first';
      } else scanner.fail();
      return true;
    }
    const byte = scanner.peekOrEnd();
    if (byte === 0 && scanner.position >= scanner.end) return false;
    if (place === 'ended')
      scanner.failAt('json-invalid', 'Something follows the end of the list of results.');
    if (place === 'lines') {
      if (byte !== OPEN_BRACE) scanner.fail();
      this.#record();
      return true;
    }
    if (byte === CLOSE_BRACKET) {
      scanner.position++;
      this.#place = 'ended';
      return true;
    }
    if (place === 'next') {
      if (byte !== COMMA) scanner.fail();
      scanner.position++;
      scanner.peek();
    }
    this.#record();
    this.#place = 'next';
    return true;
  };

  #record(): void {
    const scanner = this.#scanner;
    if (scanner.peek() !== OPEN_BRACE) {
      // Grammar first: what is no value at all is not JSON.
      if (scanner.bytes[scanner.position] === CLOSE_BRACKET) scanner.fail();
      scanner.skipValue();
      this.#report.leaveOut('record-invalid', 'A record is not an object and was left out.', {
        record: this.#records++,
      });
      return;
    }
    scanner.position++;
    this.#imageId = null;
    this.#categoryId = null;
    this.#hasScore = false;
    this.#hasBox = false;
    this.#hasMaskOrKeypoints = false;
    this.#nameStart = -1;
    this.#fields.clear();
    scanner.sawLiteral = false;
    if (scanner.peek() === CLOSE_BRACE) scanner.position++;
    else
      do this.#member();
      while (scanner.hasNext(CLOSE_BRACE));
    this.#keep(this.#records++);
  }

  #member(): void {
    const scanner = this.#scanner;
    switch (this.#keys.read(scanner)) {
      case IMAGE_ID:
        this.#imageId = this.#fields.readId();
        return;
      case CATEGORY_ID:
        this.#categoryId = this.#fields.readId();
        return;
      case BBOX:
        this.#hasBox = true;
        this.#fields.readBox();
        return;
      case SCORE: {
        const score = this.#fields.readNumber();
        this.#hasScore = score !== null;
        this.#scoreOfRecord = score ?? NaN;
        return;
      }
      case FILE_NAME:
        if (scanner.peek() === QUOTE) {
          this.#nameStart = scanner.position;
          scanner.skipString();
          this.#nameEnd = scanner.position;
        } else scanner.skipValue();
        return;
      case SEGMENTATION:
      case KEYPOINTS:
        this.#hasMaskOrKeypoints = true;
        scanner.skipValue();
        return;
      case -1:
        scanner.skipValue();
        return;
      default:
        this.#refuseDataset();
        scanner.skipValue();
    }
  }

  /** A dataset among results; `images` and the like inside records of a list mean nothing. */
  #refuseDataset(): void {
    if (this.#place !== 'lines' || this.#records > 0) return;
    throw new BadInput(
      'not-coco-results',
      `The file is a dataset (it has “${NAMES.slice(IMAGES).join('”, “')}”), not results.`,
      'Give it as the ground truth, and a list of image_id, category_id, bbox, score as the predictions.',
      { file: this.#file },
    );
  }

  /** Keeps the record that was read, or says why not. */
  #keep(record: number): void {
    const problem = this.#problem();
    if (problem !== null) {
      if (!this.#hasBox) {
        this.#withoutBox++;
        if (this.#hasMaskOrKeypoints) {
          // Reported at the end: a file of masks alone is another matter than one such record.
          if (this.#withMaskOrKeypoints++ === 0) this.#firstMask = record;
          return;
        }
      }
      this.#report.leaveOut(problem.code, problem.message, { record });
      return;
    }
    const { x, y, width, height } = this.#fields;
    if (width === 0 || height === 0) remarkEmptyBoxes(this.#report, record, 1);
    const scanner = this.#scanner;
    const name = this.#nameStart >= 0 ? scanner.bytes.subarray(this.#nameStart, this.#nameEnd) : null;
    this.#image.push(
      this.#images.indexOf(
        this.#imageId,
        name,
        () => JSON.parse(scanner.text(this.#nameStart, this.#nameEnd)) as string,
      ),
    );
    this.#category.push(this.#categories.indexOf(this.#categoryId!));
    this.#box.push(x);
    this.#box.push(y);
    this.#box.push(width);
    this.#box.push(height);
    this.#score.push(this.#scoreOfRecord);
    this.#fileIndex.push(record);
  }

  #problem(): { readonly code: string; readonly message: string } | null {
    // An empty name is none.
    if (this.#nameStart >= 0 && this.#nameEnd - this.#nameStart === 2) this.#nameStart = -1;
    if (this.#imageId === null && this.#nameStart < 0)
      return { code: 'image-id-invalid', message: 'A record has no usable image_id and was left out.' };
    if (this.#categoryId === null)
      return { code: 'category-id-invalid', message: 'A record has no usable category_id and was left out.' };
    const box = this.#fields.boxProblem();
    if (box !== null) return box;
    if (!this.#hasScore || !Number.isFinite(this.#scoreOfRecord))
      return { code: 'score-invalid', message: 'A record has no finite score and was left out.' };
    if (this.#scanner.sawLiteral)
      return { code: 'not-a-number', message: 'A record holds NaN or Infinity and was left out.' };
    return null;
  }
}
