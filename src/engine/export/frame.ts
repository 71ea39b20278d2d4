/** The picture that exported boxes are of: the stored pixels, or the upright ones that viewers show. */
import type { Truth, TruthFormat } from '../../core/dataset/dataset';
import type { BoxTuple } from '../../core/geometry/orientation';
import { swapsSides, uprightFromStored } from '../../core/geometry/orientation';
import type { UprightLabels } from '../project/import-data';

/** Formats that say no size: their readers, and others, take that of the image as viewers show it. */
const SIZE_OF_THE_FILE: ReadonlySet<TruthFormat> = new Set(['yolo', 'darknet', 'open-images-csv', 'kitti']);

/**
 * The truth with boxes and sizes as they go out. `orientations`: EXIF's, by image. `upright`: how the labels came in.
 */
export function inFrameOf(
  truth: Truth,
  orientations: readonly number[],
  upright: UprightLabels,
  format: TruthFormat,
): Truth {
  const isTurned = truth.images.map(({ width, height }, image) => {
    const orientation = orientations[image] ?? 1;
    if (!width || !height || orientation === 1) return false;
    if (upright === 'all') return true;
    return (
      (upright === 'by-size' || SIZE_OF_THE_FILE.has(format)) && swapsSides(orientation) && width !== height
    );
  });
  if (!isTurned.includes(true)) return truth;
  const { annotations } = truth;
  const box = annotations.box.slice();
  for (let row = 0; row < annotations.count; row++) {
    const image = annotations.image[row]!;
    if (!isTurned[image]) continue;
    const { width, height } = truth.images[image]!;
    const stored = box.slice(row * 4, row * 4 + 4) as unknown as BoxTuple;
    box.set(uprightFromStored(stored, orientations[image]!, width!, height!), row * 4);
  }
  return {
    ...truth,
    images: truth.images.map((image, index) =>
      isTurned[index] && swapsSides(orientations[index]!)
        ? { ...image, width: image.height, height: image.width }
        : image,
    ),
    annotations: { ...annotations, box },
  };
}
