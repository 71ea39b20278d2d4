import { Check, NotebookPen } from 'lucide-react';
import type { ReactNode } from 'react';
import { memo } from 'react';
import type { Box, FailureTile, ImageTile, Tile } from '../../../contract/view-types';
import { OutcomeGlyph } from '../../ui/outcome-glyph';
import { cropUrl, thumbnailUrl } from '../../ui/pixels';
import { OUTCOME_NAMES, OUTCOME_ORDER, STATUS_WORDS } from '../../ui/words';
import { cropAround } from './crop-box';
import { TileOverlay } from './tile-overlay';

export interface TileCardProps {
  readonly id: string;
  readonly tile: Tile | null;
  readonly place: number;
  readonly size: number;
  readonly isCursor: boolean;
  readonly isSelected: boolean;
  readonly classNames: ReadonlyMap<number, string>;
  readonly onOpen: (place: number) => void;
  readonly onPress: (place: number, how: { readonly isToggle: boolean; readonly isRange: boolean }) => void;
}

const baseName = (name: string): string => name.slice(name.lastIndexOf('/') + 1).replace(/\.[^.]+$/, '');

function failureWords(tile: FailureTile, classNames: ReadonlyMap<number, string>): string {
  const parts = [OUTCOME_NAMES[tile.outcome], classNames.get(tile.category) ?? ''];
  if (tile.score !== null) parts.push(`score ${tile.score.toFixed(2)}`);
  if (tile.iou !== null) parts.push(`IoU ${tile.iou.toFixed(2)}`);
  return `${parts.join(', ')}, in ${tile.imageName}`;
}

function imageWords(tile: ImageTile): string {
  const failures = OUTCOME_ORDER.filter(
    (outcome) => outcome !== 'true-positive' && outcome !== 'ignored' && tile.counts[outcome] > 0,
  );
  const counts = failures
    .map((outcome) => `${tile.counts[outcome]} ${OUTCOME_NAMES[outcome].toLowerCase()}`)
    .join(', ');
  return `${tile.imageName}: ${counts || 'no failures'}, ${STATUS_WORDS[tile.status]}`;
}

/** A tile; grey until its window has come. */
export const TileCard = memo(function TileCard({
  id,
  tile,
  place,
  size,
  isCursor,
  isSelected,
  classNames,
  onOpen,
  onPress,
}: TileCardProps): ReactNode {
  const label =
    tile === null ? 'Loading' : tile.kind === 'failure' ? failureWords(tile, classNames) : imageWords(tile);
  const className = ['tile', isCursor && 'cursor', isSelected && 'selected'].filter(Boolean).join(' ');
  return (
    <div
      id={id}
      className={className}
      role="gridcell"
      aria-selected={isSelected}
      data-tile={place}
      data-outcome={tile?.kind === 'failure' ? tile.outcome : undefined}
      style={{ width: size }}
      onClick={(event) =>
        onPress(place, { isToggle: event.ctrlKey || event.metaKey, isRange: event.shiftKey })
      }
      onDoubleClick={() => onOpen(place)}
    >
      <span className="visually-hidden">{label}</span>
      {tile &&
        (tile.kind === 'failure' ? (
          <Failure tile={tile} size={size} classNames={classNames} />
        ) : (
          <WholeImage tile={tile} size={size} />
        ))}
      {isSelected && (
        <span className="tile-tick">
          <Check size={14} aria-hidden="true" />
        </span>
      )}
    </div>
  );
});

function Picture({
  url,
  tile,
  view,
  size,
}: {
  readonly url: string;
  readonly tile: Tile;
  readonly view: Box;
  readonly size: number;
}): ReactNode {
  return (
    <div className="picture" style={{ height: tile.kind === 'image' ? size * 0.75 : size }}>
      <img src={url} alt="" loading="lazy" decoding="async" draggable={false} />
      <TileOverlay tile={tile} view={view} />
    </div>
  );
}

function Failure({
  tile,
  size,
  classNames,
}: {
  readonly tile: FailureTile;
  readonly size: number;
  readonly classNames: ReadonlyMap<number, string>;
}): ReactNode {
  const view = cropAround(tile.box, tile.truthBox);
  return (
    <>
      <Picture
        url={cropUrl(tile.image, view, Math.ceil(size / 80) * 80)}
        tile={tile}
        view={view}
        size={size}
      />
      <div aria-hidden="true" className="caption">
        <OutcomeGlyph outcome={tile.outcome} />
        <b className="grow clip">{classNames.get(tile.category)}</b>
        {tile.gain !== null && <span className="quiet">costs {tile.gain.toFixed(4)}</span>}
        {tile.status !== 'to-do' && <span className="quiet">{STATUS_WORDS[tile.status]}</span>}
      </div>
      <div aria-hidden="true" className="caption quiet">
        <span className="grow whole">
          {tile.score === null ? 'not predicted' : `score ${tile.score.toFixed(2)}`}
          {tile.iou !== null && `  IoU ${tile.iou.toFixed(2)}`}
        </span>
        <span className="clip name-end">
          <bdi>{baseName(tile.imageName)}</bdi>
        </span>
      </div>
    </>
  );
}

function WholeImage({ tile, size }: { readonly tile: ImageTile; readonly size: number }): ReactNode {
  const failures = OUTCOME_ORDER.filter(
    (outcome) => outcome !== 'true-positive' && outcome !== 'ignored' && tile.counts[outcome] > 0,
  );
  return (
    <>
      {tile.isMissing ? (
        <div className="picture missing" style={{ height: size * 0.75 }}>
          file not found
        </div>
      ) : (
        <Picture
          url={thumbnailUrl(tile.image, Math.ceil(size / 80) * 80)}
          tile={tile}
          view={[0, 0, Math.max(1, tile.imageWidth), Math.max(1, tile.imageHeight)]}
          size={size}
        />
      )}
      <div aria-hidden="true" className="caption">
        <b className="grow clip">{baseName(tile.imageName)}</b>
        {tile.hasNote && <NotebookPen size={14} aria-hidden="true" />}
        {tile.status === 'done' && <Check size={14} className="good" aria-hidden="true" />}
      </div>
      <div aria-hidden="true" className="caption quiet">
        {failures.length === 0 && 'no failures'}
        {failures.map((outcome) => (
          <span key={outcome} className="count">
            <OutcomeGlyph outcome={outcome} /> {tile.counts[outcome]}
          </span>
        ))}
      </div>
    </>
  );
}
