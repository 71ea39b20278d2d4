/** From an examined import to what the project writes: image files are probed and boxes brought to stored pixels. */
import path from 'node:path';
import type { AnnotationColumns, Truth } from '../../core/dataset/dataset';
import type { Progress } from '../../core/foundation/cancellation';
import { storedFromUpright, swapsSides } from '../../core/geometry/orientation';
import type { ImageLocator } from '../images/locate';
import { resolveBelow } from '../images/locate';
import { hashFile, probeImage } from '../images/probe';
import type { ProbedImage, TruthImport } from '../project/import-data';

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
  const hash = await hashFile(file);
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

/** Whether the dataset's size of an image is that of the upright image: its boxes are then too. */
const isUpright = (
  declared: { width: number | null; height: number | null },
  { width, height, orientation }: ProbedImage,
): boolean =>
  swapsSides(orientation) &&
  width !== null &&
  width !== height &&
  declared.width === height &&
  declared.height === width;

/** Boxes given for upright pixels, brought to stored ones. */
function toStoredPixels(truth: Truth, probes: readonly ProbedImage[]): AnnotationColumns {
  const { annotations } = truth;
  const box = annotations.box.slice();
  for (let row = 0; row < annotations.count; row++) {
    const image = annotations.image[row]!;
    const probe = probes[image]!;
    if (!isUpright(truth.images[image]!, probe)) continue;
    const [x, y, width, height] = box.subarray(row * 4, row * 4 + 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    box.set(
      storedFromUpright([x, y, width, height], probe.orientation, probe.width!, probe.height!),
      row * 4,
    );
  }
  return { ...annotations, box };
}

export async function prepareTruth(
  truth: Truth,
  locator: ImageLocator | null,
  progress: Progress,
): Promise<TruthImport> {
  const probes = await probeImages(
    truth.images.map(({ fileName }) => fileName),
    locator,
    progress,
  );
  return {
    truth: { ...truth, annotations: toStoredPixels(truth, probes) },
    imageRoot: locator ? path.resolve(locator.root) : null,
    probes,
  };
}
