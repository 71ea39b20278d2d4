/** Evaluation images that training has too, though their files differ. */
import type { ReactNode } from 'react';
import type { TwinView } from '../../../contract/data-view';
import { useSession } from '../../state/session';
import { count } from '../../ui/number-text';
import { thumbnailUrl } from '../../ui/pixels';

const THUMBNAIL = 96;
const MOST = 48;

export function TwinsPart({ twins }: { readonly twins: readonly TwinView[] }): ReactNode {
  const openImage = useSession((session) => session.openImage);
  const queue = twins.map(({ image }) => image);
  if (twins.length === 0)
    return <p className="quiet">No picture of the evaluation set is in training too.</p>;
  return (
    <>
      <ul className="twins">
        {twins.slice(0, MOST).map(({ image, name, twin, twinImage, correlation }) => (
          <li key={image}>
            <button
              type="button"
              aria-label={`${name}, in training ${twin}. Open it`}
              onClick={() => openImage(image, { queue })}
            >
              <img src={thumbnailUrl(image, THUMBNAIL)} alt="" loading="lazy" />
              {twinImage !== null && <img src={thumbnailUrl(twinImage, THUMBNAIL)} alt="" loading="lazy" />}
            </button>
            <span title={name}>{name}</span>
            <span className="quiet" title={twin}>
              {twin} · {correlation.toFixed(3)}
            </span>
          </li>
        ))}
      </ul>
      {twins.length > MOST && <p className="quiet">{count(twins.length - MOST)} more are not shown.</p>}
    </>
  );
}
