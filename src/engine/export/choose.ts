/** What of a dataset goes out: one split, new splits, only what was reviewed; and the order of its classes. */
import type { ExportChoice } from '../../contract/view-types';
import { orderClasses } from '../../core/dataset/map-classes';
import { splitImages } from '../../core/dataset/split';
import { chooseImages } from '../../core/dataset/subset';
import { BadInput } from '../../core/foundation/bad-input';
import { truthWriterOf } from '../../core/formats/registry';
import type { ProjectSession } from '../project/session';
import type { ExportSource } from './labels';

export const WHOLE: ExportChoice = { subset: null, reviewedOnly: false, classOrder: [], split: null };

export function sourceOfProject(session: ProjectSession): ExportSource {
  const { data, imageRoot, upright } = session;
  return {
    truth: data.asTruth(),
    imageRoot,
    locations: data.images.map(({ location }) => location),
    orientations: data.images.map(({ orientation }) => orientation),
    upright,
  };
}

/** `isReviewed`: by image. Throws `BadInput` where nothing is left, or a split or class is not there. */
export function chooseForExport(
  source: ExportSource,
  format: string,
  choice: ExportChoice,
  isReviewed: (image: number) => boolean,
): ExportSource {
  const { truth } = source;
  const subset = choice.subset === null ? null : truth.subsets.find(({ name }) => name === choice.subset);
  if (subset === undefined)
    throw new BadInput(
      'subset-unknown',
      `There is no split “${choice.subset}”${truth.subsets.length > 0 ? `; there are ${truth.subsets.map(({ name }) => name).join(', ')}` : ''}.`,
      'Choose one of them, or all images.',
    );
  const unknown = choice.classOrder.find((name) => !truth.categories.some((one) => one.name === name));
  if (unknown !== undefined)
    throw new BadInput(
      'category-unknown',
      `There is no class “${unknown}”.`,
      `There are ${truth.categories.map(({ name }) => name).join(', ')}.`,
    );
  const keeps = truthWriterOf(format)?.expresses.subsets ?? false;
  if (choice.split && !keeps)
    throw new BadInput(
      'subsets-lost',
      `${format} cannot hold splits.`,
      'Choose another format, or make no new splits.',
    );
  const all = subset ? [...subset.images].sort((a, b) => a - b) : [...truth.images.keys()];
  const chosen = choice.reviewedOnly ? all.filter(isReviewed) : all;
  if (chosen.length === 0)
    throw new BadInput(
      'nothing-to-export',
      choice.reviewedOnly ? 'No image of them has been marked as reviewed.' : 'There are no images.',
      'Mark images as reviewed first, or export all of them.',
    );
  const isWhole = chosen.length === truth.images.length;
  let out = isWhole ? truth : chooseImages(truth, chosen);
  if (choice.split) out = splitImages(out, choice.split.shares, choice.split.seed);
  else if (subset) {
    // A split that was chosen is the whole; its name stays where the format has room for it.
    out = { ...out, subsets: out.subsets.filter(({ name }) => keeps && name === subset.name) };
  }
  if (choice.classOrder.length > 0) out = orderClasses(out, choice.classOrder);
  return {
    ...source,
    truth: out,
    locations: chosen.map((index) => source.locations[index] ?? null),
    ...(source.orientations ? { orientations: chosen.map((index) => source.orientations![index] ?? 1) } : {}),
  };
}
