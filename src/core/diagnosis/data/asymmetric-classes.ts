/**
 * Training flips its images although the flip makes one class of another (left and right, b and d): the model cannot
 * tell them apart. Named by the configuration and the classes' names, and only where the predictions confuse them. The
 * price is the score with the confused ones set right, an upper bound.
 */
import { boxIou } from '../../matching/overlap';
import { rowsByImage } from '../../label-quality/by-image';
import type { Rule, RuleContext } from '../rule';
import type { Situation } from '../situation';
import { scoringInputOf } from '../situation';
import { areMirrored, type Flip } from './mirrored-names';

const FLIPS: Readonly<Record<string, Flip>> = {
  random_horizontal_flip: 'horizontal',
  random_vertical_flip: 'vertical',
};
const FOUND_IOU = 0.5;
const FOUND_SCORE = 0.3;
const FEWEST_CONFUSED = 10;
/** Of the objects of both classes that a prediction lies on. */
const LEAST_CONFUSED = 0.15;

interface Pair {
  readonly flip: Flip;
  readonly option: string;
  /** Indices of the classes. */
  readonly classes: readonly [number, number];
}

interface Confusion {
  readonly pair: Pair;
  readonly found: number;
  /** Predictions by the class that they should have. */
  readonly right: ReadonlyMap<number, number>;
  readonly images: readonly number[];
}

export const asymmetricClasses: Rule = {
  codes: ['asymmetric-classes-flipped'],
  group: 'D',
  looksFor: 'flips that make one class of another',
  find(context) {
    const augmentations = context.sources.training?.config?.train.augmentations ?? [];
    const truth = context.repaired?.truth ?? context.truth;
    if (!truth) return [];
    const pairs = augmentations.flatMap((option) => {
      const flip = FLIPS[option];
      return flip ? mirroredPairs(truth.categories, flip, option) : [];
    });
    if (pairs.length === 0) return [];
    const { repaired } = context;
    if (!repaired) return [causeOf(pairs, [], null, context)];
    const confused = pairs
      .map((pair) => confusionOf(repaired, pair))
      .filter(({ right, found }) => right.size >= FEWEST_CONFUSED && right.size >= found * LEAST_CONFUSED);
    if (confused.length === 0) return [];
    return [
      causeOf(
        confused.map(({ pair }) => pair),
        confused,
        repaired,
        context,
      ),
    ];
  },
};

function mirroredPairs(categories: readonly { readonly name: string }[], flip: Flip, option: string): Pair[] {
  return categories.flatMap(({ name }, a) =>
    categories.flatMap((other, b) =>
      a < b && areMirrored(name, other.name, flip) ? [{ flip, option, classes: [a, b] as const }] : [],
    ),
  );
}

/** Of the labels of two classes: what the most confident prediction on each says, where it says one of the two. */
function confusionOf(situation: Situation, pair: Pair): Confusion {
  const { imageIds, annotations, predictions } = scoringInputOf(situation);
  const rows = rowsByImage(predictions, imageIds.length);
  const right = new Map<number, number>();
  const images = new Set<number>();
  let found = 0;
  for (let label = 0; label < annotations.count; label++) {
    const klass = annotations.category[label]!;
    if (!pair.classes.includes(klass)) continue;
    const image = annotations.image[label]!;
    const best = [...rows.of(image)]
      .filter(
        (row) =>
          pair.classes.includes(predictions.category[row]!) &&
          predictions.score[row]! >= FOUND_SCORE &&
          boxIou(annotations.box, label * 4, predictions.box, row * 4) >= FOUND_IOU,
      )
      .sort((a, b) => predictions.score[b]! - predictions.score[a]!)[0];
    if (best === undefined) continue;
    found++;
    if (predictions.category[best] === klass) continue;
    right.set(predictions.fileIndex[best]!, klass);
    images.add(image);
  }
  return { pair, found, right, images: [...images] };
}

function causeOf(
  pairs: readonly Pair[],
  confused: readonly Confusion[],
  situation: Situation | null,
  context: RuleContext,
) {
  const truth = situation?.truth ?? context.truth!;
  const names = pairs.map(({ classes }) =>
    classes.map((klass) => `“${truth.categories[klass]!.name}”`).join(' and '),
  );
  const options = [...new Set(pairs.map(({ option }) => option))];
  const wrong = confused.reduce((sum, { right }) => sum + right.size, 0);
  const found = confused.reduce((sum, own) => sum + own.found, 0);
  const gain = situation ? gainOf(situation, confused, context) : 0;
  return {
    code: 'asymmetric-classes-flipped' as const,
    title: `Training flips images although a flip makes one class of another: ${names.slice(0, 3).join(', ')}${
      situation ? `, ${Math.round((100 * wrong) / found)} % of those found are taken for each other` : ''
    }`,
    evidence: {
      pairs: pairs.map(({ classes }) => classes.map((klass) => truth.categories[klass]!.name)),
      options,
      confused: situation ? wrong : null,
      found: situation ? found : null,
    },
    images: [...new Set(confused.flatMap(({ images }) => images))],
    action: `Take ${options.join(' and ')} out of data_augmentation_options, or exchange the classes when an image is flipped`,
    repair: null,
    price: gain > 0 ? { gain, interval: [0, gain] as const, confidence: 'estimated' as const } : null,
  };
}

/** What the score gains where every confused prediction gets the class of its label. */
function gainOf(situation: Situation, confused: readonly Confusion[], context: RuleContext): number {
  const { predictions } = situation;
  const right = new Map(confused.flatMap((own) => [...own.right]));
  const category = predictions.category.map((klass, row) => right.get(predictions.fileIndex[row]!) ?? klass);
  const mended = { ...situation, predictions: { ...predictions, category } };
  return (context.score(mended) ?? 0) - (context.score(situation) ?? 0);
}
