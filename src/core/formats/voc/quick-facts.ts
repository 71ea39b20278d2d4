/** What an annotation file of the usual shape says, many times as fast as the general way (`annotation-facts.ts`). */
import type { BoxConvention } from '../conventions/box-convention';
import { boxOfNumbers, boxOfTexts } from '../conventions/read-box';
import { parseDecimal } from '../decimal';
import type { Box } from '../named-truth';
import { quickNumber } from '../quick-number';
import { ElementNames, QuickXml } from '../quick-xml';
import { ShortTexts } from '../short-texts';
import type { AnnotationFacts, ObjectFacts } from './annotation-facts';
import { asSize, isDifficultText, NO_SIZE } from './annotation-facts';

const [ROOT, FILE_NAME, SIZE, ROWS, OBJECT] = [1, 2, 3, 4, 5] as const;
const [WIDTH, HEIGHT, NAME, DIFFICULT, DELETED, BOX, POLYGON] = [6, 7, 8, 9, 10, 11, 12] as const;
/** The first corner; the others follow it. */
const XMIN = 13;
const NAMES = new ElementNames([
  ...['annotation', 'filename', 'size', 'imagesize', 'object'],
  ...['width', 'height', 'name', 'difficult', 'deleted', 'bndbox', 'polygon'],
  ...['xmin', 'ymin', 'xmax', 'ymax'],
]);

const RETURN = 0x0d;
/** In place of an element that is not there. */
const NONE = -1;

const xml = new QuickXml(NAMES);
const texts = new ShortTexts();

/** Null where the file is not of the usual shape, or has what only the general way understands. */
export function quickFacts(bytes: Uint8Array, convention: BoxConvention): AnnotationFacts | null {
  const count = xml.read(bytes);
  if (count === 0 || xml.name[0] !== ROOT) return null;
  return new FactsReader(bytes, count, convention).read();
}

class FactsReader {
  readonly #bytes: Uint8Array;
  readonly #count: number;
  readonly #convention: BoxConvention;
  #isUsual = true;

  constructor(bytes: Uint8Array, count: number, convention: BoxConvention) {
    this.#bytes = bytes;
    this.#count = count;
    this.#convention = convention;
  }

  read(): AnnotationFacts | null {
    const { depth, name } = xml;
    let [fileName, size, width, height] = [NONE, NONE, NONE, NONE];
    const objects: ObjectFacts[] = [];
    for (let element = 1; element < this.#count && this.#isUsual;) {
      const kind = name[element];
      if (kind === OBJECT) objects.push(this.#object(element));
      else if (kind === FILE_NAME && fileName === NONE) fileName = element;
      else if (kind === ROWS) return null;
      const isSize = kind === SIZE && size === NONE;
      if (isSize) size = element;
      // What lies within is passed, but for the sides of the first size.
      for (element++; element < this.#count && depth[element]! > 1; element++) {
        if (!isSize || depth[element] !== 2) continue;
        if (name[element] === WIDTH && width === NONE) width = element;
        else if (name[element] === HEIGHT && height === NONE) height = element;
      }
    }
    const facts = {
      line: xml.line[0]!,
      fileName: fileName === NONE ? null : this.#text(fileName),
      width: this.#side(width),
      height: this.#side(height),
      objects,
    };
    return this.#isUsual ? facts : null;
  }

  #object(object: number): ObjectFacts {
    const { depth, name } = xml;
    let [called, difficult, deleted, bndbox] = [NONE, NONE, NONE, NONE];
    for (let element = object + 1; element < this.#count && depth[element]! > 1; element++) {
      if (depth[element] !== 2) continue;
      const kind = name[element];
      if (kind === NAME && called === NONE) called = element;
      else if (kind === DIFFICULT && difficult === NONE) difficult = element;
      else if (kind === DELETED && deleted === NONE) deleted = element;
      else if (kind === BOX && bndbox === NONE) bndbox = element;
      else if (kind === BOX || kind === POLYGON) this.#isUsual = false;
    }
    // An outline may stand in place of the box.
    if (bndbox === NONE) this.#isUsual = false;
    return {
      line: xml.line[object]!,
      name: called === NONE ? null : this.#text(called),
      isDifficult: difficult !== NONE && isDifficultText(this.#text(difficult)),
      isDeleted: deleted !== NONE && this.#text(deleted) === '1',
      boxes: 1,
      isOutline: false,
      box: this.#isUsual ? this.#box(bndbox) : null,
    };
  }

  #box(bndbox: number): Box {
    const { depth, name } = xml;
    let [left, top, right, bottom] = [NONE, NONE, NONE, NONE];
    for (let element = bndbox + 1; element < this.#count && depth[element]! > 2; element++) {
      if (depth[element] !== 3) continue;
      const corner = name[element]! - XMIN;
      if (corner === 0 && left === NONE) left = element;
      else if (corner === 1 && top === NONE) top = element;
      else if (corner === 2 && right === NONE) right = element;
      else if (corner === 3 && bottom === NONE) bottom = element;
    }
    const [a, b, c, d] = [this.#number(left), this.#number(top), this.#number(right), this.#number(bottom)];
    if (!Number.isNaN(a + b + c + d)) return boxOfNumbers(a, b, c, d, this.#convention, NO_SIZE);
    const corner = (element: number): string => (element === NONE ? '' : this.#text(element));
    return boxOfTexts([corner(left), corner(top), corner(right), corner(bottom)], this.#convention, NO_SIZE);
  }

  /** NaN where it is not written plainly. */
  #number(element: number): number {
    return element === NONE ? NaN : quickNumber(this.#bytes, xml.from[element]!, xml.to[element]!);
  }

  #side(element: number): number | null {
    if (element === NONE) return null;
    const value = this.#number(element);
    return asSize(Number.isNaN(value) ? parseDecimal(this.#text(element)) : value);
  }

  /** Of an element that holds nothing else. */
  #text(element: number): string {
    const [from, to] = [xml.from[element]!, xml.to[element]!];
    // A line that ends as Windows has it is another text to XML.
    let isUsual = from >= 0;
    for (let at = from; isUsual && at < to; at++) isUsual = this.#bytes[at] !== RETURN;
    this.#isUsual &&= isUsual;
    return isUsual ? texts.of(this.#bytes, from, to) : '';
  }
}
