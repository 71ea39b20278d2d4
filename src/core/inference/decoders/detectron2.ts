/**
 * Detectron2's detectors, traced: the image as `[3, height, width]`, BGR grey levels (its normalisation is in the graph);
 * boxes `[n, 4]` (x1, y1, x2, y2 in pixels of the input), scores `[n]`, int64 classes `[n]` from 0 on, and the input's
 * height and width `[2]`, which torchvision's detectors do not give.
 */
import type { LetterboxRule, ModelSignature } from '../model';
import { assumed, concluded, FINISHED_BOXES, type Decoder } from './decoder';
import { findImageInput, plainInput, shapeText, sizeText } from './image-input';
import { decodeSeparateOutputs } from './separate-outputs';
import { instanceRoles, isWholeNumbered } from './torchvision';

/** `INPUT.MIN_SIZE_TEST` and `INPUT.MAX_SIZE_TEST`. */
const USUAL_SIZE = { height: 800, width: 1333 };
const SIDES: LetterboxRule = { fill: 0, place: 'corner', rounding: 'sides-half-up', multipleOf: 1 };

/** The size of the input, or the names that Detectron2's `Instances` has. */
const isOfDetectron2 = ({ outputs }: ModelSignature): boolean =>
  outputs.some((spec) => isWholeNumbered(spec) && spec.shape?.length === 1 && spec.shape[0] === 2) ||
  outputs.some(({ name }) => name === 'pred_classes');

export const detectron2: Decoder = {
  name: 'detectron2',
  read: (signature, _context, isAsked) => {
    const image = findImageInput(signature);
    const found = instanceRoles(signature);
    if (image === null || found === null || !(isAsked || isOfDetectron2(signature))) return null;
    const { boxes, classes, scores } = found;
    const isOpen = image.size === null;
    return {
      input: {
        ...plainInput(image),
        channels: 'bgr',
        resize: isOpen ? 'letterbox' : 'stretch',
        size: image.size ?? USUAL_SIZE,
        letterbox: isOpen ? SIDES : null,
        interpolation: 'pillow',
        batch: 1,
      },
      decoder: {
        name: 'detectron2',
        outputs: { boxes: boxes.name, classes: classes.name, scores: scores.name },
        boxOrder: 'xyxy',
        boxUnit: 'input',
        classBase: 0,
        ...FINISHED_BOXES,
      },
      evidence: [
        concluded(
          'decoder',
          `${boxes.name} ${shapeText(boxes)}, ${scores.name} ${shapeText(scores)}, whole-numbered ${classes.name} ${shapeText(classes)} and the size of the input: Detectron2’s detectors.`,
        ),
        isOpen
          ? assumed(
              'input-size',
              `The input may have any size: its shorter side is ${USUAL_SIZE.height} and its longer at most ${USUAL_SIZE.width}, as in Detectron2’s configurations; --input-size corrects it.`,
            )
          : concluded('input-size', `The input is ${sizeText(image.size)}.`),
        assumed(
          'resize',
          isOpen
            ? 'The image keeps its aspect and is not padded, bilinear with antialiasing, as Detectron2 does; --resize stretch corrects it.'
            : 'The image is stretched to the input, bilinear with antialiasing; --resize letterbox corrects it.',
        ),
        assumed(
          'normalise',
          'BGR grey levels from 0 to 255: Detectron2 normalises inside the graph; --normalise and --channels correct it.',
        ),
        assumed('class-base', 'Classes count from 0, as Detectron2’s do; --class-base 1 corrects it.'),
        concluded('suppression', 'None: the graph has suppressed overlaps already.'),
      ],
    };
  },
  decode: decodeSeparateOutputs,
};
