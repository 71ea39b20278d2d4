/**
 * `pipeline.config` of the TensorFlow Object Detection API: what scoring, data checks and the training doctor ask of
 * it. Fields and defaults: `object_detection/protos/*.proto`.
 */
import type { TextField, TextMessage } from '../formats/text-protobuf/read-text-message';
import { messageAt, messagesOf, readTextMessage, scalarOf } from '../formats/text-protobuf/read-text-message';
import type { Schedule } from './schedule';

export interface PipelineConfig {
  readonly file: string;
  readonly text: string;
  /** `ssd`, `faster_rcnn`, `center_net`; null where there is no model. */
  readonly architecture: string | null;
  /** Type of the feature extractor: the backbone. */
  readonly backbone: string | null;
  readonly numClasses: number | null;
  readonly resizer: Resizer | null;
  readonly anchors: AnchorGenerator | null;
  readonly train: TrainConfig;
  readonly evaluation: EvaluationConfig;
  readonly labelMaps: readonly string[];
}

export type Resizer =
  | { readonly kind: 'fixed'; readonly height: number; readonly width: number }
  | {
      readonly kind: 'keep-aspect';
      readonly shortest: number;
      readonly longest: number;
      readonly padsToLongest: boolean;
    };

export type AnchorGenerator =
  | {
      readonly kind: 'ssd';
      readonly levels: number;
      readonly minScale: number;
      readonly maxScale: number;
      readonly scales: readonly number[];
      readonly aspectRatios: readonly number[];
    }
  | {
      readonly kind: 'multiscale';
      readonly minLevel: number;
      readonly maxLevel: number;
      readonly anchorScale: number;
      readonly scalesPerOctave: number;
      readonly aspectRatios: readonly number[];
    }
  | {
      readonly kind: 'grid';
      readonly height: number;
      readonly width: number;
      readonly scales: readonly number[];
      readonly aspectRatios: readonly number[];
    };

export interface TrainConfig {
  readonly line: number;
  readonly batchSize: number | null;
  readonly steps: number | null;
  /** `adam`, `momentum`, `rms_prop`; null where there is none. */
  readonly optimizer: string | null;
  readonly schedule: Schedule | null;
  /** Lines of the schedule's own message, from 1. */
  readonly scheduleLines: LineRange | null;
  readonly augmentations: readonly string[];
  readonly checkpoint: string | null;
  readonly checkpointType: string | null;
  readonly checkpointTypeLine: number | null;
  readonly maxNumberOfBoxes: number;
  readonly freezesBatchNorm: boolean;
  readonly regularisation: string | null;
}

export interface EvaluationConfig {
  readonly metrics: readonly string[];
  readonly numExamples: number | null;
  readonly usesMovingAverages: boolean;
  readonly shuffles: boolean;
}

export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/** `train_config.max_number_of_boxes` where it is not set. */
const DEFAULT_MAX_BOXES = 100;

/** Throws `BadInput` with the line where the text is no message. */
export function readPipelineConfig(text: string, file: string): PipelineConfig {
  const config = readTextMessage(text, { file, noun: 'configuration', code: 'pipeline-config-invalid' });
  const model = messageAt(config, 'model')?.fields.find(({ value }) => value.kind === 'message');
  const own = model?.value.kind === 'message' ? model.value.value : null;
  const extractor = own && messageAt(own, 'feature_extractor');
  return {
    file,
    text,
    architecture: model?.name ?? null,
    backbone: (extractor && scalarOf(extractor, 'type')) ?? null,
    numClasses: own ? numberOf(own, 'num_classes') : null,
    resizer: own && resizerOf(own),
    anchors: own && anchorsOf(own),
    train: trainConfigOf(config, text),
    evaluation: evaluationConfigOf(config),
    labelMaps: ['train_input_reader', 'eval_input_reader'].flatMap((reader) =>
      messagesOf(config, reader).flatMap((one) => scalarOf(one, 'label_map_path') ?? []),
    ),
  };
}

/** Whether a text is a pipeline configuration: it has a model or a training part. */
export function isPipelineConfig(text: string): boolean {
  return /^\s*(model|train_config)\s*:?\s*[{<]/m.test(text);
}

function numberOf(message: TextMessage, name: string): number | null;
function numberOf(message: TextMessage, name: string, otherwise: number): number;
function numberOf(message: TextMessage, name: string, otherwise: number | null = null): number | null {
  const text = scalarOf(message, name);
  const value = text === undefined ? NaN : Number(text.replace(/[fF]$/, ''));
  return Number.isFinite(value) ? value : otherwise;
}

const numbersOf = ({ fields }: TextMessage, name: string): number[] =>
  fields
    .filter((field) => field.name === name && field.value.kind !== 'message')
    .map(({ value }) => Number(value.value))
    .filter(Number.isFinite);

const isTrue = (message: TextMessage, name: string, otherwise = false): boolean => {
  const text = scalarOf(message, name);
  return text === undefined ? otherwise : /^(true|t|1)$/i.test(text);
};

function resizerOf(model: TextMessage): Resizer | null {
  const resizer = messageAt(model, 'image_resizer');
  const fixed = resizer && messageAt(resizer, 'fixed_shape_resizer');
  if (fixed)
    return { kind: 'fixed', height: numberOf(fixed, 'height', 300), width: numberOf(fixed, 'width', 300) };
  const kept = resizer && messageAt(resizer, 'keep_aspect_ratio_resizer');
  if (!kept) return null;
  return {
    kind: 'keep-aspect',
    shortest: numberOf(kept, 'min_dimension', 600),
    longest: numberOf(kept, 'max_dimension', 1024),
    padsToLongest: isTrue(kept, 'pad_to_max_dimension'),
  };
}

function anchorsOf(model: TextMessage): AnchorGenerator | null {
  const generator = messageAt(model, 'anchor_generator') ?? messageAt(model, 'first_stage_anchor_generator');
  if (!generator) return null;
  const ssd = messageAt(generator, 'ssd_anchor_generator');
  if (ssd) {
    return {
      kind: 'ssd',
      levels: numberOf(ssd, 'num_layers', 6),
      minScale: numberOf(ssd, 'min_scale', 0.2),
      maxScale: numberOf(ssd, 'max_scale', 0.95),
      scales: numbersOf(ssd, 'scales'),
      aspectRatios: numbersOf(ssd, 'aspect_ratios'),
    };
  }
  const multiscale = messageAt(generator, 'multiscale_anchor_generator');
  if (multiscale) {
    return {
      kind: 'multiscale',
      minLevel: numberOf(multiscale, 'min_level', 3),
      maxLevel: numberOf(multiscale, 'max_level', 7),
      anchorScale: numberOf(multiscale, 'anchor_scale', 4),
      scalesPerOctave: numberOf(multiscale, 'scales_per_octave', 2),
      aspectRatios: numbersOf(multiscale, 'aspect_ratios'),
    };
  }
  const grid = messageAt(generator, 'grid_anchor_generator');
  if (!grid) return null;
  return {
    kind: 'grid',
    height: numberOf(grid, 'height', 256),
    width: numberOf(grid, 'width', 256),
    scales: numbersOf(grid, 'scales'),
    aspectRatios: numbersOf(grid, 'aspect_ratios'),
  };
}

const EMPTY: TextMessage = { fields: [], line: 1 };

function trainConfigOf(config: TextMessage, text: string): TrainConfig {
  const train = messageAt(config, 'train_config') ?? EMPTY;
  const optimizer = messageAt(train, 'optimizer')?.fields.find(({ value }) => value.kind === 'message');
  const own = optimizer?.value.kind === 'message' ? optimizer.value.value : null;
  const rate = own && messageAt(own, 'learning_rate');
  const schedule = rate?.fields.find(({ value }) => value.kind === 'message') ?? null;
  const type = train.fields.find(({ name }) => name === 'fine_tune_checkpoint_type');
  return {
    line: train.line,
    batchSize: numberOf(train, 'batch_size'),
    steps: numberOf(train, 'num_steps'),
    optimizer: optimizer?.name.replace(/_optimizer$/, '') ?? null,
    schedule: schedule && scheduleOf(schedule),
    scheduleLines: schedule && linesOf(schedule, text),
    augmentations: messagesOf(train, 'data_augmentation_options').flatMap(({ fields }) =>
      fields.map(({ name }) => name),
    ),
    checkpoint: scalarOf(train, 'fine_tune_checkpoint') || null,
    checkpointType: scalarOf(train, 'fine_tune_checkpoint_type') || null,
    checkpointTypeLine: type?.line ?? null,
    maxNumberOfBoxes: numberOf(train, 'max_number_of_boxes', DEFAULT_MAX_BOXES),
    freezesBatchNorm:
      isTrue(train, 'freeze_batchnorm') || /batch_norm\s*:?\s*\{[^}]*train\s*:\s*false/.test(text),
    regularisation: /l[12]_regularizer\s*:?\s*\{[^}]*\}/.exec(text)?.[0].replace(/\s+/g, ' ') ?? null,
  };
}

/** Lines that the message of a field takes, by its brackets. Text within quotes holds none of them in such files. */
function linesOf(field: TextField, text: string): LineRange {
  const lines = text.split('\n');
  let depth = 0;
  for (let line = field.line; line <= lines.length; line++) {
    const code = lines[line - 1]!.replace(/#.*$/, '');
    const from = line === field.line ? code.indexOf(field.name) : 0;
    for (const letter of code.slice(from)) {
      if (letter === '{' || letter === '<') depth++;
      else if ((letter === '}' || letter === '>') && --depth === 0) return { from: field.line, to: line };
    }
  }
  return { from: field.line, to: field.line };
}

function scheduleOf({ name, value }: TextField): Schedule | null {
  if (value.kind !== 'message') return null;
  const own = value.value;
  switch (name) {
    case 'constant_learning_rate':
      return { kind: 'constant', rate: numberOf(own, 'learning_rate', 0.002) };
    case 'manual_step_learning_rate':
      return {
        kind: 'step',
        initial: numberOf(own, 'initial_learning_rate', 0.002),
        changes: messagesOf(own, 'schedule').map((change) => ({
          step: numberOf(change, 'step', 0),
          rate: numberOf(change, 'learning_rate', 0.002),
        })),
        warmsUp: isTrue(own, 'warmup'),
      };
    case 'exponential_decay_learning_rate':
      return {
        kind: 'exponential',
        initial: numberOf(own, 'initial_learning_rate', 0.002),
        decaySteps: numberOf(own, 'decay_steps', 4_000_000),
        factor: numberOf(own, 'decay_factor', 0.95),
        isStaircase: isTrue(own, 'staircase', true),
        burnInRate: numberOf(own, 'burnin_learning_rate', 0),
        burnInSteps: numberOf(own, 'burnin_steps', 0),
        lowest: numberOf(own, 'min_learning_rate', 0),
      };
    case 'cosine_decay_learning_rate':
      return {
        kind: 'cosine',
        base: numberOf(own, 'learning_rate_base', 0.002),
        totalSteps: numberOf(own, 'total_steps', 4_000_000),
        warmUpRate: numberOf(own, 'warmup_learning_rate', 0.0002),
        warmUpSteps: numberOf(own, 'warmup_steps', 10_000),
        holdSteps: numberOf(own, 'hold_base_rate_steps', 0),
      };
    default:
      return null;
  }
}

function evaluationConfigOf(config: TextMessage): EvaluationConfig {
  const evaluation = messageAt(config, 'eval_config') ?? EMPTY;
  const reader = messageAt(config, 'eval_input_reader') ?? EMPTY;
  const optimizer = messageAt(config, 'train_config', 'optimizer') ?? EMPTY;
  return {
    metrics: evaluation.fields
      .filter(({ name, value }) => name === 'metrics_set' && value.kind !== 'message')
      .map(({ value }) => value.value as string),
    numExamples: numberOf(evaluation, 'num_examples'),
    usesMovingAverages: isTrue(evaluation, 'use_moving_averages') || isTrue(optimizer, 'use_moving_average'),
    shuffles: isTrue(reader, 'shuffle', true),
  };
}
