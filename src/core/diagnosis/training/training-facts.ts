/** What the rules of the training doctor read from a training, computed once. */
import type { Series } from '../../training/series';
import { extreme, finiteOnly, lastStep, noiseOf, smoothed, windowFor } from '../../training/series';
import type { Point } from '../../training/series';
import { highestRate, rateAt, warmUpSteps } from '../../training/schedule';
import type { TrainingRun } from '../../training/training-run';
import { stepsTrained } from '../../training/training-run';

export interface CurveFacts {
  /** Finite values alone, spikes smoothed away. */
  readonly smooth: Series;
  /** Finite values as logged. */
  readonly raw: Series;
  readonly noise: number;
  /** Of the smoothed curve. */
  readonly lowest: Point;
  readonly highest: Point;
}

export interface RateFacts {
  readonly highest: number;
  /** At the last step. */
  readonly end: number;
  /** It never falls, and ends at least twice as high as it began. */
  readonly risesToTheEnd: boolean;
  /** After its warm-up it stays within 5 %. */
  readonly isConstant: boolean;
  /** First step of the rest of the training, all of it under a hundredth of the highest rate; null where there is none. */
  readonly spentAt: number | null;
  readonly warmUpSteps: number;
}

export interface TrainingFacts {
  readonly run: TrainingRun;
  /** Steps (or epochs) that were trained, else that are planned; null where neither is known. */
  readonly steps: number | null;
  readonly hasCurves: boolean;
  readonly training: CurveFacts | null;
  readonly validation: CurveFacts | null;
  readonly score: CurveFacts | null;
  readonly rate: RateFacts | null;
  /** First step whose training loss is no number. */
  readonly brokeDownAt: number | null;
}

/** A curve of fewer points says nothing of a course. */
const FEWEST_POINTS = 4;
const SPENT = 0.01;

export function factsOf(run: TrainingRun): TrainingFacts {
  const trained = stepsTrained(run);
  const steps = trained ?? run.config?.train.steps ?? null;
  return {
    run,
    steps,
    hasCurves: trained !== null,
    training: run.trainingLoss && curveFacts(run.trainingLoss, true),
    validation: run.validationLoss && curveFacts(run.validationLoss, false),
    score: run.score && curveFacts(run.score, false),
    rate: rateFacts(run, steps),
    brokeDownAt: breakDown(run.trainingLoss),
  };
}

/** Training losses are those of a batch each, and jump; evaluations are means over a set, and few. */
function curveFacts(series: Series, isNoisy: boolean): CurveFacts | null {
  const raw = finiteOnly(series);
  if (raw.step.length < FEWEST_POINTS) return null;
  const smooth = isNoisy ? smoothed(raw, windowFor(raw)) : raw;
  return {
    raw,
    smooth,
    noise: noiseOf(raw),
    lowest: extreme(smooth, 'lowest')!,
    highest: extreme(smooth, 'highest')!,
  };
}

function breakDown(loss: Series | null): number | null {
  const at = loss ? loss.value.findIndex((value) => !Number.isFinite(value)) : -1;
  return at < 0 ? null : loss!.step[at]!;
}

/** From what was logged, else from what is planned. */
function rateFacts(run: TrainingRun, steps: number | null): RateFacts | null {
  const logged = run.learningRate && finiteOnly(run.learningRate);
  if (logged && logged.step.length >= FEWEST_POINTS) return factsOfRates(logged, steps ?? lastStep(logged));
  const schedule = run.config?.train.schedule;
  if (!schedule || steps === null || run.unit === 'epoch') return null;
  const points = Array.from({ length: 201 }, (_, at) => (at * steps) / 200);
  const planned: Series = {
    step: Float64Array.from(points),
    value: Float64Array.from(points, (step) => rateAt(schedule, step)),
    wallTime: null,
  };
  return {
    ...factsOfRates(planned, steps),
    highest: highestRate(schedule),
    warmUpSteps: warmUpSteps(schedule),
  };
}

function factsOfRates({ step, value }: Series, steps: number): RateFacts {
  const highest = Math.max(...value);
  const end = value.at(-1)!;
  const peak = value.findIndex((rate) => rate >= highest * 0.999);
  const afterwards = value.subarray(peak);
  const spent = value.findLastIndex((rate) => rate >= highest * SPENT) + 1;
  return {
    highest,
    end,
    risesToTheEnd:
      value.every((rate, at) => at === 0 || rate >= value[at - 1]!) && end >= 2 * value[0]! && end > 0,
    isConstant: Math.min(...afterwards) >= highest / 1.05,
    spentAt: spent < value.length && step[spent]! < steps ? step[spent]! : null,
    warmUpSteps: step[peak]!,
  };
}
