/**
 * A model that is evaluated at another size of its input than it was trained at, as the two configurations say: that of
 * the logs, and the one that was given beside them.
 */
import { resizerWords, scaleOf } from '../../training/resizer';
import type { Rule } from '../rule';
import { sizeOf } from '../situation';
import { evaluationSet } from './properties';
import { medianOf } from './two-samples';

/** As a factor of the sides. */
const LEAST = 1.1;

export const resolutionDiffers: Rule = {
  codes: ['resolution-differs'],
  group: 'D',
  looksFor: 'evaluation at another size than training',
  find(context) {
    const { resizers, measured } = context.sources;
    const set = evaluationSet(context);
    // What was measured says more than what was written.
    if (!resizers || !set || measured) return [];
    const { trained, evaluated } = resizers;
    const factors = set.truth.images.map((_, image) => {
      const size = sizeOf(set, image);
      if (!size) return NaN;
      const before = scaleOf(trained, size[0], size[1]);
      const now = scaleOf(evaluated, size[0], size[1]);
      return Math.sqrt((now[0] * now[1]) / (before[0] * before[1]));
    });
    const known = Float64Array.from(factors.filter(Number.isFinite));
    if (known.length === 0) return [];
    const factor = medianOf(known);
    if (Math.max(factor, 1 / factor) < LEAST) return [];
    return [
      {
        code: 'resolution-differs',
        title: `Evaluated at ${resizerWords(evaluated)}, trained at ${resizerWords(trained)}: objects look ${factor.toFixed(2)} times as large`,
        evidence: { trained: resizerWords(trained), evaluated: resizerWords(evaluated), factor },
        images: [],
        action: 'Evaluate with the resizer of the training, or train at the size of the evaluation',
        repair: null,
      },
    ];
  },
};
