/**
 * Labels where the model sees nothing at all, of no class and at no confidence. Of a model that finds nearly everything a
 * few such labels are most likely of nothing; where it misses more, as many are misses.
 */
import { rowsByImage } from '../../label-quality/by-image';
import { boxIou } from '../../matching/overlap';
import { applyRepair } from '../apply-repair';
import type { FoundCause } from '../cause';
import type { Repair } from '../repair';
import type { RuleContext } from '../rule';
import type { Situation } from '../situation';

/** A prediction that overlaps less says nothing of a label. */
const TRACE = 0.1;
const FEWEST_UNSEEN = 8;
const MOST_UNSEEN = 0.015;
/** The price with every one deleted is what they cost at most; some are objects that were missed. */
const LEAST_TRUE = 0.5;

export function findUnseenLabels(context: RuleContext, situation: Situation): FoundCause[] {
  const { annotations } = situation.truth;
  const rows = unseenLabels(situation);
  if (rows.length < FEWEST_UNSEEN || rows.length > MOST_UNSEEN * annotations.count) return [];
  const repair: Repair = { kind: 'change-labels', edits: rows.map((row) => ({ delete: { row } })) };
  const gain = (context.score(applyRepair(situation, repair)) ?? 0) - (context.score(situation) ?? 0);
  return [
    {
      code: 'labels-extra',
      title: `Labels too many: about ${rows.length} stand where the model sees nothing`,
      evidence: { suspects: rows.length, annotations: annotations.count },
      images: [...new Set(rows.map((row) => annotations.image[row]!))],
      action: 'Go through the fix queue: delete labels that nothing stands for',
      repair: null,
      price: { gain, interval: [gain * LEAST_TRUE, gain], confidence: 'estimated' },
    },
  ];
}

function unseenLabels({ truth, predictions }: Situation): number[] {
  const { annotations, images } = truth;
  const byImage = rowsByImage(
    {
      image: predictions.image.map((image) => (image < 0 ? images.length : image)),
      count: predictions.count,
    },
    images.length + 1,
  );
  return [...annotations.image.keys()].filter((label) =>
    byImage
      .of(annotations.image[label]!)
      .every((row) => boxIou(annotations.box, label * 4, predictions.box, row * 4) < TRACE),
  );
}
