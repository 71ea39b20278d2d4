/** What the interface calls the outcomes. */
import type { ReviewStatus, TileOutcome } from '../../../contract/view-types';
import type { SceneBox } from '../../editor/scene';

export const STATUS_WORDS: Readonly<Record<ReviewStatus, string>> = {
  'to-do': 'to do',
  done: 'done',
  'second-look': 'needs a second look',
  dismissed: 'dismissed',
};

export const OUTCOME_NAMES: Readonly<Record<TileOutcome, string>> = {
  'true-positive': 'True positive',
  'false-positive': 'False positive',
  miss: 'Miss',
  'wrong-class': 'Wrong class',
  'loose-box': 'Loose box',
  duplicate: 'Duplicate',
  ignored: 'Ignored',
};

/** A box in one phrase, as the screen reader hears it. */
export function boxPhrase(box: SceneBox, className: string): string {
  const parts = [OUTCOME_NAMES[box.outcome], className, box.kind === 'truth' ? 'ground truth' : 'prediction'];
  if (box.score !== null) parts.push(`confidence ${box.score.toFixed(2)}`);
  if (box.iou !== null) parts.push(`IoU ${box.iou.toFixed(2)}`);
  if (box.crowd) parts.push('crowd');
  if (box.difficult) parts.push('difficult');
  if (box.status !== 'to-do') parts.push(STATUS_WORDS[box.status]);
  return parts.join(', ');
}
