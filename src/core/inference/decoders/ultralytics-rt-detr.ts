/**
 * Ultralytics' RT-DETR, which its metadata names. `[batch, queries, 6]`: box (centre, size, shares of the input), score
 * and class number, as it is exported since 8.4; before that `[batch, queries, 4 + classes]`, a score for each class.
 */
import type { DecoderPlan, ModelContext, ModelOutputs, ModelSignature } from '../model';
import type { Candidates } from '../suppression';
import { decodeDetectionRows } from './detection-rows';
import { concluded, type DecoderRun, type Reading, type Settled } from './decoder';
import { shareInput } from './image-input';
import { outputPart } from './outputs';
import { describeOutput, readYolo, yoloDecoder } from './yolo-reading';
import { decodeRawYolo } from './yolov8';

const USUAL_SIZE = { height: 640, width: 640 };

/** Columns of a row with one score and one class number. */
const FINISHED = 6;

const isOfRtDetr = ({ metadata }: NonNullable<ReturnType<typeof readYolo>>): boolean =>
  metadata?.head === 'RTDETRDecoder' || /rt-?detr/i.test(metadata?.description ?? '');

export function readUltralyticsRtDetr(signature: ModelSignature, context: ModelContext): Reading | null {
  const yolo = readYolo(signature, context);
  if (yolo === null || !isOfRtDetr(yolo)) return null;
  const { image, output, metadata } = yolo;
  const columns = output.shape[2] ?? null;
  const names = metadata?.names?.length ?? null;
  // Six columns are two classes as well: then the first run tells.
  const isFinished = columns === FINISHED && (names !== 2 || metadata?.head !== null);
  return {
    input: {
      ...shareInput(image),
      resize: 'stretch',
      size: yolo.size ?? USUAL_SIZE,
      interpolation: 'opencv',
    },
    decoder: yoloDecoder('rt-detr', output, {
      // The role tells the two forms apart: scores of classes in a row, or one score with its class.
      outputs: isFinished ? { rows: output.name, classes: output.name } : { rows: output.name },
      boxUnit: 'share',
      suppression: null,
      classCount: isFinished ? names : columns === null ? yolo.classes : columns - 4,
    }),
    evidence: [
      concluded(
        'decoder',
        `${describeOutput(output)}: a row for each query with its box${isFinished ? ', score and class' : ' and class scores'} (“${metadata?.description ?? ''}”).`,
      ),
      concluded('resize', 'The image is stretched to the input, as Ultralytics’ RT-DETR takes it.'),
      concluded('normalise', 'Values from 0 to 1 (grey level / 255), RGB.'),
      concluded('suppression', 'None: a set of queries has no overlaps to suppress.'),
    ],
  };
}

export const decodeUltralyticsRtDetr = (run: DecoderRun): Candidates =>
  run.plan.outputs.classes === undefined ? decodeRawYolo(run) : decodeDetectionRows(run);

/** Class numbers are whole; scores of a second class are not. */
export function settleUltralyticsRtDetr(plan: DecoderPlan, outputs: ModelOutputs): Settled {
  const { data, offset, length, shape } = outputPart(outputs, plan, 'rows', 0, 2);
  const width = shape.at(-1)!;
  if (width !== FINISHED || plan.classCount !== 2) return { plan, evidence: [] };
  const isFinished = Array.from(
    { length: length / width },
    (_, row) => data[offset + row * width + 5]!,
  ).every(Number.isInteger);
  if (isFinished === (plan.outputs.classes !== undefined)) return { plan, evidence: [] };
  const { rows } = plan.outputs as { readonly rows: string };
  return {
    plan: { ...plan, outputs: isFinished ? { rows, classes: rows } : { rows } },
    evidence: [
      concluded(
        'outputs',
        isFinished
          ? 'In the first run the last column held whole numbers only: it is the class, the one before it the score.'
          : 'In the first run the last column held fractions: the last two columns are the scores of two classes.',
      ),
    ],
  };
}
