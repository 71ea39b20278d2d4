/** Images of the project behind a bar or a cell of the data page. */
import type { BehindData } from '../../contract/behind-data';
import { imagesBehind } from '../../core/diagnosis/data/profile/selection';
import type { LookCache } from '../images/look-cache';
import type { ProjectSession } from '../project/session';
import { knownFacts } from './project-facts';
import { readChoice } from './training-sets';

/** By image of the project: 1 where it passes. Pixels that were never measured pass no bound on them. */
export function imagesBehindData(session: ProjectSession, looks: LookCache, behind: BehindData): Uint8Array {
  const { data } = session;
  const passing = imagesBehind({ truth: data.asTruth(), facts: knownFacts(session, looks) }, behind);
  const choice = readChoice(session);
  const training =
    choice?.kind === 'subset' ? data.subsets.find(({ name }) => name === choice.name) : undefined;
  const isTraining = new Set(training?.images.map((key) => data.indexOfImage.get(key)!));
  const wantsTraining = behind.set === 'training';
  return passing.map((passes, image) => (passes === 1 && isTraining.has(image) === wantsTraining ? 1 : 0));
}
