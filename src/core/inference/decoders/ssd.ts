/**
 * SSD and RetinaNet cut off before suppression: scores `[batch, anchors, C]` and one box an anchor `[batch, anchors, 4]`
 * (x1, y1, x2, y2 in pixels of the input). With softmax, column 0 is the background (torchvision's SSD).
 */
import type { DecoderPlan, ModelOutputs } from '../model';
import { findBoxesAndScores } from './boxes-and-scores';
import { decodeClassColumns } from './class-columns';
import { assumed, concluded, type Decoder, type Settled } from './decoder';
import { findImageInput, shapeText, shareInput, sizeText } from './image-input';
import { outputPart } from './outputs';
import { knownClassCount, settleShares } from './yolo-reading';

/** Of torchvision's SSDLite. */
const SUPPRESSION = { iou: 0.55, perClass: true } as const;

/** Sets of queries (DETR) have some hundreds; anchors are more. */
const FEWEST_ANCHORS = 1000;

/** Scores beyond 0 to 1 have no activation yet: softmax where one column is the background, else sigmoid. */
function settle(plan: DecoderPlan, outputs: ModelOutputs): Settled {
  const boxes = outputPart(outputs, plan, 'boxes', 0, 2);
  const shares = settleShares(plan, boxes.data.subarray(boxes.offset, boxes.offset + boxes.length));
  const { data, offset, length } = outputPart(outputs, plan, 'scores', 0, 2);
  const values = data.subarray(offset, offset + length);
  if (plan.activation !== 'none' || !values.some((value) => value < 0 || value > 1)) return shares;
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
    const hasBackground = columns === null || columns !== known;
    const isCounted = columns !== null && known !== null && (columns === known || columns === known + 1);
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
            : `There are ${known} classes and as many columns: none is the background.`,
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
