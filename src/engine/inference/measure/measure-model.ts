/** Runs a model over some images as it is and with changes of its input, and measures what each change does. */
import type { PredictionColumns } from '../../../core/dataset/dataset';
import type { MeasuredChange, Measurement } from '../../../core/diagnosis/measured/measure-change';
import { compareOwnRun, looseOf, measureChange } from '../../../core/diagnosis/measured/measure-change';
import type { LoosePredictions, Situation } from '../../../core/diagnosis/situation';
import { BadInput } from '../../../core/foundation/bad-input';
import type { Progress } from '../../../core/foundation/cancellation';
import type { ModelChange } from '../../../core/inference/change/model-change';
import {
  changedOverrides,
  inputChanges,
  PLACE_CHANGES,
  pictureOf,
} from '../../../core/inference/change/model-change';
import { classIds } from '../../../core/inference/class-names';
import { findImageInput } from '../../../core/inference/decoders/image-input';
import type { PlanOverrides } from '../../../core/inference/model';
import type { ImageFile } from '../../images/image-file';
import { breathe } from '../../jobs/jobs';
import type { Backend } from '../engines/session';
import type { RunContext, RunResults } from '../predict/run-for-results';
import { predictionColumns, runForResults } from '../predict/run-for-results';
import type { UnderstoodModel } from '../predict/understand-file';
import { understandFile } from '../predict/understand-file';
import type { OpenedModel } from '../session/messages';

export interface MeasuredModel {
  readonly path: string;
  readonly labelMap: string | null;
  readonly overrides: PlanOverrides;
  readonly backend: Backend | 'auto';
  readonly batch: number | null;
  readonly scoreThreshold: number;
  readonly maxDetections: number;
}

export interface ModelMeasurement extends Measurement, OpenedModel {}

/** Which changes to try: those named, or the ones worth trying of the model's input, or of the objects' places. */
export type WantedChanges = readonly ModelChange[] | 'input' | 'places' | 'all';

/** Progress over several passes. */
function passOf(progress: Progress, pass: number, passes: number): Progress {
  return {
    check: () => progress.check(),
    report: (stage, done, total) =>
      progress.report(stage, pass * (total ?? 0) + done, total === null ? null : passes * total),
  };
}

function chosenChanges(wanted: WantedChanges, { file, plan }: UnderstoodModel): readonly ModelChange[] {
  if (typeof wanted !== 'string') return wanted;
  const ofInput = inputChanges(plan.input, findImageInput(file.signature)?.size === null);
  return wanted === 'input' ? ofInput : wanted === 'places' ? PLACE_CHANGES : [...ofInput, ...PLACE_CHANGES];
}

/** Boxes of the classes that the truth has. */
function columnsOf(
  { results, plan }: RunResults,
  { labelMap }: UnderstoodModel,
  { truth: { categories } }: Situation,
): PredictionColumns {
  const { idOf } = classIds(plan, labelMap, categories);
  const indexOf = new Map(categories.map(({ id }, index) => [id, index]));
  return predictionColumns(
    results.flatMap(({ key, count, box, score, classIndex }) =>
      Array.from({ length: count }, (_, row) => ({
        image: key,
        category: indexOf.get(idOf(classIndex[row]!) ?? NaN) ?? -1,
        box: [...box.subarray(row * 4, row * 4 + 4)],
        score: score[row]!,
      })).filter(({ category }) => category >= 0),
    ),
  );
}

/**
 * `situation`: the images to run, with their labels and the protocol; predictions in it are compared with the model's
 * own. `files`: by index of its images; null where one is missing. `total`: images of the whole set. Throws `BadInput` where the model or
 * a change cannot be run, `Cancelled` where it was cancelled.
 */
export async function measureModel(
  context: RunContext,
  model: MeasuredModel,
  situation: Situation,
  files: readonly (ImageFile | null)[],
  total: number,
  wanted: WantedChanges,
  progress: Progress,
): Promise<ModelMeasurement> {
  const classNames = situation.truth.categories.map(({ name }) => name);
  const understand = (overrides: PlanOverrides) =>
    understandFile(model.path, model.labelMap, classNames, overrides);
  const understood = await understand(model.overrides);
  const changes = chosenChanges(wanted, understood);
  // A change that cannot be is refused before anything runs.
  const changed = await Promise.all(
    changes.map((change) => understand(changedOverrides(model.overrides, change))),
  );
  const images = files.flatMap((file, key) => (file === null ? [] : [{ key, file }]));
  if (images.length === 0)
    throw new BadInput('nothing-to-run', 'The files of the images are missing.', 'Give the images’ folder.');
  const run = (of: UnderstoodModel, change: ModelChange, pass: number): Promise<RunResults> =>
    runForResults(
      context,
      {
        model: model.path,
        backend: model.backend,
        plan: of.plan,
        limits: {
          scoreThreshold: change.scoreThreshold ?? model.scoreThreshold,
          maxDetections: model.maxDetections,
        },
        batch: model.batch,
        picture: pictureOf(change),
      },
      images,
      passOf(progress, pass, changes.length + 1),
      'Running the model with changes',
    );
  const plain = await run(understood, {}, 0);
  const before: Situation = {
    ...situation,
    predictions: looseOf(columnsOf(plain, understood, situation), situation),
  };
  const sizes = situation.truth.images.map(({ width, height }) => [width ?? 0, height ?? 0] as const);
  for (const { key, width, height } of plain.results) sizes[key] = [width, height];
  const quiet: Progress = { check: () => progress.check(), report: () => undefined };
  const measured: MeasuredChange[] = [];
  const comparable: (LoosePredictions | null)[] = [];
  for (const [at, change] of changes.entries()) {
    const results = await run(changed[at]!, change, at + 1);
    const after = looseOf(columnsOf(results, changed[at]!, situation), situation);
    comparable.push(pictureOf(change) ? null : after);
    measured.push(measureChange(before, after, change, sizes, quiet));
    await breathe();
  }
  const hasPredictions = situation.predictions.count > 0;
  return {
    images: plain.results.length,
    total,
    changes: measured,
    ownRun: hasPredictions ? compareOwnRun(situation, before.predictions, comparable, quiet) : null,
    ...plain.opened,
  };
}

/** The model as it is over images with labels: the situation with what it predicts there. Throws as `measureModel` does. */
export async function predictOver(
  context: RunContext,
  model: MeasuredModel,
  situation: Situation,
  files: readonly (ImageFile | null)[],
  progress: Progress,
): Promise<Situation> {
  const classNames = situation.truth.categories.map(({ name }) => name);
  const understood = await understandFile(model.path, model.labelMap, classNames, model.overrides);
  const { plan } = understood;
  const images = files.flatMap((file, key) => (file === null ? [] : [{ key, file }]));
  const { path, backend, batch, scoreThreshold, maxDetections } = model;
  const request = {
    model: path,
    backend,
    plan,
    limits: { scoreThreshold, maxDetections },
    batch,
    picture: null,
  };
  const results = await runForResults(
    context,
    request,
    images,
    progress,
    'Running the model on training images',
  );
  const predictions = looseOf(columnsOf(results, understood, situation), situation);
  return { ...situation, predictions };
}

/** Images of a large set, evenly spread: indices. */
export function spreadImages(total: number, wanted: number): number[] {
  const count = Math.min(total, wanted);
  return Array.from({ length: count }, (_, at) => Math.floor((at * total) / count));
}
