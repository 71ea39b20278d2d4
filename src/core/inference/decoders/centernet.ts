/**
 * CenterNet with its selection inside the graph: one output `[batch, 100, 6]`: x1, y1, x2, y2 in pixels of the input,
 * score, class number from 0.
 */
import type { ModelSignature, TensorSpec } from '../model';
import { assumed, concluded, FINISHED_BOXES, type Decoder } from './decoder';
import { decodeDetectionRows } from './detection-rows';
import { findImageInput, plainInput, shapeText, sizeText } from './image-input';
import { rowBoxNumbers, settleShares } from './yolo-reading';
import { yoloMetadata } from './yolo-metadata';

/** Detections that CenterNet keeps. */
const DETECTIONS = 100;
const USUAL_SIZE = { height: 512, width: 512 };

const hasRows = ({ shape }: TensorSpec): boolean => shape?.length === 3 && shape[2] === 6;

/** Maps of centres, sizes or offsets that some exports give besides. */
const hasHeatMaps = ({ outputs }: ModelSignature): boolean =>
  outputs.some(({ name, shape }) => shape?.length === 4 && /heat|hm|wh|center|keypoint|reg/i.test(name));

export const centernet: Decoder = {
  name: 'centernet',
  read: (signature, _context, isAsked) => {
    const image = findImageInput(signature);
    const rows = signature.outputs.find(hasRows);
    if (image === null || rows === undefined) return null;
    const isLikely = rows.shape![1] === DETECTIONS && yoloMetadata(signature) === null;
    if (!isAsked && !isLikely) return null;
    const maps = hasHeatMaps(signature) ? ', beside the maps it was chosen from' : '';
    const heatMaps = signature.outputs.find(
      ({ name, shape }) => shape?.length === 4 && !/wh|reg|off/i.test(name),
    );
    return {
      input: {
        ...plainInput(image),
        resize: 'stretch',
        size: image.size ?? USUAL_SIZE,
      },
      decoder: {
        name: 'centernet',
        outputs: { rows: rows.name },
        boxOrder: 'xyxy',
        boxUnit: 'input',
        classBase: 0,
        ...FINISHED_BOXES,
        classCount: maps === '' ? null : (heatMaps?.shape?.[image.layout === 'nhwc' ? 3 : 1] ?? null),
      },
      evidence: [
        (isAsked ? concluded : assumed)(
          'decoder',
          `${rows.name} ${shapeText(rows)}${maps}: the ${DETECTIONS} best boxes (x1, y1, x2, y2, score, class), as CenterNet gives them${isAsked ? '' : '; --decoder yolo-end-to-end if it is a YOLO'}.`,
        ),
        image.size === null
          ? assumed(
              'input-size',
              `The input may have any size: ${sizeText(USUAL_SIZE)} taken; --input-size corrects it.`,
            )
          : concluded('input-size', `The input is ${sizeText(image.size)}.`),
        assumed(
          'resize',
          'The image is stretched to the input; the file does not say it: --resize letterbox corrects it.',
        ),
        assumed(
          'normalise',
          'RGB grey levels from 0 to 255; the file does not say it: --normalise and --channels correct it.',
        ),
        assumed('class-base', 'Classes count from 0; --class-base 1 corrects it.'),
      ],
    };
  },
  decode: decodeDetectionRows,
  settle: (plan, outputs) => settleShares(plan, rowBoxNumbers(plan, outputs)),
};
