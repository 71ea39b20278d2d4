import type { ObjectDetectionApiParameters } from '../evaluation';
import type { PascalFamilyProtocol } from './parameters';

/** What each evaluator puts before its keys. */
const PREFIX: Readonly<Record<PascalFamilyProtocol, string>> = {
  'tf-pascal': 'PascalBoxes',
  'tf-weighted-pascal': 'WeightedPascalBoxes',
  'tf-precision-at-recall': 'PrecisionAtRecallBoxes',
  'open-images-v2': 'OpenImagesV2',
  'open-images-challenge': 'OpenImagesDetectionChallenge',
};

/** The exact strings of the evaluators at one threshold. */
export interface MetricKeys {
  readonly mean: string;
  readonly meanCorLoc: string;
  ofClass(number: 'AP' | 'CorLoc', name: string): string;
}

export function metricKeys(
  protocol: PascalFamilyProtocol,
  iou: number,
  bounds: ObjectDetectionApiParameters['recallBounds'],
): MetricKeys {
  const at = `@${pythonFloat(iou)}IOU`;
  const prefix = PREFIX[protocol];
  return {
    mean: `${prefix}_Precision/mAP${at}${recallSuffix(bounds)}`,
    meanCorLoc: `${prefix}_Precision/meanCorLoc${at}`,
    ofClass: (number, name) => `${prefix}_PerformanceByCategory/${number}${at}/${name}`,
  };
}

/** The bounds with one decimal; nothing where all of the curve counts. */
function recallSuffix([lower, upper]: readonly [number, number]): string {
  return lower > 0 || upper < 1 ? `@[${oneDecimal(lower)},${oneDecimal(upper)}]Recall` : '';
}

/** As Python's `str` prints a float of 0 to 1. */
export function pythonFloat(value: number): string {
  if (Number.isInteger(value)) return value.toFixed(1);
  return value < 1e-4 ? value.toExponential().replace(/e-(\d)$/, 'e-0$1') : String(value);
}

/** As Python's `{:.1f}`: exact halves go to the even digit, which within 0 to 1 only tells 0.25 from `toFixed`. */
export function oneDecimal(value: number): string {
  return value === 0.25 ? '0.2' : value.toFixed(1);
}
