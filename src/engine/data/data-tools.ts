import { LookCache } from '../images/look-cache';
import { TrainingSets } from './training-sets';

/** What is kept of a project's data while the engine runs: what was measured of pixels, the training set last read. */
export interface DataTools {
  readonly looks: LookCache;
  readonly trainingSets: TrainingSets;
}

/** `file`: where measures of pixels are kept between runs; null: nowhere. */
export function dataTools(file: string | null): DataTools {
  const looks = new LookCache(file);
  return { looks, trainingSets: new TrainingSets(looks) };
}
