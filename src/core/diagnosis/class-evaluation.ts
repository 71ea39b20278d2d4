/** Scores of one class in the place of those of all: its AP under the key of the protocol's first number. */
import type { Scorer } from '../metrics/evaluation';
import type { ProtocolEvaluation } from '../metrics/protocol-evaluation';

/** The evaluation with that class alone, its AP under `key`. */
export function evaluationOfClass(
  evaluation: ProtocolEvaluation,
  key: string,
  category: number,
): ProtocolEvaluation {
  const { classes } = evaluation.result(0.5);
  const index = classes.findIndex(({ id }) => id === category);
  const AP = classes[index]?.AP ?? null;
  const resampled: ProtocolEvaluation['resampled'] = (weights) => {
    const value = evaluation.resampled(weights).classAP[index] ?? null;
    return { metrics: { [key]: value }, classAP: [value] };
  };
  return {
    ...evaluation,
    result: (score) => ({
      ...evaluation.result(score),
      metrics: { [key]: AP },
      classes: index < 0 ? [] : [classes[index]!],
    }),
    curves: () => evaluation.curves().filter(({ id }) => id === category),
    resampledMetrics: (weights) => resampled(weights).metrics,
    resampled,
  };
}

/** What prices edits of labels. */
export type PricingScorer = Pick<
  Scorer,
  'protocol' | 'input' | 'truth' | 'headline' | 'preview' | 'resampledHeadline'
>;

export function scorerOfClass(scorer: Scorer, category: number): PricingScorer {
  const { protocol, input } = scorer;
  const index = scorer.result().classes.findIndex(({ id }) => id === category);
  return {
    protocol,
    input,
    truth: (image) => scorer.truth(image),
    headline: () => scorer.result().classes[index]?.AP ?? null,
    preview: (image, truth) => {
      const { classAP } = scorer.preview(image, truth);
      return { headline: classAP[index] ?? null, classAP };
    },
    resampledHeadline: (weights) => scorer.resampled(weights).classAP[index] ?? null,
  };
}
