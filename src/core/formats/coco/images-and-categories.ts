/** Images and categories of a COCO file: few, so each is read as a value of its own. */
import type { Category, Federation, Frequency, ImageRecord, RecordId } from '../../dataset/dataset';
import { extraOf } from '../extra';
import { isLocalAddress, nameOfAddress } from '../label-studio/address';
import { checkName } from '../limits';
import { fileNameProblem, normaliseFileName } from '../names';
import type { RecordReporter } from '../reading';

const IMAGE_KEYS = new Set(['id', 'file_name', 'width', 'height']);
const CATEGORY_KEYS = new Set(['id', 'name']);

type Members = Readonly<Record<string, unknown>>;

function idOf(value: unknown): RecordId | null {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  return typeof value === 'string' && value !== '' ? value : null;
}

const sizeOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;

const NONE: readonly unknown[] = [];
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : NONE);

const FREQUENCIES: readonly Frequency[] = ['r', 'c', 'f'];

export class ImageList {
  readonly images: ImageRecord[] = [];
  /** LVIS's lists of class ids, by image; class ids as written. */
  readonly #negative: (readonly unknown[])[] = [];
  readonly #notExhaustive: (readonly unknown[])[] = [];
  #hasFederation = false;
  readonly #indexOfId = new Map<string, number>();
  readonly #names = new Set<string>();
  readonly #foldedNames = new Map<string, string>();
  readonly #report: RecordReporter;
  readonly #keepExtra: boolean;

  constructor(report: RecordReporter, keepExtra: boolean) {
    this.#report = report;
    this.#keepExtra = keepExtra;
  }

  /** Index of the image, or -1. The number 7 and the text "7" are one id. */
  indexOf(id: RecordId): number {
    return this.#indexOfId.get(String(id)) ?? -1;
  }

  add(value: Members, record: number): void {
    const id = idOf(value['id']);
    if (id === null) {
      this.#report.leaveOut('image-id-invalid', 'An image has no usable id and was left out.', { record });
      return;
    }
    if (this.indexOf(id) >= 0) {
      this.#report.leaveOut(
        'image-id-repeated',
        'An image repeats the id of one before it; it was left out.',
        {
          record,
        },
      );
      return;
    }
    const written = value['file_name'];
    // “./” is no name either.
    const isName = typeof written === 'string' && normaliseFileName(written) !== '';
    const name = isName ? this.#plainName(written, record) : String(id);
    const width = sizeOf(value['width']);
    const height = sizeOf(value['height']);
    const place = { record, image: name };
    if (!isName)
      this.#report.note('name-missing', 'warning', 'An image has no file name; its id is taken.', place);
    if (width === null || height === null)
      this.#report.note(
        'image-without-size',
        'info',
        'An image has no usable size; it is read from its file where there is one.',
        place,
      );
    checkName(name);
    this.#remarkName(name, place);
    const fileName = normaliseFileName(name) || `image-${record}`;
    this.#indexOfId.set(String(id), this.images.length);
    this.#hasFederation ||= 'neg_category_ids' in value || 'not_exhaustive_category_ids' in value;
    this.#negative.push(listOf(value['neg_category_ids']));
    this.#notExhaustive.push(listOf(value['not_exhaustive_category_ids']));
    this.images.push({
      id,
      fileName,
      width,
      height,
      extra: this.#keepExtra ? extraOf(value, IMAGE_KEYS) : null,
    });
  }

  /** Null where no image has LVIS's fields; ids of classes that are not there are passed over. */
  federation(indexOfCategory: (id: RecordId) => number): Federation | null {
    if (!this.#hasFederation) return null;
    const indices = (lists: readonly (readonly unknown[])[]) =>
      lists.map((list) =>
        list
          .map((value) => {
            const id = idOf(value);
            return id === null ? -1 : indexOfCategory(id);
          })
          .filter((index) => index >= 0),
      );
    return { negative: indices(this.#negative), notExhaustive: indices(this.#notExhaustive) };
  }

  /** Label Studio's exports call images by addresses of its own. */
  #plainName(written: string, record: number): string {
    const name = isLocalAddress(written) ? nameOfAddress(written) : '';
    if (name === '') return written;
    this.#report.note(
      'name-from-address',
      'info',
      'A file name is an address within Label Studio; the file that it stands for is taken.',
      { record, image: name },
    );
    return name;
  }

  #remarkName(name: string, place: { readonly record: number; readonly image: string }): void {
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
    const normal = normaliseFileName(name);
    const folded = normal.toLowerCase();
    if (this.#names.has(normal))
      this.#report.note('name-repeated', 'warning', 'Several images have the same file name.', place);
    else if (this.#foldedNames.has(folded))
      this.#report.note(
        'name-differs-by-case',
        'warning',
        'File names differ only by case; they are different images here, and one file on some systems.',
        place,
      );
    this.#names.add(normal);
    this.#foldedNames.set(folded, normal);
  }
}

type TextCategory = Omit<Category, 'id'> & { readonly text: string };

export class CategoryList {
  readonly #categories: Category[] = [];
  readonly #textIds: TextCategory[] = [];
  readonly #seen = new Set<string>();
  readonly #names = new Set<string>();
  readonly #report: RecordReporter;
  readonly #keepExtra: boolean;

  constructor(report: RecordReporter, keepExtra: boolean) {
    this.#report = report;
    this.#keepExtra = keepExtra;
  }

  add(value: Members, record: number): void {
    const id = idOf(value['id']);
    if (id === null || (typeof id === 'number' && !Number.isSafeInteger(id))) {
      this.#report.leaveOut('category-id-invalid', 'A class has no usable id and was left out.', { record });
      return;
    }
    if (this.#seen.has(String(id))) {
      this.#report.leaveOut(
        'category-id-repeated',
        'A class repeats the id of one before it; it was left out.',
        {
          record,
        },
      );
      return;
    }
    this.#seen.add(String(id));
    const written = value['name'];
    const name = typeof written === 'string' ? written : String(id);
    checkName(name);
    if (name !== written)
      this.#report.note('category-without-name', 'warning', 'A class has no name; its id is taken.', {
        record,
      });
    else if (this.#names.has(name))
      this.#report.note('category-name-repeated', 'warning', 'Several classes have the same name.', {
        record,
      });
    this.#names.add(name);
    const extra = this.#keepExtra ? extraOf(value, CATEGORY_KEYS) : null;
    const letter = FREQUENCIES.find((one) => one === value['frequency']);
    const frequency = letter === undefined ? {} : { frequency: letter };
    if (typeof id === 'number') this.#categories.push({ id, name, ...frequency, extra });
    else this.#textIds.push({ text: id, name, ...frequency, extra });
  }

  /**
   * By rising id, and where each id as written stands. Text that is no number gets ids above all others. Whole numbers of
   * `used` that the list does not have become classes of their own.
   */
  finish(used: readonly RecordId[] = []): {
    readonly categories: readonly Category[];
    readonly indexOf: (id: RecordId) => number;
  } {
    const written = new Map<number, string>();
    const isNumber = ({ text }: { readonly text: string }): boolean =>
      /^(?:0|[1-9]\d*)$/.test(text) && Number.isSafeInteger(Number(text));
    const all = [...this.#categories];
    const add = (id: number, { text, ...category }: TextCategory): void => {
      written.set(id, text);
      all.push({ id, ...category });
    };
    for (const entry of this.#textIds.filter(isNumber)) add(Number(entry.text), entry);
    let highest = all.reduce((most, { id }) => Math.max(most, id), 0);
    for (const entry of this.#textIds.filter((each) => !isNumber(each))) {
      add(++highest, entry);
    }
    if (this.#textIds.length > 0)
      this.#report.note(
        'category-id-text',
        'warning',
        'Ids of classes are text; they were given numbers.',
        {},
        this.#textIds.length,
      );
    this.#addUnlisted(all, used);
    all.sort((a, b) => a.id - b.id);
    const index = new Map(all.map(({ id }, at) => [written.get(id) ?? String(id), at]));
    return { categories: all, indexOf: (id) => index.get(String(id)) ?? -1 };
  }

  #addUnlisted(all: Category[], used: readonly RecordId[]): void {
    const listed = new Set(all.map(({ id }) => id));
    const unlisted = used.filter(
      (id): id is number => typeof id === 'number' && Number.isSafeInteger(id) && !listed.has(id),
    );
    for (const id of unlisted) all.push({ id, name: String(id), isUnlisted: true, extra: null });
    if (unlisted.length === 0) return;
    this.#report.note(
      'category-unlisted',
      'warning',
      'Annotations use classes that the list of classes does not have; TensorFlow’s evaluators count those below its highest id, the others leave them out.',
      {},
      unlisted.length,
    );
  }
}
