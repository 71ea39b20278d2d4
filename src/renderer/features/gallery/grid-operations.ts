/** What can be done with tiles, as operations of the project. */
import type { Operation } from '../../../contract/engine-calls';
import type { CategoryId, FailureTile, ReviewStatus, RunId, Tile } from '../../../contract/view-types';

/** The verdict on a tile; none for a prediction without its run. */
export function verdict(tile: Tile, run: RunId | null, status: ReviewStatus): Operation[] {
  if (tile.kind === 'image') return [{ review: { image: tile.image, status } }];
  if (tile.prediction !== null && run !== null)
    return [{ judge: { target: { run, prediction: tile.prediction }, status } }];
  return tile.annotation === null ? [] : [{ judge: { target: { annotation: tile.annotation }, status } }];
}

/** Tiles whose prediction can become ground truth: all predictions that are not right already. */
export const acceptable = (tiles: readonly Tile[]): FailureTile[] =>
  tiles.filter(
    (tile): tile is FailureTile =>
      tile.kind === 'failure' && tile.prediction !== null && tile.outcome !== 'true-positive',
  );

/**
 * The label of a tile gets the class: the missed, loose or differently named truth is renamed; where there is none (a
 * false positive), the prediction's box becomes ground truth of that class. A duplicate's truth is right as it is.
 */
export function classOperations(tile: Tile, category: CategoryId): Operation[] {
  if (tile.kind === 'image' || tile.outcome === 'duplicate' || tile.outcome === 'ignored') return [];
  if (tile.outcome === 'false-positive') {
    const [x, y, width, height] = tile.box;
    return [{ add: { image: tile.image, category, box: [x, y, width, height] } }];
  }
  const present = tile.truthCategory ?? tile.category;
  return tile.annotation === null || present === category
    ? []
    : [{ change: { annotation: tile.annotation, category } }];
}
