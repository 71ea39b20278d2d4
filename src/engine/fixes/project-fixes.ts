/** The fix queue of a run of the open project, and what has become of each suspect since. */
import type { FixQueueView, FixState, FixView } from '../../contract/fix-view';
import type { Box } from '../../contract/view-types';
import type { Truth } from '../../core/dataset/dataset';
import type { Progress } from '../../core/foundation/cancellation';
import type { FoundFixes } from '../../core/label-quality/find-fixes';
import { TRUSTED_FOUND_SHARE } from '../../core/label-quality/find-fixes';
import { stopLine, type Suggestion } from '../../core/label-quality/fix-queue';
import { boxIou } from '../../core/matching/overlap';
import type { LiveProtocol } from '../../core/metrics/evaluation';
import { HEADLINE_METRIC } from '../../core/metrics/evaluation';
import { situationOfRun } from '../diagnosis/situation-of-run';
import { runOnThread } from '../diagnosis/run-on-thread';
import type { ProjectData } from '../project/project-data';
import type { ProjectSession } from '../project/session';
import { fixStates } from './fix-states';

/** More runs than these say little more, and each costs time. */
const MOST_OTHER_RUNS = 3;

/** The queue as it was made. */
export interface MadeQueue extends Omit<FixQueueView, 'states'> {
  /** The highest id that an annotation had then: what is above was added since. */
  readonly lastAnnotation: number;
}

export async function makeFixQueue(
  session: ProjectSession,
  run: number,
  protocol: LiveProtocol,
  progress: Progress,
): Promise<{ readonly queue: MadeQueue; readonly states: FixState[] }> {
  // Labels may change while the thread works: what its rows mean is taken down before.
  const { data } = session;
  const situation = { ...situationOfRun(session, run, protocol), protocol };
  const lastAnnotation = session.lastAnnotationId();
  const score = session.scorer(run, protocol).headline();
  const otherRuns = session.runs
    .filter(({ id }) => id !== run)
    .slice(-MOST_OTHER_RUNS)
    .map(({ id }) => data.predictions(id).columns);
  const found = await runOnThread('fixes', { situation, otherRuns }, progress);
  const describe = describer(data, situation.truth, run);
  const fixes = found.suggestions.map(describe);
  const states = fixStates(session, { run, fixes, lastAnnotation });
  const queue: MadeQueue = {
    run,
    protocol,
    metric: HEADLINE_METRIC[protocol],
    score,
    fixes,
    stop: stopAmongOpen(found, states),
    standardError: found.standardError,
    foundShare: found.foundShare,
    isTrusted: found.foundShare >= TRUSTED_FOUND_SHARE,
    madeAt: new Date().toISOString(),
    lastAnnotation,
  };
  return { queue, states };
}

/** What was dismissed gains nothing any more, so it does not hold the line up. */
function stopAmongOpen(
  { suggestions, standardError, stop }: FoundFixes,
  states: readonly FixState[],
): number {
  if (standardError === null) return stop;
  const expected = suggestions.map(({ expected: gain }, at) => (states[at] === 'open' ? gain : 0));
  return stopLine(expected, standardError);
}

/** Puts keys and ids in place of rows. */
function describer(data: ProjectData, truth: Truth, run: number): (suggestion: Suggestion) => FixView {
  const { images, categories } = data;
  const { annotations } = truth;
  const { columns } = data.predictions(run);
  const idOf = (category: number): number => categories[category]!.id;
  return ({ kind, image, annotation, prediction, repeats, probability, gain, expected, edit }) => {
    const { key, fileName, width, height } = images[image]!;
    const change = 'change' in edit ? edit.change : null;
    const iou =
      annotation === null || prediction === null
        ? null
        : boxIou(annotations.box, annotation * 4, columns.box, prediction * 4);
    return {
      kind,
      image: key,
      imageName: fileName,
      imageWidth: width,
      imageHeight: height,
      annotation: annotation === null ? null : annotations.id[annotation]!,
      category: idOf(
        annotation === null ? columns.category[prediction!]! : annotations.category[annotation]!,
      ),
      box: annotation === null ? boxAt(columns.box, prediction!) : boxAt(annotations.box, annotation),
      newCategory: change?.category === undefined ? null : idOf(change.category),
      newBox: change?.box ?? null,
      repeats: repeats === null ? null : boxAt(annotations.box, repeats),
      seen:
        prediction === null
          ? null
          : {
              prediction: columns.fileIndex[prediction]!,
              category: idOf(columns.category[prediction]!),
              box: boxAt(columns.box, prediction),
              score: columns.score[prediction]!,
              iou,
            },
      probability,
      gain,
      expected,
    };
  };
}

function boxAt(box: Float64Array, row: number): Box {
  const at = row * 4;
  return [box[at]!, box[at + 1]!, box[at + 2]!, box[at + 3]!];
}
