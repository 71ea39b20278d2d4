/** The cause of images that are not joined, from the pairs that were found. */
import type { FoundCause } from '../cause';
import type { Situation } from '../situation';

/** How the rest joins. */
export type JoinRuleName = 'case' | 'extension' | 'path' | 'stem' | 'digits';

/** As the predictions have it. */
export const nameOf = ({ fileName, id }: Situation['predictions']['images'][number]): string =>
  fileName ?? String(id);

/** By named image: the truth's image, or -1. */
export function joinedImages({ predictions }: Situation): Int32Array {
  const joined = new Int32Array(predictions.images.length).fill(-1);
  for (let row = 0; row < predictions.count; row++)
    joined[predictions.namedImage[row]!] = predictions.image[row]!;
  return joined;
}

export function joinCause(
  { truth, predictions }: Situation,
  joined: Int32Array,
  pairs: readonly (readonly [named: number, image: number])[],
  rule: JoinRuleName,
  words: { readonly title: string; readonly example: object },
): FoundCause {
  const map = Object.fromEntries(
    pairs.map(([named, image]) => [nameOf(predictions.images[named]!), truth.images[image]!.fileName]),
  );
  return {
    code: 'images-not-joined',
    title: words.title,
    evidence: {
      joined: new Set([...joined].filter((image) => image >= 0)).size,
      total: truth.images.length,
      rule,
      example: words.example,
    },
    images: pairs.map(([, image]) => image),
    action: 'Name the images alike in the predictions and in the ground truth',
    repair: { kind: 'join-images', rule, map },
  };
}
