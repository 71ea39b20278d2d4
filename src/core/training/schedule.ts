/**
 * Learning-rate schedules: what they plan, step by step. Those of the Object Detection API follow
 * `object_detection/utils/learning_schedules.py` and the defaults of `protos/optimizer.proto`.
 */

export type Schedule =
  | { readonly kind: 'constant'; readonly rate: number }
  /** From each step on the rate beside it; `warmsUp`: a straight line from `initial` to the first of them. */
  | {
      readonly kind: 'step';
      readonly initial: number;
      readonly changes: readonly { readonly step: number; readonly rate: number }[];
      readonly warmsUp: boolean;
    }
  | {
      readonly kind: 'exponential';
      readonly initial: number;
      readonly decaySteps: number;
      readonly factor: number;
      /** The rate falls once every `decaySteps`, not a little each step. */
      readonly isStaircase: boolean;
      readonly burnInRate: number;
      readonly burnInSteps: number;
      readonly lowest: number;
    }
  | {
      readonly kind: 'cosine';
      readonly base: number;
      readonly totalSteps: number;
      readonly warmUpRate: number;
      readonly warmUpSteps: number;
      readonly holdSteps: number;
    }
  /** Triangles between `low` and `high`, one every `period` steps; `decay` multiplies their height each time. */
  | {
      readonly kind: 'cyclical';
      readonly low: number;
      readonly high: number;
      readonly period: number;
      readonly decay: number;
    }
  /** Up to `high` for the first `riseShare` of the steps, then down to almost nothing, both along a cosine. */
  | {
      readonly kind: 'one-cycle';
      readonly high: number;
      readonly totalSteps: number;
      readonly riseShare: number;
      readonly startFactor: number;
      readonly endFactor: number;
    };

/** The planned rate at a step, from 0. */
export function rateAt(schedule: Schedule, step: number): number {
  switch (schedule.kind) {
    case 'constant':
      return schedule.rate;
    case 'step':
      return steppedRate(schedule, step);
    case 'exponential':
      return exponentialRate(schedule, step);
    case 'cosine':
      return cosineRate(schedule, step);
    case 'cyclical':
      return cyclicalRate(schedule, step);
    case 'one-cycle':
      return oneCycleRate(schedule, step);
  }
}

type Of<K extends Schedule['kind']> = Extract<Schedule, { kind: K }>;

function steppedRate({ initial, changes, warmsUp }: Of<'step'>, step: number): number {
  const [first] = changes;
  if (warmsUp && first && step < first.step) return initial + ((first.rate - initial) * step) / first.step;
  return changes.findLast((change) => step >= change.step)?.rate ?? initial;
}

function exponentialRate(
  { initial, decaySteps, factor, isStaircase, burnInRate, burnInSteps, lowest }: Of<'exponential'>,
  step: number,
): number {
  if (step < burnInSteps) return burnInRate > 0 ? burnInRate : initial;
  const periods = (step - burnInSteps) / decaySteps;
  return Math.max(initial * factor ** (isStaircase ? Math.floor(periods) : periods), lowest);
}

function cosineRate(
  { base, totalSteps, warmUpRate, warmUpSteps, holdSteps }: Of<'cosine'>,
  step: number,
): number {
  if (step < warmUpSteps) return warmUpRate + ((base - warmUpRate) / warmUpSteps) * step;
  const start = warmUpSteps + holdSteps;
  if (step < start) return base;
  if (step > totalSteps) return 0;
  return 0.5 * base * (1 + Math.cos((Math.PI * (step - start)) / (totalSteps - start)));
}

function cyclicalRate({ low, high, period, decay }: Of<'cyclical'>, step: number): number {
  const cycle = Math.floor(step / period);
  const place = step / period - cycle;
  return low + (high - low) * decay ** cycle * (1 - Math.abs(2 * place - 1));
}

function oneCycleRate(
  { high, totalSteps, riseShare, startFactor, endFactor }: Of<'one-cycle'>,
  step: number,
): number {
  const turn = riseShare * totalSteps;
  const between = (from: number, to: number, share: number): number =>
    to + ((from - to) * (1 + Math.cos(Math.PI * Math.min(1, share)))) / 2;
  return step < turn
    ? between(high * startFactor, high, step / turn)
    : between(high, high * endFactor, (step - turn) / (totalSteps - turn));
}

/** Steps before the rate first reaches its height; 0 where it begins there. */
export function warmUpSteps(schedule: Schedule): number {
  switch (schedule.kind) {
    case 'step':
      return schedule.warmsUp ? (schedule.changes[0]?.step ?? 0) : 0;
    case 'exponential':
      return schedule.burnInRate > 0 && schedule.burnInRate < schedule.initial ? schedule.burnInSteps : 0;
    case 'cosine':
      return schedule.warmUpSteps;
    case 'one-cycle':
      return schedule.riseShare * schedule.totalSteps;
    case 'constant':
    case 'cyclical':
      return 0;
  }
}

/** The highest rate that is planned. */
export function highestRate(schedule: Schedule): number {
  switch (schedule.kind) {
    case 'constant':
      return schedule.rate;
    case 'step':
      return Math.max(schedule.initial, ...schedule.changes.map(({ rate }) => rate));
    case 'exponential':
      return Math.max(schedule.initial, schedule.burnInSteps > 0 ? schedule.burnInRate : 0);
    case 'cosine':
      return schedule.base;
    case 'cyclical':
    case 'one-cycle':
      return schedule.high;
  }
}
