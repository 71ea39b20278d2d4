/** Runs a model over images for their boxes alone: nothing is written. */
import type { PredictionColumns } from '../../../core/dataset/dataset';
import type { Progress } from '../../../core/foundation/cancellation';
import type { ModelPlan } from '../../../core/inference/model';
import type { StartProcess } from '../session/client';
import type { ImageResult, OpenedModel, SessionImage, SessionRequest } from '../session/messages';
import { runImages } from './run-images';

/** How models are run here, whichever. */
export interface RunContext {
  readonly start: StartProcess;
  /** As `SessionOptions.dataFolder`. */
  readonly dataFolder: string | null;
}

export type TriedRun = Omit<SessionRequest, 'threads' | 'dataFolder' | 'isSettled'>;

export interface RunResults {
  /** In the order of the images; those that failed are not there. */
  readonly results: readonly ImageResult[];
  /** When each came, in milliseconds. */
  readonly times: readonly number[];
  readonly opened: OpenedModel;
  /** As the values of the first run left it. */
  readonly plan: ModelPlan;
}

export async function runForResults(
  { start, dataFolder }: RunContext,
  request: TriedRun,
  images: readonly SessionImage[],
  progress: Progress,
  stage: string,
): Promise<RunResults> {
  const results: ImageResult[] = [];
  const times: number[] = [];
  let opened: OpenedModel | null = null;
  let { plan } = request;
  await runImages({
    start,
    request: { ...request, threads: null, dataFolder, isSettled: false },
    images,
    progress,
    stage,
    isKept: false,
    opened: (model) => (opened = model),
    take: (event) => {
      if (event.kind === 'settled') ({ plan } = event);
      if (event.kind !== 'results') return;
      results.push(...event.results);
      times.push(...event.results.map(() => performance.now()));
    },
  });
  return { results, times, opened: opened!, plan };
}

export interface PredictedBox {
  /** Index of the image. */
  readonly image: number;
  /** Index of the class. */
  readonly category: number;
  readonly box: readonly number[];
  readonly score: number;
}

export function predictionColumns(rows: readonly PredictedBox[]): PredictionColumns {
  return {
    count: rows.length,
    image: Int32Array.from(rows, ({ image }) => image),
    category: Int32Array.from(rows, ({ category }) => category),
    box: Float64Array.from(rows.flatMap(({ box }) => box)),
    score: Float64Array.from(rows, ({ score }) => score),
    fileIndex: Uint32Array.from(rows, (_, row) => row),
  };
}
