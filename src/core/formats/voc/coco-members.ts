/**
 * What a VOC file holds beyond boxes (pose, truncated, source, ...) as members of COCO records, so that a change of
 * format loses none of it. Text stays text; whole numbers become numbers.
 */
import type { Truth } from '../../dataset/dataset';
import { parseExtra } from '../extra';
import type { XmlElement } from '../xml-tree';
import { childElements, parseXml, textOf } from '../xml-tree';

const OF_IMAGE = new Set(['filename', 'object', 'size']);
const OF_OBJECT = new Set(['name', 'difficult']);
/** Names that mean something else in COCO. */
const TAKEN = new Set([
  ...['id', 'image_id', 'category_id', 'bbox', 'area', 'iscrowd', 'difficult', 'group_of', 'ignore'],
  ...['file_name', 'width', 'height', 'subsets', 'segmentation', 'keypoints', 'score'],
]);

type Members = [name: string, value: unknown][];

const valueOfText = (text: string): string | number =>
  /^(?:0|-?[1-9]\d{0,14})$/.test(text) ? Number(text) : text;

function valueOf(element: XmlElement): unknown {
  const members = membersOf(element, () => false);
  if (members.length === 0) return valueOfText(textOf(element));
  const text = textOf(element);
  return Object.fromEntries(text === '' ? members : [...members, ['#text', text]]);
}

/** Attributes (`@name`) and child elements; those of one name as a list. */
function membersOf(element: XmlElement, isKnown: (child: XmlElement, place: number) => boolean): Members {
  const members: Members = Object.entries(element.attributes).map(([name, text]) => [`@${name}`, text]);
  const children = element.children.filter((child) => typeof child !== 'string');
  const byName = new Map<string, unknown[]>();
  const places = new Map<string, number>();
  for (const child of children) {
    const place = places.get(child.name) ?? 0;
    places.set(child.name, place + 1);
    if (isKnown(child, place)) continue;
    const values = byName.get(child.name) ?? [];
    values.push(valueOf(child));
    byName.set(child.name, values);
  }
  for (const [name, values] of byName) {
    members.push([TAKEN.has(name) ? `voc_${name}` : name, values.length === 1 ? values[0] : values]);
  }
  return members;
}

const textOfMembers = (members: Members): string | null =>
  members.length > 0 ? JSON.stringify(Object.fromEntries(members)) : null;

/** The truth of a VOC folder as a COCO writer takes it; subsets become a member of their images. */
export function withCocoMembers(truth: Truth): Truth {
  const subsetsOf = truth.images.map((): string[] => []);
  for (const { name, images } of truth.subsets) for (const image of images) subsetsOf[image]!.push(name);
  const objectsOf: (readonly XmlElement[])[] = [];
  const images = truth.images.map((image, index) => {
    const kept = parseExtra(image.extra)['xml'];
    const root = typeof kept === 'string' ? parseXml(kept, image.fileName) : null;
    objectsOf.push(root ? childElements(root, 'object') : []);
    const members = root
      ? membersOf(root, ({ name }, place) => OF_IMAGE.has(name) && (name === 'object' || place === 0))
      : [];
    const [size] = root ? childElements(root, 'size') : [];
    if (size) members.push(...membersOf(size, ({ name }) => name === 'width' || name === 'height'));
    if (subsetsOf[index]!.length > 0) members.push(['subsets', subsetsOf[index]]);
    return { ...image, extra: textOfMembers(members) };
  });
  const extra = new Map<number, string>();
  for (const [row, place] of truth.annotations.extra) {
    const object = objectsOf[truth.annotations.image[row]!]![Number(place)];
    if (!object) continue;
    const text = textOfMembers(
      membersOf(object, ({ name }, at) => at === 0 && (OF_OBJECT.has(name) || name === 'bndbox')),
    );
    if (text !== null) extra.set(row, text);
  }
  return { ...truth, images, annotations: { ...truth.annotations, extra } };
}
