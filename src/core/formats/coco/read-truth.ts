/** COCO ground truth: `{images, annotations, categories, ...}`. */
import type { Truth } from '../../dataset/dataset';
import { BadInput } from '../../foundation/bad-input';
import { isRecord } from '../extra';
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  JsonScanner,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from '../json/scanner';
import type { ReadOptions, TruthReading } from '../reading';
import { RecordReporter } from '../reading';
import { AnnotationList } from './annotation-list';
import { passByteOrderMark } from './byte-order-mark';
import { withExactId } from './exact-id';
import { CategoryList, ImageList } from './images-and-categories';

const LISTS = ['images', 'annotations', 'categories'] as const;
type List = (typeof LISTS)[number];
const isList = (name: string): name is List => (LISTS as readonly string[]).includes(name);

/** Feed the file with `push`, in pieces of any size, then call `end` once. */
export class CocoTruthReader {
  readonly #file: string;
  readonly #keepExtra: boolean;
  readonly #keepUnlisted: boolean;
  readonly #report: RecordReporter;
  readonly #scanner: JsonScanner;
  #images: ImageList;
  #categories: CategoryList;
  #annotations: AnnotationList;
  readonly #seen = new Set<List>();
  /** JSON text by name. */
  readonly #other = new Map<string, string>();
  #place: 'start' | 'first-member' | 'member' | 'first-record' | 'record' | 'ended' = 'start';
  #list: List = 'images';
  #record = 0;

  constructor(options: ReadOptions) {
    this.#file = options.file;
    this.#keepExtra = options.keepExtra ?? false;
    this.#keepUnlisted = options.keepUnlisted ?? false;
    this.#report = new RecordReporter(options);
    this.#scanner = new JsonScanner(options.file);
    this.#images = new ImageList(this.#report, this.#keepExtra);
    this.#categories = new CategoryList(this.#report, this.#keepExtra);
    this.#annotations = new AnnotationList(this.#scanner, this.#file, this.#report, this.#keepExtra);
  }

  /** Throws `BadInput` where the file is no JSON, or not of this form. */
  push(chunk: Uint8Array): void {
    this.#scanner.push(chunk, this.#step);
  }

  /** Throws `BadInput` where the file is not complete, lacks one of its lists, or has no images. */
  end(): TruthReading {
    this.#scanner.complete(this.#step);
    if (this.#place === 'start') this.#scanner.failAt('json-empty', 'The file holds nothing.');
    if (this.#place !== 'ended') this.#scanner.fail();
    this.#checkLists();
    if (this.#scanner.sawOtherEncoding)
      this.#report.note(
        'text-not-utf8',
        'warning',
        'The file is not UTF-8; its text was read as Windows-1252.',
      );
    const unlisted = this.#keepUnlisted ? this.#annotations.categoryIds : [];
    const { categories, indexOf } = this.#categories.finish(unlisted);
    const { images } = this.#images;
    const annotations = this.#annotations.finish(images, (id) => this.#images.indexOf(id), indexOf);
    const truth: Truth = {
      format: 'coco',
      hasOwnIds: true,
      images,
      categories,
      annotations: annotations.columns,
      ...(annotations.writtenIds.size > 0 ? { writtenIds: annotations.writtenIds } : {}),
      subsets: [],
      federation: this.#images.federation(indexOf),
      extra:
        this.#other.size > 0
          ? `{${[...this.#other].map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',')}}`
          : null,
    };
    return { truth, findings: this.#report.list() };
  }

  /** A file without one of the lists is something else; it must not read as a dataset without objects. */
  #checkLists(): void {
    const missing = LISTS.filter((list) => !this.#seen.has(list));
    if (missing.length > 0) {
      throw new BadInput(
        'not-coco',
        `The file has no “${missing.join('”, no “')}”: it is not COCO ground truth.`,
        'Give a file with images, annotations and categories.',
        { file: this.#file },
      );
    }
    if (this.#images.images.length > 0) return;
    throw new BadInput(
      'truth-without-images',
      'The file has no images that can be used.',
      'Check that it is COCO ground truth: images, annotations, categories.',
      { file: this.#file },
    );
  }

  readonly #step = (): boolean => {
    const scanner = this.#scanner;
    if (this.#place === 'start') passByteOrderMark(scanner);
    const byte = scanner.peekOrEnd();
    if (byte === 0 && scanner.position >= scanner.end) return false;
    switch (this.#place) {
      case 'start':
        return this.#start(byte);
      case 'first-member':
      case 'member':
        return this.#member(byte);
      case 'first-record':
      case 'record':
        return this.#nextRecord(byte);
      case 'ended':
        return scanner.failAt('json-invalid', 'Something follows the end of the JSON document.');
    }
  };

  #start(byte: number): boolean {
    if (byte === OPEN_BRACKET) {
      throw new BadInput(
        'not-coco',
        'The file holds a list, not an object with images, annotations and categories.',
        'Give it as predictions if it holds results.',
        { file: this.#file, byte: this.#scanner.offset() },
      );
    }
    this.#scanner.expect(OPEN_BRACE);
    this.#place = 'first-member';
    return true;
  }

  #member(byte: number): boolean {
    const scanner = this.#scanner;
    if (byte === CLOSE_BRACE) {
      scanner.position++;
      this.#place = 'ended';
      return true;
    }
    if (this.#place === 'member') scanner.expect(COMMA);
    if (scanner.peek() !== QUOTE) scanner.fail();
    const name = scanner.readString();
    scanner.expect(COLON);
    const opening = scanner.peek();
    if (isList(name)) {
      if (opening !== OPEN_BRACKET) scanner.failAt('not-coco', `“${name}” is not a list.`);
      scanner.position++;
      this.#startList(name);
      return true;
    }
    if (this.#keepExtra) this.#other.set(name, scanner.readText());
    else scanner.skipValue();
    this.#place = 'member';
    return true;
  }

  /** A list that comes again takes the place of the one before, as in any JSON reader. */
  #startList(name: List): void {
    if (this.#seen.has(name)) {
      this.#report.note(
        'member-repeated',
        'warning',
        `The file has “${name}” more than once; the last counts.`,
        {
          byte: this.#scanner.offset(),
        },
      );
      if (name === 'images') this.#images = new ImageList(this.#report, this.#keepExtra);
      else if (name === 'categories') this.#categories = new CategoryList(this.#report, this.#keepExtra);
      else this.#annotations = new AnnotationList(this.#scanner, this.#file, this.#report, this.#keepExtra);
    }
    this.#seen.add(name);
    this.#list = name;
    this.#record = 0;
    this.#place = 'first-record';
  }

  #nextRecord(byte: number): boolean {
    const scanner = this.#scanner;
    if (byte === CLOSE_BRACKET) {
      scanner.position++;
      this.#place = 'member';
      return true;
    }
    if (this.#place === 'record') {
      scanner.expect(COMMA);
      scanner.peek();
      if (scanner.bytes[scanner.position] === CLOSE_BRACKET) scanner.fail();
    }
    if (scanner.bytes[scanner.position] === OPEN_BRACE && this.#list === 'annotations') {
      this.#annotations.read(this.#record);
    } else this.#value();
    this.#record++;
    this.#place = 'record';
    return true;
  }

  #value(): void {
    const scanner = this.#scanner;
    const { text, hasLiteral } = scanner.readTextAndLiteral();
    const place = { record: this.#record };
    if (hasLiteral) {
      this.#report.leaveOut('not-a-number', 'A record holds NaN or Infinity and was left out.', place);
      return;
    }
    const value: unknown = JSON.parse(text);
    if (!isRecord(value)) {
      this.#report.leaveOut('record-invalid', 'A record is not an object and was left out.', place);
      return;
    }
    if (this.#list === 'images') this.#images.add(withExactId(value, text), this.#record);
    else this.#categories.add(value, this.#record);
  }
}
