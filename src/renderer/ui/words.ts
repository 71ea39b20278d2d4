/** What the interface calls things. */
import type { ReviewStatus, TileOutcome } from '../../contract/view-types';

export { OUTCOME_NAMES, STATUS_WORDS } from '../features/image/outcome-words';
export const OUTCOME_ORDER: readonly TileOutcome[] = [
  'false-positive',
  'miss',
  'wrong-class',
  'loose-box',
  'duplicate',
  'true-positive',
  'ignored',
];
export const STATUS_ORDER: readonly ReviewStatus[] = ['to-do', 'done', 'second-look', 'dismissed'];
