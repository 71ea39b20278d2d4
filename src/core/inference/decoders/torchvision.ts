/**
 * torchvision's detectors with everything in the graph: the image as `[3, height, width]`, RGB from 0 to 1, any size;
 * boxes `[n, 4]` (x1, y1, x2, y2 in pixels of the image), scores `[n]`, int64 labels `[n]` from 1 on (0 is the
 * background and never comes out). The outputs' order differs from model to model.
 */
import { BadInput } from '../../foundation/bad-input';
import type { ModelSignature, TensorSpec } from '../model';
import type { Candidates } from '../suppression';
import { assumed, concluded, FINISHED_BOXES, type Decoder, type DecoderRun } from './decoder';
import { findImageInput, shapeText, shareInput } from './image-input';
import { optionalPart } from './outputs';
import { decodeSeparateOutputs } from './separate-outputs';

export const isWholeNumbered = ({ dtype }: TensorSpec): boolean => dtype === 'int64' || dtype === 'int32';

/** By name, else by shape and type: the labels are whole numbers. */
export function instanceRoles({ outputs }: ModelSignature) {
  const flat = outputs.filter(({ shape }) => shape?.length === 1);
  const boxes = outputs.find(({ shape }) => shape?.length === 2 && shape[1] === 4);
  const classes = flat.find(({ name }) => /labels|classes/.test(name)) ?? flat.find(isWholeNumbered);
  const scores =
    flat.find(({ name }) => name === 'scores') ??
    flat.find((spec) => spec.name !== classes?.name && !isWholeNumbered(spec));
  return boxes && classes && scores ? { boxes, classes, scores } : null;
}

/**
 * Faster R-CNN and SSD choose among their classes and the background by softmax, and never give the background. RetinaNet
 * and FCOS score each class by itself: a model that was trained with classes from 0 gives class 0 like any other.
 */
const choosesWithBackground = ({ operators }: ModelSignature): boolean =>
  operators?.includes('Softmax') ?? false;

const classBaseEvidence = (signature: ModelSignature) =>
  choosesWithBackground(signature)
    ? concluded(
        'class-base',
        'Classes count from 1: the graph chooses by softmax among them and the background, which is torchvision’s class 0.',
      )
    : assumed(
        'class-base',
        'Classes count from 1, as torchvision’s do (0 is its background); the file does not say it: --class-base 0 corrects it, for instance for a RetinaNet or FCOS that was trained with classes from 0.',
      );

/** No model that was trained with classes from 1 is as sure as this of class 0, which it never saw. */
const SURE_SCORE = 0.5;

function checkClassBase({ plan, outputs, index }: DecoderRun): void {
  const classes = optionalPart(outputs, plan, 'classes', index, 1);
  const scores = optionalPart(outputs, plan, 'scores', index, 1);
  if (plan.background === null || classes === null || scores === null) return;
  for (let row = 0; row < classes.length; row++) {
    const score = scores.data[scores.offset + row]!;
    if (classes.data[classes.offset + row] === plan.background && score >= SURE_SCORE)
      throw new BadInput(
        'class-base-wrong',
        `The model gives an object of class ${plan.background} a score of ${score.toFixed(2)}. That class was taken for the background, and this model’s classes begin with it.`,
        'Run it with --class-base 0, or let its classes count from 0 in the window.',
      );
  }
}

function decode(run: DecoderRun): Candidates {
  checkClassBase(run);
  return decodeSeparateOutputs(run);
}

export const torchvision: Decoder = {
  name: 'torchvision',
  read: (signature) => {
    const image = findImageInput(signature);
    const found = instanceRoles(signature);
    if (image === null || found === null) return null;
    const { boxes, classes, scores } = found;
    return {
      input: { ...shareInput(image), batch: 1 },
      decoder: {
        name: 'torchvision',
        outputs: { boxes: boxes.name, classes: classes.name, scores: scores.name },
        boxOrder: 'xyxy',
        boxUnit: 'input',
        classBase: 1,
        ...FINISHED_BOXES,
        background: 0,
      },
      evidence: [
        concluded(
          'decoder',
          `${boxes.name} ${shapeText(boxes)}, ${scores.name} ${shapeText(scores)} and whole-numbered ${classes.name} ${shapeText(classes)}, as many as there are objects: torchvision’s detectors.`,
        ),
        classBaseEvidence(signature),
        assumed(
          'normalise',
          'RGB from 0 to 1 (grey level / 255): torchvision normalises inside the graph; --normalise and --channels correct it.',
        ),
        ...(image.size === null
          ? [concluded('resize', 'The input takes any size: the graph resizes by itself.')]
          : []),
        concluded('suppression', 'None: the graph has suppressed overlaps already.'),
      ],
    };
  },
  decode,
};
