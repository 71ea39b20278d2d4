/**
 * The true experiment about places: the same objects, moved from the edge of the frame to its centre by shifting the
 * image, and whether the model finds them there. Size, class and surroundings stay what they were.
 */
import { allMoved, type Measurement } from './measure-change';

const FEWEST = 40;

export interface PlaceExperiment {
  /** Whole labels that moved from the edge to the centre, once for each shift that moved them. */
  readonly labels: number;
  readonly recallAtEdge: number;
  readonly recallAtCentre: number;
  /** Recall at the centre less that at the edge, of the same objects. */
  readonly difference: number;
  /** Of the difference of the paired proportions (McNemar 1947). */
  readonly standardError: number;
}

/** Null where no shift was run, or it moved too few labels. */
export function placeExperiment({ changes }: Pick<Measurement, 'changes'>): PlaceExperiment | null {
  const shifts = changes.filter(({ change: { shift, flip, pad } }) => shift && !flip && !pad);
  const { labels, foundBefore, foundAfter, won, lost } = allMoved(shifts, 'edge', 'centre');
  if (labels < FEWEST) return null;
  return {
    labels,
    recallAtEdge: foundBefore / labels,
    recallAtCentre: foundAfter / labels,
    difference: (foundAfter - foundBefore) / labels,
    // Where nothing changed, one change more than was seen.
    standardError: Math.sqrt(Math.max(1, won + lost)) / labels,
  };
}
