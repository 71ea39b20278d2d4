/** Prices: a repair is applied to a copy and the copy is scored by the same protocol. */
import type { Progress } from '../foundation/cancellation';
import { drawImages } from '../metrics/bootstrap/draws';
import { HEADLINE_METRIC } from '../metrics/evaluation';
import type { ProtocolEvaluation } from '../metrics/protocol-evaluation';
import { evaluateProtocol } from '../metrics/protocol-evaluation';
import { evaluationOfClass } from './class-evaluation';
import { onlyImages } from './selection';
import type { Situation } from './situation';
import { scoringInputOf } from './situation';

export type Interval = readonly [low: number, high: number];

/** Evaluates situations, each once. */
export class Scores {
  readonly #kept = new WeakMap<Situation, { evaluation: ProtocolEvaluation; score: number | null }>();

  #of(situation: Situation) {
    const known = this.#kept.get(situation);
    if (known) return known;
    const { protocol, parameters, scoredCategory = null } = situation;
    const whole = evaluateProtocol(scoringInputOf(situation), protocol, parameters);
    const evaluation =
      scoredCategory === null
        ? whole
        : evaluationOfClass(whole, headlineKey(situation, whole.result(0.5).metrics), scoredCategory);
    const score = headlineOf(situation, evaluation.result(0.5).metrics);
    const entry = { evaluation, score };
    this.#kept.set(situation, entry);
    return entry;
  }

  evaluate(situation: Situation): ProtocolEvaluation {
    return this.#of(situation).evaluation;
  }

  /** The protocol's first number; null where it is undefined. */
  score(situation: Situation): number | null {
    return this.#of(situation).score;
  }
}

/** With another IoU the key has another name: then the first there is. */
export function headlineKey(
  { protocol }: Pick<Situation, 'protocol'>,
  metrics: Readonly<Record<string, unknown>>,
): string {
  const key = HEADLINE_METRIC[protocol];
  return key in metrics ? key : (Object.keys(metrics)[0] ?? key);
}

const headlineOf = (situation: Situation, metrics: Readonly<Record<string, number | null>>): number | null =>
  metrics[headlineKey(situation, metrics)] ?? null;

/** Records (boxes of truth and predictions) in all resamples together: a few seconds. */
const RECORDS_IN_ALL = 3e6;
const MOST_RESAMPLES = 200;
const FEWEST_RESAMPLES = 30;
/** Images that are resampled of a large set; the spread shrinks as the root of their number. */
const MOST_RECORDS = 40_000;
const NORMAL_95 = 1.959964;

/**
 * 95 % intervals of differences between situations and the first of them, by a bootstrap over images, paired. Of large
 * sets a sample of the images is resampled, and the spread brought to the whole set's size.
 */
export function gainIntervals(
  scores: Scores,
  situations: readonly [now: Situation, ...after: Situation[]],
  progress: Progress,
): (Interval | null)[] {
  const [now] = situations;
  const images = now.truth.images.length;
  const records = now.truth.annotations.count + now.predictions.count;
  const kept = Math.max(1, Math.min(images, Math.floor((images * MOST_RECORDS) / Math.max(1, records))));
  const sampled = kept === images ? situations : situations.map((one) => sampleOf(one, kept));
  const evaluations = sampled.map((one) => scores.evaluate(one));
  const perSample = (Math.min(records, MOST_RECORDS) + 1) * situations.length;
  const resamples = Math.min(
    MOST_RESAMPLES,
    Math.max(FEWEST_RESAMPLES, Math.floor(RECORDS_IN_ALL / perSample)),
  );
  const differences = situations.slice(1).map((): number[] => []);
  for (let resample = 0; resample < resamples; resample++) {
    progress.check();
    progress.report('Resampling images', resample, resamples);
    const weights = drawImages(kept, resample, 0);
    const [base, ...others] = evaluations.map((one) => headlineOf(now, one.resampledMetrics(weights)));
    others.forEach((value, at) => differences[at]!.push((value ?? 0) - (base ?? 0)));
  }
  const shrink = Math.sqrt(kept / images);
  return situations.slice(1).map((after, at): Interval | null => {
    const gain = (scores.score(after) ?? 0) - (scores.score(now) ?? 0);
    return intervalAround(gain, differences[at]!, shrink);
  });
}

/** The normal interval about the gain itself: resamples of few images score a little high, the gain does not. */
function intervalAround(gain: number, samples: readonly number[], shrink: number): Interval | null {
  if (samples.length < 2) return null;
  const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
  const variance = samples.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (samples.length - 1);
  const half = NORMAL_95 * Math.sqrt(variance) * shrink;
  return [gain - half, gain + half];
}

/** Every k-th image. */
function sampleOf(situation: Situation, kept: number): Situation {
  const step = situation.truth.images.length / kept;
  return onlyImages(
    situation,
    Array.from({ length: kept }, (_, at) => Math.floor(at * step)),
  );
}
