/** From a model's signature to a plan: which decoder, which preparation of the image, which names; each with evidence. */
import { BadInput } from '../foundation/bad-input';
import { type PipelineConfig, readPipelineConfig } from '../training/pipeline-config';
import { nameClasses } from './class-names';
import { centernet } from './decoders/centernet';
import { cocoSsd } from './decoders/coco-ssd';
import { assumed, concluded, type Decoder, type Reading } from './decoders/decoder';
import { detectron2 } from './decoders/detectron2';
import { tf1DetectionApi, tf2DetectionApi, tfjsDetectionApi } from './decoders/detection-api';
import { detr, rtDetr } from './decoders/detection-transformers';
import { efficientdet } from './decoders/efficientdet';
import { gridBoxes } from './decoders/grid-boxes';
import { findImageInput, shapeText } from './decoders/image-input';
import { mapping, readMapping } from './decoders/mapping';
import { mmdetection } from './decoders/mmdetection';
import { nanodet } from './decoders/nanodet';
import { paddleDetection } from './decoders/paddle-detection';
import { ssd } from './decoders/ssd';
import { torchvision } from './decoders/torchvision';
import { withPreparation } from './decoders/transformers-export';
import { yoloEndToEnd } from './decoders/yolo-end-to-end';
import { yolov5 } from './decoders/yolov5';
import { yolov8 } from './decoders/yolov8';
import { yolox } from './decoders/yolox';
import {
  DECODER_NAMES,
  type DecoderName,
  type Evidence,
  type InputPlan,
  type ModelContext,
  type ModelPlan,
  type ModelSignature,
  type PlanOverrides,
  type TensorSpec,
} from './model';
import { applyOverrides } from './overrides';

/** The most telling signatures first. */
const DECODERS: readonly Decoder[] = [
  tf2DetectionApi,
  tf1DetectionApi,
  cocoSsd,
  detectron2,
  torchvision,
  mmdetection,
  gridBoxes,
  paddleDetection,
  tfjsDetectionApi,
  nanodet,
  rtDetr,
  detr,
  ssd,
  efficientdet,
  centernet,
  yoloEndToEnd,
  yolov5,
  yolox,
  yolov8,
  mapping,
];

export function decoderOf(name: DecoderName): Decoder {
  return DECODERS.find((decoder) => decoder.name === name)!;
}

const tensorText = (spec: TensorSpec): string => `${spec.name} ${spec.dtype} ${shapeText(spec)}`;

/** `inputs a float32 [1,3,?,?]; outputs ...`: what an error about a signature lists. */
export function signatureText({ inputs, outputs }: ModelSignature): string {
  return `inputs ${inputs.map(tensorText).join(', ') || 'none'}; outputs ${outputs.map(tensorText).join(', ') || 'none'}`;
}

/** One list of scores and nothing else: the whole image is classified. */
const isClassifier = ({ outputs }: ModelSignature): boolean =>
  outputs.length === 1 && outputs[0]!.shape?.length === 2 && outputs[0]!.shape[1] !== 6;

/** An input of strings: files as they lie on disk, or records of a data set. */
const takesStrings = ({ inputs }: ModelSignature): boolean => inputs.some(({ dtype }) => dtype === 'string');

function unknown(signature: ModelSignature): BadInput {
  const listed = signatureText(signature);
  if (takesStrings(signature))
    return new BadInput(
      'model-input-type',
      `The model takes encoded files or tf.Example records, not the pixels of an image: ${listed}.`,
      'Export it again with --input_type image_tensor (or float_image_tensor).',
    );
  return isClassifier(signature)
    ? new BadInput(
        'model-no-detector',
        `The model gives one list of scores an image, as a classifier does, and no boxes: ${listed}.`,
        'Choose a detector.',
      )
    : new BadInput(
        'model-signature-unknown',
        `No decoder knows this signature: ${listed}.`,
        `Name one with --decoder (${DECODER_NAMES.filter((name) => name !== 'mapping').join(', ')}), or say in the window which output is what.`,
      );
}

function readWith(signature: ModelSignature, context: ModelContext, overrides: PlanOverrides): Reading {
  const { decoder, outputs } = overrides;
  if (decoder === 'mapping' || (decoder === undefined && outputs !== undefined))
    return readMapping(signature, overrides);
  if (decoder !== undefined) {
    const reading = decoderOf(decoder).read(signature, context, true);
    if (reading) return reading;
    throw new BadInput(
      'decoder-does-not-fit',
      `The decoder ${decoder} cannot read this signature: ${signatureText(signature)}.`,
      'Leave --decoder out, or name another.',
    );
  }
  for (const { read } of DECODERS) {
    const reading = read(signature, context, false);
    if (reading) return reading;
  }
  throw unknown(signature);
}

/** Throws `BadInput` where the model takes more than the image, its size and a mask: what else it wants is not known here. */
function checkInputs({ inputs }: ModelSignature, { name, sizes, mask }: InputPlan): void {
  const fed = new Set([name, mask?.name, ...sizes.map((size) => size.name)]);
  const further = inputs.filter((spec) => !fed.has(spec.name));
  if (further.length === 0) return;
  const isAskedByText = further.some((spec) => /input_ids|token|text|attention_mask/i.test(spec.name));
  throw new BadInput(
    'model-input-unknown',
    `Besides the image the model takes ${further.map(tensorText).join(', ')}${isAskedByText ? ': it is told by text what to look for' : ', which is neither the image’s size nor a mask'}.`,
    isAskedByText
      ? 'Choose a detector with classes of its own.'
      : 'Export the model so that the image is all it takes, with the rest fixed inside the graph.',
  );
}

/** What a training configuration beside the model tells of what happens inside the graph. */
function pipelineEvidence(config: PipelineConfig): Evidence[] {
  const evidence: Evidence[] = [];
  const { architecture, backbone, numClasses, resizer } = config;
  if (architecture !== null)
    evidence.push(
      concluded(
        'form',
        `The pipeline.config beside it says ${architecture}${backbone ? ` with ${backbone}` : ''}.`,
      ),
    );
  if (resizer !== null)
    evidence.push(
      concluded(
        'resize',
        resizer.kind === 'fixed'
          ? `By its pipeline.config the graph stretches images to ${resizer.width}×${resizer.height}.`
          : `By its pipeline.config the graph keeps the aspect: shorter side ${resizer.shortest}, longer at most ${resizer.longest}${resizer.padsToLongest ? ', padded to a square' : ''}.`,
      ),
    );
  if (numClasses !== null)
    evidence.push(concluded('class-names', `By its pipeline.config the model has ${numClasses} classes.`));
  return evidence;
}

function readConfig(text: string | null): PipelineConfig | Evidence | null {
  if (text === null) return null;
  try {
    return readPipelineConfig(text, 'pipeline.config');
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    return assumed('form', `The pipeline.config beside it cannot be read and is left out: ${error.message}`);
  }
}

const isConfig = (config: PipelineConfig | Evidence): config is PipelineConfig => 'architecture' in config;

/** Where the graph does everything, the configuration knows the number of classes that the signature hides. */
function withConfig(reading: Reading, config: ReturnType<typeof readConfig>): Reading {
  if (config === null) return reading;
  if (!isConfig(config)) return { ...reading, evidence: [...reading.evidence, config] };
  const classCount = reading.decoder.classCount ?? config.numClasses;
  return {
    ...reading,
    decoder: { ...reading.decoder, classCount },
    evidence: [...reading.evidence, ...pipelineEvidence(config)],
  };
}

/**
 * Understands a model. Throws `BadInput`: `model-signature-unknown` (lists inputs and outputs), `model-no-detector`,
 * `decoder-does-not-fit`, `label-map-does-not-fit`, `model-input-size`, `model-input-type`, `model-input-unknown`,
 * `mapping-incomplete`, `mapping-invalid`.
 */
export function understandModel(
  signature: ModelSignature,
  context: ModelContext,
  overrides: PlanOverrides = {},
): ModelPlan {
  const fixedSize = findImageInput(signature)?.size ?? null;
  const read = withPreparation(
    withConfig(readWith(signature, context, overrides), readConfig(context.pipelineConfig)),
    context,
    fixedSize === null,
  );
  const { input, decoder, evidence } = applyOverrides(read, overrides, fixedSize);
  checkInputs(signature, input);
  const { names, from, evidence: ofNames } = nameClasses(signature, context, decoder);
  return planOf({ input, decoder, classNames: names, classNamesFrom: from }, [...evidence, ...ofNames]);
}

/** A plan with its assumptions listed. */
export function planOf(
  plan: Omit<ModelPlan, 'evidence' | 'assumed'>,
  evidence: readonly Evidence[],
): ModelPlan {
  return {
    ...plan,
    evidence,
    assumed: evidence.filter(({ isAssumed }) => isAssumed).map(({ sentence }) => sentence),
  };
}
