/** How fast a training went, and where it stood still. */
import type { Series } from './series';
import { median } from './series';

export interface Stretch {
  readonly fromStep: number;
  readonly toStep: number;
  readonly seconds: number;
}

export interface Throughput {
  /** Median over the intervals between logged points. */
  readonly stepsPerSecond: number;
  /** Wall time from the first point to the last. */
  readonly seconds: number;
  /** Pauses: a step took over ten times its usual time, and a minute at least; mostly evaluations and restarts. */
  readonly pauses: readonly Stretch[];
  /** At least a tenth of the steps in one piece at less than half the usual pace, pauses left out: input-bound, as a rule. */
  readonly slow: readonly Stretch[];
}

const PAUSE_TIMES = 10;
const PAUSE_SECONDS = 60;
const SLOW = 0.5;
const LONG = 0.1;

/** Null where no times were logged. */
export function throughputOf({ step, wallTime }: Series): Throughput | null {
  if (!wallTime || step.length < 3) return null;
  const intervals = [...step.keys()].slice(1).map((at) => {
    const seconds = Math.max(0, wallTime[at]! - wallTime[at - 1]!);
    return { fromStep: step[at - 1]!, toStep: step[at]!, seconds };
  });
  const secondsPerStep = (one: Stretch): number => one.seconds / (one.toStep - one.fromStep);
  const usual = median(intervals.map(secondsPerStep));
  if (!(usual > 0)) return null;
  const isPause = (one: Stretch): boolean =>
    secondsPerStep(one) > PAUSE_TIMES * usual && one.seconds > PAUSE_SECONDS;
  const isSlow = (one: Stretch): boolean => !isPause(one) && secondsPerStep(one) > usual / SLOW;
  const span = step.at(-1)! - step[0]!;
  return {
    stepsPerSecond: 1 / usual,
    seconds: wallTime.at(-1)! - wallTime[0]!,
    pauses: intervals.filter(isPause),
    slow: joined(intervals, isSlow).filter((one) => one.toStep - one.fromStep >= span * LONG),
  };
}

/** Neighbours that fit, as one. */
function joined(intervals: readonly Stretch[], fits: (one: Stretch) => boolean): Stretch[] {
  const pieces: Stretch[] = [];
  for (const one of intervals) {
    if (!fits(one)) continue;
    const last = pieces.at(-1);
    if (last?.toStep !== one.fromStep) pieces.push(one);
    else
      pieces[pieces.length - 1] = {
        fromStep: last.fromStep,
        toStep: one.toStep,
        seconds: last.seconds + one.seconds,
      };
  }
  return pieces;
}
