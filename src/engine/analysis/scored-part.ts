/** The part of the set that is scored: all of it, live, or a choice of classes and images, scored anew. */
import type { PartOfSet } from '../../contract/view-types';
import type { ScoredAmount } from '../../contract/metrics-view';
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';
import type { LiveProtocol, Scorer } from '../../core/metrics/evaluation';
import { createScorer, scorerFrom } from '../../core/metrics/scorer';
import { runOnThread } from '../diagnosis/run-on-thread';
import { queryGallery, tilesOfRun } from '../gallery/query';
import type { ProjectSession } from '../project/session';
import type { AnnotationRecord } from '../store/records';
import type { Chosen, PartInput } from './evaluations';
import { restrict } from './evaluations';
import { FEW_RECORDS, recordsOfRun } from './prepared-scorers';

export interface ScoredPart {
  readonly scorer: Scorer;
  /** By the scorer's images: the index in the project. */
  readonly images: readonly number[];
  /** By the scorer's images: its annotations, in the scorer's order. */
  readonly annotations: readonly (readonly AnnotationRecord[])[];
}

function chosenImages(session: ProjectSession, { subset, images }: PartOfSet): number[] | null {
  if (subset === null && images === null) return null;
  const { data } = session;
  let kept = [...data.images.keys()];
  if (subset !== null) {
    const found = data.subsets.find(({ name }) => name === subset);
    if (!found)
      throw new BadInput(
        'subset-unknown',
        `There is no subset “${subset}”.`,
        'Choose another, or all images.',
      );
    const keys = new Set(found.images);
    kept = kept.filter((image) => keys.has(data.images[image]!.key));
  }
  if (images !== null) {
    const run = session.runs.some(({ id }) => id === images.run) ? images.run : null;
    const query = { kind: 'images', ...images, run, sort: 'name', descending: false } as const;
    const shown = new Set(queryGallery(session, query, tilesOfRun(session, run, images.point)).images);
    kept = kept.filter((image) => shown.has(image));
  }
  if (kept.length === 0)
    throw new BadInput('part-empty', 'No image is in this part of the set.', 'Choose more images.');
  return kept;
}

/** Throws `BadInput` where the part is empty or unknown. */
export function choosePart(session: ProjectSession, part: PartOfSet | null): Chosen {
  if (!part) return { images: null, categories: null };
  const { categories } = session.data;
  const wanted = part.categories && new Set(part.categories);
  const kept = wanted && [...categories.keys()].filter((index) => wanted.has(categories[index]!.id));
  if (kept?.length === 0)
    throw new BadInput('part-empty', 'No class is in this part of the set.', 'Choose more classes.');
  return { images: chosenImages(session, part), categories: kept };
}

/** What a thread needs to score the part. */
export const partInput = (session: ProjectSession, run: number, part: PartOfSet | null): PartInput => ({
  whole: session.inputOf(run),
  chosen: choosePart(session, part),
});

function annotationsOf(
  { data }: ProjectSession,
  { categories }: Chosen,
  images: readonly number[],
): ScoredPart['annotations'] {
  const ids = categories && new Set(categories.map((index) => data.categories[index]!.id));
  return images.map((image) => {
    const records = data.annotations[image]!;
    return ids ? records.filter(({ category }) => ids.has(category)) : records;
  });
}

/** The live scorer where everything is scored; else one of its own, true until the next edit. */
export function scoredPart(
  session: ProjectSession,
  run: number,
  protocol: LiveProtocol,
  part: PartOfSet | null,
): ScoredPart {
  const { data } = session;
  const chosen = choosePart(session, part);
  const images = chosen.images ?? [...data.images.keys()];
  return {
    scorer:
      chosen.images || chosen.categories
        ? createScorer(
            restrict({
              whole: session.scoringInput(data.predictions(session.run(run).id).columns),
              chosen,
            }),
            protocol,
          )
        : session.scorer(run, protocol),
    images,
    annotations: annotationsOf(session, chosen, images),
  };
}

/** As `scoredPart`; a large part's scorer is made on a thread. */
export async function scoredPartAside(
  session: ProjectSession,
  run: number,
  protocol: LiveProtocol,
  part: PartOfSet | null,
  progress: Progress,
): Promise<ScoredPart> {
  if (part === null || recordsOfRun(session, run) < FEW_RECORDS)
    return scoredPart(session, run, protocol, part);
  const given = partInput(session, run, part);
  const images = given.chosen.images ?? [...session.data.images.keys()];
  const annotations = annotationsOf(session, given.chosen, images);
  const { input, made } = await runOnThread('part', { part: given, protocol }, progress);
  return { scorer: scorerFrom(input, protocol, made), images, annotations };
}

export const scoredAmount = ({ scorer, annotations }: ScoredPart): ScoredAmount => ({
  images: scorer.input.imageIds.length,
  annotations: annotations.reduce((sum, { length }) => sum + length, 0),
  predictions: scorer.input.predictions.count,
  categories: scorer.input.categories.length,
});
