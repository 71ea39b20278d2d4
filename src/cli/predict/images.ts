/** The images to run, with the ids that their predictions get. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { RecordId, Truth } from '../../core/dataset/dataset';
import { BadInput } from '../../core/foundation/bad-input';
import type { FindingCollector } from '../../core/foundation/finding';
import { imageFinder } from '../../core/formats/join';
import { compareBytes } from '../../core/formats/names';
import type { ImageFile } from '../../engine/images/image-file';
import type { ImageLocator } from '../../engine/images/locate';
import { locatorOf, resolveBelow } from '../../engine/images/locate';
import { isFolder } from '../../engine/inference/files';

export interface RunImage {
  /** Relative to the folder, with `/`. */
  readonly name: string;
  readonly file: ImageFile;
  readonly id: RecordId;
}

export interface Shard {
  /** From 1. */
  readonly number: number;
  readonly of: number;
}

/** Images below a folder or in an archive, ordered by the bytes of their names. Throws `BadInput` where there are none. */
async function namesBelow(folder: string): Promise<{ names: readonly string[]; locator: ImageLocator }> {
  const locator = await locatorOf(folder);
  const { files } = locator;
  const [kept] = locator.findings;
  if (files.length === 0 && kept)
    throw new BadInput(kept.code, kept.message, 'Give the images as files.', { file: folder, ...kept.where });
  if (files.length === 0 && !(await isFolder(folder)))
    throw new BadInput(
      'not-a-folder',
      `${folder} is a file.`,
      'Give the folder of the images, or an archive of them.',
      { file: folder },
    );
  if (files.length === 0)
    throw new BadInput('no-images', `${folder} holds no images.`, 'Give the folder of the images.', {
      file: folder,
    });
  return { names: [...files].sort(compareBytes), locator };
}

/** Those of the truth, by file name; others are left out. */
function joined(
  images: readonly RunImage[],
  truth: Truth,
  folder: string,
  findings: FindingCollector,
): RunImage[] {
  const find = imageFinder(truth);
  const known = images.flatMap((image) => {
    const index = find(image.name);
    return index === undefined ? [] : [{ ...image, id: truth.images[index]!.id }];
  });
  if (known.length === 0)
    throw new BadInput(
      'images-not-joined',
      `No image of ${folder} has the file name of an image of the ground truth.`,
      'Give the folder of its images.',
      { file: folder },
    );
  const left = images.length - known.length;
  if (left > 0)
    findings.add(
      'images-not-joined',
      'info',
      'Images that the ground truth does not have were left out.',
      {},
      left,
    );
  const missing = truth.images.length - known.length;
  if (missing > 0)
    findings.add(
      'images-missing',
      'warning',
      'Images of the ground truth are not in the folder and get no predictions.',
      {},
      missing,
    );
  return known;
}

/** Ids are the truth's, else the rank of the name over all images of the folder, whatever the shard. */
export async function imagesToRun(
  folder: string,
  truth: Truth | null,
  shard: Shard | null,
  findings: FindingCollector,
): Promise<readonly RunImage[]> {
  const { names, locator } = await namesBelow(folder);
  for (const { code, severity, message, where, count } of locator.findings)
    findings.add(code, severity, message, where, count);
  const ranked = names.map((name, index): RunImage => ({
    name,
    file: resolveBelow(locator.root, locator.locationOf(name)) ?? path.join(folder, ...name.split('/')),
    id: index + 1,
  }));
  const chosen = truth === null ? ranked : joined(ranked, truth, folder, findings);
  return shard === null ? chosen : chosen.filter((_, index) => index % shard.of === shard.number - 1);
}

/** Changes where the images or their ids do. */
export function imagesFingerprint(images: readonly RunImage[]): string {
  const hash = createHash('sha256');
  for (const { name, id } of images) hash.update(`${name}\0${id}\n`);
  return hash.digest('hex');
}
