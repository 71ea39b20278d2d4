/** The fix queue of a run, with how far the run's word about labels counts. */
import { foundLabels, shareOf } from '../diagnosis/found-labels';
import type { Situation } from '../diagnosis/situation';
import { scoringInputOf } from '../diagnosis/situation';
import type { PredictionColumns } from '../dataset/dataset';
import type { Progress } from '../foundation/cancellation';
import type { TableProtocol } from '../metrics/evaluation';
import { createScorer } from '../metrics/scorer';
import { type FixQueue, fixQueue } from './fix-queue';

/** Share of the labels that a model must find for its word about the others to count. */
export const TRUSTED_FOUND_SHARE = 0.65;

export interface FoundFixes extends FixQueue {
  /** Share of the labels that some prediction finds, whatever its class. */
  readonly foundShare: number;
}

export interface FixTask {
  readonly situation: Situation & { readonly protocol: TableProtocol };
  /** Of other models on the same images. */
  readonly otherRuns: readonly PredictionColumns[];
}

export function findFixes({ situation, otherRuns }: FixTask, progress: Progress): FoundFixes {
  const input = scoringInputOf(situation);
  const scorer = createScorer(input, situation.protocol, situation.parameters);
  return {
    ...fixQueue(input, scorer, { otherRuns, progress }),
    foundShare: shareOf(foundLabels(input, 'any-class')),
  };
}
