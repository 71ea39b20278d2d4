import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Handlers } from '../../contract/call';
import type { ArgumentsOf } from '../../contract/call';
import type { EngineCalls } from '../../contract/engine-calls';
import type { FinishedModelRun, ModelPreview } from '../../contract/model-calls';
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';
import type { EngineState } from '../engine-state';
import { modelBoxes } from '../inference/measure/try-change';
import { hashModel, openModelFile } from '../inference/model-file';
import { runForResults } from '../inference/predict/run-for-results';
import { understandFile } from '../inference/predict/understand-file';
import type { Pause } from '../inference/predict/run-images';
import { imageLines } from '../inference/predict/unfinished';
import { DecisionStore } from '../inference/project/decisions';
import type { ModelJob } from '../inference/project/model-job';
import { ModelJobStore } from '../inference/project/model-job';
import { imageFiles, projectClasses, runModelJob } from '../inference/project/run-model';
import { keeping } from '../jobs/jobs';

type Names = Exclude<Extract<keyof EngineCalls, `models.${string}`>, 'models.measure' | 'models.tryChange'>;
type Settings = Omit<ArgumentsOf<EngineCalls['models.run']>, 'job' | 'images' | 'name'>;

/** Images run for an estimate: the first pays for start-up and is left out of the time. */
const ESTIMATED_ON = 4;
/** Where an image takes less than so many seconds, how many run side by side shows only over more: the second half of these. */
const QUICK = 0.05;
const QUICK_ESTIMATED_ON = 64;

/** Seconds an image, from the one at `from` to the last. `times`: of the results, in milliseconds. Null where there are too few. */
function pace(times: readonly number[], from: number): number | null {
  const [start, end] = [times[from], times.at(-1)];
  return start === undefined || end === undefined || times.length - from < 2
    ? null
    : (end - start) / 1000 / (times.length - 1 - from);
}

/** Long runs, one after the other in the order in which they were asked for. */
class Queue {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work, work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}

const RUN_KEPT = 'Stopped: finished images are kept, and the run can go on.';

export function modelHandlers(state: EngineState): Pick<Handlers<EngineCalls>, Names> {
  const { context, jobs, project } = state;
  const decisions = new DecisionStore(context.userData);
  const store = new ModelJobStore(context.userData);
  const queue = new Queue();
  /** In the order of the calls too: a small model's hash is there before a large one's. */
  const preparations = new Queue();
  const paused = new Map<string, { isPaused: boolean }>();
  /** From the first moment on: a pause may come while the model is still being hashed. */
  const pausable = async <T>(job: string, work: (pause: Pause) => Promise<T>): Promise<T> => {
    const pause = { isPaused: false };
    paused.set(job, pause);
    try {
      return await work(pause);
    } finally {
      paused.delete(job);
    }
  };
  const session = () => project.current().session;

  const keysOf = (images: 'all' | { readonly without: number }): number[] => {
    const { data } = session();
    const all = data.images.map(({ key }) => key);
    if (images === 'all') return all;
    const { columns } = data.predictions(session().run(images.without).id);
    const has = new Set(columns.image);
    return all.filter((_, index) => !has.has(index));
  };

  /** A job as it is written down before it starts. */
  const prepared = async (keys: number[], name: string | null, settings: Settings): Promise<ModelJob> => {
    const hash = await hashModel(await openModelFile(settings.path));
    const { labelMap, overrides } = await decisions.inForce(hash, settings.labelMap, settings.overrides);
    await decisions.write(hash, { overrides, labelMap });
    const modelJob: ModelJob = {
      id: randomUUID(),
      project: session().path,
      name: name ?? path.basename(settings.path).replace(/\.onnx$/i, ''),
      model: settings.path,
      hash,
      labelMap,
      overrides,
      backend: settings.backend,
      scoreThreshold: settings.scoreThreshold,
      maxDetections: settings.maxDetections,
      batch: settings.batch,
      startedAt: new Date().toISOString(),
      images: keys,
    };
    await store.write(modelJob);
    return modelJob;
  };

  /** Runs some images for their results alone. */
  const runFew = async (settings: Settings, keys: readonly number[], progress: Progress) => {
    const hash = await hashModel(await openModelFile(settings.path));
    const { labelMap, overrides } = await decisions.inForce(hash, settings.labelMap, settings.overrides);
    const { plan } = await understandFile(settings.path, labelMap, projectClasses(session()), overrides);
    const { path: model, backend, batch } = settings;
    return runForResults(
      { start: context.startSession, dataFolder: context.userData },
      { model, backend, batch, plan, limits: settings },
      imageFiles(session(), keys).images,
      progress,
      'Trying the model',
    );
  };

  /** As a run of many images settles into it: full batches, side by side. */
  const steadyPace = async (settings: Settings, keys: readonly number[], progress: Progress) => {
    const { times } = await runFew(settings, keys.slice(0, QUICK_ESTIMATED_ON), progress);
    return pace(times, Math.ceil(times.length / 2) - 1);
  };

  const finish = async (job: string, modelJob: ModelJob, pause: Pause): Promise<FinishedModelRun> =>
    jobs.run(job, (progress) => {
      progress.report('Waiting for the run before', 0, null);
      return queue.run(async () => {
        progress.check();
        if (session().path !== modelJob.project)
          throw new BadInput(
            'project-closed',
            'The project of this run is not open any more.',
            'Open it again: the run is listed there as unfinished.',
          );
        const { run, findings } = await runModelJob(
          {
            session: session(),
            store,
            start: context.startSession,
            dataFolder: context.userData,
            author: context.author,
            progress,
            pause,
          },
          modelJob,
        );
        project.revision++;
        return { project: state.projectChanged()!, run, findings };
      });
    });

  const unfinishedJob = (id: string): ModelJob => {
    const found = store.of(session().path).find((one) => one.id === id);
    if (!found)
      throw new BadInput(
        'model-run-unknown',
        'There is no such unfinished run.',
        'It may be finished by now.',
      );
    return found;
  };

  return {
    'models.estimate': ({ job, images, ...settings }) =>
      jobs.run(job, async (progress) => {
        const keys = keysOf(images);
        const { times, opened } = await runFew(
          { ...settings, batch: 1 },
          keys.slice(0, ESTIMATED_ON),
          progress,
        );
        const alone = pace(times, 0);
        const isQuick = alone !== null && alone < QUICK && keys.length > QUICK_ESTIMATED_ON;
        const secondsPerImage = (isQuick ? await steadyPace(settings, keys, progress) : null) ?? alone;
        return {
          images: keys.length,
          secondsPerImage,
          seconds: secondsPerImage === null ? null : secondsPerImage * keys.length,
          ...opened,
        };
      }),

    'models.preview': ({ job, image, ...settings }) =>
      jobs.run(job, async (progress): Promise<ModelPreview> => {
        const { results, plan } = await runFew(settings, [image], progress);
        const [found] = results;
        if (!found)
          throw new BadInput('image-undecodable', 'The image cannot be run.', 'Choose another image.');
        const { width, height } = found;
        return { image, width, height, plan, boxes: modelBoxes(found, plan) };
      }),

    'models.run': async ({ job, images, name, ...settings }) => {
      const keys = keysOf(images);
      if (imageFiles(session(), keys).images.length === 0)
        throw new BadInput(
          'nothing-to-run',
          keys.length === 0 ? 'No image is left to run.' : 'The files of the images are missing.',
          keys.length === 0 ? 'Run over all images.' : 'Find moved images (File menu).',
        );
      return pausable(job, async (pause) => {
        const modelJob = await preparations.run(() => prepared(keys, name, settings));
        return keeping(RUN_KEPT, finish(job, modelJob, pause));
      });
    },

    'models.pause': ({ job, paused: isPaused }) => {
      const pause = paused.get(job);
      if (pause) pause.isPaused = isPaused;
      return null;
    },

    'models.unfinished': () =>
      store.of(session().path).map((job) => {
        const results = store.resultsOf(job);
        const done = existsSync(results) ? [...imageLines(results)].length : 0;
        const { id, name, model, startedAt, images } = job;
        return { id, name, model, startedAt, done, total: images.length };
      }),

    'models.resume': ({ job, id }) =>
      pausable(job, (pause) => keeping(RUN_KEPT, finish(job, unfinishedJob(id), pause))),

    'models.discard': ({ id }) => {
      store.remove(unfinishedJob(id));
      return null;
    },
  };
}
