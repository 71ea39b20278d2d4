/** From an examined import to what the project writes: image files are probed and boxes brought to stored pixels. */
import path from 'node:path';
import type { PredictionColumns, Truth } from '../../core/dataset/dataset';
import type { BoxConvention } from '../../core/formats/conventions/box-convention';
import { conventionOf } from '../../core/formats/conventions/convention';
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';
import type { BoxTuple } from '../../core/geometry/orientation';
import { storedFromUpright, swapsSides } from '../../core/geometry/orientation';
import type { ImageLocator } from '../images/locate';
import { resolveBelow } from '../images/locate';
import { hashFile, probeImage } from '../images/probe';
import type { ProbedImage, TruthImport } from '../project/import-data';
import type { ProjectSession } from '../project/session';

const AT_ONCE = 8;
const MISSING: ProbedImage = {
  location: null,
  bytes: null,
  hash: null,
  width: null,
  height: null,
  orientation: 1,
};

async function probeOne(locator: ImageLocator, name: string): Promise<ProbedImage> {
  const location = locator.find(name);
  const file = location === null ? null : resolveBelow(locator.root, location);
  if (file === null) return MISSING;
  const facts = await probeImage(file);
  const hash = await hashFile(file).catch((error: unknown) => {
    // A part that is not what its holder says it is: the image is not there.
    if (error instanceof BadInput) return null;
    throw error;
  });
  if (hash === null) return MISSING;
  return {
    location,
    bytes: facts?.bytes ?? null,
    hash,
    width: facts?.width ?? null,
    height: facts?.height ?? null,
    orientation: facts?.orientation ?? 1,
  };
}

export async function probeImages(
  names: readonly string[],
  locator: ImageLocator | null,
  progress: Progress,
): Promise<ProbedImage[]> {
  const probes: ProbedImage[] = new Array<ProbedImage>(names.length).fill(MISSING);
  if (!locator) return probes;
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < names.length; index = next++) {
      progress.check();
      probes[index] = await probeOne(locator, names[index]!);
      progress.report('Reading images', ++done, names.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return probes;
}

/** What is known of a stored image's file. */
type Stored = Pick<ProbedImage, 'width' | 'height' | 'orientation'>;
type Size = { readonly width: number | null; readonly height: number | null };

/** Whether boxes of an image are in the pixels that viewers show, and not in the stored ones. */
function isUpright(pixels: BoxConvention['pixels'], declared: Size, stored: Stored): boolean {
  const { width, height, orientation } = stored;
  if (width === null || height === null || orientation === 1) return false;
  if (pixels !== 'by-size') return pixels === 'upright';
  return (
    swapsSides(orientation) && width !== height && declared.width === height && declared.height === width
  );
}

/** Boxes given for upright pixels, brought to stored ones. `isTurned`: by image. */
function toStoredPixels(
  columns: { readonly count: number; readonly image: Int32Array; readonly box: Float64Array },
  isTurned: readonly boolean[],
  stored: readonly Stored[],
): Float64Array {
  const box = columns.box.slice();
  for (let row = 0; row < columns.count; row++) {
    const image = columns.image[row]!;
    if (!isTurned[image]) continue;
    const { width, height, orientation } = stored[image]!;
    const upright = box.slice(row * 4, row * 4 + 4) as unknown as BoxTuple;
    box.set(storedFromUpright(upright, orientation, width!, height!), row * 4);
  }
  return box;
}

/** The truth with its boxes in stored pixels, and what was turned for that. */
export function truthInStoredPixels(
  truth: Truth,
  stored: readonly Stored[],
): { readonly truth: Truth; readonly isTurned: readonly boolean[] } {
  const { pixels } = conventionOf(truth, truth.format);
  const isTurned = truth.images.map((image, index) => isUpright(pixels, image, stored[index]!));
  const box = toStoredPixels(truth.annotations, isTurned, stored);
  return { truth: { ...truth, annotations: { ...truth.annotations, box } }, isTurned };
}

/**
 * Predictions in stored pixels. `pixels`: what they are of; by size, they are of the same picture as the truth.
 */
export function predictionsInStoredPixels(
  predictions: PredictionColumns,
  pixels: BoxConvention['pixels'],
  stored: readonly Stored[],
  truthIsTurned: readonly boolean[],
): PredictionColumns {
  const isTurned =
    pixels === 'by-size'
      ? truthIsTurned
      : stored.map((image) => isUpright(pixels, { width: null, height: null }, image));
  return isTurned.includes(true)
    ? { ...predictions, box: toStoredPixels(predictions, isTurned, stored) }
    : predictions;
}

/** Which images of a project had labels of their upright pixels, as its last import told. */
export const turnedInProject = ({ data, upright }: ProjectSession): boolean[] =>
  data.images.map(({ width, height, orientation }) =>
    upright === null
      ? false
      : upright === 'all'
        ? orientation !== 1
        : swapsSides(orientation) && width !== height,
  );

/** Files of all images, and boxes in stored pixels. */
export async function prepareTruth(
  truth: Truth,
  locator: ImageLocator | null,
  progress: Progress,
): Promise<TruthImport & { readonly isTurned: readonly boolean[] }> {
  const probes = await probeImages(
    truth.images.map(({ fileName }) => fileName),
    locator,
    progress,
  );
  const { truth: stored, isTurned } = truthInStoredPixels(truth, probes);
  const isAll = conventionOf(truth, truth.format).pixels === 'upright';
  return {
    truth: stored,
    imageRoot: locator && locator.files.length > 0 ? path.resolve(locator.root) : null,
    ...(locator && locator.holders.length > 0 ? { imageFolders: locator.holders } : {}),
    probes,
    upright: isTurned.includes(true) ? (isAll ? 'all' : 'by-size') : null,
    isTurned,
  };
}
