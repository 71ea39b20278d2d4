/**
 * Images of the evaluation set that training has shown: of one size with the very same boxes, to the last digit, or the
 * same picture although the file is another (`near-duplicates.ts`). Names alone prove nothing (every folder has a
 * 0001.jpg), and labels are not compared where there are none.
 */
import type { Truth } from '../../dataset/dataset';
import { rowsByImage } from '../../label-quality/by-image';
import type { Rule } from '../rule';
import { nearDuplicates } from './near-duplicates';
import { evaluationSet } from './properties';

/** One image can agree by accident. */
const FEWEST = 2;
/** An image with fewer boxes is compared by its name too. */
const FEWEST_BOXES = 2;
/** Names of twins that the evidence lists. */
const MOST_TWINS = 50;

export const trainEvaluationOverlap: Rule = {
  codes: ['train-evaluation-overlap'],
  group: 'D',
  looksFor: 'images in training and evaluation',
  find(context) {
    const evaluation = evaluationSet(context);
    const { train } = context.sources;
    if (!train || !evaluation) return [];
    const { truth } = evaluation;
    const known = new Set(fingerprints(train.truth).filter((print) => print !== null));
    const byLabels = fingerprints(truth).flatMap((print, image) =>
      print !== null && known.has(print) ? [image] : [],
    );
    const twins = nearDuplicates(evaluation.facts, train.facts);
    const images = [...new Set([...byLabels, ...twins.map(({ image }) => image)])].sort((a, b) => a - b);
    if (images.length < FEWEST) return [];
    return [
      {
        code: 'train-evaluation-overlap',
        title: `${images.length} of ${truth.images.length} evaluation images are in the training set too`,
        evidence: {
          of: truth.images.length,
          share: images.length / truth.images.length,
          byLabels: byLabels.length,
          byPixels: twins.length,
          twins: twins.slice(0, MOST_TWINS).map(({ image, twin, correlation }) => ({
            evaluation: truth.images[image]!.fileName,
            training: train.truth.images[twin]!.fileName,
            correlation,
          })),
        },
        images,
        action: 'Take them out of one of the two: the score on them says what was learned by heart',
        repair: null,
      },
    ];
  },
};

/** By image: what its labels are, with its name where there is but one; null where there is too little to compare. */
function fingerprints({ images, annotations, categories }: Truth): (string | null)[] {
  const rows = rowsByImage(annotations, images.length);
  return images.map(({ fileName, width, height }, image) => {
    const boxes = [...rows.of(image)].map((row) => {
      const box = annotations.box.subarray(row * 4, row * 4 + 4);
      return `${categories[annotations.category[row]!]!.name} ${box.join(' ')}`;
    });
    if (boxes.length === 0) return null;
    const name = boxes.length < FEWEST_BOXES ? fileName.slice(fileName.lastIndexOf('/') + 1) : '';
    return [name, `${width} ${height}`, ...boxes.sort()].join('\n');
  });
}
