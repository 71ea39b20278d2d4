import { BACKGROUND_IOU } from '../../errors/tide-error';
import { BadInput } from '../../foundation/bad-input';
import { cocoParameters } from '../parameters';

/**
 * `package`: what the TIDE package (tidecv 1.0.1) does, its surprises included. `coco`: the same errors and the same
 * numbers over COCO's matching and COCO's mean.
 */
export const TIDE_MODES = ['package', 'coco'] as const;
export type TideMode = (typeof TIDE_MODES)[number];

export interface TideParameters {
  /** One threshold: TIDE's foreground IoU (`pos`). */
  readonly iou: readonly number[];
  /** TIDE's background IoU (`bg`). */
  readonly background: number;
  /** One limit: detections of an image over all classes (`package`), or of an image and class (`coco`). */
  readonly maxDetections: readonly number[];
  readonly mode: TideMode;
}

export const DEFAULT_TIDE_PARAMETERS: TideParameters = {
  iou: [0.5],
  background: BACKGROUND_IOU,
  maxDetections: [100],
  mode: 'package',
};

/** Checked and completed. Throws `BadInput`. */
export function tideParameters(given: Partial<TideParameters> = {}): TideParameters {
  const parameters = { ...DEFAULT_TIDE_PARAMETERS, ...given };
  // Thresholds and limits are bounded as COCO's are; only their number differs.
  cocoParameters({ iou: parameters.iou, maxDetections: parameters.maxDetections });
  if (parameters.iou.length > 1) throw invalid('IoU thresholds: TIDE takes one', 'Write one, as in 0.5.');
  if (parameters.maxDetections.length > 1) {
    throw invalid('Limits on detections: TIDE takes one', 'Write one whole number, as in 100.');
  }
  if (!(parameters.background > 0 && parameters.background <= 1)) {
    throw invalid(
      `TIDE's background: ${parameters.background} is not above 0 and at most 1`,
      'Write an IoU, as in 0.1.',
    );
  }
  if (!TIDE_MODES.includes(parameters.mode)) {
    throw invalid(`"${parameters.mode}" is no mode of TIDE`, `Write ${TIDE_MODES.join(' or ')}.`);
  }
  return parameters;
}

function invalid(message: string, next: string): BadInput {
  return new BadInput('invalid-option', message, next);
}
