/** What a format cannot say of a truth: found before anything is written. */
import type { Truth } from '../../core/dataset/dataset';
import { FLAG_CROWD, FLAG_DIFFICULT, FLAG_GROUP_OF, FLAG_IGNORE } from '../../core/dataset/dataset';
import type { Finding } from '../../core/foundation/finding';
import { FindingCollector } from '../../core/foundation/finding';
import { parseExtra } from '../../core/formats/extra';
import type { TruthWriter } from '../../core/formats/format';
import { normaliseFileName, safeRelativePath, stemOf } from '../../core/formats/names';

const FLAGS: readonly (readonly [flag: number, code: string, what: string])[] = [
  [FLAG_CROWD, 'crowd-lost', 'that a box is a crowd'],
  [FLAG_GROUP_OF, 'flags-lost', 'group-of'],
  [FLAG_IGNORE, 'flags-lost', 'that a box is to be ignored'],
  [FLAG_DIFFICULT, 'difficult-lost', 'that a box is difficult'],
];

const countFlag = (truth: Truth, flag: number): number =>
  truth.annotations.flags.reduce((sum, flags) => sum + (flags & flag ? 1 : 0), 0);

/** Kept fields that the format has no place for. COCO takes members of any name, others their own documents. */
function keptExtras(truth: Truth, format: string): number {
  if (format === 'coco' || truth.format === format) return 0;
  const inImages = truth.images.filter(({ extra }) => extra !== null).length;
  if (truth.format === 'voc') return inImages;
  const inCategories = truth.categories.filter(({ extra }) => extra !== null).length;
  return inImages + inCategories + truth.annotations.extra.size + (truth.extra === null ? 0 : 1);
}

/** Of so many records of a kind the kept fields' names are looked at. */
const LOOKED_AT = 1000;
const MOST_NAMES = 6;

/** Names of kept fields, as the source calls them; VOC's are whole documents without any. */
function keptNames(truth: Truth): string {
  if (truth.format === 'voc') return '';
  const kept = [
    truth.extra,
    ...truth.images.slice(0, LOOKED_AT).map(({ extra }) => extra),
    ...truth.categories.slice(0, LOOKED_AT).map(({ extra }) => extra),
    ...[...truth.annotations.extra.values()].slice(0, LOOKED_AT),
  ];
  const names = [...new Set(kept.flatMap((extra) => Object.keys(parseExtra(extra))))];
  if (names.length === 0) return '';
  return ` (${names.slice(0, MOST_NAMES).join(', ')}${names.length > MOST_NAMES ? ', …' : ''})`;
}

/** Areas that are not width times height, which formats without an area cannot say. */
function ownAreas({ annotations: { count, box, area } }: Truth): number {
  let own = 0;
  for (let row = 0; row < count; row++) {
    const ofBox = box[row * 4 + 2]! * box[row * 4 + 3]!;
    if (Math.abs(area[row]! - ofBox) > 1e-9 * ofBox) own++;
  }
  return own;
}

const repeats = (names: readonly string[]): number => names.length - new Set(names).size;

/** A loss in a sentence, with how often it would happen. */
export const lossText = ({ message, count }: Finding): string =>
  count > 1 ? `${message.replace(/\.$/, '')} (${count} times).` : message;

/** Whether it needs consent. */
export const isLoss = ({ severity }: Finding): boolean => severity !== 'info';

/** What reading a file of the format again would not give back. */
export function lossesOf(truth: Truth, format: string, writer: TruthWriter): Finding[] {
  const { expresses } = writer;
  const losses = new FindingCollector();
  const lose = (code: string, message: string, count: number): void => {
    // Splits are said, and need no consent: images, boxes, classes, flags and kept fields are all there without them.
    if (count > 0) losses.add(code, code === 'subsets-lost' ? 'info' : 'warning', message, {}, count);
  };
  for (const [flag, code, what] of FLAGS)
    if (!(expresses.flags & flag)) lose(code, `${format} cannot say ${what}.`, countFlag(truth, flag));
  if (!expresses.repeatedClassNames)
    lose(
      'names-ambiguous',
      `${format} cannot hold classes of one name apart.`,
      repeats(truth.categories.map(({ name }) => name)),
    );
  if (expresses.fileByStem)
    lose(
      'names-collide',
      `${format} keeps one file a name: images of the same name in several folders collide.`,
      repeats(truth.images.map(({ fileName }) => stemOf(safeRelativePath(fileName)))),
    );
  if (expresses.namesArePaths)
    lose(
      'image-names-changed',
      `${format} calls images as their files, and no file can be called so on every system: characters such as : and " become _.`,
      truth.images.filter(({ fileName }) => safeRelativePath(fileName) !== normaliseFileName(fileName))
        .length,
    );
  if (!expresses.subsets)
    lose('subsets-lost', `${format} cannot hold subsets (splits).`, truth.subsets.length);
  const extras = keptExtras(truth, format);
  if (extras > 0)
    lose(
      'fields-lost',
      `Fields that were kept from the source${keptNames(truth)} have no place in ${format}.`,
      extras,
    );
  if (!expresses.area)
    lose('areas-lost', `${format} cannot say an area other than width times height.`, ownAreas(truth));
  if (!expresses.emptyClasses) {
    const used = new Set(truth.annotations.category);
    lose(
      'classes-lost',
      `${format} cannot hold classes without boxes.`,
      truth.categories.filter((_, index) => !used.has(index)).length,
    );
  }
  if (expresses.needsSizes) {
    const { image } = truth.annotations;
    const unsized = (index: number): boolean => !truth.images[index]!.width || !truth.images[index]!.height;
    lose(
      'sizes-missing',
      `${format} writes shares of the image, and the size of some images is not known: their boxes are left out.`,
      image.reduce((sum, index) => sum + (unsized(index) ? 1 : 0), 0),
    );
  }
  for (const [code, message, count] of writer.losses?.(truth) ?? []) lose(code, message, count);
  return losses.list();
}
