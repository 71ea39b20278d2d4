/**
 * Grid detectors with one place a cell whose boxes and scores come as two outputs, before suppression: boxes
 * `[batch, places, 4]` (x1, y1, x2, y2) and scores `[batch, places, classes]` or `[batch, classes, places]` (sigmoid
 * applied, no background). DAMO-YOLO and YOLO-NAS give boxes in pixels of the input, PP-YOLOE, told by its input
 * `scale_factor`, in pixels of the image.
 */
import type {
  DecoderPlan,
  Evidence,
  InputPlan,
  ModelContext,
  ModelOutputs,
  ModelSignature,
  TensorSpec,
} from '../model';
import type { Candidates } from '../suppression';
import { CandidateList } from './candidate-list';
import { addWithClasses } from './class-columns';
import { assumed, concluded, type Decoder, type DecoderRun, type Settled } from './decoder';
import { findImageInput, type ImageInput, plainInput, shapeText, sizeText } from './image-input';
import { outputPart } from './outputs';
import { paddleInput } from './paddle-detection';
import { gridOf } from './yolo-metadata';
import { settleShares, ultralyticsInput } from './yolo-reading';

/** Of the configurations of all three. */
const SUPPRESSION = { iou: 0.7, perClass: true } as const;

interface GridOutputs {
  readonly boxes: TensorSpec;
  readonly scores: TensorSpec;
  readonly classCount: number | null;
  readonly isValuesFirst: boolean;
}

function findGridOutputs(
  { outputs }: ModelSignature,
  image: ImageInput,
  isAsked: boolean,
): GridOutputs | null {
  const tensors = outputs.filter(({ shape, dtype }) => shape?.length === 3 && dtype.startsWith('float'));
  const boxes = tensors.find(
    ({ name, shape }) =>
      shape![2] === 4 && !/score|cls|class/i.test(name) && isGrid(image, shape![1], isAsked),
  );
  const places = boxes?.shape?.[1];
  const scores = tensors.find(({ name, shape }) => name !== boxes?.name && shape!.includes(places ?? NaN));
  if (boxes === undefined || scores === undefined || tensors.length !== 2) return null;
  const isValuesFirst = scores.shape![2] === places;
  return { boxes, scores, classCount: scores.shape![isValuesFirst ? 1 : 2] ?? null, isValuesFirst };
}

const isGrid = (image: ImageInput, places: number | null | undefined, isAsked: boolean): boolean =>
  isAsked || gridOf(image.size, places ?? null, 1) !== null;

/** DAMO-YOLO's converter names the first output only; the other keeps its number in the graph. */
const isOfDamo = ({ boxes, scores }: GridOutputs): boolean =>
  scores.name === 'output' && /^\d+$/.test(boxes.name);

/** RGB grey levels at the upper left corner, zeros around. */
function damoInput(image: ImageInput): { input: InputPlan; evidence: Evidence[] } {
  const size = image.size!;
  return {
    input: {
      ...plainInput(image),
      resize: 'letterbox',
      size,
      letterbox: { fill: 0, place: 'corner', rounding: 'down', multipleOf: null },
      interpolation: 'opencv',
    },
    evidence: [
      concluded('input-size', `The input is ${sizeText(size)}.`),
      assumed(
        'resize',
        'The image at the upper left corner of the input, black around it, as DAMO-YOLO does; --resize corrects it.',
      ),
      assumed(
        'normalise',
        'RGB grey levels from 0 to 255, as DAMO-YOLO takes them; --normalise and --channels correct it.',
      ),
    ],
  };
}

function inputOf(signature: ModelSignature, context: ModelContext, image: ImageInput, found: GridOutputs) {
  if (image.size !== null && isOfDamo(found)) return damoInput(image);
  const paddle = paddleInput(signature, image, context);
  if (paddle.input.sizes.length > 0) return paddle;
  return ultralyticsInput({
    image,
    output: { ...found.boxes, shape: found.boxes.shape! },
    metadata: null,
    layout: null,
    classes: found.classCount,
    size: image.size,
  });
}

function decode({ plan, outputs, index, scoreThreshold }: DecoderRun): Candidates {
  const boxes = outputPart(outputs, plan, 'boxes', index, 2);
  const columns = outputPart(outputs, plan, 'scores', index, 2);
  const places = boxes.length / 4;
  const classes = columns.length / places;
  const [placeStep, classStep] = plan.isValuesFirst ? [1, places] : [classes, 1];
  const scores = new Float64Array(classes);
  const list = new CandidateList(plan.boxOrder);
  const { data } = boxes;
  for (let place = 0; place < places; place++) {
    const from = columns.offset + place * placeStep;
    for (let column = 0; column < classes; column++)
      scores[column] = columns.data[from + column * classStep]!;
    const at = boxes.offset + place * 4;
    const box = [data[at]!, data[at + 1]!, data[at + 2]!, data[at + 3]!] as const;
    addWithClasses(list, plan, scores, scoreThreshold, box);
  }
  return list.candidates();
}

function settle(plan: DecoderPlan, outputs: ModelOutputs): Settled {
  const { data, offset, length } = outputPart(outputs, plan, 'boxes', 0, 2);
  return settleShares(plan, data.subarray(offset, offset + length));
}

export const gridBoxes: Decoder = {
  name: 'grid-boxes',
  read: (signature, context, isAsked) => {
    const image = findImageInput(signature);
    const found = image && findGridOutputs(signature, image, isAsked);
    if (image === null || found === null) return null;
    const { boxes, scores, classCount, isValuesFirst } = found;
    const { input, evidence } = inputOf(signature, context, image, found);
    return {
      input,
      decoder: {
        name: 'grid-boxes',
        outputs: { boxes: boxes.name, scores: scores.name },
        boxOrder: 'xyxy',
        boxUnit: input.sizes.length > 0 ? 'image' : 'input',
        classBase: 0,
        background: null,
        activation: 'none',
        classesPerBox: 'all',
        suppression: SUPPRESSION,
        classCount,
        strides: null,
        isValuesFirst,
      },
      evidence: [
        concluded(
          'decoder',
          `${boxes.name} ${shapeText(boxes)} and ${scores.name} ${shapeText(scores)}: a box (x1, y1, x2, y2) and class scores for each cell of a grid of the input, before suppression, as DAMO-YOLO, YOLO-NAS and PP-YOLOE give them.`,
        ),
        ...evidence,
        concluded('background', 'A grid with one place a cell has no background among its classes.'),
        assumed('class-base', 'Classes count from 0; --class-base 1 corrects it.'),
        assumed(
          'suppression',
          `Overlaps above IoU ${SUPPRESSION.iou} within a class go, as in these models’ configurations; it is not part of the file.`,
        ),
      ],
    };
  },
  decode,
  settle,
};
