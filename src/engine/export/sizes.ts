/** Sizes of images where their labels do not say them. */
import type { Truth } from '../../core/dataset/dataset';
import type { Holders } from '../images/locate';
import { findImageRoot } from '../images/locate';
import { imageFilesOf } from '../import/image-files';
import { openSource } from '../import/sources';

/** The truth with the sizes that image files tell; looked for as `findImageRoot` does. */
export async function withImageSizes(
  truth: Truth,
  near: string,
  given: string | null,
  own: Holders | null,
): Promise<Truth> {
  if (truth.images.every(({ width, height }) => width && height)) return truth;
  const locator = await findImageRoot(
    truth.images.map(({ fileName }) => fileName),
    near,
    given,
    own,
  );
  if (!locator) return truth;
  const [at = locator.root] = locator.holders;
  const files = imageFilesOf(await openSource(at), null);
  const images = [];
  for (const image of truth.images) {
    const size = image.width && image.height ? null : await files.sizeOf(image.fileName);
    images.push(size ? { ...image, ...size } : image);
  }
  return { ...truth, images };
}
