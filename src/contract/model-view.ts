/** Models as the window shows them, and what it may say about them. Plain data. */
import { z } from 'zod';
import type {
  ImageSize,
  InputPlan,
  ModelForm,
  ModelPlan,
  PlanOverrides,
  TensorSpec,
} from '../core/inference/model';
import { DECODER_NAMES } from '../core/inference/model';
import type { Backend } from './backends';
import type { CallError } from './call';

const side = z.int().min(1).max(16_384);
const numbers = z.array(z.number().refine(Number.isFinite)).min(1).max(3).readonly();
const outputName = z.string().max(1000).exactOptional();

/** `PlanOverrides`, as the window sends them. */
export const overridesSchema = z.object({
  decoder: z.enum(DECODER_NAMES).exactOptional(),
  classBase: z.union([z.literal(0), z.literal(1)]).exactOptional(),
  background: z.int().nonnegative().nullable().exactOptional(),
  inputSize: z.object({ height: side, width: side }).exactOptional(),
  resize: z.enum(['none', 'stretch', 'letterbox']).exactOptional(),
  normalise: z.union([z.literal('none'), z.object({ mean: numbers, deviation: numbers })]).exactOptional(),
  channels: z.enum(['rgb', 'bgr']).exactOptional(),
  suppression: z
    .object({ iou: z.number().min(0).max(1), perClass: z.boolean() })
    .nullable()
    .exactOptional(),
  outputs: z
    .object({
      boxes: outputName,
      scores: outputName,
      classes: outputName,
      count: outputName,
      rows: outputName,
    })
    .exactOptional(),
  boxOrder: z.enum(['xyxy', 'yxyx', 'cxcywh', 'xywh']).exactOptional(),
  boxUnit: z.enum(['share', 'input', 'image']).exactOptional(),
  activation: z.enum(['none', 'sigmoid', 'softmax']).exactOptional(),
});

const part = z.number().min(-0.9).max(0.9);

/** `ModelChange`, as the window sends it. */
export const modelChangeSchema = z.object({
  inputSize: z.object({ height: side, width: side }).exactOptional(),
  channels: z.enum(['rgb', 'bgr']).exactOptional(),
  normalise: z.union([z.literal('none'), z.object({ mean: numbers, deviation: numbers })]).exactOptional(),
  resize: z.enum(['none', 'stretch', 'letterbox']).exactOptional(),
  scoreThreshold: z.number().min(0).max(1).exactOptional(),
  flip: z.enum(['horizontal', 'vertical']).exactOptional(),
  shift: z.object({ x: part, y: part }).exactOptional(),
  pad: z.number().min(0).max(2).exactOptional(),
});

/** A model with what the user says about it. */
export const modelChoiceSchema = z.object({
  path: z.string().min(1).max(4096),
  labelMap: z.string().min(1).max(4096).nullable(),
  /** Null: what was decided about the model before, by its content; nothing where nothing was. */
  overrides: overridesSchema.nullable(),
});
export type ModelChoice = z.infer<typeof modelChoiceSchema>;

/** A class of the model beside the project's class of the same name. */
export interface ModelClassView {
  /** The model's own number. */
  readonly number: number;
  readonly name: string | null;
  /** Id of the project's class that its boxes get; null: they are left out. */
  readonly category: number | null;
}

export interface ModelView {
  readonly path: string;
  /** File or folder name. */
  readonly name: string;
  readonly form: ModelForm;
  /** Why it was taken for that. */
  readonly why: string;
  readonly bytes: number;
  /** SHA-256 over its files: what is decided about it is remembered by it. */
  readonly hash: string;
  /** What is in force: what was said, or what was decided before. */
  readonly overrides: PlanOverrides;
  readonly labelMap: string | null;
  /** It comes from an earlier decision, not from this call. */
  readonly isRemembered: boolean;
  readonly producer: string | null;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  /** Null where the signature is not understood, or contradicts what was said; `problem` then says why. */
  readonly plan: ModelPlan | null;
  readonly problem: CallError | null;
  /** Engines that run it here, the one that is taken first. */
  readonly backends: readonly Backend[];
  /** In the model's order; empty where nothing tells how many there are. */
  readonly classes: readonly ModelClassView[];
}

/** An object at the size that the network gets it in. */
export interface SeenObject {
  readonly category: number;
  /** x, y, width, height in pixels of the input. */
  readonly box: readonly [number, number, number, number];
  /** Width and height in pixels of the image. */
  readonly imageWidth: number;
  readonly imageHeight: number;
}

/** An image as the network gets it. */
export interface ModelsEye {
  readonly input: InputPlan;
  readonly width: number;
  readonly height: number;
  /** RGBA, `width * height * 4`: levels after resizing and padding, before normalising. */
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
  /** Part of the input that the image fills: x, y, width, height. */
  readonly content: readonly [number, number, number, number];
  readonly image: ImageSize;
  /** The project's annotations, largest first. */
  readonly objects: readonly SeenObject[];
}
