/** What a Pascal VOC annotation file says, before anything is made of it. */
import type { BoxConvention } from '../conventions/box-convention';
import type { FourTexts } from '../conventions/read-box';
import { boxOfTexts } from '../conventions/read-box';
import { parseDecimal } from '../decimal';
import { boundsOfPoints } from '../json/read-json';
import type { Box } from '../named-truth';
import type { XmlElement } from '../xml-tree';
import { childElements, childText } from '../xml-tree';

/** Null: it says nothing of that. Of elements that are repeated the first counts. */
export interface AnnotationFacts {
  /** Line of the root, from 1. */
  readonly line: number;
  readonly fileName: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly objects: readonly ObjectFacts[];
}

export interface ObjectFacts {
  /** Of its opening tag, from 1. */
  readonly line: number;
  readonly name: string | null;
  readonly isDifficult: boolean;
  /** In LabelMe. */
  readonly isDeleted: boolean;
  /** How many bndbox it has. */
  readonly boxes: number;
  /** The polygons were drawn as such: they are more than a box. */
  readonly isOutline: boolean;
  /** Not finite where it is not of four numbers. */
  readonly box: Box | null;
}

/** Pixels need none. */
export const NO_SIZE = { width: 1, height: 1 };
const CORNERS = ['xmin', 'ymin', 'xmax', 'ymax'] as const;

export const asSize = (value: number): number | null => (Number.isFinite(value) && value > 0 ? value : null);
/** Pixels, or null where they are none. */
const sizeOfText = (text: string | null): number | null => asSize(parseDecimal(text ?? ''));

/** Of any document whose root is an `annotation`. */
export function factsOfTree(root: XmlElement, convention: BoxConvention): AnnotationFacts {
  return {
    line: root.line,
    fileName: childText(root, 'filename'),
    ...sizeOf(root),
    objects: childElements(root, 'object').map((element) => objectOf(element, convention)),
  };
}

function sizeOf(root: XmlElement): Pick<AnnotationFacts, 'width' | 'height'> {
  const [size] = childElements(root, 'size');
  if (size)
    return { width: sizeOfText(childText(size, 'width')), height: sizeOfText(childText(size, 'height')) };
  const [rows] = childElements(root, 'imagesize');
  return {
    width: sizeOfText(rows ? childText(rows, 'ncols') : null),
    height: sizeOfText(rows ? childText(rows, 'nrows') : null),
  };
}

function objectOf(element: XmlElement, convention: BoxConvention): ObjectFacts {
  const boxes = childElements(element, 'bndbox');
  const points = boxes.length > 0 ? [] : pointsOf(element);
  return {
    line: element.line,
    name: childText(element, 'name'),
    isDifficult: isDifficult(element),
    isDeleted: childText(element, 'deleted') === '1',
    boxes: boxes.length,
    isOutline: points.length > 0 && childText(element, 'type') !== 'bounding_box',
    box: boxes[0] ? readBounds(boxes[0], convention) : boundsOfPoints(points),
  };
}

/** Of an object without a bndbox, as the older LabelMe writes it (XML, also called LabelMe 3.0). */
function pointsOf(element: XmlElement): number[][] {
  const points = childElements(element, 'polygon').flatMap((polygon) => childElements(polygon, 'pt'));
  return points.map((point) => ['x', 'y'].map((name) => parseDecimal(childText(point, name) ?? '')));
}

/** `[x, y, width, height]` of a bndbox; not finite where it is not of four numbers. */
export function readBounds(bndbox: XmlElement, convention: BoxConvention): Box {
  const texts = CORNERS.map((name) => childText(bndbox, name) ?? '') as unknown as FourTexts;
  return boxOfTexts(texts, convention, NO_SIZE);
}

export const isDifficult = (object: XmlElement): boolean =>
  isDifficultText(childText(object, 'difficult') ?? '');

export function isDifficultText(text: string): boolean {
  const value = parseDecimal(text);
  return Number.isNaN(value) ? /^(?:true|yes)$/i.test(text) : value !== 0;
}
