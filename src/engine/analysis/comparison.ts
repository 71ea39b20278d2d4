/** Two runs on the same labels: what changed for which annotation. */
import type { ChangedAnnotation, ComparedSide, RunComparison } from '../../contract/view-types';
import { CHANGES, compareOutcomes, mcNemar } from '../../core/metrics/analysis/changes';
import type { Change } from '../../core/metrics/analysis/changes';
import { PREDICTION_OUTCOMES } from '../../core/metrics/evaluation';
import type { LiveProtocol, OperatingPoint, Scorer } from '../../core/metrics/evaluation';
import type { ProjectSession } from '../project/session';
import { plainDifferences } from './resampling';

const LOOSE_BOX = PREDICTION_OUTCOMES.indexOf('loose-box');
const WRONG_CLASS = PREDICTION_OUTCOMES.indexOf('wrong-class');

export function compareRuns(
  session: ProjectSession,
  [first, second]: readonly [number, number],
  protocol: LiveProtocol,
  point: OperatingPoint,
): RunComparison {
  const before = session.scorer(first, protocol);
  const after = session.scorer(second, protocol);
  const changes = compareOutcomes(before, after, point);
  const counts = countChanges(session, before, changes);
  const total = (change: Change): number =>
    Object.values(counts[change]).reduce((sum, count) => sum + count, 0);
  return {
    differences: plainDifferences(before, after),
    counts,
    falsePositives: [before.counts(point).falsePositives, after.counts(point).falsePositives],
    chance: mcNemar(total('broken'), total('fixed')),
  };
}

function countChanges(session: ProjectSession, scorer: Scorer, changes: Uint8Array): RunComparison['counts'] {
  const counts = Object.fromEntries(CHANGES.map((change) => [change, {}])) as Record<
    Change,
    Record<number, number>
  >;
  session.data.annotations.forEach((records, image) => {
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
  [first, second]: readonly [number, number],
  protocol: LiveProtocol,
  point: OperatingPoint,
  wanted: readonly Change[],
): ChangedAnnotation[] {
  const scorers = [session.scorer(first, protocol), session.scorer(second, protocol)] as const;
  const changes = compareOutcomes(...scorers, point);
  const sides = [
    sideOf(session, first, scorers[0], point),
    sideOf(session, second, scorers[1], point),
  ] as const;
  const queue: ChangedAnnotation[] = [];
  session.data.annotations.forEach((records, image) => {
    const [from] = scorers[0].annotationRows(image);
    const { key, fileName } = session.data.images[image]!;
    records.forEach(({ id, category, box }, index) => {
      const change = CHANGES[changes[from + index]!];
      if (!change || !wanted.includes(change)) return;
      queue.push({
        change,
        image: key,
        imageName: fileName,
        annotation: id,
        category,
        box,
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
function sideOf(
  session: ProjectSession,
  run: number,
  scorer: Scorer,
  point: OperatingPoint,
): (row: number) => ComparedSide {
  const all = scorer.allOutcomes(point);
  const { columns } = session.data.predictions(run);
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
