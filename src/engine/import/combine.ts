/** From what was read to what the project writes: classes mapped, boxes in stored pixels, several sources made one. */
import type { PredictionColumns, Truth } from '../../core/dataset/dataset';
import type { ClassMap } from '../../core/dataset/map-classes';
import { mapClasses } from '../../core/dataset/map-classes';
import type { TruthDifference } from '../../core/dataset/truth-difference';
import type { UpdateRules } from '../../core/dataset/update-truth';
import type { RawPredictions } from '../../core/formats/coco/read-results';
import type { BoxConvention } from '../../core/formats/conventions/box-convention';
import type { Progress } from '../../core/foundation/cancellation';
import type { Finding } from '../../core/foundation/finding';
import type { ImageLocator } from '../images/locate';
import type { TruthImport } from '../project/import-data';
import type { ProjectSession } from '../project/session';
import { baseOfImport, baseOfProject, prepareUpdate } from '../project/update';
import { predictionsInStoredPixels, prepareTruth, turnedInProject } from './into-project';

/** A truth that was read, and where its images are. */
export interface LocatedTruth {
  readonly truth: Truth;
  readonly locator: ImageLocator | null;
}

export interface CombineRequest {
  /** None where only predictions come in. */
  readonly sources: readonly LocatedTruth[];
  /** The predictions on a truth; null where none come in. */
  readonly join: (truth: Truth) => PredictionColumns | null;
  readonly predictedPixels: BoxConvention['pixels'];
  readonly classes: ClassMap;
  /** The open project, where the import goes into it. */
  readonly into: ProjectSession | null;
  /** How labels go into those that it has; null: they take their place. */
  readonly rules: UpdateRules | null;
}

export interface CombinedImport {
  readonly truth: TruthImport | null;
  /** On the images and classes of `truth`, or of the project where there is none. */
  readonly predictions: PredictionColumns | null;
  /** What changes of the labels that are there; null where they are put in anew. */
  readonly difference: TruthDifference | null;
  readonly findings: readonly Finding[];
}

const ADD: UpdateRules = { how: 'add', overwriteEdits: false, removeMissing: false };

interface Prepared {
  readonly truth: TruthImport;
  /** Images whose boxes were turned into stored pixels. */
  readonly isTurned: readonly boolean[];
  readonly findings: readonly Finding[];
}

/** Sources one after another: an image that several have is the first's. */
async function prepareAll(sources: readonly LocatedTruth[], progress: Progress): Promise<Prepared> {
  let all: Prepared | null = null;
  for (const { truth, locator } of sources) {
    const { isTurned, ...next } = await prepareTruth(truth, locator, progress);
    all = all === null ? { truth: next, isTurned, findings: [] } : withSource(all, next, isTurned);
  }
  return all!;
}

function withSource(all: Prepared, next: TruthImport, nextIsTurned: readonly boolean[]): Prepared {
  const { truth, placeOf, findings } = prepareUpdate(baseOfImport(all.truth), next, ADD);
  const isTurned = truth.truth.images.map((_, index) => all.isTurned[index] ?? false);
  placeOf.forEach((place, from) => {
    if (place >= all.isTurned.length) isTurned[place] = nextIsTurned[from]!;
  });
  const { truth: united, imageRoot, imageFolders = [], probes, upright = null } = truth;
  return {
    truth: { truth: united, imageRoot, imageFolders, probes, upright },
    isTurned,
    findings: [...all.findings, ...findings],
  };
}

/** Predictions whose text names classes as the map does. */
export const withMappedNames = (raw: RawPredictions, map: ClassMap): RawPredictions => ({
  ...raw,
  categories: raw.categories.map((id) =>
    typeof id === 'string' && Object.hasOwn(map, id) ? (map[id] ?? id) : id,
  ),
});

/** The same predictions on the images and classes of another truth. */
function movedTo(
  predictions: PredictionColumns,
  from: Truth,
  to: Truth,
  placeOf: Int32Array,
): PredictionColumns {
  const place = new Map(to.categories.map(({ name }, index) => [name, index]));
  const categoryOf = from.categories.map(({ name }) => place.get(name)!);
  return {
    ...predictions,
    image: predictions.image.map((image) => placeOf[image]!),
    category: predictions.category.map((category) => categoryOf[category]!),
  };
}

/** Reads the files of images; nothing is written. */
export async function combine(request: CombineRequest, progress: Progress): Promise<CombinedImport> {
  const { sources, join, predictedPixels, classes, into, rules } = request;
  const [only] = sources;
  if (!only) {
    const { images } = into!.data;
    const joined = join(into!.data.asTruth());
    const predictions =
      joined && predictionsInStoredPixels(joined, predictedPixels, images, turnedInProject(into!));
    return { truth: null, predictions, difference: null, findings: [] };
  }
  // Predictions of one source may number its classes: they join before classes get other names.
  const one = sources.length === 1 ? mapClasses(only.truth, join(only.truth), classes) : null;
  const mapped = one
    ? [{ truth: one.truth, locator: only.locator }]
    : sources.map(({ truth, locator }) => ({ truth: mapClasses(truth, null, classes).truth, locator }));
  const { truth, isTurned, findings } = await prepareAll(mapped, progress);
  const joined = one ? one.predictions : join(truth.truth);
  const predictions = joined && predictionsInStoredPixels(joined, predictedPixels, truth.probes, isTurned);
  if (!into || !rules) return { truth, predictions, difference: null, findings };
  const update = prepareUpdate(baseOfProject(into), truth, rules);
  return {
    truth: update.truth,
    predictions: predictions && movedTo(predictions, truth.truth, update.truth.truth, update.placeOf),
    difference: update.difference,
    findings: [...findings, ...update.findings],
  };
}
