/** What the project's data looks like, as the window shows it. Plain data. */
import { z } from 'zod';
import type { CauseCode, Confidence, Evidence } from '../core/diagnosis/cause';
import type { DataProfile } from '../core/diagnosis/data/profile/profile';
import type { LiveProtocol } from '../core/metrics/evaluation';
import type { Resizer } from '../core/training/pipeline-config';
import { resizerSchema } from './behind-data';
import type { ImageKey, RunId } from './view-types';

/** Which set the model was trained on: a part of the project, or what lies somewhere else (all of it, or a subset). */
export const trainingChoiceSchema = z.union([
  z.object({ kind: z.literal('subset'), name: z.string().min(1).max(200) }),
  z.object({
    kind: z.literal('path'),
    path: z.string().min(1).max(4096),
    /** `null`: all together. Absent: the one that is called as training sets are, else all. */
    subset: z.string().max(200).nullable().optional(),
  }),
]);
export type TrainingChoice = z.infer<typeof trainingChoiceSchema>;

/** `configured`: as the training's pipeline.config has it; null: pixels of the image. */
export const modelInputSchema = z.union([z.literal('configured'), resizerSchema]).nullable();
export type ModelInputChoice = z.infer<typeof modelInputSchema>;

export interface DataCauseView {
  readonly code: CauseCode;
  readonly title: string;
  readonly action: string;
  readonly gain: number | null;
  readonly interval: readonly [low: number, high: number] | null;
  readonly confidence: Confidence;
  readonly evidence: Evidence;
  /** Images that show it, the clearest first. */
  readonly images: readonly ImageKey[];
}

export interface TwinView {
  readonly image: ImageKey;
  readonly name: string;
  readonly twin: string;
  /** Null where the training set is not in the project. */
  readonly twinImage: ImageKey | null;
  readonly correlation: number;
}

export interface TrainingSetView {
  readonly choice: TrainingChoice;
  /** `train of bccd`. */
  readonly name: string;
  /** Subsets of the source that can be chosen. */
  readonly subsets: readonly string[];
  /** The subset that is looked at; null: all together. */
  readonly subset: string | null;
}

export interface DataView {
  readonly run: RunId | null;
  readonly protocol: LiveProtocol;
  readonly profile: Omit<DataProfile, 'causes' | 'duplicates'>;
  /** By gain; those without a price after them. */
  readonly causes: readonly DataCauseView[];
  readonly duplicates: readonly TwinView[];
  /** Null where the project knows none, or it cannot be read. */
  readonly training: TrainingSetView | null;
  /** Why the training set that the project knows is not here; null where it is. */
  readonly trainingProblem: { readonly message: string; readonly next: string } | null;
  readonly input: ModelInputChoice;
  /** The resizer of the training's configuration; null where none is known. */
  readonly configured: Resizer | null;
  /** The labels came in a CSV whose `width` and `height` are the images'. */
  readonly hasImageColumns: boolean;
}
