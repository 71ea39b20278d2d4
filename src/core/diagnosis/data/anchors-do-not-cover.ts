/**
 * Objects that no anchor of `pipeline.config` fits: in training only anchors that overlap an object by half or more
 * learn it (one is forced where none does). Counted by shape alone, so that the true share is larger.
 */
import { anchorShapes, bestAnchorIou } from '../../training/anchors';
import { scaleOf } from '../../training/resizer';
import { foundLabels, shareOf } from '../found-labels';
import type { FoundCause } from '../cause';
import type { Rule } from '../rule';
import { scoringInputOf, sizeOf } from '../situation';
import { evaluationSet } from './properties';
import { medianOf } from './two-samples';

/** Overlap from which on an anchor learns an object. */
const COVERED = 0.5;
const FEWEST = 30;
/** Of the objects: with predictions that find them less often, and without any. */
const LEAST_SHARE = 0.08;
const LEAST_SHARE_ALONE = 0.2;
const LEAST_DIFFERENCE = 0.1;

export const anchorsDoNotCover: Rule = {
  codes: ['anchors-do-not-cover'],
  group: 'D',
  looksFor: 'objects that no anchor fits',
  weighsRecall: true,
  find(context) {
    const { anchors, resizer } = context.sources.training?.config ?? {};
    const set = evaluationSet(context);
    if (!anchors || !resizer || !set) return [];
    const { annotations } = set.truth;
    const fits = new Float64Array(annotations.count).fill(NaN);
    for (let row = 0; row < annotations.count; row++) {
      const size = sizeOf(set, annotations.image[row]!);
      if (!size) continue;
      const [x, y] = scaleOf(resizer, size[0], size[1]);
      const shapes = anchorShapes(anchors, size[0] * x, size[1] * y);
      if (shapes.length === 0) return [];
      const at = row * 4;
      fits[row] = bestAnchorIou(shapes, annotations.box[at + 2]! * x, annotations.box[at + 3]! * y);
    }
    const rows = [...fits.keys()].filter((row) => Number.isFinite(fits[row]));
    const bare = rows.filter((row) => fits[row]! < COVERED);
    const share = rows.length === 0 ? 0 : bare.length / rows.length;
    if (bare.length < FEWEST || share < LEAST_SHARE) return [];
    const { repaired } = context;
    const found = repaired && foundLabels(scoringInputOf(repaired), 'own-class');
    const recall = found && recallOf(rows, bare, found);
    if (recall ? recall.covered - recall.bare < LEAST_DIFFERENCE : share < LEAST_SHARE_ALONE) return [];
    const score = repaired && context.score(repaired);
    const gain = recall && score ? (score * share * (recall.covered - recall.bare)) / shareOf(found) : null;
    const telling = recall
      ? `, recall ${recall.bare.toFixed(2)} against ${recall.covered.toFixed(2)} of the others`
      : '';
    return [
      {
        code: 'anchors-do-not-cover',
        title: `Anchors do not cover the boxes: none overlaps ${Math.round(share * 100)} % of the objects by half${telling}`,
        evidence: {
          labels: bare.length,
          share,
          below: COVERED,
          anchors: anchors.kind,
          medianOverlap: medianOf(Float64Array.from(bare, (row) => fits[row]!)),
          medianSide: medianOf(Float64Array.from(bare, (row) => sideOf(annotations.box, row))),
          recall: recall?.bare ?? null,
          recallOthers: recall?.covered ?? null,
        },
        images: [...new Set(bare.map((row) => annotations.image[row]!))],
        action:
          'Set scales and aspect ratios of the anchors by the boxes of the training set, or enlarge the input',
        repair: null,
        price: priceOf(gain),
      },
    ];
  },
};

const sideOf = (box: Float64Array, row: number): number => Math.sqrt(box[row * 4 + 2]! * box[row * 4 + 3]!);

function recallOf(rows: readonly number[], bare: readonly number[], found: Uint8Array) {
  const hits = (some: readonly number[]): number => some.reduce((sum, row) => sum + found[row]!, 0);
  const others = rows.length - bare.length;
  if (others < FEWEST) return null;
  return { bare: hits(bare) / bare.length, covered: (hits(rows) - hits(bare)) / others };
}

const priceOf = (gain: number | null): NonNullable<FoundCause['price']> | null =>
  gain === null || gain <= 0 ? null : { gain, interval: [0, gain * 1.5], confidence: 'estimated' };
