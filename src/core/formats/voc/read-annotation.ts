/**
 * One Pascal VOC annotation file. Boxes keep the file's numbers (x = xmin, width = xmax - xmin), unless the corners are
 * said to be otherwise: the official sets count pixels from 1 and include the last one (x = xmin - 1, width = xmax - x).
 */
import { BadInput } from '../../foundation/bad-input';
import type { FindingPlace } from '../../foundation/finding';
import type { NamedImage, NamedObject } from '../given-ids';
import { boundsOfPoints } from '../json/read-json';
import type { Box } from '../named-truth';
import { baseName, fileNameProblem, normaliseFileName, stemOf } from '../names';
import type { ReadOptions, RecordReporter } from '../reading';
import type { BoxConvention } from '../conventions/box-convention';
import { conventionFor } from '../conventions/convention';
import type { FourTexts } from '../conventions/read-box';
import { boxOfTexts } from '../conventions/read-box';
import { parseDecimal } from '../decimal';
import { decodeXml } from '../xml-text';
import type { XmlElement } from '../xml-tree';
import { childElements, childText, parseXml } from '../xml-tree';
import { isOutside } from '../box-checks';

const CORNERS = ['xmin', 'ymin', 'xmax', 'ymax'] as const;
/** Pixels need none. */
const NO_SIZE = { width: 1, height: 1 };

const asSize = (text: string | null): number | null => {
  const value = parseDecimal(text ?? '');
  return Number.isFinite(value) && value > 0 ? value : null;
};

function sizeOf(root: XmlElement): { readonly width: number | null; readonly height: number | null } {
  const [size] = childElements(root, 'size');
  if (size) return { width: asSize(childText(size, 'width')), height: asSize(childText(size, 'height')) };
  const [rows] = childElements(root, 'imagesize');
  return {
    width: asSize(rows ? childText(rows, 'ncols') : null),
    height: asSize(rows ? childText(rows, 'nrows') : null),
  };
}

function readObject(
  element: XmlElement,
  index: number,
  size: NamedImage | Pick<NamedImage, 'fileName' | 'width' | 'height'>,
  file: string,
  report: RecordReporter,
  convention: BoxConvention,
): NamedObject | null {
  const where = { file, line: element.line, record: index, image: size.fileName };
  const name = childText(element, 'name');
  if (name === null || name === '') {
    report.leaveOut('object-without-class', 'An object has no name and was left out.', where);
    return null;
  }
  if (childText(element, 'deleted') === '1') {
    report.note('object-deleted', 'info', 'Objects that were deleted in LabelMe are not read.', where);
    return null;
  }
  const bounds = boundsOfObject(element, report, where, convention);
  if (!bounds) {
    report.leaveOut('box-invalid', 'An object has no bndbox and was left out.', where);
    return null;
  }
  if (!bounds.every(Number.isFinite)) {
    report.leaveOut(
      'box-not-finite',
      'A box holds something that is not a finite number; the object was left out.',
      where,
    );
    return null;
  }
  if (bounds[2] < 0 || bounds[3] < 0) {
    report.leaveOut('box-negative', 'A box has its corners swapped; the object was left out.', where);
    return null;
  }
  if (bounds[2] === 0 || bounds[3] === 0)
    report.note('box-without-area', 'warning', 'A box has no area; it is kept and can match nothing.', where);
  if (isOutside(...bounds, size.width, size.height))
    report.note(
      'box-outside-image',
      'warning',
      'A box reaches outside its image; it is kept as it is.',
      where,
    );
  return {
    className: name,
    box: bounds,
    isDifficult: isDifficult(element),
    extra: String(index),
  };
}

/** Of its bndbox, or of its polygon where it has none, as the older LabelMe writes it (XML, also called LabelMe 3.0). */
function boundsOfObject(
  element: XmlElement,
  report: RecordReporter,
  where: FindingPlace,
  convention: BoxConvention,
): Box | null {
  const [box, ...others] = childElements(element, 'bndbox');
  if (others.length > 0)
    report.note('boxes-repeated', 'warning', 'An object has several boxes; the first is taken.', where);
  if (box) return readBounds(box, convention);
  const points = childElements(element, 'polygon').flatMap((polygon) => childElements(polygon, 'pt'));
  if (points.length > 0 && childText(element, 'type') !== 'bounding_box')
    report.note('polygons-as-boxes', 'info', 'Polygons are read as the boxes around them.', where);
  return boundsOfPoints(
    points.map((point) => ['x', 'y'].map((name) => parseDecimal(childText(point, name) ?? ''))),
  );
}

/** `[x, y, width, height]` of a bndbox; not finite where it is not of four numbers. */
export function readBounds(bndbox: XmlElement, convention: BoxConvention): Box {
  const [xmin, ymin, xmax, ymax] = CORNERS.map(
    (name) => childText(bndbox, name) ?? '',
  ) as unknown as FourTexts;
  return boxOfTexts([xmin, ymin, xmax, ymax], convention, NO_SIZE);
}

export function isDifficult(object: XmlElement): boolean {
  const text = childText(object, 'difficult') ?? '';
  const value = parseDecimal(text);
  return Number.isNaN(value) ? /^(?:true|yes)$/i.test(text) : value !== 0;
}

/**
 * `file`: the XML file; its name gives the image's where it says none itself. With `keepExtra` the whole
 * document is kept, so that exporting changes nothing else in it.
 */
export function readVocAnnotation(
  bytes: Uint8Array,
  file: string,
  report: RecordReporter,
  { keepExtra = false, conventions = {} }: Pick<ReadOptions, 'keepExtra' | 'conventions'>,
): NamedImage {
  const { text, isGuessed } = decodeXml(bytes);
  if (isGuessed)
    report.note(
      'text-not-utf8',
      'warning',
      'An annotation file is not in the encoding that it names (UTF-8 where it names none); it was read as Windows-1252.',
      { file },
    );
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
  const { width, height } = sizeOf(root);
  if (width === null || height === null)
    report.note(
      'image-without-size',
      'info',
      'An image has no usable size; it is read from its file where there is one.',
      { file, image: fileName },
    );
  const image = { fileName, width, height };
  const convention = conventionFor('voc', conventions);
  const objects = childElements(root, 'object').flatMap(
    (element, index) => readObject(element, index, image, file, report, convention) ?? [],
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
