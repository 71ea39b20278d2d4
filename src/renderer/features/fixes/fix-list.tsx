/** The suspects that are shown, in the order of the queue; only those on screen are drawn. */
import { useVirtualizer } from '@tanstack/react-virtual';
import type { ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import type { FixQueueView, FixState } from '../../../contract/fix-view';
import { difference } from '../../ui/number-text';
import { cropUrl } from '../../ui/pixels';
import { cropAround } from '../gallery/crop-box';
import { OneBox } from '../gallery/tile-overlay';
import type { ClassName } from '../../state/class-name';
import { KIND_OUTCOMES, questionOf, STATE_NAMES } from './fix-words';

/** In rem. */
const ROW = 3.25;
const THUMBNAIL = 80;

interface FixListProps {
  readonly queue: FixQueueView;
  readonly states: readonly FixState[];
  readonly shown: readonly number[];
  readonly cursor: number | null;
  readonly className: ClassName;
  readonly onChoose: (place: number) => void;
}

const baseName = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

export function FixList({ queue, states, shown, cursor, className, onChoose }: FixListProps): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW * rem,
    overscan: 4,
  });
  const at = cursor === null ? -1 : shown.indexOf(cursor);
  useEffect(() => rows.measure(), [rows, rem]);
  useEffect(() => {
    if (at >= 0) rows.scrollToIndex(at, { align: 'auto' });
  }, [at, rows]);
  return (
    <div
      ref={scroller}
      className="fix-list"
      role="listbox"
      tabIndex={0}
      aria-label="Suspects"
      aria-activedescendant={at >= 0 ? `fix-${cursor}` : undefined}
    >
      <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {rows.getVirtualItems().map(({ index, start, size }) => {
          const place = shown[index]!;
          const fix = queue.fixes[place]!;
          const view = cropAround(fix.box, fix.newBox);
          const isLine = place >= queue.stop && (index === 0 || shown[index - 1]! < queue.stop);
          return (
            <div
              key={place}
              id={`fix-${place}`}
              role="option"
              aria-selected={place === cursor}
              aria-posinset={index + 1}
              aria-setsize={shown.length}
              className={isLine ? 'fix-row line' : 'fix-row'}
              style={{ transform: `translateY(${start}px)`, height: size }}
              onClick={() => onChoose(place)}
            >
              <span className="number quiet">{place + 1}</span>
              <span className="fix-thumbnail">
                <img src={cropUrl(fix.image, view, THUMBNAIL)} alt="" loading="lazy" />
                <svg className="overlay" viewBox={view.join(' ')} aria-hidden="true">
                  <OneBox box={fix.box} isTruth={fix.kind !== 'missing'} outcome={KIND_OUTCOMES[fix.kind]} />
                </svg>
              </span>
              <span className="fix-what">
                <b className="clip">{questionOf(fix, className)}</b>
                <small className="clip">
                  {states[place] === 'open' ? '' : `${STATE_NAMES[states[place]!]} · `}
                  {baseName(fix.imageName)}
                  {fix.seen && ` · score ${fix.seen.score.toFixed(2)}`}
                </small>
              </span>
              <span className="number">
                {difference(fix.expected)}
                {isLine && <small className="visually-hidden"> below the stop line</small>}
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
