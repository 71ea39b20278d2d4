/** Whole evaluations of a part of the set, as a thread of the engine makes them: nothing here reads the project. */
import type { PartOfSet } from '../../contract/view-types';
import type { ProtocolColumn, ScoredAmount, TideErrors } from '../../contract/metrics-view';
import { chooseCategories } from '../../core/metrics/choose-categories';
import { chooseScoredImages } from '../../core/metrics/choose-images';
import type { Protocol, ScoringInput } from '../../core/metrics/evaluation';
import type { ProtocolParameters } from '../../core/metrics/protocol-evaluation';
import { evaluateProtocol } from '../../core/metrics/protocol-evaluation';
import { DEFAULT_SCORE } from '../../core/metrics/scorer';
import type { TideEvaluation } from '../../core/metrics/tide/tide-evaluation';
import { evaluateTide } from '../../core/metrics/tide/tide-evaluation';
import { TIDE_BARS } from '../../core/metrics/tide/tide-errors';

/** TensorFlow 2's loop fills every image up to as many boxes. */
const PADDED_TO = 100;

/** Indices of the chosen images and classes; null: all of them. */
export interface Chosen {
  readonly images: readonly number[] | null;
  readonly categories: readonly number[] | null;
}

/** All that is scored of a run, and the part of it that is. */
export interface PartInput {
  readonly whole: ScoringInput;
  readonly chosen: Chosen;
}

/** A protocol over a part, as the window asks for it. */
export interface AskedProtocol {
  readonly protocol: Protocol;
  readonly asTensorflow2ReportsIt: boolean;
}

export interface AskedColumn extends AskedProtocol {
  readonly run: number;
  readonly part: PartOfSet | null;
}

export function restrict({ whole, chosen }: PartInput): ScoringInput {
  const some = chosen.categories ? chooseCategories(whole, chosen.categories) : whole;
  return chosen.images ? chooseScoredImages(some, chosen.images) : some;
}

/** TIDE counts from 0 to 100; the app's scores are fractions. */
export const scaleOf = (protocol: Protocol): number => (protocol === 'tide' ? 0.01 : 1);

export const parametersOf = (asTensorflow2ReportsIt: boolean): ProtocolParameters =>
  asTensorflow2ReportsIt ? { asTensorflow2ReportsIt } : {};

export const amountOf = ({ imageIds, annotations, predictions, categories }: ScoringInput): ScoredAmount => ({
  images: imageIds.length,
  annotations: annotations.count,
  predictions: predictions.count,
  categories: categories.length,
});

export type EvaluatedProtocol = Pick<ProtocolColumn, 'scored' | 'padding'> & {
  /** On the protocol's own scale. */
  readonly metrics: ProtocolColumn['metrics'];
  readonly classes: ReturnType<ReturnType<typeof evaluateProtocol>['result']>['classes'];
};

export function evaluatePart(part: PartInput, asked: AskedProtocol): EvaluatedProtocol {
  const input = restrict(part);
  const parameters = parametersOf(asked.asTensorflow2ReportsIt);
  const { metrics, classes } = evaluateProtocol(input, asked.protocol, parameters).result(DEFAULT_SCORE);
  return {
    metrics,
    classes,
    scored: amountOf(input),
    padding: asked.asTensorflow2ReportsIt ? paddingOf(input) : null,
  };
}

function paddingOf({ imageIds, annotations, categories }: ScoringInput): ProtocolColumn['padding'] {
  const boxes = new Int32Array(imageIds.length);
  for (const image of annotations.image) boxes[image]!++;
  return {
    boxes: boxes.reduce((sum, count) => sum + Math.max(0, PADDED_TO - count), 0),
    category: categories.find(({ id }) => id === 1)?.name ?? null,
  };
}

/** TIDE's bars on COCO's matching, on the scale of 0 to 1. */
export function tideErrorsOf(part: PartInput): TideErrors {
  const { metrics, errorCounts } = tideOf(restrict(part));
  const share = (key: string): number | null => {
    const value = metrics[key] ?? null;
    return value === null ? null : value * scaleOf('tide');
  };
  return {
    value: share('mAP50'),
    bars: TIDE_BARS.map((name) => ({ name, gain: share(name), count: errorCounts[name] })),
    falsePositives: share('FalsePos'),
    misses: share('FalseNeg'),
  };
}

export const tideOf = (input: ScoringInput): TideEvaluation => evaluateTide(input, { mode: 'coco' });
