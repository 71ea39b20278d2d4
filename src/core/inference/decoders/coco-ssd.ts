/**
 * The raw graph of TensorFlow.js's coco-ssd: scores `[1, anchors, 90]` (sigmoid applied; column 0 is COCO's id 1) and
 * boxes `[1, anchors, 1, 4]` (ymin, xmin, ymax, xmax, shares of the image), before suppression. Its own `detect()` cuts
 * at 0.5 and uses that number as the suppression's IoU too; here all classes come out from a low score on.
 */
import { decodeClassColumns } from './class-columns';
import { concluded, type Decoder } from './decoder';
import { findImageInput, plainInput, shapeText } from './image-input';

/** Of the training configuration of the API's SSD with MobileNet. */
const SUPPRESSION = { iou: 0.6, perClass: true } as const;

/** Of graphs without a signature only the names of their last nodes are known. */
const BOXES = 'Postprocessor/ExpandDims_1';
const SCORES = 'Postprocessor/Slice';
const CLASSES = 90;

export const cocoSsd: Decoder = {
  name: 'coco-ssd',
  read: (signature) => {
    const image = findImageInput(signature);
    const boxes = signature.outputs.find(
      ({ name, shape }) =>
        (shape?.length === 4 && shape[2] === 1 && shape[3] === 4) || (shape === null && name === BOXES),
    );
    const anchors = boxes?.shape?.[1];
    const scores = signature.outputs.find(
      ({ name, shape }) =>
        name !== boxes?.name &&
        ((shape?.length === 3 && shape[1] === anchors) || (shape === null && name === SCORES)),
    );
    if (image === null || image.layout !== 'nhwc' || boxes === undefined || scores === undefined) return null;
    const columns = scores.shape === null ? CLASSES : (scores.shape.at(-1) ?? null);
    return {
      input: plainInput(image),
      decoder: {
        name: 'coco-ssd',
        outputs: { boxes: boxes.name, scores: scores.name },
        boxOrder: 'yxyx',
        boxUnit: 'share',
        classBase: 0,
        background: null,
        activation: 'none',
        classesPerBox: 'all',
        suppression: SUPPRESSION,
        classCount: columns,
        strides: null,
        isValuesFirst: false,
      },
      evidence: [
        concluded(
          'decoder',
          `${scores.name} ${shapeText(scores)} and ${boxes.name} ${shapeText(boxes)}: scores and boxes of all anchors before suppression, as TensorFlow.js’s coco-ssd gives them.`,
        ),
        concluded('class-base', 'Column 0 is the first class (its id is 1); there is no background column.'),
        concluded('resize', 'The graph resizes and normalises the image itself.'),
        concluded(
          'suppression',
          `Overlaps above IoU ${SUPPRESSION.iou} within a class go, as in the model’s training configuration.`,
        ),
      ],
    };
  },
  decode: decodeClassColumns,
};
