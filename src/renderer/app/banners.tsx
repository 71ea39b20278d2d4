/** What went wrong or should be known: what, where, what next, and the way out where there is one. */
import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useSession } from '../state/session';
import { BannerMessages } from '../ui/banner-messages';
import { count } from '../ui/number-text';
import { runAction } from './use-action';

export function Banners(): ReactNode {
  return (
    <>
      <BannerMessages since={0} />
      <MissingImages />
    </>
  );
}

/** Images that are not where they were: said as long as it is so. */
function MissingImages(): ReactNode {
  const missing = useSession((session) => session.project?.missingImages ?? 0);
  const images = useSession((session) => session.project?.images ?? 0);
  const section = useSession((session) => session.section);
  if (missing === 0 || section === 'start' || section === 'import') return null;
  return (
    <div className="banner caution" role="status">
      <TriangleAlert size={18} aria-hidden="true" />
      <div className="grow">
        <b>
          {count(missing)} of {count(images)} image files are not where they were
        </b>
        <p>Boxes and scores are all there; only pictures are missing.</p>
      </div>
      <button type="button" className="button" onClick={() => runAction('images.relink')}>
        Find them
      </button>
    </div>
  );
}
