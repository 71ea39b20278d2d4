/** What mending each tile alone would add to the headline number. */
import type { GalleryQuery } from '../../contract/view-types';
import type { Failure } from '../../core/errors/failure-gains';
import { failureGains } from '../../core/errors/failure-gains';
import type { ProjectSession } from '../project/session';
import type { TileTable } from './tile-table';
import { isFailure, TILE_OUTCOMES } from './tile-table';

/** By tile; 0 for those that are no failures. */
export function tileGains(session: ProjectSession, query: GalleryQuery, tiles: TileTable): Float64Array {
  const gains = new Float64Array(tiles.count);
  if (query.run === null) return gains;
  const { data } = session;
  const protocol = query.protocol ?? 'coco';
  const scorer = session.scorer(query.run, protocol);
  const firstRow = data.images.map((_, image) => scorer.annotationRows(image)[0]);
  const categoryOfTruth = Int32Array.from(
    data.annotations.flatMap((records) => records.map(({ category }) => data.indexOfCategory.get(category)!)),
  );
  const failures: (Failure & { readonly tile: number })[] = [];
  for (let tile = 0; tile < tiles.count; tile++) {
    const outcome = TILE_OUTCOMES[tiles.outcome[tile]!]!;
    if (!isFailure(outcome)) continue;
    const annotation = tiles.annotation[tile]!;
    const truth = annotation < 0 ? -1 : firstRow[tiles.image[tile]!]! + annotation;
    failures.push({ outcome, prediction: tiles.prediction[tile]!, truth, tile });
  }
  failureGains(scorer, protocol, failures, categoryOfTruth).forEach((gain, index) => {
    gains[failures[index]!.tile] = gain;
  });
  return gains;
}
