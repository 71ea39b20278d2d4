/** What differs and what it costs: the sentences of the diagnosis, dearest first. */
import type { ReactNode } from 'react';
import type { DataCauseView, DataView } from '../../../contract/data-view';
import { ActionButton } from '../../app/action-button';
import { useAction } from '../../app/use-action';
import { useSession } from '../../state/session';
import { count, difference, interval as intervalText } from '../../ui/number-text';
import { Sure } from '../causes/bill-table';
import { MEASURE_TITLES } from './data-words';
import { useData } from './data-state';

export function Differences({ view }: { readonly view: DataView }): ReactNode {
  const chosen = useData((state) => state.chosen);
  const { causes } = view;
  const at = Math.min(chosen, causes.length - 1);
  useDifferenceActions(causes, at);
  const alike = view.profile.measures.filter(({ comparison }) => comparison && !comparison.isDifferent);
  return (
    <>
      {causes.length > 0 && (
        <ol className="differences">
          {causes.map((cause, index) => (
            <Difference
              key={`${cause.code} ${cause.title}`}
              cause={cause}
              index={index}
              isChosen={index === at}
            />
          ))}
        </ol>
      )}
      {alike.length > 0 && (
        <p className="quiet">
          Alike in both sets: {alike.map(({ key }) => MEASURE_TITLES[key].toLowerCase()).join(', ')}. Tested
          on one value an image (Kolmogorov and Smirnov, corrected for the number of tests); a difference
          counts from a distance of 0.3 on.
        </p>
      )}
    </>
  );
}

interface DifferenceProps {
  readonly cause: DataCauseView;
  readonly index: number;
  readonly isChosen: boolean;
}

function Difference({ cause, index, isChosen }: DifferenceProps): ReactNode {
  const { title, action, gain, interval, confidence, images } = cause;
  return (
    <li aria-current={isChosen ? 'true' : undefined} onClick={() => useData.setState({ chosen: index })}>
      <span className="difference-price">
        {gain === null ? <span className="quiet">no price</span> : <b>{difference(gain, 3)}</b>}
        {interval && <small className="quiet">{intervalText(interval)}</small>}
      </span>
      <div className="grow">
        <p className="data-sentence">{title}.</p>
        <p className="quiet">
          {action}. {gain !== null && <Sure confidence={confidence} />}
        </p>
      </div>
      {isChosen && images.length > 0 && (
        <ActionButton action="data.images" showsKey>
          {count(images.length)} {images.length === 1 ? 'image' : 'images'}
        </ActionButton>
      )}
    </li>
  );
}

function useDifferenceActions(causes: readonly DataCauseView[], at: number): void {
  const openImage = useSession((session) => session.openImage);
  const images = causes[at]?.images ?? [];
  const move = (by: number) =>
    useData.setState({ chosen: Math.min(causes.length - 1, Math.max(0, at + by)) });
  useAction('data.next', () => move(1), causes.length > 1);
  useAction('data.previous', () => move(-1), causes.length > 1);
  useAction('data.images', () => openImage(images[0]!, { queue: images }), images.length > 0);
}
