/** What the decoders of the YOLO family read alike: which output, which layout, the letterbox and the normalisation. */
import { BadInput } from '../../foundation/bad-input';
import type {
  DecoderPlan,
  Evidence,
  ImageSize,
  InputPlan,
  ModelContext,
  ModelOutputs,
  ModelSignature,
  TensorSpec,
} from '../model';
import { assumed, concluded, type Settled } from './decoder';
import {
  findImageInput,
  type ImageInput,
  shapeText,
  shareInput,
  sizeText,
  takesFractions,
  ULTRALYTICS_LETTERBOX,
} from './image-input';
import { outputPart } from './outputs';
import { yoloLayout, type YoloLayout, type YoloMetadata, yoloMetadata } from './yolo-metadata';

export interface YoloSignature {
  readonly image: ImageInput;
  readonly output: TensorSpec & { readonly shape: readonly (number | null)[] };
  readonly metadata: YoloMetadata | null;
  readonly layout: YoloLayout | null;
  /** Number of classes by the metadata, the label map or the project; null where nothing says. */
  readonly classes: number | null;
  /** The input's size: fixed, else of the metadata; null where neither says. */
  readonly size: ImageSize | null;
}

/** Number of classes that something besides the shapes tells. */
export function knownClassCount(context: ModelContext, metadata: YoloMetadata | null): number | null {
  if (metadata?.names) return metadata.names.length;
  const beside = context.transformers?.names ?? context.paddle?.names;
  if (beside) return beside.length;
  if (context.labelMap && context.labelMap.length > 0)
    return Math.max(...context.labelMap.map(({ id }) => id));
  return context.classNames?.length ?? null;
}

const FLOATS = ['float32', 'float16', 'float64'];

/** Tasks whose outputs are no upright boxes. */
const OTHER_TASKS: Readonly<Record<string, string>> = {
  classify: 'a classifier: it names the image and finds no boxes',
  semantic: 'one that gives each pixel a class and finds no boxes',
  depth: 'one that measures distances and finds no boxes',
  obb: 'a detector of turned boxes, which have no place in these scores',
};

/** Null where no output has three dimensions or no input takes an image. */
export function readYolo(signature: ModelSignature, context: ModelContext): YoloSignature | null {
  const image = findImageInput(signature);
  const metadata = yoloMetadata(signature);
  const other = OTHER_TASKS[metadata?.task ?? ''];
  if (other !== undefined)
    throw new BadInput('model-no-detector', `By its metadata the model is ${other}.`, 'Choose a detector.');
  const output = signature.outputs.find(({ shape, dtype }) => shape?.length === 3 && FLOATS.includes(dtype));
  if (image === null || !output?.shape) return null;
  const size = image.size ?? metadata?.size ?? null;
  const classes = knownClassCount(context, metadata);
  const layout = yoloLayout(output.shape, size, metadata, classes);
  return { image, output: { ...output, shape: output.shape }, metadata, layout, classes, size };
}

/** Where neither the file nor its metadata says. */
const USUAL_SIZE: ImageSize = { height: 640, width: 640 };

/** RGB from 0 to 1 in Ultralytics' letterbox. */
export function ultralyticsInput(yolo: YoloSignature): { input: InputPlan; evidence: Evidence[] } {
  const { image, size, metadata } = yolo;
  const isOpen = image.size === null;
  const stride = metadata?.stride ?? 32;
  const input: InputPlan = {
    ...shareInput(image),
    resize: 'letterbox',
    size: size ?? USUAL_SIZE,
    letterbox: { ...ULTRALYTICS_LETTERBOX, multipleOf: isOpen ? stride : null },
    interpolation: 'opencv',
    batch: isOpen ? (image.batch ?? 1) : image.batch,
  };
  const isTold = metadata !== null;
  const tell = isTold ? concluded : assumed;
  return {
    input,
    evidence: [
      sizeEvidence(yolo, stride),
      tell(
        'resize',
        `Letterbox with grey 114, centred, as Ultralytics trains and predicts${isTold ? ' (the metadata is of its exporter)' : '; the file does not say it: --resize stretch if it was trained on stretched images'}.`,
      ),
      takesFractions(image)
        ? tell(
            'normalise',
            `Values from 0 to 1 (grey level / 255), RGB${isTold ? ', as this exporter’s models take them' : ', as YOLO models take them; the file does not say it: --normalise and --channels correct it'}.`,
          )
        : concluded(
            'normalise',
            `Grey levels from 0 to 255, RGB: the input takes ${image.spec.dtype}, so the graph normalises them itself.`,
          ),
    ],
  };
}

function sizeEvidence({ image, size, metadata }: YoloSignature, stride: number): Evidence {
  if (image.size !== null) return concluded('input-size', `The input is ${sizeText(image.size)}.`);
  if (size !== null && metadata !== null)
    return concluded(
      'input-size',
      `The input may have any size; the metadata says ${sizeText(size)}, padded only to a multiple of ${stride}.`,
    );
  return assumed(
    'input-size',
    `The input may have any size and the file does not say which: ${sizeText(USUAL_SIZE)} taken, as is usual; --input-size corrects it.`,
  );
}

/** Suppression that Ultralytics' `predict` and `val` use. */
export const ULTRALYTICS_SUPPRESSION = { iou: 0.7, perClass: true } as const;

export const yoloDecoder = (
  name: DecoderPlan['name'],
  output: TensorSpec,
  more: Partial<DecoderPlan> = {},
): DecoderPlan => ({
  name,
  outputs: { rows: output.name },
  boxOrder: 'cxcywh',
  boxUnit: 'input',
  classBase: 0,
  background: null,
  activation: 'none',
  classesPerBox: 'best',
  suppression: ULTRALYTICS_SUPPRESSION,
  classCount: null,
  strides: null,
  isValuesFirst: false,
  ...more,
});

export const describeOutput = (output: TensorSpec): string => `${output.name} ${shapeText(output)}`;

/** The first four numbers of every row of the first image. */
export function* rowBoxNumbers(plan: DecoderPlan, outputs: ModelOutputs): Generator<number> {
  const { data, offset, length, shape } = outputPart(outputs, plan, 'rows', 0, 2);
  const width = shape.at(-1)!;
  for (let at = offset; at + width <= offset + length; at += width) yield* data.subarray(at, at + 4);
}

/** Some exporters divide boxes by the input's size: then no number of them is much above 1. */
export function settleShares(plan: DecoderPlan, numbers: Iterable<number>): Settled {
  let most = 0;
  for (const number of numbers) most = Math.max(most, number);
  if (plan.boxUnit !== 'input' || most <= 0 || most > 2) return { plan, evidence: [] };
  return {
    plan: { ...plan, boxUnit: 'share' },
    evidence: [
      concluded(
        'outputs',
        'In the first run no number of any box was above 2: they are shares of the input, not pixels.',
      ),
    ],
  };
}
