/** What the project knows besides a run and its labels: the training set, and how images look. */
import type { DataView } from '../../contract/data-view';
import type { DiagnosisSources } from '../../core/diagnosis/rule';
import type { ImageFacts, Situation } from '../../core/diagnosis/situation';
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';
import { type Depth, SIZES_ONLY } from '../diagnosis/image-facts';
import type { ProjectSession } from '../project/session';
import type { DataTools } from './data-tools';
import { projectFacts } from './project-facts';
import type { KnownTraining } from './training-sets';
import { readChoice } from './training-sets';

export interface ProjectSources {
  readonly sources: DiagnosisSources;
  /** Of the project's images. */
  readonly facts: readonly (ImageFacts | null)[];
  readonly training: KnownTraining | null;
  /** Why the training set that the project knows is not there; null where it is. */
  readonly trainingProblem: DataView['trainingProblem'];
}

/** `depth`: how many images' pixels are measured of each set, of the project's only where there is a training set. */
export async function projectSources(
  session: ProjectSession,
  { looks, trainingSets }: DataTools,
  situation: Situation | null,
  depth: Depth,
  progress: Progress,
  looksAlone = false,
): Promise<ProjectSources> {
  const choice = readChoice(session);
  let training: KnownTraining | null = null;
  let trainingProblem: ProjectSources['trainingProblem'] = null;
  try {
    training = choice && (await trainingSets.read(session, choice, situation, depth, progress));
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    trainingProblem = { message: error.message, next: error.next };
  }
  const facts = await projectFacts(session, looks, training || looksAlone ? depth : SIZES_ONLY, progress);
  return {
    sources: { train: training?.set ?? null, facts, training: null, reported: [] },
    facts,
    training,
    trainingProblem,
  };
}
