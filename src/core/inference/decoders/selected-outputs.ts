/**
 * Grid detectors whose selection was added to the graph on export. Four outputs, as TensorRT's suppression has them:
 * how many `[batch, 1]`, boxes `[batch, n, 4]` (x1, y1, x2, y2 in pixels of the input), scores `[batch, n]` and classes
 * `[batch, n]` from 0 (YOLOv6, YOLOv7, DAMO-YOLO; YOLO-NAS by other names). Or one output `[n, 7]` of all images: the
 * image's place in the batch, the box, then class and score (YOLOv7) or score and class (YOLO-NAS).
 */
import type { DecoderPlan, ModelOutputs, ModelSignature, RowColumns, TensorSpec } from '../model';
import { concluded, FINISHED_BOXES, type Reading, type Settled } from './decoder';
import { findImageInput, shapeText } from './image-input';
import { outputPart } from './outputs';
import { ultralyticsInput } from './yolo-reading';

const SUPPRESSED = concluded('suppression', 'None: the graph has chosen already.');
const FROM_ZERO = concluded('class-base', 'Classes count from 0, as these exporters give them.');

const WIDTH = 7;
const CLASS_SCORE: RowColumns = { image: 0, box: 1, class: 5, score: 6 };
const SCORE_CLASS: RowColumns = { image: 0, box: 1, score: 5, class: 6 };

/** The four outputs, by the words in their names and by their shapes. */
function findSelected({ outputs }: ModelSignature) {
  const find = (word: RegExp, fits: (shape: readonly (number | null)[]) => boolean) =>
    outputs.find(({ name, shape }) => word.test(name) && shape !== null && fits(shape));
  const boxes = find(/box/i, (shape) => shape.length === 3 && (shape[2] === 4 || shape[2] === null));
  const scores = find(/score/i, (shape) => shape.length === 2);
  const classes = find(/class|label/i, (shape) => shape.length === 2);
  const count = find(/num/i, (shape) => shape.length === 2 || shape.length === 1);
  return boxes && scores && classes && count ? { boxes, scores, classes, count } : null;
}

/** A classifier of seven classes has this shape too, but suppresses nothing. */
function findRows({ outputs, operators }: ModelSignature, isAsked: boolean): TensorSpec | null {
  if (!isAsked && !operators?.includes('NonMaxSuppression')) return null;
  return (
    outputs.find(
      ({ shape, dtype }) => shape?.length === 2 && shape[1] === WIDTH && dtype.startsWith('float'),
    ) ?? null
  );
}

function inputOf(signature: ModelSignature, output: TensorSpec) {
  const image = findImageInput(signature);
  // The Object Detection API's outputs have like names; its images have their channels last.
  if (image === null || image.layout !== 'nchw') return null;
  const { size } = image;
  return ultralyticsInput({
    image,
    output: { ...output, shape: output.shape! },
    metadata: null,
    layout: 'end-to-end',
    classes: null,
    size,
  });
}

function readFour(signature: ModelSignature): Reading | null {
  const found = findSelected(signature);
  const prepared = found && inputOf(signature, found.boxes);
  if (!found || !prepared) return null;
  const { boxes, scores, classes, count } = found;
  return {
    input: prepared.input,
    decoder: {
      name: 'yolo-end-to-end',
      outputs: { boxes: boxes.name, scores: scores.name, classes: classes.name, count: count.name },
      boxOrder: 'xyxy',
      boxUnit: 'input',
      classBase: 0,
      ...FINISHED_BOXES,
    },
    evidence: [
      concluded(
        'decoder',
        `${count.name}, ${boxes.name} ${shapeText(boxes)}, ${scores.name} and ${classes.name}: finished boxes (x1, y1, x2, y2) and how many of them there are, as YOLOv6, YOLOv7, DAMO-YOLO and YOLO-NAS give them with suppression inside.`,
      ),
      ...prepared.evidence,
      FROM_ZERO,
      SUPPRESSED,
    ],
  };
}

function readRows(signature: ModelSignature, isAsked: boolean): Reading | null {
  const rows = findRows(signature, isAsked);
  const prepared = rows && inputOf(signature, rows);
  if (!rows || !prepared) return null;
  const isOfYoloNas = /flat_predictions/.test(rows.name);
  return {
    input: prepared.input,
    decoder: {
      name: 'yolo-end-to-end',
      outputs: { rows: rows.name },
      boxOrder: 'xyxy',
      boxUnit: 'input',
      classBase: 0,
      ...FINISHED_BOXES,
      columns: isOfYoloNas ? SCORE_CLASS : CLASS_SCORE,
    },
    evidence: [
      concluded(
        'decoder',
        `${rows.name} ${shapeText(rows)}: finished boxes of all images of the batch (place in the batch, x1, y1, x2, y2, ${isOfYoloNas ? 'score, class), as YOLO-NAS' : 'class, score), as YOLOv7'} gives them with suppression inside. The first run checks which of the last two is the class.`,
      ),
      ...prepared.evidence,
      FROM_ZERO,
      SUPPRESSED,
    ],
  };
}

/** Null where the outputs are not of these kinds. */
export const readSelected = (signature: ModelSignature, isAsked: boolean): Reading | null =>
  readFour(signature) ?? readRows(signature, isAsked);

/** Class numbers are whole; a column of scores is not. */
export function settleRowColumns(plan: DecoderPlan, outputs: ModelOutputs): Settled {
  const { data, offset, length, shape } = outputPart(outputs, plan, 'rows', 0, 2);
  const width = shape.at(-1)!;
  if (plan.columns === undefined || width !== WIDTH) return { plan, evidence: [] };
  const isWhole = (column: number): boolean => {
    for (let row = offset; row + width <= offset + length; row += width)
      if (!Number.isInteger(data[row + column]!)) return false;
    return true;
  };
  const { score, class: classColumn } = plan.columns;
  if (isWhole(classColumn) || !isWhole(score)) return { plan, evidence: [] };
  return {
    plan: { ...plan, columns: score === SCORE_CLASS.score ? CLASS_SCORE : SCORE_CLASS },
    evidence: [
      concluded(
        'outputs',
        `In the first run column ${score} held whole numbers only: it is the class, column ${classColumn} the score.`,
      ),
    ],
  };
}
