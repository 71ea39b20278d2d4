/** Scores an input under the chosen protocols, with what the options add to each result. */
import type { Progress } from '../../core/foundation/cancellation';
import {
  bootstrapDifferences,
  bootstrapIntervals,
  bootstrapParameters,
  DEFAULT_LEVEL,
} from '../../core/metrics/bootstrap/intervals';
import type { EvaluationResult, Protocol, ScoringInput } from '../../core/metrics/evaluation';
import type { ProtocolEvaluation } from '../../core/metrics/protocol-evaluation';
import { evaluateProtocol } from '../../core/metrics/protocol-evaluation';
import type { ScoringOptions } from './options';
import { levelOf, parametersOf, scoreOf } from './options';
import type { ScoredResult } from './scored-result';

export interface Scored {
  readonly evaluation: ProtocolEvaluation;
  readonly result: ScoredResult;
}

/** Resampling that goes on for longer lets signals in. */
const TURN_MS = 50;

async function gather<T>(samples: Iterable<T>): Promise<T[]> {
  const taken: T[] = [];
  let turn = performance.now();
  for (const sample of samples) {
    taken.push(sample);
    if (performance.now() - turn < TURN_MS) continue;
    await new Promise((resolve) => setImmediate(resolve));
    turn = performance.now();
  }
  return taken;
}

export async function scoreAll(
  input: ScoringInput,
  against: ScoringInput | null,
  protocols: readonly Protocol[],
  options: ScoringOptions,
  progress: Progress,
): Promise<Scored[]> {
  const scored: Scored[] = [];
  for (const protocol of protocols) scored.push(await scoreOne(input, against, protocol, options, progress));
  return scored;
}

async function scoreOne(
  input: ScoringInput,
  against: ScoringInput | null,
  protocol: Protocol,
  options: ScoringOptions,
  progress: Progress,
): Promise<Scored> {
  const parameters = parametersOf(options, protocol);
  const evaluation = evaluateProtocol(input, protocol, parameters);
  const result = evaluation.result(scoreOf(options));
  const level = levelOf(options);
  const records = input.annotations.count + input.predictions.count;
  const bootstrap = bootstrapParameters(level ?? DEFAULT_LEVEL, records);
  const images = input.imageIds.length;
  const other = against && evaluateProtocol(against, protocol, parameters);
  const otherMetrics = other?.result(scoreOf(options)).metrics;
  return {
    evaluation,
    result: {
      ...result,
      ...(level === null && other === null
        ? {}
        : { parameters: { ...result.parameters, confidenceInterval: bootstrap.level, ...bootstrap } }),
      ...(options.curves ? { classes: withCurves(result, evaluation) } : {}),
      ...(level === null
        ? {}
        : {
            intervals: await bootstrapIntervals(
              evaluation,
              result.metrics,
              images,
              bootstrap,
              progress,
              gather,
            ),
          }),
      ...(other && otherMetrics
        ? {
            against: {
              metrics: otherMetrics,
              differences: await bootstrapDifferences(
                [evaluation, other],
                [result.metrics, otherMetrics],
                images,
                bootstrap,
                progress,
                gather,
              ),
            },
          }
        : {}),
    },
  };
}

function withCurves(result: EvaluationResult, evaluation: ProtocolEvaluation): EvaluationResult['classes'] {
  const curves = new Map(evaluation.curves().map(({ id, ...curve }) => [id, curve]));
  return result.classes.map((row) => ({ ...row, ...curves.get(row.id) }));
}
