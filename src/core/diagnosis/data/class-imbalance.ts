/**
 * Classes that training shows rarely and that score worse for it: a class is rare with under a tenth of the most common
 * one's labels. Named only where every rare class scores below the common ones, and clearly so on the mean: rare classes
 * are often easy ones. The price is the score with rare classes at the common ones' mean, an upper bound.
 */
import type { Truth } from '../../dataset/dataset';
import type { Rule } from '../rule';

const RARE = 0.1;
const COMMON = 1 / 3;
const LEAST_DIFFERENCE = 0.1;
/** Labels of a class in the evaluation set below which its AP says nothing. */
const FEWEST_LABELS = 10;

export const classImbalance: Rule = {
  codes: ['class-imbalance'],
  group: 'C',
  looksFor: 'classes that training shows too rarely',
  find(context) {
    const { repaired, sources } = context;
    if (!repaired || !sources.train || repaired.protocol === 'tide') return [];
    const { truth } = repaired;
    const trainCounts = countByName(sources.train.truth);
    const rows = context
      .evaluate({ ...repaired, scoredCategory: null })
      .result(0.5)
      .classes.flatMap(({ name, truth: labels, AP }) => {
        const count = name === null ? undefined : trainCounts.get(name);
        return name === null || count === undefined || AP === null || labels < FEWEST_LABELS
          ? []
          : [{ name, count, AP }];
      });
    const most = Math.max(0, ...rows.map(({ count }) => count));
    const rare = rows.filter(({ count }) => count < most * RARE);
    const common = rows.filter(({ count }) => count >= most * COMMON);
    if (rare.length === 0 || common.length === 0) return [];
    const peers = common.reduce((sum, { AP }) => sum + AP, 0) / common.length;
    const mean = rare.reduce((sum, { AP }) => sum + AP, 0) / rare.length;
    if (peers - mean < LEAST_DIFFERENCE || rare.some(({ AP }) => AP >= peers)) return [];
    const own = truth.categories.find(({ id }) => id === repaired.scoredCategory)?.name ?? null;
    const asked = own === null ? rare : rare.filter(({ name }) => name === own);
    if (asked.length === 0) return [];
    const gain = asked.reduce((sum, { AP }) => sum + peers - AP, 0) / (own === null ? rows.length : 1);
    const names = rare.map(({ name }) => `“${name}”`);
    const klasses = new Set(rare.map(({ name }) => truth.categories.findIndex((own) => own.name === name)));
    const { annotations } = truth;
    const shown = [...annotations.image.keys()].filter((row) => klasses.has(annotations.category[row]!));
    return [
      {
        code: 'class-imbalance',
        title: `Rare classes score ${mean.toFixed(2)} against ${peers.toFixed(2)} of common ones: ${names.slice(0, 3).join(', ')}`,
        evidence: {
          classes: Object.fromEntries(rows.map(({ name, count, AP }) => [name, { training: count, AP }])),
          rare: rare.map(({ name }) => name),
          ratio: most / Math.max(1, Math.min(...rare.map(({ count }) => count))),
        },
        images: [...new Set(shown.map((row) => annotations.image[row]!))],
        action: `Collect or repeat images with ${names.slice(0, 3).join(', ')}, or weigh these classes more in the loss`,
        repair: null,
        price: { gain, interval: [0, gain], confidence: 'estimated' },
      },
    ];
  },
};

function countByName({ categories, annotations }: Truth): Map<string, number> {
  const counts = new Map(categories.map(({ name }) => [name, 0]));
  for (const klass of annotations.category) {
    const { name } = categories[klass]!;
    counts.set(name, counts.get(name)! + 1);
  }
  return counts;
}
