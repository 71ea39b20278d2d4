/** An export is read back: what it says has to be what was written. */
import type { Truth, TruthFormat } from '../../core/dataset/dataset';
import { conventionOf } from '../../core/formats/conventions/convention';
import { noProgress } from '../../core/foundation/cancellation';
import type { Progress } from '../../core/foundation/cancellation';
import type { ImageFiles } from '../../core/formats/format';
import { imageFinder } from '../../core/formats/join';
import { baseName, stemOf } from '../../core/formats/names';
import { recogniseSource } from '../../core/formats/recognise';
import { formatNamed } from '../../core/formats/registry';
import { openSource } from '../import/sources';

/** Sizes as the source knows them: images that were not copied have no file beside the export. */
function sizesOf(truth: Truth): ImageFiles {
  const find = imageFinder(truth);
  return {
    isGiven: true,
    names: () => Promise.resolve(truth.images.map(({ fileName }) => fileName)),
    sizeOf(name) {
      const image = truth.images[find(name) ?? -1];
      return Promise.resolve(
        image?.width && image.height ? { width: image.width, height: image.height } : null,
      );
    },
  };
}

/** Boxes by image (by the stem of its name), class and number: the order of records is no part of what they say. */
function contentOf(truth: Truth): Map<string, string[]> {
  const content = new Map<string, string[]>();
  const keys = truth.images.map(({ fileName }) => stemOf(baseName(fileName)));
  for (const key of keys) content.set(key, content.get(key) ?? []);
  const { annotations, categories } = truth;
  for (let row = 0; row < annotations.count; row++) {
    const box = annotations.box.subarray(row * 4, row * 4 + 4).join(' ');
    content
      .get(keys[annotations.image[row]!]!)!
      .push(`${categories[annotations.category[row]!]!.name}: ${box}`);
  }
  for (const list of content.values()) list.sort();
  return content;
}

/** Throws (a fault) where the export does not read back as it was written. With losses only the counts have to agree. */
export async function compareWithSource(
  target: string,
  format: TruthFormat,
  truth: Truth,
  hasLosses: boolean,
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
  if (again.images.length !== truth.images.length && !hasLosses)
    throw new Error(`The export reads back as ${again.images.length} of ${truth.images.length} images.`);
  if (hasLosses) return;
  const written = contentOf(truth);
  for (const [name, boxes] of contentOf(again)) {
    const expected = written.get(name) ?? [];
    if (boxes.length === expected.length && boxes.every((box, at) => box === expected[at])) continue;
    throw new Error(`The export reads back otherwise than it was written: ${name}.`);
  }
}
