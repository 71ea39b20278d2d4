/**
 * The fix queue against ObjectLab, and for missing labels against unlabelled predictions by confidence, on many
 * plantings of the same kind, pairwise. Numbers are average precisions; `RETICLE_PLANTINGS` sets how many (default 40).
 */
import { sharedPath } from '../../src/core/foundation/shared-data.fixture';
import { detect, STRONG_DETECTOR, WEAK_DETECTOR } from '../../src/core/label-quality/detector-sets.fixture';
import { compare, type Comparison, MARKS } from '../../src/core/label-quality/rivals.fixture';
import type { ScoringInput } from '../../src/core/metrics/evaluation';
import { readInput } from '../../src/core/metrics/golden.fixture';

interface Source {
  readonly name: string;
  readonly make: (seed: number) => ScoringInput;
  /** Share of added labels that lie on labelled objects. */
  readonly extraOnObjects: number;
}

export function run(): void {
  const plantings = Number(process.env.RETICLE_PLANTINGS ?? 40);
  const only = process.env.RETICLE_SETS?.split(',');
  for (const source of [...realSets(), ...generatedSets()]) {
    if (only && !only.includes(source.name)) continue;
    const found = Array.from({ length: plantings }, (_, index) =>
      compare(source.make(5000 + index), 900 + index, source.extraOnObjects),
    );
    report(source.name, found);
  }
}

function realSets(): Source[] {
  const truth = sharedPath('datasets/bccd/coco');
  const predictions = sharedPath('models/bccd');
  if (truth === null || predictions === null) return [];
  return ['val', 'train'].map((split) => {
    const input = readInput(`${truth}/${split}.json`, `${predictions}/predictions-${split}.json`);
    return { name: `bccd-${split}`, make: () => input, extraOnObjects: 0 };
  });
}

function generatedSets(): Source[] {
  return [
    { name: 'strong-detector', make: (seed) => detect(STRONG_DETECTOR, seed), extraOnObjects: 0 },
    { name: 'weak-detector', make: (seed) => detect(WEAK_DETECTOR, seed), extraOnObjects: 0.5 },
  ];
}

function report(name: string, found: readonly Comparison[]): void {
  const mean = (value: (one: Comparison) => number): number =>
    found.reduce((sum, one) => sum + value(one), 0) / found.length;
  process.stdout.write(`${name}, ${found.length} plantings\n`);
  for (const mark of MARKS) {
    const rival = (one: Comparison): number =>
      mark === 'missing' ? Math.max(one.objectLab.missing, one.byConfidence) : one.objectLab[mark];
    const difference = mean((one) => one.queue[mark] - rival(one));
    const variance =
      found.reduce((sum, one) => sum + (one.queue[mark] - rival(one) - difference) ** 2, 0) /
      Math.max(1, found.length - 1);
    const standardError = Math.sqrt(variance / found.length);
    const wins = found.filter((one) => one.queue[mark] > rival(one)).length;
    process.stdout.write(
      `  ${mark.padEnd(13)} queue ${mean((one) => one.queue[mark]).toFixed(3)}` +
        `  by probability ${mean((one) => one.byProbability[mark]).toFixed(3)}` +
        `  ObjectLab ${mean((one) => one.objectLab[mark]).toFixed(3)}` +
        (mark === 'missing' ? `  by confidence ${mean((one) => one.byConfidence).toFixed(3)}` : '') +
        `  difference ${difference.toFixed(3)} ± ${standardError.toFixed(3)}, higher in ${wins}\n`,
    );
  }
}
