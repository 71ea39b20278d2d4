/** What a reported number tells: a fault of the scorer that printed it, or a number of another protocol. */
import type { FoundCause } from '../cause';
import { HEADLINE_METRIC } from '../../metrics/evaluation';
import type { Situation } from '../situation';
import type { Match, Reconciled } from './reconcile';
import type { Emulation } from './ways';
import { isKeyOf } from './ways';

export function reportedCauses(
  given: Situation,
  reconciled: readonly Reconciled[],
  score: number | null,
): FoundCause[] {
  return reconciled.flatMap(({ key, reported, matches: [best], sentence }) => {
    if (!best) return [];
    const common = { images: [], repair: null, title: titleOf(reported, best, sentence) };
    const evidence = { reported, key, protocol: best.protocol, value: best.value };
    const price = priceOf(given, best, score);
    switch (best.emulation) {
      case 'padded-ground-truth':
        return {
          ...common,
          code: 'padded-ground-truth',
          evidence: { ...evidence, limit: best.parameters.maxNumberOfBoxes },
          action: 'Trust the number without padding; report the COCO metrics, or score with Reticle',
          price,
        } satisfies FoundCause;
      case 'ground-truth-clipped':
        return {
          ...common,
          code: 'ground-truth-clipped',
          evidence: { ...evidence, limit: best.parameters.maxNumberOfBoxes },
          action: 'Raise max_number_of_boxes to the largest number of objects in an image',
          price,
        } satisfies FoundCause;
      case 'detections-capped':
        return {
          ...common,
          code: 'detections-capped',
          evidence: { ...evidence, limit: best.parameters.maxDetections?.[0] },
          action: 'Compare numbers of the same limit on detections',
          price,
        } satisfies FoundCause;
      default:
        return isExpected(given, key, best)
          ? []
          : ({
              ...common,
              code: 'other-protocol',
              evidence: { ...evidence, metric: best.key, emulation: best.emulation },
              action: 'Compare numbers of one protocol, and name it with the number',
            } satisfies FoundCause);
    }
  });
}

const SHORT_TITLES: Readonly<Partial<Record<Emulation, string>>> = {
  'padded-ground-truth': 'counts padding as objects',
  'ground-truth-clipped': 'leaves out ground truth over the limit',
  'detections-capped': 'leaves out detections over the limit',
};

function titleOf(reported: number, { emulation }: Match, sentence: string): string {
  const words = emulation ? SHORT_TITLES[emulation] : undefined;
  return words ? `The reported ${reported} ${words}` : sentence.replace(/\.$/, '');
}

/** The number is what its name says. */
function isExpected(given: Situation, key: string, best: Match): boolean {
  if (best.emulation !== null) return false;
  if (best.isAsNamed && key !== 'mAP') return true;
  if (isKeyOf(key, best.protocol) && key !== 'AP' && key !== 'mAP') return true;
  return best.protocol === given.protocol && best.key === HEADLINE_METRIC[given.protocol];
}

/** On the scale of the score only where the reported number is of the same protocol. */
function priceOf(
  given: Situation,
  best: Match,
  score: number | null,
): NonNullable<FoundCause['price']> | null {
  if (score === null || best.protocol !== given.protocol || best.key !== HEADLINE_METRIC[given.protocol])
    return null;
  return { gain: score - best.value, interval: null, confidence: 'exact', scoreAfter: score };
}
