/** Pascal VOC annotation of one image: the kept document with its objects brought up to date, or a new one. */
import type { XmlElement } from '../xml-tree';
import { childElements, childText, parseXml, setChildText, writeXml } from '../xml-tree';
import type { BoxConvention } from '../conventions/box-convention';
import { conventionFor } from '../conventions/convention';
import { textsOfBox } from '../conventions/read-box';
import { parseExtra } from '../extra';
import { isDifficult, readBounds } from './annotation-facts';

export interface VocObject {
  readonly className: string;
  readonly box: readonly [number, number, number, number];
  readonly isDifficult: boolean;
  /** Place of the object in the kept document; null for a new one. */
  readonly place: number | null;
}

/** Pixels need none. */
const NO_SIZE = { width: 1, height: 1 };

const element = (name: string, ...children: (XmlElement | string)[]): XmlElement => ({
  name,
  attributes: {},
  children,
  line: 0,
});

function newDocument(fileName: string, width: number | null, height: number | null): XmlElement {
  const size = element(
    'size',
    element('width', String(width ?? 0)),
    element('height', String(height ?? 0)),
    element('depth', '3'),
  );
  return element(
    'annotation',
    element('folder', ''),
    element('filename', fileName),
    size,
    element('segmented', '0'),
  );
}

const newObject = (): XmlElement =>
  element(
    'object',
    element('name'),
    element('pose', 'Unspecified'),
    element('truncated', '0'),
    element('difficult', '0'),
    element('bndbox'),
  );

function update(
  object: XmlElement,
  { className, box, isDifficult: difficult }: VocObject,
  convention: BoxConvention,
): void {
  if (childText(object, 'name') !== className) setChildText(object, 'name', className);
  if (isDifficult(object) !== difficult) setChildText(object, 'difficult', difficult ? '1' : '0');
  const [known] = childElements(object, 'bndbox');
  const bounds = known ?? element('bndbox');
  if (!known) object.children.push(bounds);
  const [x, y, width, height] = box;
  const [oldX, oldY, oldWidth, oldHeight] = readBounds(bounds, convention);
  const [xmin, ymin, xmax, ymax] = textsOfBox(box, convention, NO_SIZE);
  // Numbers that did not change keep the way they were written.
  const isSameX = oldX === x && oldWidth === width;
  const isSameY = oldY === y && oldHeight === height;
  if (!isSameX) setChildText(bounds, 'xmin', xmin);
  if (!isSameY) setChildText(bounds, 'ymin', ymin);
  if (!isSameX) setChildText(bounds, 'xmax', xmax);
  if (!isSameY) setChildText(bounds, 'ymax', ymax);
}

/** `convention`: of the corners, those of the kept document too. */
export function writeVocAnnotation(
  image: {
    readonly fileName: string;
    readonly width: number | null;
    readonly height: number | null;
    readonly extra: string | null;
  },
  objects: readonly VocObject[],
  convention: BoxConvention = conventionFor('voc'),
): string {
  const kept = parseExtra(image.extra)['xml'];
  const root =
    typeof kept === 'string'
      ? parseXml(kept, image.fileName)
      : newDocument(image.fileName, image.width, image.height);
  const old = childElements(root, 'object');
  const byPlace = new Map(
    objects.flatMap((object) => (object.place === null ? [] : [[object.place, object] as const])),
  );
  old.forEach((node, place) => {
    const object = byPlace.get(place);
    if (object) update(node, object, convention);
    else root.children.splice(root.children.indexOf(node), 1);
  });
  for (const object of objects) {
    if (object.place !== null && object.place < old.length) continue;
    const node = newObject();
    update(node, object, convention);
    root.children.push(node);
  }
  return writeXml(root);
}
