/** From what trees say of planted labels and of those that stand there: the share of errors, and honest odds. */

/** Least share of the planted errors above a threshold that says anything. */
const LEAST_ABOVE = 0.05;

/**
 * The largest share of errors among what stands there that both groups allow: at every threshold the as-is group above
 * it must hold at least that share of the planted group above it. One standard error of a count is granted.
 */
export function errorShare(planted: Float64Array, asIs: Float64Array): number {
  if (planted.length === 0 || asIs.length === 0) return 0;
  planted.sort();
  asIs.sort();
  let least = 1;
  let place = 0;
  for (let at = 0; at < planted.length; at++) {
    while (place < asIs.length && asIs[place]! < planted[at]!) place++;
    const above = asIs.length - place;
    const share = (planted.length - at) / planted.length;
    if (share < LEAST_ABOVE) break;
    least = Math.min(least, (above + Math.sqrt(above) + 1) / asIs.length / share);
  }
  return least;
}

/** Log density ratio of planted to as-is scores as a straight line of the trees' log odds (Platt 1999). */
export function calibrate(planted: Float64Array, asIs: Float64Array): (logOdds: number) => number {
  if (planted.length === 0 || asIs.length === 0) return (logOdds) => logOdds;
  const groups: readonly CalibrationGroup[] = [
    { values: planted, target: 1, weight: 0.5 / planted.length },
    { values: asIs, target: 0, weight: 0.5 / asIs.length },
  ];
  let line: Line = { offset: -(meanOf(planted) + meanOf(asIs)) / 2, slope: 1 };
  let loss = calibrationLoss(groups, line);
  for (let step = 0; step < 50; step++) {
    const move = newtonMove(groups, line);
    let part = 1;
    let next = line;
    let nextLoss = Infinity;
    // Newton's step, halved until it helps.
    for (; part > 1e-4; part /= 2) {
      next = { offset: line.offset + part * move.offset, slope: line.slope + part * move.slope };
      nextLoss = calibrationLoss(groups, next);
      if (nextLoss < loss) break;
    }
    if (!(nextLoss < loss - 1e-9)) break;
    line = next;
    loss = nextLoss;
  }
  const { offset, slope } = line;
  // A slope that is not positive would turn the ranking round: then the trees have learned nothing.
  return (logOdds) => offset + Math.max(slope, 1e-3) * logOdds;
}

interface Line {
  readonly offset: number;
  readonly slope: number;
}

interface CalibrationGroup {
  readonly values: Float64Array;
  readonly target: 0 | 1;
  /** Of each value; a group weighs one half. */
  readonly weight: number;
}

function calibrationLoss(groups: readonly CalibrationGroup[], { offset, slope }: Line): number {
  let loss = 0;
  for (const { values, target, weight } of groups) {
    for (const value of values) {
      const logit = offset + slope * value;
      const away = target === 1 ? -logit : logit;
      loss += weight * (away > 30 ? away : Math.log1p(Math.exp(away)));
    }
  }
  return loss;
}

function newtonMove(groups: readonly CalibrationGroup[], { offset, slope }: Line): Line {
  let g0 = 0;
  let g1 = 0;
  let h00 = 1e-9;
  let h01 = 0;
  let h11 = 1e-9;
  for (const { values, target, weight } of groups) {
    for (const value of values) {
      const probability = 1 / (1 + Math.exp(-(offset + slope * value)));
      const gradient = weight * (target - probability);
      const curvature = weight * probability * (1 - probability);
      g0 += gradient;
      g1 += gradient * value;
      h00 += curvature;
      h01 += curvature * value;
      h11 += curvature * value * value;
    }
  }
  const determinant = h00 * h11 - h01 * h01;
  return { offset: (h11 * g0 - h01 * g1) / determinant, slope: (h00 * g1 - h01 * g0) / determinant };
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
