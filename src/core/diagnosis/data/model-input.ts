/**
 * What the model gets to see once `pipeline.config`'s resizer has been at the images: objects that are too small there
 * to be found, and images squeezed out of shape.
 */
import { type Scale, scaleOf } from '../../training/resizer';
import { foundLabels, shareOf } from '../found-labels';
import type { FoundCause } from '../cause';
import type { Rule, RuleContext } from '../rule';
import { scoringInputOf, type Situation, sizeOf } from '../situation';
import { medianOf } from './two-samples';

/** Side (root of the area) in pixels of the model's input below which an object is tiny; those up to twice it are its peers. */
const TINY = 16;
const FEWEST = 30;
const LEAST_SHARE = 0.05;
const LEAST_DIFFERENCE = 0.15;
/** How many times more one side is shrunk than the other. */
const LEAST_SQUASH = 1.6;

export const modelInput: Rule = {
  codes: ['objects-too-small', 'aspect-squashed'],
  group: 'D',
  looksFor: 'objects too small, and images out of shape, at the model’s input',
  weighsRecall: true,
  find(context) {
    const resizer = context.sources.training?.config?.resizer;
    const { repaired } = context;
    if (!resizer || !repaired) return [];
    const scales = repaired.truth.images.map((_, image) => {
      const size = sizeOf(repaired, image);
      return size && scaleOf(resizer, size[0], size[1]);
    });
    return [...findTiny(repaired, scales, context), ...findSquashed(scales)];
  },
};

function findTiny(
  situation: Situation,
  scales: readonly (Scale | null)[],
  context: RuleContext,
): FoundCause[] {
  const { annotations } = situation.truth;
  const found = foundLabels(scoringInputOf(situation), 'own-class');
  const tiny = { count: 0, found: 0 };
  const peers = { count: 0, found: 0 };
  const images = new Set<number>();
  for (let row = 0; row < annotations.count; row++) {
    const image = annotations.image[row]!;
    const scale = scales[image];
    if (!scale) continue;
    const area = annotations.box[row * 4 + 2]! * scale[0] * annotations.box[row * 4 + 3]! * scale[1];
    const side = Math.sqrt(area);
    if (side >= 2 * TINY) continue;
    const group = side < TINY ? tiny : peers;
    group.count++;
    group.found += found[row]!;
    if (side < TINY && !found[row]) images.add(image);
  }
  if (Math.min(tiny.count, peers.count) < FEWEST || tiny.count < annotations.count * LEAST_SHARE) return [];
  const recallTiny = tiny.found / tiny.count;
  const recallPeers = peers.found / peers.count;
  if (recallPeers - recallTiny < LEAST_DIFFERENCE) return [];
  const share = tiny.count / annotations.count;
  const score = context.score(situation) ?? 0;
  const gain = (score * share * (recallPeers - recallTiny)) / shareOf(found);
  return [
    {
      code: 'objects-too-small',
      title: `Objects too small: ${Math.round(share * 100)} % are under ${TINY} pixels at the model’s input, recall ${recallTiny.toFixed(2)} against ${recallPeers.toFixed(2)} of those up to ${2 * TINY}`,
      evidence: { labels: tiny.count, share, below: TINY, recall: recallTiny, recallNext: recallPeers },
      images: [...images],
      action: 'Train and run at a larger input size, or cut images into tiles',
      repair: null,
      price: { gain, interval: [0, gain * 1.5], confidence: 'estimated' },
    },
  ];
}

function findSquashed(scales: readonly (Scale | null)[]): FoundCause[] {
  const ratios = scales.map((scale) => (scale ? scale[0] / scale[1] : NaN));
  const known = Float64Array.from(ratios.filter(Number.isFinite));
  if (known.length === 0) return [];
  const ratio = medianOf(known);
  const squash = Math.max(ratio, 1 / ratio);
  if (squash < LEAST_SQUASH) return [];
  const away = (image: number): number => Math.abs(Math.log(ratios[image]!));
  const squashed = [...ratios.keys()].filter((image) => away(image) >= Math.log(LEAST_SQUASH));
  return [
    {
      code: 'aspect-squashed',
      title: `Images out of shape: the resizer shrinks ${ratio < 1 ? 'widths' : 'heights'} ${squash.toFixed(1)} times more than ${ratio < 1 ? 'heights' : 'widths'}`,
      evidence: { ratio },
      images: squashed.sort((a, b) => away(b) - away(a)),
      action: 'Use keep_aspect_ratio_resizer, or a fixed size of the images’ own shape',
      repair: null,
    },
  ];
}
