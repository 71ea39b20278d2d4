/** Sizes of images where their labels do not say them. */
import type { Truth } from '../../core/dataset/dataset';
import { findImageRoot } from '../images/locate';
import { imageFilesOf } from '../import/image-files';
import { folderSource } from '../import/sources';

/** The truth with the sizes that image files tell; `given`: folder of the images, else they are looked for. */
export async function withImageSizes(truth: Truth, near: string, given: string | null): Promise<Truth> {
  if (truth.images.every(({ width, height }) => width && height)) return truth;
  const locator = await findImageRoot(
    truth.images.map(({ fileName }) => fileName),
    near,
    given,
  );
  if (!locator) return truth;
  const files = imageFilesOf(await folderSource(locator.root), null);
  const images = [];
  for (const image of truth.images) {
    const size = image.width && image.height ? null : await files.sizeOf(image.fileName);
    images.push(size ? { ...image, ...size } : image);
  }
  return { ...truth, images };
}
