/** A source of files (`file-source.ts`) that gives a much larger, or smaller, part of the evaluation set than of training. */
import type { Truth } from '../../dataset/dataset';
import type { FoundCause } from '../cause';
import { type FileSource, fileSource, sourceName } from './file-source';
import { recallWeighted, shiftPrice } from './recall-shift';
import { proportionTest } from './two-samples';

/** A source with a smaller part of both sets is none: names just differ. */
const LEAST_PART = 0.05;
/** Part of each set that such sources have to make up. */
const LEAST_KNOWN = 0.7;
const LEAST_DIFFERENCE = 0.3;

export interface SourceShares {
  readonly source: FileSource;
  /** As it is shown; names the source. */
  readonly name: string;
  /** Images. */
  readonly train: number;
  readonly evaluation: number;
}

/** Images by source, the most common first. */
export function sourceShares(train: Truth | null, evaluation: Truth): readonly SourceShares[] {
  const shares = new Map<string, { source: FileSource; train: number; evaluation: number }>();
  const add = (truth: Truth, set: 'train' | 'evaluation') => {
    for (const { fileName } of truth.images) {
      const source = fileSource(fileName);
      const name = sourceName(source);
      const own = shares.get(name) ?? { source, train: 0, evaluation: 0 };
      own[set]++;
      shares.set(name, own);
    }
  };
  add(evaluation, 'evaluation');
  if (train) add(train, 'train');
  return [...shares]
    .map(([name, own]) => ({ name, ...own }))
    .sort((a, b) => b.evaluation + b.train - a.evaluation - a.train);
}

/** At most one cause: the source whose part differs most. `found`, `score`: null where nothing was predicted. */
export function findSourceShift(
  train: Truth,
  evaluation: Truth,
  significance: number,
  found: Uint8Array | null,
  score: number | null,
): FoundCause[] {
  const all = sourceShares(train, evaluation);
  const sizes = { train: train.images.length, evaluation: evaluation.images.length };
  const known = all.filter(
    (own) => own.train >= sizes.train * LEAST_PART || own.evaluation >= sizes.evaluation * LEAST_PART,
  );
  const part = (set: 'train' | 'evaluation') => known.reduce((sum, own) => sum + own[set], 0) / sizes[set];
  if (Math.min(part('train'), part('evaluation')) < LEAST_KNOWN || isHowTheyAreKept(known)) return [];
  const [most] = known
    .map((own) => ({
      ...own,
      before: own.train / sizes.train,
      now: own.evaluation / sizes.evaluation,
      probability: proportionTest(own.train, sizes.train, own.evaluation, sizes.evaluation),
    }))
    .sort((a, b) => Math.abs(b.now - b.before) - Math.abs(a.now - a.before));
  if (!most || Math.abs(most.now - most.before) < LEAST_DIFFERENCE) return [];
  if (most.probability > significance / known.length) return [];
  const recall = found && recallBySource(all, train, evaluation, found);
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  return [
    {
      code: 'train-evaluation-shift',
      title: `Evaluation differs from training in source: ${percent(most.now)} of the images are ${most.name}, in training ${percent(most.before)}`,
      evidence: {
        property: 'source',
        source: most.name,
        train: most.before,
        evaluation: most.now,
        distance: Math.abs(most.now - most.before),
        probability: most.probability,
        recall,
      },
      images: imagesOfUnusual(evaluation, most),
      action:
        'Train on images from the source that the model is used on, or evaluate on the mix that is in use',
      repair: null,
      price: shiftPrice(recall, score),
    },
  ];
}

/** Each set in a folder of its own, or under names that say which set it is, and nothing else differs. */
function isHowTheyAreKept(known: readonly SourceShares[]): boolean {
  const isShared = known.some(({ train, evaluation }) => train > 0 && evaluation > 0);
  const kinds = new Set(known.map(({ source }) => `${source.word} ${source.extension}`));
  return !isShared && (kinds.size === 1 || known.some(({ source }) => source.isNamedBySet));
}

function recallBySource(all: readonly SourceShares[], train: Truth, evaluation: Truth, found: Uint8Array) {
  const place = new Map(all.map(({ name }, at) => [name, at]));
  const groupOf = ({ images }: Truth): Int32Array =>
    Int32Array.from(images, ({ fileName }) => place.get(sourceName(fileSource(fileName)))!);
  const countOf = (truth: Truth): Float64Array => {
    const counts = new Float64Array(all.length);
    const groups = groupOf(truth);
    for (const image of truth.annotations.image) counts[groups[image]!]!++;
    return counts;
  };
  const [before, now] = [countOf(train), countOf(evaluation)];
  const groups = groupOf(evaluation);
  const { image } = evaluation.annotations;
  const weights = Float64Array.from(image, (own) => before[groups[own]!]! / now[groups[own]!]!);
  return recallWeighted(found, weights, image);
}

/** Images of the source where the evaluation has more of it than training; else those of other sources. */
function imagesOfUnusual(
  { images }: Truth,
  { name, now, before }: { readonly name: string; readonly now: number; readonly before: number },
): number[] {
  return images.flatMap(({ fileName }, image) =>
    (sourceName(fileSource(fileName)) === name) === now > before ? [image] : [],
  );
}
