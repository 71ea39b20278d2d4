/** All faults that can be planted. */
import { BOX_PLANTINGS } from './box-plantings.fixture';
import { CLASS_PLANTINGS } from './class-plantings.fixture';
import { JOIN_PLANTINGS, OTHER_PLANTINGS } from './other-plantings.fixture';
import type { Planting } from './planting.fixture';

export const PLANTINGS: readonly Planting[] = [
  ...BOX_PLANTINGS,
  ...CLASS_PLANTINGS,
  ...JOIN_PLANTINGS,
  ...OTHER_PLANTINGS,
];
