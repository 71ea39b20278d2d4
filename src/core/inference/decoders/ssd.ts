/**
 * SSD and RetinaNet cut off before suppression: scores `[batch, anchors, C]` and one box an anchor `[batch, anchors, 4]`
 * (x1, y1, x2, y2 in pixels of the input). With softmax, column 0 is the background (torchvision's SSD).
 */
import { BadInput } from '../../foundation/bad-input';
import type { DecoderPlan, Evidence, ModelOutputs, ModelSignature } from '../model';
import { findBoxesAndScores } from './boxes-and-scores';
import { decodeClassColumns } from './class-columns';
import { assumed, concluded, type Decoder, type Settled } from './decoder';
import { findImageInput, shapeText, shareInput, sizeText } from './image-input';
import { outputPart, type OutputPart } from './outputs';
import { knownClassCount, settleShares } from './yolo-reading';

/** Of torchvision's SSDLite. */
const SUPPRESSION = { iou: 0.55, perClass: true } as const;

/** COCO's ids from 0 to 90: the first is no class whichever way scores are made. */
const COCO_COLUMNS = 91;

/** Scores made class by class, of which none is the background. */
const scoresEachClass = ({ operators }: ModelSignature, columns: number | null): boolean =>
  columns !== COCO_COLUMNS &&
  operators !== null &&
  operators.includes('Sigmoid') &&
  !operators.includes('Softmax');

/** Sets of queries (DETR) have some hundreds; anchors are more. */
const FEWEST_ANCHORS = 1000;

/** Of corner boxes hardly any turns back on itself; of raw distances from anchors nearly half do. */
const MOST_TURNED = 0.2;

/** Throws `BadInput` where the numbers are no corners, as a graph without its anchors gives them. */
function checkCorners({ data, offset, length }: OutputPart, { outputs }: DecoderPlan): void {
  let turned = 0;
  for (let at = offset; at + 4 <= offset + length; at += 4)
    if (data[at + 2]! < data[at]! || data[at + 3]! < data[at + 1]!) turned++;
  if (turned * 4 <= length * MOST_TURNED) return;
  throw new BadInput(
    'model-boxes-raw',
    `In the first run ${Math.round((turned * 400) / length)} % of the boxes of ${outputs.boxes ?? ''} end before they begin: they are no corners, but distances from anchors, which are not in the file.`,
    'Export the model with its boxes decoded, or with its own post-processing; where they are corners or centres in another order, say so in the window.',
  );
}

/** Softmax has shared 1 among the columns of every row. */
function sumToOne({ data, offset, length, shape }: OutputPart): boolean {
  const width = shape.at(-1)!;
  for (let row = offset; row + width <= offset + length; row += width) {
    let sum = 0;
    for (let column = 0; column < width; column++) sum += data[row + column]!;
    if (Math.abs(sum - 1) > SUM_TOLERANCE) return false;
  }
  return true;
}

/** Half precision leaves this much. */
const SUM_TOLERANCE = 0.01;

/** Without softmax each column is a class scored by itself: none of them is the background. */
function withoutBackground(plan: DecoderPlan): Settled {
  return {
    plan: {
      ...plan,
      background: null,
      classBase: 0,
      classCount: plan.classCount === null ? null : plan.classCount + 1,
    },
    evidence: [
      concluded(
        'background',
        'In the first run the scores of a box do not sum to 1: each class is scored by itself (sigmoid), and no column is the background.',
      ),
      concluded('class-base', 'Column 0 is the first class.'),
    ],
  };
}

/**
 * Scores beyond 0 to 1 have no activation yet: softmax where one column is the background, else sigmoid. Finished scores
 * show which of the two it was.
 */
function settle(plan: DecoderPlan, outputs: ModelOutputs, doubted: ReadonlySet<Evidence['about']>): Settled {
  const boxes = outputPart(outputs, plan, 'boxes', 0, 2);
  checkCorners(boxes, plan);
  const shares = settleShares(plan, boxes.data.subarray(boxes.offset, boxes.offset + boxes.length));
  const scores = outputPart(outputs, plan, 'scores', 0, 2);
  const values = scores.data.subarray(scores.offset, scores.offset + scores.length);
  if (plan.activation !== 'none') return shares;
  if (!values.some((value) => value < 0 || value > 1)) {
    const isDoubted = plan.background !== null && doubted.has('background');
    if (!isDoubted || scores.shape.at(-1) === COCO_COLUMNS || sumToOne(scores)) return shares;
    const settled = withoutBackground(shares.plan);
    return { plan: settled.plan, evidence: [...shares.evidence, ...settled.evidence] };
  }
  const activation = plan.background === null ? 'sigmoid' : 'softmax';
  return {
    plan: { ...shares.plan, activation },
    evidence: [
      ...shares.evidence,
      concluded(
        'outputs',
        `The first run showed scores beyond 0 to 1: they are raw, ${activation} makes scores of them.`,
      ),
    ],
  };
}

export const ssd: Decoder = {
  name: 'ssd',
  read: (signature, context, isAsked) => {
    const image = findImageInput(signature);
    const found = findBoxesAndScores(signature);
    if (image === null || found === null) return null;
    const { boxes, scores, columns } = found;
    const anchors = boxes.shape![1] ?? null;
    if (!isAsked && (anchors === null || anchors < FEWEST_ANCHORS)) return null;
    const known = knownClassCount(context, null);
    const isCounted = columns !== null && known !== null && (columns === known || columns === known + 1);
    const hasBackground = isCounted ? columns !== known : !scoresEachClass(signature, columns);
    return {
      input: shareInput(image),
      decoder: {
        name: 'ssd',
        outputs: { boxes: boxes.name, scores: scores.name },
        boxOrder: 'xyxy',
        boxUnit: 'input',
        classBase: hasBackground ? 1 : 0,
        background: hasBackground ? 0 : null,
        activation: 'none',
        classesPerBox: 'all',
        suppression: SUPPRESSION,
        classCount: columns === null ? null : columns - (hasBackground ? 1 : 0),
        strides: null,
        isValuesFirst: false,
      },
      evidence: [
        concluded(
          'decoder',
          `${boxes.name} ${shapeText(boxes)} and ${scores.name} ${shapeText(scores)}: a box and class scores for each anchor, before suppression.`,
        ),
        (isCounted ? concluded : assumed)(
          'background',
          hasBackground
            ? `Column 0 of the ${columns ?? ''} scores is the background${isCounted ? `: there are ${known} classes` : ', as in torchvision’s SSD; --background none or --background COLUMN corrects it'}.`
            : isCounted
              ? `There are ${known} classes and as many columns: none is the background.`
              : 'The graph has sigmoid and no softmax: each column is a class scored by itself, and none is the background; --background COLUMN corrects it.',
        ),
        assumed(
          'class-base',
          hasBackground
            ? 'Classes count from 1, after the background; --class-base 0 corrects it.'
            : 'Classes count from 0; --class-base 1 corrects it.',
        ),
        ...(image.size === null ? [] : [concluded('input-size', `The input is ${sizeText(image.size)}.`)]),
        assumed(
          'resize',
          'The image is stretched to the input, bilinear without antialiasing, as torchvision’s SSD does; --resize letterbox corrects it.',
        ),
        assumed(
          'normalise',
          'RGB from 0 to 1 (grey level / 255), as torchvision’s detectors take it; --normalise and --channels correct it.',
        ),
        assumed(
          'suppression',
          `Overlaps above IoU ${SUPPRESSION.iou} within a class go, as in torchvision’s SSDLite; it is not part of the file.`,
        ),
      ],
    };
  },
  decode: decodeClassColumns,
  settle,
};
