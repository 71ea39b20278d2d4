/** Says on the canvas why a picture is not there, and what can be done about it. The boxes stay. */
import { FileQuestion, ImageOff, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import type { ImageDetail, ImageKey } from '../../../contract/view-types';
import { runAction } from '../../app/use-action';
import { engine } from '../../state/engine-client';

export interface CanvasNoticeProps {
  readonly detail: ImageDetail | null;
  readonly pixels: 'loading' | 'ready' | 'failed' | 'missing';
  readonly problem: string | null;
}

/** A picture that comes sooner than this needs no word. */
const LOADING_AFTER_MS = 300;

export function CanvasNotice({ detail, pixels, problem }: CanvasNoticeProps): ReactNode {
  if (problem !== null)
    return (
      <Notice
        icon={<TriangleAlert size={20} aria-hidden />}
        title="The boxes of this image could not be read"
      >
        <p>{problem}</p>
      </Notice>
    );
  if (!detail) return null;
  if (pixels === 'missing')
    return (
      <Notice icon={<FileQuestion size={20} aria-hidden />} title="The image file is not where it was">
        <p className="file-name">{detail.name}</p>
        <p>
          Its boxes are kept and can be edited. Show the folder where the images are now to see the picture
          again.
        </p>
        <button type="button" className="button primary" onClick={() => runAction('images.relink')}>
          Find moved images
        </button>
      </Notice>
    );
  if (pixels === 'failed') return <Failed key={detail.image} image={detail.image} />;
  return pixels === 'loading' ? <Loading key={detail.image} /> : null;
}

/** Why, the engine knows: the window only sees that no picture comes. */
function Failed({ image }: { readonly image: ImageKey }): ReactNode {
  const [reason, setReason] = useState<{ readonly message: string; readonly next: string } | null>(null);
  useEffect(() => {
    let isWanted = true;
    // Without a reason what is said anyway has to do.
    engine('image.problem', { image }).then(
      (found) => isWanted && setReason(found),
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
  }, [image]);
  return (
    <Notice icon={<ImageOff size={20} aria-hidden />} title="This picture cannot be shown">
      <p>{reason ? `${reason.message} ${reason.next}` : 'It cannot be read or decoded.'}</p>
      <p>Its boxes are shown where they belong and can be edited.</p>
      <button type="button" className="button" onClick={() => runAction('images.relink')}>
        Find moved images
      </button>
    </Notice>
  );
}

function Loading(): ReactNode {
  const [isSlow, setIsSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsSlow(true), LOADING_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return isSlow ? <p className="canvas-loading">Reading the picture…</p> : null;
}

function Notice(props: {
  readonly icon: ReactNode;
  readonly title: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <div className="canvas-notice" role="status" data-testid="canvas-notice">
      {props.icon}
      <div>
        <h2>{props.title}</h2>
        {props.children}
      </div>
    </div>
  );
}
