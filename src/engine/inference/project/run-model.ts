/** Runs a model job over the images of the open project and puts the result in as a run. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { PredictionColumns } from '../../../core/dataset/dataset';
import { BadInput } from '../../../core/foundation/bad-input';
import type { Progress } from '../../../core/foundation/cancellation';
import type { Finding } from '../../../core/foundation/finding';
import { FindingCollector } from '../../../core/foundation/finding';
import { classIds } from '../../../core/inference/class-names';
import type { ModelPlan } from '../../../core/inference/model';
import type { ImageFile } from '../../images/image-file';
import { resolveBelow } from '../../images/locate';
import type { ProjectSession } from '../../project/session';
import { readMeta, writeMeta } from '../../store/meta';
import { writing } from '../../store/open';
import type { PredictedBox } from '../predict/run-for-results';
import { predictionColumns } from '../predict/run-for-results';
import type { Pause } from '../predict/run-images';
import { runImages } from '../predict/run-images';
import { understandFile } from '../predict/understand-file';
import type { UnderstoodModel } from '../predict/understand-file';
import { imageLines, lineOf, Unfinished } from '../predict/unfinished';
import type { StartProcess } from '../session/client';
import type { OpenedModel } from '../session/messages';
import type { ModelJob, ModelJobStore } from './model-job';

export interface ModelRunResult {
  /** Id of the run in the project. */
  readonly run: number;
  readonly opened: OpenedModel;
  readonly findings: readonly Finding[];
}

const recordKey = (run: number): string => `modelRun:${run}`;

/** What a run keeps of the model that made it; entry `modelRun:<id>` of `meta`. */
export interface RecordedModel {
  readonly model: string;
  readonly hash: string;
  readonly backend: string;
  readonly device: string;
  readonly fallback: string | null;
  readonly plan: ModelPlan;
  readonly scoreThreshold: number;
  readonly maxDetections: number;
  readonly startedAt: string;
  readonly finishedAt: string;
}

/** Names of the project's classes: what a model's classes are matched with. */
export const projectClasses = ({ data }: ProjectSession): readonly string[] =>
  data.categories.map(({ name }) => name);

/** Where an image lies; null where it is missing. */
export function fileOfImage({ imageRoot, data }: ProjectSession, key: number): ImageFile | null {
  const image = data.images[data.indexOfImage.get(key) ?? -1];
  return imageRoot === null || !image || image.location === null
    ? null
    : resolveBelow(imageRoot, image.location);
}

/** What is kept of the model that made a run; null where none did. */
export function recordedModel({ db }: ProjectSession, run: number): RecordedModel | null {
  const text = readMeta(db, recordKey(run));
  return text === null ? null : (JSON.parse(text) as RecordedModel);
}

/** Images by key, with the file of each; those whose file is missing are left out and counted. */
export function imageFiles(
  session: ProjectSession,
  keys: readonly number[],
): { images: { key: number; file: ImageFile }[]; missing: number } {
  const images = keys.flatMap((key) => {
    const file = fileOfImage(session, key);
    return file === null ? [] : [{ key, file }];
  });
  return { images, missing: keys.length - images.length };
}

function fingerprintOf({ hash, scoreThreshold, maxDetections, images }: ModelJob, plan: ModelPlan): string {
  return createHash('sha256')
    .update(JSON.stringify([hash, plan, scoreThreshold, maxDetections, images]))
    .digest('hex');
}

/** The finished images as predictions of the project. */
function readPredictions(
  session: ProjectSession,
  results: string,
  plan: ModelPlan,
  { labelMap }: UnderstoodModel,
  findings: FindingCollector,
): PredictionColumns {
  const { categories, indexOfImage, images } = session.data;
  const ids = classIds(plan, labelMap, categories);
  const categoryOf = new Map(categories.map(({ id }, index) => [id, index]));
  for (const name of ids.missing)
    findings.add(
      'class-not-in-project',
      'warning',
      `The project has no class “${name}”; its predictions are left out.`,
    );
  const rows: PredictedBox[] = [];
  for (const line of imageLines(results)) {
    const image = indexOfImage.get(line.image);
    if (image === undefined) continue;
    if ('failed' in line) {
      const place = { image: images[image]!.fileName };
      findings.add(line.failed, 'warning', `The image was left out: ${line.reason}.`, place);
      continue;
    }
    for (const [x, y, width, height, score, classIndex] of line.boxes) {
      const category = categoryOf.get(ids.idOf(classIndex!) ?? NaN);
      if (category !== undefined)
        rows.push({ image, category, box: [x!, y!, width!, height!], score: score! });
    }
  }
  return predictionColumns(rows);
}

export interface ModelRunContext {
  readonly session: ProjectSession;
  readonly store: ModelJobStore;
  readonly start: StartProcess;
  readonly dataFolder: string;
  readonly author: string;
  readonly progress: Progress;
  readonly pause: Pause;
}

/**
 * Goes on where an earlier try ended. What ends it early (a crash of the model's process, a cancel, a full disk) leaves
 * the job and its finished images, so that it can be resumed.
 */
export async function runModelJob(context: ModelRunContext, job: ModelJob): Promise<ModelRunResult> {
  const { session, store, progress } = context;
  const understood = await understandFile(job.model, job.labelMap, projectClasses(session), job.overrides);
  const results = store.resultsOf(job);
  const fingerprint = fingerprintOf(job, understood.plan);
  const unfinished = existsSync(results)
    ? Unfinished.resume(results, fingerprint)
    : Unfinished.start(results, fingerprint);
  const findings = new FindingCollector();
  const { images, missing } = imageFiles(session, job.images);
  if (missing > 0)
    findings.add('image-missing', 'warning', 'Images whose files are missing were left out.', {}, missing);
  let plan = unfinished.plan ?? understood.plan;
  let opened: OpenedModel | null = null;
  try {
    await runImages({
      start: context.start,
      request: {
        model: job.model,
        backend: job.backend,
        threads: null,
        dataFolder: context.dataFolder,
        plan,
        isSettled: unfinished.plan !== null,
        limits: { scoreThreshold: job.scoreThreshold, maxDetections: job.maxDetections },
        batch: job.batch,
      },
      images: images.filter(({ key }) => !unfinished.done.has(key)),
      progress,
      pause: context.pause,
      stage: `Running ${path.basename(job.model)}`,
      isKept: true,
      opened: (model) => (opened = model),
      take: (event) => {
        if (event.kind === 'results') for (const result of event.results) unfinished.add(lineOf(result));
        else if (event.kind === 'failed')
          unfinished.add({ image: event.key, failed: event.code, reason: event.reason });
        else if (event.kind === 'settled') {
          plan = event.plan;
          unfinished.settle(plan);
        } else findings.add('batch-not-possible', 'info', `Images are run one by one: ${event.reason}`);
      },
    });
  } finally {
    unfinished.close();
  }
  const predictions = readPredictions(session, results, plan, understood, findings);
  const run = putIn(context, job, predictions, opened!, plan);
  store.remove(job);
  return { run, opened: opened!, findings: findings.list() };
}

/** One undoable step of the project. */
function putIn(
  { session, author, progress }: ModelRunContext,
  job: ModelJob,
  predictions: PredictionColumns,
  opened: OpenedModel,
  plan: ModelPlan,
): number {
  const name = freeName(session, job.name);
  session.import(
    {
      truth: null,
      run: { name, source: path.basename(job.model), predictions },
      replace: false,
      author,
      label: `Run ${path.basename(job.model)}`,
    },
    { runs: null, protocols: ['coco'] },
    progress,
  );
  const run = session.runs.find((candidate) => candidate.name === name);
  if (!run) throw new BadInput('run-unknown', `The run ${name} is not there.`, 'Try again.');
  const recorded: RecordedModel = {
    model: job.model,
    hash: job.hash,
    ...opened,
    plan,
    scoreThreshold: job.scoreThreshold,
    maxDetections: job.maxDetections,
    startedAt: job.startedAt,
    finishedAt: new Date().toISOString(),
  };
  writing(session.path, () => writeMeta(session.db, recordKey(run.id), JSON.stringify(recorded)));
  return run.id;
}

function freeName({ runs }: ProjectSession, wanted: string): string {
  const taken = new Set(runs.map(({ name }) => name));
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted} ${number}`;
    if (!taken.has(name)) return name;
  }
}
