import type { Progress } from '../foundation/cancellation';
import type { ImageFiles, ImageSize } from './format';

/** Sizes of images by their names, each as `names` has it; null where there is none. */
export async function sizesOfImages(
  images: ImageFiles,
  names: readonly string[],
  progress: Progress,
): Promise<readonly (ImageSize | null)[]> {
  if (images.sizesOf) return images.sizesOf(names, progress);
  const sizes: (ImageSize | null)[] = [];
  for (const name of names) {
    sizes.push(await images.sizeOf(name));
    progress.check();
  }
  return sizes;
}
