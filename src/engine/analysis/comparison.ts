/** Two runs on the same labels: what changed for which annotation. */
import type { ChangedAnnotation, ComparedSide, RunComparison } from '../../contract/metrics-view';
import { CHANGES, compareOutcomes, mcNemar } from '../../core/metrics/analysis/changes';
import type { Change } from '../../core/metrics/analysis/changes';
import { PREDICTION_OUTCOMES } from '../../core/metrics/evaluation';
import type { OperatingPoint, Scorer } from '../../core/metrics/evaluation';
import type { ProjectSession } from '../project/session';
import { plainDifferences } from './interval-evaluations';
import type { ScoredPart } from './scored-part';
import { scoredAmount } from './scored-part';

const LOOSE_BOX = PREDICTION_OUTCOMES.indexOf('loose-box');
const WRONG_CLASS = PREDICTION_OUTCOMES.indexOf('wrong-class');

export type RunPair = readonly [first: ScoredPart, second: ScoredPart];

export function compareRuns([first, second]: RunPair, point: OperatingPoint): RunComparison {
  const changes = compareOutcomes(first.scorer, second.scorer, point);
  const counts = countChanges(first, changes);
  const total = (change: Change): number =>
    Object.values(counts[change]).reduce((sum, count) => sum + count, 0);
  return {
    scored: scoredAmount(first),
    differences: plainDifferences(first.scorer, second.scorer),
    counts,
    falsePositives: [first.scorer.counts(point).falsePositives, second.scorer.counts(point).falsePositives],
    chance: mcNemar(total('broken'), total('fixed')),
  };
}

function countChanges({ scorer, annotations }: ScoredPart, changes: Uint8Array): RunComparison['counts'] {
  const counts = Object.fromEntries(CHANGES.map((change) => [change, {}])) as Record<
    Change,
    Record<number, number>
  >;
  annotations.forEach((records, image) => {
    const [from] = scorer.annotationRows(image);
    records.forEach(({ category }, index) => {
      const change = CHANGES[changes[from + index]!];
      if (change) counts[change][category] = (counts[change][category] ?? 0) + 1;
    });
  });
  return counts;
}

/** The changed annotations as a queue: broken ones first, then fixed, then both wrong, each by the score that decided it. */
export function changedAnnotations(
  session: ProjectSession,
  [first, second]: RunPair,
  point: OperatingPoint,
  wanted: readonly Change[],
): ChangedAnnotation[] {
  const changes = compareOutcomes(first.scorer, second.scorer, point);
  const sides = [sideOf(first.scorer, point), sideOf(second.scorer, point)] as const;
  const queue: ChangedAnnotation[] = [];
  first.annotations.forEach((records, image) => {
    const [from] = first.scorer.annotationRows(image);
    const { key, fileName, width, height } = session.data.images[first.images[image]!]!;
    records.forEach(({ id, category, box }, index) => {
      const change = CHANGES[changes[from + index]!];
      if (!change || !wanted.includes(change)) return;
      queue.push({
        change,
        image: key,
        imageName: fileName,
        imageWidth: width,
        imageHeight: height,
        annotation: id,
        category,
        box,
        status: session.data.verdicts.get(`a:${id}`) ?? 'to-do',
        first: sides[0](from + index),
        second: sides[1](from + index),
      });
    });
  });
  return queue.sort((a, b) => rankOf(a) - rankOf(b) || scoreOf(b) - scoreOf(a));
}

const QUEUE_ORDER: readonly Change[] = ['broken', 'fixed', 'both-wrong', 'both-right'];
const rankOf = ({ change }: ChangedAnnotation): number => QUEUE_ORDER.indexOf(change);
const scoreOf = ({ first, second }: ChangedAnnotation): number =>
  Math.max(first.score ?? 0, second.score ?? 0);

/** What a run makes of an annotation (a row of its scorer). */
function sideOf(scorer: Scorer, point: OperatingPoint): (row: number) => ComparedSide {
  const all = scorer.allOutcomes(point);
  const columns = scorer.input.predictions;
  const confused = new Map<number, number>();
  all.predictionOutcome.forEach((outcome, row) => {
    if (outcome !== LOOSE_BOX && outcome !== WRONG_CLASS) return;
    const truth = all.predictionTruth[row]!;
    const rival = confused.get(truth);
    if (rival === undefined || columns.score[row]! > columns.score[rival]!) confused.set(truth, row);
  });
  return (truth) => {
    const matched = all.truthPrediction[truth]!;
    const prediction = matched >= 0 ? matched : (confused.get(truth) ?? -1);
    if (prediction < 0) return { outcome: 'miss', box: null, score: null, iou: null };
    const outcome = PREDICTION_OUTCOMES[all.predictionOutcome[prediction]!]!;
    const [x, y, width, height] = columns.box.subarray(prediction * 4, prediction * 4 + 4);
    return {
      outcome: outcome === 'cut' ? 'miss' : outcome,
      box: [x!, y!, width!, height!],
      score: columns.score[prediction]!,
      iou: all.predictionIou[prediction]!,
    };
  };
}
