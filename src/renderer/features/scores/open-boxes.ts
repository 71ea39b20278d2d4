/** Every number opens its boxes: the gallery of failures under the filter that counts them. */
import type { GalleryFilter, NumberBehind, RunId, TileOutcome } from '../../../contract/view-types';
import { useSession } from '../../state/session';
import { NO_FILTER, useGallery } from '../gallery/gallery-state';
import { useScores } from './scores-state';

export const FALSE_OUTCOMES: readonly TileOutcome[] = [
  'false-positive',
  'wrong-class',
  'loose-box',
  'duplicate',
];
/** What an F1 below 1 is made of. */
export const ERROR_OUTCOMES: readonly TileOutcome[] = [...FALSE_OUTCOMES, 'miss'];
export const COUNTED_OUTCOMES: readonly TileOutcome[] = [...FALSE_OUTCOMES, 'miss', 'true-positive'];

export interface Wanted extends Partial<Omit<GalleryFilter, 'behind'>> {
  readonly behind?: Partial<NumberBehind>;
  /** Where predictions of lower confidence are wanted than the operating point lets through. */
  readonly score?: number;
  /** The confidence at which the number stands, where that is another than the operating point's. */
  readonly confidenceAt?: number;
  readonly run?: RunId;
}

/** Shows the boxes under the protocol and the part of the set that the page scores. */
export function openBoxes({ behind, score, confidenceAt, run, ...filter }: Wanted): void {
  const session = useSession.getState();
  const { part } = useScores.getState();
  const { protocol, point } = session;
  const isPlain = behind === undefined && part === null && protocol === 'coco';
  const own: NumberBehind = { protocol, part, of: null, cell: null, slice: null, error: null, ...behind };
  if (run !== undefined && run !== session.run) session.setRun(run);
  if (confidenceAt !== undefined) session.setPoint({ ...point, score: confidenceAt });
  else if (score !== undefined && score < point.score) session.setPoint({ ...point, score });
  useGallery.getState().change('failures', {
    filter: { ...NO_FILTER, ...filter, ...(isPlain ? {} : { behind: own }) },
    cursor: 0,
    scroll: 0,
  });
  session.setSection('failures');
}
