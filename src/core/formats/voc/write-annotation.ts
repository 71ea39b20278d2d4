/** Pascal VOC annotation of one image: the kept document with its objects brought up to date, or a new one. */
import type { XmlElement } from '../xml-tree';
import { childElements, childText, parseXml, setChildText, writeXml } from '../xml-tree';
import { farCorner } from '../decimal';
import { parseExtra } from '../extra';
import { isDifficult, readBounds } from './read-annotation';

export interface VocObject {
  readonly className: string;
  readonly box: readonly [number, number, number, number];
  readonly isDifficult: boolean;
  /** Place of the object in the kept document; null for a new one. */
  readonly place: number | null;
}

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

/** `isOfficial`: corners as the reader was told that they are. */
function update(
  object: XmlElement,
  { className, box, isDifficult: difficult }: VocObject,
  isOfficial: boolean,
): void {
  if (childText(object, 'name') !== className) setChildText(object, 'name', className);
  if (isDifficult(object) !== difficult) setChildText(object, 'difficult', difficult ? '1' : '0');
  const [known] = childElements(object, 'bndbox');
  const bounds = known ?? element('bndbox');
  if (!known) object.children.push(bounds);
  const [x, y, width, height] = box;
  const [oldX, oldY, oldWidth, oldHeight] = readBounds(bounds, isOfficial);
  const shift = isOfficial ? 1 : 0;
  // Numbers that did not change keep the way they were written.
  const isSameX = oldX === x && oldWidth === width;
  const isSameY = oldY === y && oldHeight === height;
  if (!isSameX) setChildText(bounds, 'xmin', String(x + shift));
  if (!isSameY) setChildText(bounds, 'ymin', String(y + shift));
  if (!isSameX) setChildText(bounds, 'xmax', farCorner(x, width));
  if (!isSameY) setChildText(bounds, 'ymax', farCorner(y, height));
}

/** `isOfficial`: corners count pixels from 1, as `ReadOptions.vocOfficial`. */
export function writeVocAnnotation(
  image: {
    readonly fileName: string;
    readonly width: number | null;
    readonly height: number | null;
    readonly extra: string | null;
  },
  objects: readonly VocObject[],
  isOfficial = false,
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
    if (object) update(node, object, isOfficial);
    else root.children.splice(root.children.indexOf(node), 1);
  });
  for (const object of objects) {
    if (object.place !== null && object.place < old.length) continue;
    const node = newObject();
    update(node, object, isOfficial);
    root.children.push(node);
  }
  return writeXml(root);
}
