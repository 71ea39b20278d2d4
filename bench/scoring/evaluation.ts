/**
 * Scores a set of about 735,000 predictions: full evaluation, counts at a slider's point, outcomes of everything, one
 * edit in a class of middling size and in the largest. The baseline is the plain prototype on the same columns in the
 * same run (its own cells compared with ours, byte for byte), where the shared folder has it.
 */
import { sharedPath } from '../../src/core/foundation/shared-data.fixture';
import type { ImageTruth, Scorer, ScoringInput } from '../../src/core/metrics/evaluation';
import { createScorer } from '../../src/core/metrics/scorer';
import { loadPrototype } from './prototype-baseline';
import { syntheticSet, VAL_2017 } from './synthetic-set';

const RUNS = 5;

export async function run(): Promise<void> {
  const input = syntheticSet(VAL_2017);
  process.stdout.write(
    `${input.predictions.count} predictions, ${input.annotations.count} annotations, ${input.categories.length} classes\n`,
  );
  const path = sharedPath('prototype/coco-evaluation/core.mjs');
  const prototype = path === null ? null : await loadPrototype(path, input);
  const theirs: number[] = [];
  const ours: number[] = [];
  let scorer: Scorer | null = null;
  for (let index = 0; index < RUNS; index++) {
    if (prototype) theirs.push(timed(() => prototype.evaluate()));
    ours.push(
      timed(() => {
        scorer = createScorer(input, 'coco');
        scorer.headline();
      }),
    );
  }
  const cells = timed(() => scorer!.arrays());
  report('full evaluation, cold', ours[0]!, theirs[0]);
  report(
    'full evaluation, warm (median)',
    median(ours.slice(1)),
    prototype ? median(theirs.slice(1)) : undefined,
  );
  report('all cells besides', cells);
  if (prototype) compareCells(scorer!, prototype.arrays());
  sliders(scorer!);
  for (const [name, category] of [
    ['middling class', 40],
    ['largest class', 0],
  ] as const) {
    edits(scorer!, input, name, category);
  }
}

function sliders(scorer: Scorer): void {
  const atNewIou = [0.5, 0.55, 0.6, 0.65, 0.7, 0.62].map((iou) =>
    timed(() => scorer.counts({ iou, score: 0.3 })),
  );
  report('counts at a new IoU, first', atNewIou[0]!);
  report('counts at a new IoU (median)', median(atNewIou));
  report(
    'counts at a new confidence (median)',
    median(
      Array.from({ length: 20 }, (_, step) => timed(() => scorer.counts({ iou: 0.62, score: step / 20 }))),
    ),
  );
  report(
    'all outcomes, first',
    timed(() => scorer.allOutcomes({ iou: 0.62, score: 0.3 })),
  );
  report(
    'all outcomes at another confidence',
    timed(() => scorer.allOutcomes({ iou: 0.62, score: 0.4 })),
  );
  report(
    'all outcomes at another IoU',
    timed(() => scorer.allOutcomes({ iou: 0.7, score: 0.4 })),
  );
}

function edits(scorer: Scorer, input: ScoringInput, name: string, category: number): void {
  const images = [...input.annotations.category.keys()]
    .filter((row) => input.annotations.category[row] === category)
    .slice(0, 40)
    .map((row) => input.annotations.image[row]!);
  const size = input.predictions.category.reduce((count, other) => count + (other === category ? 1 : 0), 0);
  const moves = images.map((image) => {
    const moved = nudged(scorer.truth(image), category);
    return timed(() => {
      scorer.replaceTruth(image, moved);
      scorer.headline();
    });
  });
  const previews = images.map((image) => {
    const moved = nudged(scorer.truth(image), category);
    return timed(() => scorer.preview(image, moved));
  });
  report(`one edit, ${name} (${size} predictions; median)`, median(moves));
  report(`one preview, ${name}`, median(previews));
}

/** The class's first box, a pixel to the right. */
function nudged(truth: ImageTruth, category: number): ImageTruth {
  const row = truth.category.indexOf(category);
  const box = truth.box.slice();
  box[row * 4]! += 1;
  return { ...truth, box };
}

function compareCells(
  scorer: Scorer,
  theirs: Readonly<Record<'precision' | 'recall' | 'scores', Float64Array>>,
): void {
  const ours = scorer.arrays()!;
  for (const name of ['precision', 'recall', 'scores'] as const) {
    const differing = ours[name]!.data.filter((value, cell) => value !== theirs[name][cell]).length;
    process.stdout.write(
      `${name}: ${differing} of ${ours[name]!.data.length} cells differ from the prototype's\n`,
    );
  }
}

function report(what: string, milliseconds: number, baseline?: number): void {
  const ratio =
    baseline === undefined
      ? ''
      : `   ${(milliseconds / baseline).toFixed(2)} x the prototype's ${baseline.toFixed(1)} ms`;
  process.stdout.write(`${what.padEnd(58)} ${milliseconds.toFixed(2).padStart(9)} ms${ratio}\n`);
}

function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
