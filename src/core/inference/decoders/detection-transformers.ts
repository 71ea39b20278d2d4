/**
 * DETR and RT-DETR as `transformers` exports them: `logits` `[batch, queries, C]` and `pred_boxes` `[batch, queries, 4]`
 * (centre x, centre y, width, height, 0 to 1 of the input). DETR: softmax over all columns, the last is "no object", one
 * class a query. RT-DETR: sigmoid, no such column, the best of all pairs of query and class. Nothing is suppressed.
 * RT-DETR's own exporter finishes the boxes inside the graph and asks for the image's size as a second input.
 */
import type { DecoderPlan, InputPlan, ModelContext, ModelSignature, TensorSpec } from '../model';
import { type BoxesAndScores, findBoxesAndScores } from './boxes-and-scores';
import { decodeClassColumns } from './class-columns';
import { assumed, concluded, FINISHED_BOXES, type Decoder, type Reading } from './decoder';
import {
  findImageInput,
  IMAGENET_DEVIATION,
  IMAGENET_MEAN,
  type ImageInput,
  shapeText,
  shareInput,
  sizeText,
} from './image-input';
import { decodeSeparateOutputs } from './separate-outputs';
import {
  decodeUltralyticsRtDetr,
  readUltralyticsRtDetr,
  settleUltralyticsRtDetr,
} from './ultralytics-rt-detr';
import { knownClassCount } from './yolo-reading';

const USUAL_SIZE = { height: 640, width: 640 } as const;

/** More candidates than any set of queries has: those are anchors. */
const MOST_QUERIES = 999;

/** `model_type` of transformers' detectors: by softmax with a column for “no object”, and by sigmoid without. */
const SOFTMAX_FAMILIES: ReadonlySet<string> = new Set(['detr', 'yolos', 'table-transformer']);
const FAMILIES: ReadonlySet<string> = new Set([
  ...SOFTMAX_FAMILIES,
  'conditional_detr',
  'dab-detr',
  'deformable_detr',
  'deta',
  'rt_detr',
  'rt_detr_v2',
  'd_fine',
]);

/** Columns of a model trained on COCO's ids, 0 to 90. */
const COCO_COLUMNS = 91;

interface Verdict {
  readonly isSoftmax: boolean;
  readonly isAssumed: boolean;
  readonly why: string;
}

/** Names and shapes are the same for both: the operations and the number of columns against that of classes tell. */
function tellApart(signature: ModelSignature, context: ModelContext, columns: number | null): Verdict {
  const known = knownClassCount(context, null);
  const type = context.transformers?.modelType ?? null;
  if (type !== null && FAMILIES.has(type))
    return {
      isSoftmax: SOFTMAX_FAMILIES.has(type),
      isAssumed: false,
      why: `the config.json beside the model says ${type}`,
    };
  if (columns !== null && known !== null && columns === known + 1)
    return {
      isSoftmax: true,
      isAssumed: false,
      why: `${columns} columns for ${known} classes: the last is “no object”, as in DETR`,
    };
  if (columns !== null && known === columns)
    return {
      isSoftmax: false,
      isAssumed: false,
      why: `${columns} columns for as many classes, as in RT-DETR`,
    };
  if (signature.operators?.includes('GridSample'))
    return {
      isSoftmax: false,
      isAssumed: false,
      why: 'the graph samples its features at points (GridSample: deformable attention), as RT-DETR does and DETR does not',
    };
  if (signature.operators !== null)
    return {
      isSoftmax: true,
      isAssumed: true,
      why: 'the graph has plain attention (no GridSample), as DETR has; --decoder rt-detr corrects it',
    };
  return {
    isSoftmax: true,
    isAssumed: true,
    why: 'nothing in the file tells DETR from RT-DETR; DETR taken; --decoder rt-detr corrects it',
  };
}

/** An input beside the image's that marks what is image: `[batch, height, width]`. */
const findMask = (signature: ModelSignature): TensorSpec | null =>
  signature.inputs.find(({ name, shape }) => /mask/i.test(name) && shape?.length === 3) ?? null;

function transformerInput(signature: ModelSignature, image: ImageInput, isNormalised: boolean): InputPlan {
  const mask = findMask(signature);
  return {
    ...shareInput(image),
    ...(mask === null ? {} : { mask }),
    resize: 'stretch',
    size: image.size ?? USUAL_SIZE,
    interpolation: 'pillow',
    ...(isNormalised ? { mean: IMAGENET_MEAN, deviation: IMAGENET_DEVIATION } : {}),
    batch: image.batch,
  };
}

function readTransformer(
  signature: ModelSignature,
  context: ModelContext,
  name: 'detr' | 'rt-detr',
  isAsked: boolean,
) {
  const image = findImageInput(signature);
  const found = findBoxesAndScores(signature);
  if (image === null || found === null) return null;
  const queries = found.boxes.shape![1] ?? null;
  if (!isAsked && queries !== null && queries > MOST_QUERIES) return null;
  const verdict = tellApart(signature, context, found.columns);
  if (!isAsked && verdict.isSoftmax !== (name === 'detr')) return null;
  return transformerReading(signature, image, found, name, isAsked ? null : verdict);
}

/** Attention at points: RT-DETR's, which takes values from 0 to 1; the DETRs with plain attention normalise them. */
const samplesPoints = ({ operators }: ModelSignature): boolean => operators?.includes('GridSample') ?? true;

function transformerReading(
  signature: ModelSignature,
  image: ImageInput,
  { boxes, scores, columns }: BoxesAndScores,
  name: 'detr' | 'rt-detr',
  verdict: Verdict | null,
): Reading {
  const isDetr = name === 'detr';
  const isNormalised = isDetr || !samplesPoints(signature);
  const input = transformerInput(signature, image, isNormalised);
  const decoder: DecoderPlan = {
    name,
    outputs: { boxes: boxes.name, scores: scores.name },
    boxOrder: 'cxcywh',
    boxUnit: 'share',
    classBase: 0,
    background: isDetr && columns !== null ? columns - 1 : null,
    activation: isDetr ? 'softmax' : 'sigmoid',
    classesPerBox: isDetr ? 'best' : 'all',
    suppression: null,
    classCount: columns === null ? null : columns - (isDetr ? 1 : 0),
    strides: null,
    isValuesFirst: false,
  };
  const layout = `${scores.name} ${shapeText(scores)} and ${boxes.name} ${shapeText(boxes)}: a set of queries with classes and a box each`;
  return {
    input,
    decoder,
    evidence: [
      (verdict?.isAssumed ? assumed : concluded)(
        'decoder',
        `${layout}${verdict ? `; ${verdict.why}` : ', read as asked'}.`,
      ),
      concluded(
        'background',
        isDetr
          ? 'Softmax over all columns; the last is “no object”.'
          : 'Sigmoid of each column; none is “no object”.',
      ),
      image.size === null
        ? assumed(
            'input-size',
            `The input may have any size and the file does not say which: ${sizeText(input.size!)} taken; --input-size corrects it.`,
          )
        : concluded('input-size', `The input is ${sizeText(image.size)}.`),
      assumed(
        'resize',
        'The image is stretched to the input, bilinear with antialiasing, as transformers’ image processors do; --resize letterbox corrects it.',
      ),
      assumed(
        'normalise',
        isNormalised
          ? 'RGB from 0 to 1 less the mean 0.485, 0.456, 0.406, by the deviation 0.229, 0.224, 0.225 (ImageNet’s), as DETR’s image processor does; the file does not say it: --normalise 0/1 corrects it.'
          : 'RGB from 0 to 1 without mean or deviation, as RT-DETR’s image processor does; the file does not say it: --normalise MEAN/STD corrects it.',
      ),
      assumed('class-base', 'Classes count from 0, as in transformers; --class-base 1 corrects it.'),
    ],
  };
}

/** labels, boxes, scores with `orig_target_sizes` as the second input: RT-DETR's own exporter. */
function readFinished(signature: ModelSignature): Reading | null {
  const image = findImageInput(signature);
  const size = signature.inputs.find(
    ({ name, shape }) => name !== image?.spec.name && shape?.length === 2 && shape[1] === 2,
  );
  const output = (name: string) => signature.outputs.find((spec) => spec.name === name)?.name;
  const [boxes, scores, classes] = [output('boxes'), output('scores'), output('labels')];
  if (image === null || size === undefined || !boxes || !scores || !classes) return null;
  return {
    input: {
      ...transformerInput(signature, image, false),
      sizes: [{ name: size.name, dtype: size.dtype, holds: 'image', order: 'width-height' }],
    },
    decoder: {
      name: 'rt-detr',
      outputs: { boxes, scores, classes },
      boxOrder: 'xyxy',
      boxUnit: 'image',
      classBase: 0,
      ...FINISHED_BOXES,
    },
    evidence: [
      concluded(
        'decoder',
        `Outputs ${classes}, ${boxes}, ${scores} and a second input ${size.name} for the image’s size: RT-DETR’s own export, boxes in pixels of the image.`,
      ),
      assumed(
        'normalise',
        'RGB from 0 to 1 without mean or deviation, as RT-DETR takes it; --normalise MEAN/STD corrects it.',
      ),
      assumed('class-base', 'Classes count from 0; --class-base 1 corrects it.'),
    ],
  };
}

/**
 * RF-DETR's own export: `dets` `[batch, queries, 4]` and `labels` `[batch, queries, classes + 1]`, by sigmoid. The
 * columns are the class numbers of its training set; COCO's (91 of them) count from 1, and a last or first one stays free.
 */
function readRfDetr(signature: ModelSignature, context: ModelContext): Reading | null {
  const image = findImageInput(signature);
  const output = (name: string) => signature.outputs.find((spec) => spec.name === name);
  const [boxes, scores] = [output('dets'), output('labels')];
  if (image === null || boxes?.shape?.at(-1) !== 4 || scores?.shape?.length !== 3) return null;
  const columns = scores.shape[2] ?? null;
  const isCoco = columns === COCO_COLUMNS;
  const known = knownClassCount(context, null);
  const hasFreeLast = columns !== null && known === columns - 1;
  const reading = transformerReading(signature, image, { boxes, scores, columns }, 'rt-detr', {
    isSoftmax: false,
    isAssumed: false,
    why: 'RF-DETR names its outputs so; sigmoid',
  });
  const background = isCoco ? 0 : hasFreeLast ? known : null;
  return {
    input: { ...reading.input, mean: IMAGENET_MEAN, deviation: IMAGENET_DEVIATION, interpolation: 'exact' },
    decoder: {
      ...reading.decoder,
      background,
      classBase: isCoco ? 1 : 0,
      classCount: columns === null || background === null ? columns : columns - 1,
    },
    evidence: [
      ...reading.evidence.filter(
        ({ about }) => !['background', 'resize', 'normalise', 'class-base'].includes(about),
      ),
      concluded(
        'background',
        background === null
          ? 'Sigmoid of each column; one of them is left free in training.'
          : `Sigmoid of each column; column ${background} is free: RF-DETR adds one to its classes.`,
      ),
      assumed(
        'resize',
        'The image is stretched to the input, bilinear without antialiasing, as RF-DETR predicts; --resize letterbox corrects it.',
      ),
      assumed(
        'normalise',
        'RGB from 0 to 1 less the mean 0.485, 0.456, 0.406, by the deviation 0.229, 0.224, 0.225 (ImageNet’s), as RF-DETR predicts; --normalise corrects it.',
      ),
      assumed(
        'class-base',
        isCoco
          ? `Columns are COCO’s class ids from 1 on, as there are ${columns}; --class-base 0 corrects it.`
          : 'Classes count from 0; --class-base 1 corrects it.',
      ),
    ],
  };
}

export const detr: Decoder = {
  name: 'detr',
  read: (signature, context, isAsked) => readTransformer(signature, context, 'detr', isAsked),
  decode: decodeClassColumns,
};

export const rtDetr: Decoder = {
  name: 'rt-detr',
  read: (signature, context, isAsked) =>
    readFinished(signature) ??
    readUltralyticsRtDetr(signature, context) ??
    readRfDetr(signature, context) ??
    readTransformer(signature, context, 'rt-detr', isAsked),
  decode: (run) => {
    const { outputs } = run.plan;
    if (outputs.rows !== undefined) return decodeUltralyticsRtDetr(run);
    return outputs.classes === undefined ? decodeClassColumns(run) : decodeSeparateOutputs(run);
  },
  settle: (plan, outputs) =>
    plan.outputs.rows === undefined ? { plan, evidence: [] } : settleUltralyticsRtDetr(plan, outputs),
};
