/** The images of the queue as a strip of thumbnails with what is wrong on each. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { ImageKey } from '../../../contract/view-types';
import { useSession } from '../../state/session';
import { OutcomeGlyph } from '../../ui/outcome-glyph';
import { thumbnailUrl } from '../../ui/pixels';
import type { ImageFacts } from './image-facts';
import { count } from './number-text';
import { OUTCOME_NAMES } from './outcome-words';
import { imageFacts } from './use-image-view';
import { useRem } from './use-panels';

export interface FilmstripProps {
  readonly images: readonly ImageKey[];
  readonly current: ImageKey | null;
  readonly onOpen: (image: ImageKey) => void;
}

/** In rem: picture, name, counts, and the gap to the next. */
const ITEM_HEIGHT = 10.25;
const THUMBNAIL_SIZE = 320;

export function Filmstrip({ images, current, onOpen }: FilmstripProps): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const rem = useRem();
  // Pictures that were not found are tried again where they are now.
  const imageRoot = useSession((session) => session.project?.imageRoot ?? '');
  const items = useVirtualizer({
    count: images.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ITEM_HEIGHT * rem,
    overscan: 2,
  });
  useEffect(() => items.measure(), [items, rem]);
  const at = current === null ? -1 : images.indexOf(current);
  useEffect(() => {
    if (at >= 0) items.scrollToIndex(at, { align: 'auto' });
  }, [at, items]);

  return (
    <aside className="filmstrip" aria-label="Images">
      <header>
        <h2>Images</h2>
        <span className="quiet end" data-testid="queue-position">
          {at >= 0 && `${count(at + 1)} of `}
          {count(images.length)}
        </span>
      </header>
      <div className="scroller" ref={scroller} tabIndex={-1}>
        <ul style={{ height: items.getTotalSize() }}>
          {items.getVirtualItems().map(({ index, start }) => {
            const image = images[index];
            return (
              image !== undefined && (
                <li key={`${image} ${imageRoot}`} style={{ transform: `translateY(${start}px)` }}>
                  <Item image={image} isCurrent={index === at} onOpen={onOpen} />
                </li>
              )
            );
          })}
        </ul>
      </div>
    </aside>
  );
}

interface ItemProps {
  readonly image: ImageKey;
  readonly isCurrent: boolean;
  readonly onOpen: (image: ImageKey) => void;
}

function Item({ image, isCurrent, onOpen }: ItemProps): ReactNode {
  const facts = useFacts(image);
  const [isBroken, setIsBroken] = useState(false);
  const name = facts ? baseName(facts.name) : '';
  return (
    <button
      type="button"
      aria-current={isCurrent || undefined}
      aria-label={facts ? undefined : 'Image'}
      title={facts?.name}
      tabIndex={isCurrent ? 0 : -1}
      onClick={() => onOpen(image)}
    >
      {facts?.isMissing || isBroken ? (
        <span className="no-picture">{facts?.isMissing ? 'File not found' : 'Cannot be shown'}</span>
      ) : (
        <img
          src={thumbnailUrl(image, THUMBNAIL_SIZE)}
          alt=""
          loading="lazy"
          draggable={false}
          onError={() => setIsBroken(true)}
        />
      )}
      <span className="caption">
        <span className="name">{name}</span>
        {facts?.status === 'done' && <Check size={12} role="img" aria-label="reviewed" className="tick" />}
      </span>
      <span className="counts">
        {facts?.counts.map(([outcome, amount]) => (
          <span key={outcome}>
            <OutcomeGlyph outcome={outcome} />
            <span className="hidden-word">{OUTCOME_NAMES[outcome]}</span> {amount}
          </span>
        ))}
      </span>
    </button>
  );
}

function useFacts(image: ImageKey): ImageFacts | null {
  const version = useSyncExternalStore(imageFacts.subscribe, imageFacts.version);
  // With every version: what was forgotten is read again while it is in view.
  useEffect(() => imageFacts.want(image), [image, version]);
  return imageFacts.get(image);
}

/** The file's name without folders and extension. */
function baseName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1).replace(/\.[^.]+$/, '');
}
