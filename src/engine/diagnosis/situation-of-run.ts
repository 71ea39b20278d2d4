import type { ImageFacts, Situation } from '../../core/diagnosis/situation';
import type { Protocol } from '../../core/metrics/evaluation';
import type { ProjectSession } from '../project/session';

/** `facts`: what is known of the images besides their sizes. Predictions of a project have found their images and classes when they were imported. */
export function situationOfRun(
  session: ProjectSession,
  run: number,
  protocol: Protocol,
  facts?: readonly (ImageFacts | null)[],
): Situation {
  const { data } = session;
  const { columns } = data.predictions(session.run(run).id);
  const truth = data.asTruth();
  return {
    truth,
    predictions: {
      ...columns,
      namedImage: columns.image,
      namedCategory: columns.category,
      images: truth.images.map(({ id, fileName }) => ({ id, fileName })),
      categories: truth.categories.map(({ id }) => id),
    },
    protocol,
    parameters: {},
    facts: facts ?? data.images.map(({ width, height, orientation }) => ({ width, height, orientation })),
  };
}
