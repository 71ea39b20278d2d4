/**
 * YOLOv8, v11, v5u and YOLO26 exported without its end-to-end head: one output `[batch, 4 + classes, places]`, values
 * first: centre x, centre y, width, height in pixels of the input, then one score a class. There is no objectness.
 */
import type { DecoderPlan, ModelOutputs } from '../model';
import type { Candidates } from '../suppression';
import { CandidateList } from './candidate-list';
import { activate, addWithClasses } from './class-columns';
import { concluded, type Decoder, type DecoderRun } from './decoder';
import { outputPart, type OutputPart } from './outputs';
import {
  describeOutput,
  readYolo,
  settleShares,
  ULTRALYTICS_SUPPRESSION,
  ultralyticsInput,
  yoloDecoder,
} from './yolo-reading';

/** Steps from place to place and from value to value of one image's part. */
function steps(part: OutputPart, isValuesFirst: boolean) {
  const [first, second] = part.shape.slice(-2) as [number, number];
  return isValuesFirst
    ? { places: second, values: first, placeStep: 1, valueStep: second }
    : { places: first, values: second, placeStep: second, valueStep: 1 };
}

/** Values of all places, boxes and class scores. */
export function decodeRawYolo({ plan, outputs, index, scoreThreshold }: DecoderRun): Candidates {
  const part = outputPart(outputs, plan, 'rows', index, 2);
  const { places, values, placeStep, valueStep } = steps(part, plan.isValuesFirst);
  // What follows the classes belongs to masks or key points.
  const classes = Math.min(plan.classCount ?? values - 4, values - 4);
  const { data, offset } = part;
  const list = new CandidateList(plan.boxOrder);
  const boxAt = (at: number): readonly [number, number, number, number] => [
    data[at]!,
    data[at + valueStep]!,
    data[at + 2 * valueStep]!,
    data[at + 3 * valueStep]!,
  ];
  if (
    plan.classesPerBox === 'best' &&
    plan.activation === 'none' &&
    plan.background === null &&
    classes > 0
  ) {
    const best = bestClasses(part, classes, places, placeStep, valueStep);
    for (let place = 0; place < places; place++) {
      const score = best.score[place]!;
      if (score >= scoreThreshold)
        list.add(...boxAt(offset + place * placeStep), score, best.column[place]! - plan.classBase);
    }
    return list.candidates();
  }
  const raw = new Float64Array(classes);
  const scores = new Float64Array(classes);
  for (let place = 0; place < places; place++) {
    const at = offset + place * placeStep;
    for (let column = 0; column < classes; column++) raw[column] = data[at + (4 + column) * valueStep]!;
    activate(plan.activation, raw, 0, scores);
    addWithClasses(list, plan, scores, scoreThreshold, boxAt(at));
  }
  return list.candidates();
}

/**
 * The best class of every place and its score, the first of equal ones. Class after class, as the values of a class lie
 * one behind the other: from place to place each read would miss the cache.
 */
function bestClasses(
  { data, offset }: OutputPart,
  classes: number,
  places: number,
  placeStep: number,
  valueStep: number,
): { readonly score: Float64Array; readonly column: Int32Array } {
  const score = new Float64Array(places);
  const column = new Int32Array(places);
  for (let place = 0; place < places; place++)
    score[place] = data[offset + 4 * valueStep + place * placeStep]!;
  for (let candidate = 1; candidate < classes; candidate++)
    raise(data, offset + (4 + candidate) * valueStep, placeStep, candidate, score, column);
  return { score, column };
}

/** Where this class scores higher, it takes the place. */
function raise(
  data: OutputPart['data'],
  from: number,
  step: number,
  candidate: number,
  score: Float64Array,
  column: Int32Array,
): void {
  for (let place = 0; place < score.length; place++) {
    const value = data[from + place * step]!;
    if (value > score[place]!) {
      score[place] = value;
      column[place] = candidate;
    }
  }
}

/** Four numbers of every box of the first image. */
function* boxNumbers(plan: DecoderPlan, outputs: ModelOutputs): Generator<number> {
  const part = outputPart(outputs, plan, 'rows', 0, 2);
  const { places, placeStep, valueStep } = steps(part, plan.isValuesFirst);
  for (let place = 0; place < places; place++) {
    for (let value = 0; value < 4; value++)
      yield part.data[part.offset + place * placeStep + value * valueStep]!;
  }
}

export const yolov8: Decoder = {
  name: 'yolov8',
  read: (signature, context, isAsked) => {
    const yolo = readYolo(signature, context);
    if (yolo === null) return null;
    const { output, layout, metadata, classes } = yolo;
    if (layout !== 'values-first' && layout !== 'rows' && !isAsked) return null;
    const isValuesFirst = layout === 'values-first' || (isAsked && layout !== 'rows');
    const values = output.shape[isValuesFirst ? 1 : 2] ?? null;
    const isPlain = metadata?.task === null || metadata?.task === 'detect' || metadata === null;
    const classCount = isPlain || classes === null ? (values === null ? classes : values - 4) : classes;
    const { input, evidence } = ultralyticsInput(yolo);
    return {
      input,
      decoder: yoloDecoder('yolov8', output, { classCount, isValuesFirst }),
      evidence: [
        concluded(
          'decoder',
          `${describeOutput(output)}: for each place four numbers of the box and ${classCount ?? 'the'} class scores, without objectness, as YOLOv8, v11 and raw YOLO26 give them${metadata?.description ? ` (“${metadata.description}”)` : ''}.`,
        ),
        ...evidence,
        concluded(
          'suppression',
          `One class a box, then suppression of overlaps above IoU ${ULTRALYTICS_SUPPRESSION.iou} within a class, as Ultralytics predicts.`,
        ),
      ],
    };
  },
  decode: decodeRawYolo,
  settle: (plan, outputs) => settleShares(plan, boxNumbers(plan, outputs)),
};
