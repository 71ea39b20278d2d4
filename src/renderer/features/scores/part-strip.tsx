/** Says, for as long as it is so, that not everything is scored. */
import { ListFilter } from 'lucide-react';
import type { ReactNode } from 'react';
import type { CallError } from '../../../contract/call';
import type { ScoredAmount } from '../../../contract/metrics-view';
import { ActionButton } from '../../app/action-button';
import { useSession } from '../../state/session';
import { count } from '../../ui/number-text';
import { partWords } from './part-words';
import { useScores } from './scores-state';

interface PartStripProps {
  readonly scored: ScoredAmount | null;
  readonly error: CallError | null;
}

export function PartStrip({ scored, error }: PartStripProps): ReactNode {
  const part = useScores((state) => state.part);
  const project = useSession((session) => session.project);
  if (!part || !project) return null;
  return (
    <div className="part-strip" role="status" data-testid="part">
      <ListFilter size={16} aria-hidden="true" />
      <b>Part of the set</b>
      <span>{partWords(part, project.categories)}</span>
      {scored && !error && (
        <span className="quiet">
          {count(scored.images)} of {count(project.images)} images, {count(scored.annotations)} of{' '}
          {count(project.annotations)} annotations; the score above is of the whole set
        </span>
      )}
      {error && (
        <b className="bad">
          {error.message} {error.next}
        </b>
      )}
      <span className="grow" />
      <ActionButton action="scores.part">Change</ActionButton>
      <ActionButton action="scores.wholeSet">Score the whole set</ActionButton>
    </div>
  );
}
