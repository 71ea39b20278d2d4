/** What a session's process is told and what it tells. Everything is plain data and is copied. */
import type { CallError } from '../../../contract/call';
import type { PictureChange } from '../../../core/inference/change/picture-change';
import type { DetectionLimits, Detections, ModelPlan } from '../../../core/inference/model';
import type { ImageFile } from '../../images/image-file';
import type { Backend } from '../engines/session';

export interface SessionRequest {
  /** The model as the user named it. */
  readonly model: string;
  readonly backend: Backend | 'auto';
  readonly threads: number | null;
  /** As `SessionOptions.dataFolder`. */
  readonly dataFolder: string | null;
  readonly plan: ModelPlan;
  /** The plan was settled by an earlier run: values are not asked again. */
  readonly isSettled: boolean;
  readonly limits: DetectionLimits;
  /** Images a run; null: as many as pay. */
  readonly batch: number | null;
  /** Done to every image before the model gets it; boxes come back in the unchanged one. */
  readonly picture?: PictureChange | null;
}

export interface SessionImage {
  /** Chosen by the caller; comes back with the result. */
  readonly key: number;
  readonly file: ImageFile;
}

export type ToSession =
  | { readonly kind: 'open'; readonly request: SessionRequest }
  | { readonly kind: 'images'; readonly images: readonly SessionImage[] }
  /** No more images come: what waits for a full batch runs now. */
  | { readonly kind: 'flush' }
  /** While held no run begins. */
  | { readonly kind: 'hold'; readonly isHeld: boolean };

export interface OpenedModel {
  readonly backend: Backend;
  readonly device: string;
  /** Why no better engine, in a sentence; null where the first choice serves. */
  readonly fallback: string | null;
}

export interface ImageResult extends Detections {
  readonly key: number;
  /** Pixels of the decoded image. */
  readonly width: number;
  readonly height: number;
}

export type FromSession =
  | { readonly kind: 'opened'; readonly opened: OpenedModel }
  /** The first images showed another engine to be the better one; it runs all of them. */
  | { readonly kind: 'engine'; readonly opened: OpenedModel }
  /** The first run told more than the file does. */
  | { readonly kind: 'settled'; readonly plan: ModelPlan }
  | { readonly kind: 'results'; readonly results: readonly ImageResult[] }
  /** This image alone failed; the others go on. */
  | { readonly kind: 'failed'; readonly key: number; readonly code: ImageFailure; readonly reason: string }
  /** The model does not take several images at once after all. */
  | { readonly kind: 'single'; readonly reason: string }
  /** The session is over: nothing else comes. */
  | { readonly kind: 'refused'; readonly error: CallError };

export type ImageFailure = 'image-undecodable' | 'image-failed';
