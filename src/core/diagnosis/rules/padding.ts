/** Boxes of nothing that fill every image up to one number: padding that was written out with the truth. */
import type { FoundCause } from '../cause';
import type { Situation } from '../situation';

/** Images that hold the same number of annotations once padding is counted. */
const MOST_OF_THEM = 0.6;
const FEWEST_IMAGES = 2;

export function findPadding({ truth }: Situation): FoundCause[] {
  const { annotations, images } = truth;
  const total = new Int32Array(images.length);
  const empty = new Int32Array(images.length);
  let boxes = 0;
  for (let row = 0; row < annotations.count; row++) {
    const image = annotations.image[row]!;
    total[image]!++;
    if (annotations.box[row * 4 + 2] !== 0 || annotations.box[row * 4 + 3] !== 0) continue;
    empty[image]!++;
    boxes++;
  }
  const padded = [...images.keys()].filter((image) => empty[image]! > 0);
  if (padded.length < FEWEST_IMAGES) return [];
  const limit = Math.max(...padded.map((image) => total[image]!));
  const full = padded.filter((image) => total[image] === limit);
  if (full.length < MOST_OF_THEM * padded.length) return [];
  return [
    {
      code: 'padded-ground-truth',
      title: `Ground truth padded: ${boxes} boxes of no size fill images up to ${limit}`,
      evidence: { boxes, limit },
      images: padded,
      action: 'Leave the padding out when the ground truth is written',
      repair: { kind: 'change-labels', removeEmptyBoxes: true },
    },
  ];
}
