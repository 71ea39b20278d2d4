/** One Pascal VOC annotation file. Boxes keep the file's numbers: x = xmin, width = xmax - xmin, no shift. */
import { BadInput } from '../../foundation/bad-input';
import type { NamedImage, NamedObject } from '../given-ids';
import { baseName, fileNameProblem, normaliseFileName, stemOf } from '../names';
import type { RecordReporter } from '../reading';
import { decodeText } from '../text';
import type { XmlElement } from '../xml-tree';
import { childElements, childText, parseXml } from '../xml-tree';
import { isOutside } from '../box-checks';

const DECLARED_ENCODING = /^<\?xml[^>]*\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']/;

/** Text of an XML file by its mark or its declaration. */
export function decodeXml(bytes: Uint8Array): string {
  const head = String.fromCharCode(...bytes.subarray(0, 200));
  const { text } = decodeText(bytes, DECLARED_ENCODING.exec(head)?.[1] ?? null);
  return text.replace(/^\ufeff/, '');
}

const asNumber = (text: string | null): number => (text === null || text === '' ? NaN : Number(text));
const asSize = (text: string | null): number | null => {
  const value = asNumber(text);
  return Number.isFinite(value) && value > 0 ? value : null;
};

function readObject(
  element: XmlElement,
  index: number,
  size: NamedImage | Pick<NamedImage, 'fileName' | 'width' | 'height'>,
  file: string,
  report: RecordReporter,
): NamedObject | null {
  const where = { file, line: element.line, record: index, image: size.fileName };
  const name = childText(element, 'name');
  if (name === null || name === '') {
    report.leaveOut('object-without-class', 'An object has no name and was left out.', where);
    return null;
  }
  const boxes = childElements(element, 'bndbox');
  const [box] = boxes;
  if (!box) {
    report.leaveOut('box-invalid', 'An object has no bndbox and was left out.', where);
    return null;
  }
  if (boxes.length > 1)
    report.note('boxes-repeated', 'warning', 'An object has several boxes; the first is taken.', where);
  const [left, top, right, bottom] = ['xmin', 'ymin', 'xmax', 'ymax'].map((key) =>
    asNumber(childText(box, key)),
  ) as [number, number, number, number];
  if (![left, top, right, bottom].every(Number.isFinite)) {
    report.leaveOut(
      'box-not-finite',
      'A box holds something that is not a finite number; the object was left out.',
      where,
    );
    return null;
  }
  if (right < left || bottom < top) {
    report.leaveOut('box-negative', 'A box has its corners swapped; the object was left out.', where);
    return null;
  }
  const bounds = [left, top, right - left, bottom - top] as const;
  if (right === left || bottom === top)
    report.note('box-without-area', 'warning', 'A box has no area; it is kept and can match nothing.', where);
  if (isOutside(...bounds, size.width, size.height))
    report.note(
      'box-outside-image',
      'warning',
      'A box reaches outside its image; it is kept as it is.',
      where,
    );
  const difficult = childText(element, 'difficult');
  return {
    className: name,
    box: bounds,
    isDifficult: difficult !== null && difficult !== '' && difficult !== '0',
    extra: String(index),
  };
}

/**
 * `stem`: the XML file's name without extension; the image's name where the file says none. With `keepExtra` the whole
 * document is kept, so that exporting changes nothing else in it.
 */
export function readVocAnnotation(
  bytes: Uint8Array,
  file: string,
  report: RecordReporter,
  keepExtra: boolean,
): NamedImage {
  const text = decodeXml(bytes);
  const root = parseXml(text, file);
  if (root.name !== 'annotation') {
    throw new BadInput(
      'not-voc',
      `The XML's root is <${root.name}>, not <annotation>.`,
      'Check that it is a Pascal VOC annotation.',
      { file },
    );
  }
  const fileName = imageName(root, file, report);
  const [size] = childElements(root, 'size');
  const width = size ? asSize(childText(size, 'width')) : null;
  const height = size ? asSize(childText(size, 'height')) : null;
  if (width === null || height === null)
    report.note(
      'image-without-size',
      'info',
      'An image has no usable size; it is read from its file where there is one.',
      { file, image: fileName },
    );
  const image = { fileName, width, height };
  const objects = childElements(root, 'object').flatMap(
    (element, index) => readObject(element, index, image, file, report) ?? [],
  );
  const kept = objects.map((object) => (keepExtra ? object : { ...object, extra: null }));
  return { ...image, objects: kept, extra: keepExtra ? JSON.stringify({ xml: text }) : null };
}

function imageName(root: XmlElement, file: string, report: RecordReporter): string {
  const stem = stemOf(file);
  const written = normaliseFileName(childText(root, 'filename') ?? '');
  const where = { file, line: root.line };
  if (written === '') {
    report.note('name-missing', 'info', 'An annotation names no image; its own name is taken.', where);
    return `${stem}.jpg`;
  }
  const problem = fileNameProblem(written);
  if (problem)
    report.note('name-unsafe', 'warning', `A file name ${problem}; only its last part is used.`, where);
  const name = problem ? baseName(written) : written;
  if (!/\.[A-Za-z0-9]{2,5}$/.test(name)) {
    report.note(
      'name-without-extension',
      'info',
      'An image name has no extension; .jpg is taken where no file tells.',
      where,
    );
    return `${name}.jpg`;
  }
  if (stemOf(name) !== stem)
    report.note(
      'name-differs',
      'info',
      'An annotation file is called otherwise than the image it names.',
      where,
    );
  return name;
}
