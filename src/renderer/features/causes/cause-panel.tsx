/** One cause: its evidence, its price alone, the images that show it, and what can be done. */
import type { ReactNode } from 'react';
import type { CauseView } from '../../../contract/diagnosis-view';
import { ActionButton } from '../../app/action-button';
import { useSession } from '../../state/session';
import { difference, score as scoreText } from '../../ui/number-text';
import { CauseThumbnail } from './cause-thumbnail';
import { Sure } from './bill-table';
import { fixKindOf, isRepairable } from './causes-state';
import { CauseEvidence } from './cause-evidence';

const THUMBNAIL = 96;
const MOST = 12;

export function CausePanel({ cause }: { readonly cause: CauseView }): ReactNode {
  const openImage = useSession((session) => session.openImage);
  const { title, action, gain, gainInterval, scoreAfter, confidence, evidence, images, state } = cause;
  return (
    <aside className="cause-panel" data-pane aria-label="The chosen cause">
      <h2>{title}</h2>
      <p>{action}</p>
      {gain !== null && (
        <p>
          Repaired alone: <b>{difference(gain, 3)}</b>
          {gainInterval && (
            <span className="quiet">
              {' '}
              {difference(gainInterval[0], 3)} to {difference(gainInterval[1], 3)}, 95 %
            </span>
          )}
          , to {scoreText(scoreAfter)}. <Sure confidence={confidence} />
        </p>
      )}
      <div className="row">
        {isRepairable(cause) && <ActionButton action="causes.repair" isPrimary showsKey />}
        {fixKindOf(cause) && <ActionButton action="causes.fix" isPrimary showsKey />}
        {images.length > 0 && <ActionButton action="causes.images" showsKey />}
        <ActionButton action="causes.accept" showsKey>
          {state === 'accepted' ? 'Open it again' : 'Not a problem here'}
        </ActionButton>
      </div>
      <CauseEvidence evidence={evidence} />
      {images.length > 0 && (
        <ul className="cause-images">
          {images.slice(0, MOST).map((image, index) => (
            <li key={image}>
              <button
                type="button"
                aria-label={`Image ${index + 1} of ${images.length}`}
                onClick={() => openImage(image, { queue: images })}
              >
                <CauseThumbnail image={image} size={THUMBNAIL} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </aside>
  );
}
