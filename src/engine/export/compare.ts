/** An export is read back: what it says has to be what was written. */
import type { Truth, TruthFormat } from '../../core/dataset/dataset';
import { conventionOf } from '../../core/formats/conventions/convention';
import { noProgress } from '../../core/foundation/cancellation';
import type { Progress } from '../../core/foundation/cancellation';
import type { Finding } from '../../core/foundation/finding';
import type { ImageFiles } from '../../core/formats/format';
import { imageFinder } from '../../core/formats/join';
import { baseName, safeRelativePath, stemOf } from '../../core/formats/names';
import { recogniseSource } from '../../core/formats/recognise';
import { formatNamed } from '../../core/formats/registry';
import { openSource } from '../import/sources';

/** Sizes as the source knows them, by the names that files are written under: images that were not copied have no file. */
function sizesOf(truth: Truth): ImageFiles {
  const images = truth.images.map((image) => ({ ...image, fileName: safeRelativePath(image.fileName) }));
  const find = imageFinder({ images });
  return {
    isGiven: true,
    names: () => Promise.resolve(images.map(({ fileName }) => fileName)),
    sizeOf(name) {
      const image = images[find(safeRelativePath(name)) ?? -1];
      return Promise.resolve(
        image?.width && image.height ? { width: image.width, height: image.height } : null,
      );
    },
  };
}

/** What the losses that were allowed change in what is read back. */
interface Expected {
  /** Boxes of images without a size have no place. */
  readonly needsSizes: boolean;
  readonly classOf: (name: string) => string;
}

const plainClass = (name: string): string => name.trim().replace(/\s+/g, '_') || '_';

const keyOf = (fileName: string): string => stemOf(baseName(safeRelativePath(fileName)));

/** Boxes by image (by the stem of its name), class and number: the order of records is no part of what they say. */
function contentOf(truth: Truth, { needsSizes, classOf }: Expected): Map<string, string[]> {
  const content = new Map<string, string[]>();
  const keys = truth.images.map(({ fileName }) => keyOf(fileName));
  for (const key of keys) content.set(key, content.get(key) ?? []);
  const { annotations, categories, images } = truth;
  for (let row = 0; row < annotations.count; row++) {
    const image = annotations.image[row]!;
    if (needsSizes && !(images[image]!.width && images[image]!.height)) continue;
    const box = annotations.box.subarray(row * 4, row * 4 + 4).join(' ');
    content.get(keys[image]!)!.push(`${classOf(categories[annotations.category[row]!]!.name)}: ${box}`);
  }
  for (const list of content.values()) list.sort();
  return content;
}

/** Names of which the target has room for one image, and the truth has several. */
function sharedKeys(truth: Truth): Set<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { fileName } of truth.images) {
    const key = keyOf(fileName);
    if (seen.has(key)) shared.add(key);
    seen.add(key);
  }
  return shared;
}

/** Whether the boxes are the expected ones; `isPart`: some of them, each as often at most. Both are sorted. */
function agree(boxes: readonly string[], expected: readonly string[], isPart: boolean): boolean {
  if (!isPart) return boxes.length === expected.length && boxes.every((box, at) => box === expected[at]);
  let at = 0;
  for (const box of boxes) {
    while (at < expected.length && expected[at]! < box) at++;
    if (expected[at++] !== box) return false;
  }
  return true;
}

/**
 * Throws (a fault) where the export does not read back as it was written. Losses that were allowed excuse what they name
 * and nothing else: every box that the format can say has to be there.
 */
export async function compareWithSource(
  target: string,
  format: TruthFormat,
  truth: Truth,
  losses: readonly Finding[],
  progress: Progress,
): Promise<void> {
  progress.report('Comparing', 0, 1);
  const source = await openSource(target);
  const found = (await recogniseSource(source)).find((one) => one.format.name === format);
  const { truth: again } = await formatNamed(format)!.readTruth!(source, found?.paths ?? source.paths, {
    file: target,
    conventions: conventionOf(truth, format),
    labelMap: null,
    images: sizesOf(truth),
    progress: { ...noProgress, check: () => progress.check() },
  });
  const lost = (code: string): number =>
    losses.reduce((sum, loss) => sum + (loss.code === code ? loss.count : 0), 0);
  const missing = truth.images.length - again.images.length;
  if (missing !== 0 && !(missing > 0 && missing <= lost('images-lost') + lost('names-collide')))
    throw new Error(`The export reads back as ${again.images.length} of ${truth.images.length} images.`);
  const expected: Expected = {
    needsSizes: lost('sizes-missing') > 0,
    classOf: lost('names-changed') > 0 ? plainClass : (name) => name,
  };
  const shared = lost('names-collide') > 0 ? sharedKeys(truth) : new Set<string>();
  const written = contentOf(truth, expected);
  const read = contentOf(again, { ...expected, needsSizes: false });
  for (const [name, boxes] of read)
    if (!agree(boxes, written.get(name) ?? [], shared.has(name)))
      throw new Error(`The export reads back otherwise than it was written: ${name}.`);
  const gone = [...written.keys()].filter((name) => !read.has(name));
  if (gone.length > lost('images-lost'))
    throw new Error(`The export reads back without an image that was written: ${gone[0]}.`);
}
