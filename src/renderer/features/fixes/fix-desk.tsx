/** The suspect that is decided on: the question, its image, what the model saw, and what a yes is worth. */
import { ChevronLeft, ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import type { FixState, FixView } from '../../../contract/fix-view';
import { ActionButton } from '../../app/action-button';
import { difference } from '../../ui/number-text';
import { FixPicture } from './fix-picture';
import type { ClassName } from '../../state/class-name';
import { acceptWords, dismissWords, KIND_NAMES, questionOf, seenWords, STATE_NAMES } from './fix-words';

interface FixDeskProps {
  readonly fix: FixView;
  readonly state: FixState;
  /** The stop line. */
  readonly isBelow: boolean;
  readonly isWhole: boolean;
  readonly className: ClassName;
}

export function FixDesk({ fix, state, isBelow, isWhole, className }: FixDeskProps): ReactNode {
  return (
    <section className="fix-desk" aria-labelledby="fix-question" data-testid="fix-desk" data-kind={fix.kind}>
      <div className="fix-head">
        <h2 id="fix-question">{questionOf(fix, className)}</h2>
        <span className="quiet clip grow">{fix.imageName}</span>
        <ActionButton action="fixes.previous" isIcon>
          <ChevronLeft size={16} aria-hidden="true" />
        </ActionButton>
        <ActionButton action="fixes.next" isIcon>
          <ChevronRight size={16} aria-hidden="true" />
        </ActionButton>
      </div>
      <FixPicture fix={fix} isWhole={isWhole} className={className} />
      <div className="fix-facts">
        <p>{seenWords(fix, className)}</p>
        <dl>
          <dt>Kind</dt>
          <dd>{KIND_NAMES[fix.kind]}</dd>
          <dt>Probability that it is wrong</dt>
          <dd>{fix.probability.toFixed(2)}</dd>
          <dt>Gain if it is</dt>
          <dd>{difference(fix.gain)}</dd>
          <dt>Expected gain</dt>
          <dd>
            <b>{difference(fix.expected)}</b>
            {isBelow && <span className="quiet"> below the line</span>}
          </dd>
        </dl>
      </div>
      <div className="row fix-buttons">
        {state === 'open' ? (
          <>
            <ActionButton action="box.accept" isPrimary showsKey>
              {acceptWords(fix, className)}
            </ActionButton>
            <ActionButton action="review.dismiss" showsKey>
              {dismissWords(fix)}
            </ActionButton>
          </>
        ) : (
          <>
            <b>{STATE_NAMES[state]}</b>
            {state === 'dismissed' && (
              <ActionButton action="review.clear" showsKey>
                Bring it back
              </ActionButton>
            )}
          </>
        )}
        <span className="grow" />
        <ActionButton action="fixes.whole" showsKey>
          {isWhole ? 'Close-up' : 'Whole image'}
        </ActionButton>
        <ActionButton action="fixes.open" showsKey>
          Edit by hand
        </ActionButton>
      </div>
    </section>
  );
}
