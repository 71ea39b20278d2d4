/** What the window asks of models: understanding one, running it over the project's images, and the set-up of TensorFlow and CUDA. */
import { z } from 'zod';
import type { Finding } from '../core/foundation/finding';
import type { ModelPlan } from '../core/inference/model';
import type { Backend } from './backends';
import { BACKENDS } from './backends';
import { call } from './call';
import { modelChangeSchema, overridesSchema } from './model-view';
import type { Measurement } from '../core/diagnosis/measured/measure-change';
import { LIVE_PROTOCOLS } from '../core/metrics/evaluation';
import type { Component, ProjectState, RunId } from './view-types';

export interface ModelEstimate {
  readonly images: number;
  /** Null where no image could be run. */
  readonly secondsPerImage: number | null;
  readonly seconds: number | null;
  readonly backend: Backend;
  readonly device: string;
  readonly fallback: string | null;
}

export interface ModelBox {
  /** x, y, width, height in pixels of the stored image. */
  readonly box: readonly [number, number, number, number];
  readonly score: number;
  readonly classIndex: number;
  readonly name: string | null;
}

export interface ModelPreview {
  readonly image: number;
  /** Of the stored image, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly ModelBox[];
  readonly plan: ModelPlan;
}

/** One image under one way of running the model, by falling score. */
export interface TriedSide {
  readonly boxes: readonly (ModelBox & {
    /** Whether it lies on a label of its class; null below the point's score. */
    readonly isTrue: boolean | null;
  })[];
  /** At the point. */
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly misses: number;
  /** The protocol's first number of this image alone; null where it is undefined. */
  readonly score: number | null;
}

/** An image run as it is and with a change. */
export interface TriedChange {
  readonly image: number;
  /** Of the stored image, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly words: string;
  readonly before: TriedSide;
  readonly after: TriedSide;
  /** Boxes of one class on one place (IoU from 0.5), the best first: places in `before` and `after`. */
  readonly pairs: readonly (readonly [before: number, after: number])[];
}

export interface ModelMeasurementView extends Measurement {
  readonly backend: Backend;
  readonly device: string;
  readonly fallback: string | null;
  /** Runs that this model made, whose diagnosis takes it as evidence from now on. */
  readonly runs: readonly RunId[];
}

export interface UnfinishedModelRun {
  readonly id: string;
  readonly name: string;
  readonly model: string;
  readonly startedAt: string;
  readonly done: number;
  readonly total: number;
}

export interface FinishedModelRun {
  readonly project: ProjectState;
  readonly run: number;
  readonly findings: readonly Finding[];
}

export interface TensorflowState {
  readonly cpu: Component;
  readonly gpu: Component;
  /** Bytes to download and on disk, by kind; null where there is none for this system. */
  readonly plans: Readonly<
    Record<'cpu' | 'gpu', { readonly download: number; readonly disk: number } | null>
  >;
}

export interface CudaState {
  readonly component: Component;
  /** Null where it is of no use here: no NVIDIA card, or a system that it is not made for. */
  readonly plan: { readonly download: number; readonly disk: number } | null;
}

const path = z.string().min(1).max(4096);
const job = z.string().min(1).max(64);
const key = z.int().nonnegative();

const chosen = {
  path,
  labelMap: path.nullable(),
  /** Null: what was decided about the model before. */
  overrides: overridesSchema.nullable(),
};
const settings = {
  ...chosen,
  backend: z.enum(['auto', ...BACKENDS]),
  scoreThreshold: z.number().min(0).max(1),
  maxDetections: z.int().min(1).max(100_000),
  batch: z.int().min(1).max(1024).nullable(),
};
/** All images, or those that the run has no predictions for. */
const images = z.union([z.literal('all'), z.object({ without: key })]);

export const modelCalls = {
  /** Runs a few images and says how long all would take. */
  'models.estimate': call<ModelEstimate>()(z.object({ job, ...settings, images })),
  /** Boxes of one image with these settings; nothing is kept. */
  'models.preview': call<ModelPreview>()(z.object({ job, ...settings, image: key })),
  /** Boxes of one image with these settings and with a change of the model's input; nothing is kept. */
  'models.tryChange': call<TriedChange>()(
    z.object({
      job,
      ...settings,
      image: key,
      change: modelChangeSchema,
      protocol: z.enum(LIVE_PROTOCOLS),
      point: z.object({ iou: z.number().min(0).max(1), score: z.number().min(0).max(1) }),
    }),
  ),
  /**
   * Runs so many images, evenly spread, as they are and with each change: what the change does to the score. Changes are
   * given, or those worth trying of the model's input (`input`), of the objects' places (`places`), or both (`all`).
   */
  'models.measure': call<ModelMeasurementView>()(
    z.object({
      job,
      ...settings,
      images: z.int().min(1).max(100_000),
      changes: z.union([
        z.array(modelChangeSchema).min(1).max(64).readonly(),
        z.enum(['input', 'places', 'all']),
      ]),
      protocol: z.enum(LIVE_PROTOCOLS),
    }),
  ),
  /**
   * Runs over the project's images and adds a run; answers when it is done. Several wait for each other in the order in
   * which they came. Cancelled or broken off, it stays in `models.unfinished`.
   */
  'models.run': call<FinishedModelRun>()(
    z.object({ job, ...settings, images, name: z.string().trim().min(1).max(200).nullable() }),
  ),
  'models.pause': call<null>()(z.object({ job, paused: z.boolean() })),
  'models.unfinished': call<readonly UnfinishedModelRun[]>()(z.object({})),
  'models.resume': call<FinishedModelRun>()(z.object({ job, id: job })),
  'models.discard': call<null>()(z.object({ id: job })),

  'tensorflow.state': call<TensorflowState>()(z.object({})),
  /** Downloads and installs; goes on where an earlier try ended. */
  'tensorflow.install': call<TensorflowState>()(z.object({ job, gpu: z.boolean() })),
  'cuda.state': call<CudaState>()(z.object({})),
  'cuda.install': call<CudaState>()(z.object({ job })),
} as const;
