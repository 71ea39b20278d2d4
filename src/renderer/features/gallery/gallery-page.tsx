/** Galleries of failures and of images: filters left, sliders and tiles, what is selected below. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp, Search, SlidersHorizontal } from 'lucide-react';
import type { ReactNode } from 'react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Operation } from '../../../contract/engine-calls';
import type {
  FailureTile,
  GallerySort,
  GallerySummary,
  ReviewStatus,
  Tile,
} from '../../../contract/view-types';
import { ActionButton } from '../../app/action-button';
import { useAction } from '../../app/use-action';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { count } from '../../ui/number-text';
import { Select } from '../../ui/select';
import { FilterPane } from './filter-pane';
import './gallery.css';
import type { GalleryKind } from './gallery-state';
import { NO_FILTER, useGallery } from './gallery-state';
import { OperatingPointBar } from './operating-point';
import { TileCard } from './tile-card';
import type { Tiles } from './use-tiles';
import { useTiles } from './use-tiles';

const GAP = 12;
const CAPTION = 46;
const PEEK_AFTER = 250;

const SORTS: readonly { readonly value: GallerySort; readonly label: string }[] = [
  { value: 'failures', label: 'Failures of the image' },
  { value: 'confidence', label: 'Confidence' },
  { value: 'iou', label: 'IoU' },
  { value: 'size', label: 'Size' },
  { value: 'name', label: 'File name' },
];

export function GalleryPage({ kind }: { readonly kind: GalleryKind }): ReactNode {
  const hasFilters = useGallery((state) => state.hasFilters);
  const tiles = useTiles(kind);
  return (
    <div className="gallery" data-filters={hasFilters} data-kind={kind}>
      <h1 className="visually-hidden">{kind === 'failures' ? 'Failures' : 'Images'}</h1>
      {hasFilters && <FilterPane kind={kind} summary={tiles.summary} />}
      <section className="gallery-main" data-pane aria-label={kind === 'failures' ? 'Failures' : 'Images'}>
        <OperatingPointBar />
        <ToolRow kind={kind} summary={tiles.summary} />
        <Grid kind={kind} tiles={tiles} />
      </section>
    </div>
  );
}

function ToolRow({
  kind,
  summary,
}: {
  readonly kind: GalleryKind;
  readonly summary: GallerySummary | null;
}): ReactNode {
  const { filter, sort, descending } = useGallery((state) => state[kind]);
  const change = useGallery((state) => state.change);
  const setSection = useSession((session) => session.setSection);
  const sorts = kind === 'failures' ? SORTS : SORTS.filter(({ value }) => value !== 'iou');
  return (
    <div className="tool-row">
      <label className="search-field">
        <Search size={14} aria-hidden="true" />
        <input
          type="search"
          placeholder="File name or note"
          aria-label="File name or note"
          value={filter.text}
          onChange={(event) => change(kind, { filter: { ...filter, text: event.target.value }, cursor: 0 })}
        />
      </label>
      <ActionButton action="view.toggleFilters">
        <SlidersHorizontal size={14} /> Filters
      </ActionButton>
      <ActionButton action="view.clearFilters">Clear</ActionButton>
      <SaveView kind={kind} />
      <span className="grow" />
      <span className="matches" data-testid="matches" aria-live="polite">
        {summary && (
          <>
            <b>{count(summary.matching)}</b> of <b>{count(summary.total)}</b>{' '}
            {kind === 'failures' ? 'failures in ' : 'images'}
            {kind === 'failures' && (
              <>
                <b>{count(summary.matchingImages)}</b> of {count(summary.totalImages)} images
              </>
            )}
          </>
        )}
      </span>
      <Select
        label="Sort by"
        value={sort}
        options={sorts}
        onChange={(value) => change(kind, { sort: value, cursor: 0 })}
      />
      <button
        type="button"
        className="bar-button icon"
        aria-label={descending ? 'Highest first' : 'Lowest first'}
        onClick={() => change(kind, { descending: !descending, cursor: 0 })}
      >
        {descending ? <ArrowDown size={16} /> : <ArrowUp size={16} />}
      </button>
      <div className="segmented" role="group" aria-label="Tiles">
        <button type="button" aria-pressed={kind === 'failures'} onClick={() => setSection('failures')}>
          Failures
        </button>
        <button type="button" aria-pressed={kind === 'images'} onClick={() => setSection('images')}>
          Images
        </button>
      </div>
    </div>
  );
}

function SaveView({ kind }: { readonly kind: GalleryKind }): ReactNode {
  const [name, setName] = useState<string | null>(null);
  useAction('view.saveView', () => setName(''));
  const save = async () => {
    const { run, point, showFailure } = useSession.getState();
    const { filter, sort, descending } = useGallery.getState()[kind];
    const text = (name ?? '').trim();
    setName(null);
    if (text !== '')
      await engine('views.save', {
        name: text,
        query: { kind, run, point, filter: filter as never, sort, descending },
      }).catch(showFailure);
  };
  if (name === null) return <ActionButton action="view.saveView">Save view</ActionButton>;
  return (
    <form
      className="search-field"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <input
        autoFocus
        aria-label="Name of the view"
        placeholder="Name of the view"
        value={name}
        onChange={(event) => setName(event.target.value)}
        onBlur={() => setName(null)}
        onKeyDown={(event) => event.key === 'Escape' && setName(null)}
      />
    </form>
  );
}

/** The key by which a selected tile is known while queries come and go. */
const keyOf = (tile: Tile): string =>
  tile.kind === 'image'
    ? `i${tile.image}`
    : tile.prediction === null
      ? `a${tile.annotation}`
      : `p${tile.prediction}`;

function Grid({ kind, tiles }: { readonly kind: GalleryKind; readonly tiles: Tiles }): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const size = useGallery((state) => state.tileSize);
  const cursor = useGallery((state) => state[kind].cursor);
  const change = useGallery((state) => state.change);
  const categories = useSession((session) => session.project?.categories);
  const run = useSession((session) => session.run);
  const classNames = useMemo(
    () => new Map((categories ?? []).map(({ id, name }) => [id, name])),
    [categories],
  );
  const [selected, setSelected] = useState<ReadonlyMap<string, Tile>>(new Map());
  const width = useWidth(scroller);
  const columns = Math.max(1, Math.floor((width + GAP) / (size + GAP)));
  const total = tiles.summary?.matching ?? 0;
  const rowHeight = (kind === 'failures' ? size : size * 0.75) + CAPTION + GAP;
  const rows = useVirtualizer({
    count: Math.ceil(total / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 2,
  });
  useEffect(() => rows.measure(), [rows, rowHeight]);
  const shown = rows.getVirtualItems();
  const first = (shown[0]?.index ?? 0) * columns;
  const end = ((shown.at(-1)?.index ?? 0) + 1) * columns;
  const { need } = tiles;
  useEffect(() => need(first, Math.min(end, total)), [need, first, end, total]);
  usePeek(scroller);

  const moveTo = useCallback(
    (place: number) => {
      const next = Math.max(0, Math.min(total - 1, place));
      change(kind, { cursor: next });
      rows.scrollToIndex(Math.floor(next / columns));
    },
    [total, change, kind, rows, columns],
  );
  const open = async (place: number) => {
    const tile = tiles.tile(place);
    if (!tile || !tiles.summary) return;
    const queue = await engine('gallery.images', { query: tiles.summary.query });
    const focus =
      tile.kind === 'failure'
        ? { annotation: tile.prediction === null ? tile.annotation : null, prediction: tile.prediction }
        : null;
    useSession.getState().openImage(tile.image, { queue, focus });
  };
  const toggle = (place: number) => {
    const tile = tiles.tile(place);
    if (!tile) return;
    const next = new Map(selected);
    if (!next.delete(keyOf(tile))) next.set(keyOf(tile), tile);
    setSelected(next);
  };
  const current = tiles.tile(cursor);
  const chosen = selected.size > 0 ? [...selected.values()] : current ? [current] : [];
  useGridActions({ kind, run, chosen, onOpen: () => open(cursor), onDone: () => setSelected(new Map()) });

  const onKeyDown = (event: React.KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: columns,
      ArrowUp: -columns,
      PageDown: columns * 3,
      PageUp: -columns * 3,
    };
    const step = steps[event.key];
    if (step !== undefined) moveTo(cursor + step);
    else if (event.key === 'Home') moveTo(0);
    else if (event.key === 'End') moveTo(total - 1);
    else if (event.key === ' ') toggle(cursor);
    else if (event.key === 'Escape' && selected.size > 0) setSelected(new Map());
    else return;
    event.preventDefault();
  };

  return (
    <>
      <div
        className="tile-grid"
        ref={scroller}
        role="grid"
        aria-label={kind === 'failures' ? 'Failures' : 'Images'}
        aria-rowcount={Math.ceil(total / columns)}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        {tiles.summary && total === 0 && <Empty kind={kind} hasRun={run !== null} />}
        <div style={{ height: rows.getTotalSize(), position: 'relative' }} role="rowgroup">
          {shown.map((row) => (
            <div
              key={row.key}
              className="tile-row"
              role="row"
              style={{ transform: `translateY(${row.start}px)`, gap: GAP }}
            >
              {Array.from({ length: Math.min(columns, total - row.index * columns) }, (_, column) => {
                const place = row.index * columns + column;
                const tile = tiles.tile(place);
                return (
                  <TileCard
                    key={place}
                    tile={tile}
                    place={place}
                    size={size}
                    isCursor={place === cursor}
                    isSelected={tile !== null && selected.has(keyOf(tile))}
                    classNames={classNames}
                    onOpen={(at) => void open(at)}
                    onPress={(at, isToggle) => {
                      change(kind, { cursor: at });
                      if (isToggle) toggle(at);
                    }}
                  />
                );
              })}
            </div>
          ))}
        </div>
      </div>
      <SelectionBar kind={kind} selected={selected.size} current={current} classNames={classNames} />
    </>
  );
}

function Empty({ kind, hasRun }: { readonly kind: GalleryKind; readonly hasRun: boolean }): ReactNode {
  const project = useSession((session) => session.project);
  if (project?.images === 0)
    return (
      <div className="empty">
        <h2>The project is empty</h2>
        <p>Drop ground truth and predictions here, or choose a folder.</p>
        <ActionButton action="import.folder" isPrimary showsKey />
      </div>
    );
  if (kind === 'failures' && !hasRun)
    return (
      <div className="empty">
        <h2>No predictions yet</h2>
        <p>Failures are found by comparing predictions with the ground truth.</p>
        <ActionButton action="import.run" isPrimary />
      </div>
    );
  return (
    <div className="empty">
      <h2>Nothing matches</h2>
      <p>No {kind === 'failures' ? 'failure' : 'image'} passes all filters at this IoU and confidence.</p>
      <ActionButton action="view.clearFilters" isPrimary />
    </div>
  );
}

function SelectionBar({
  kind,
  selected,
  current,
  classNames,
}: {
  readonly kind: GalleryKind;
  readonly selected: number;
  readonly current: Tile | null;
  readonly classNames: ReadonlyMap<number, string>;
}): ReactNode {
  const one =
    current?.kind === 'failure'
      ? `${classNames.get(current.category) ?? ''} in ${current.imageName}`
      : (current?.imageName ?? '');
  return (
    <div className="selection-bar">
      <span className="clip" data-testid="selection">
        {selected > 0 ? <b>{selected} selected</b> : one}
      </span>
      <span className="grow" />
      <ActionButton action="review.dismiss" showsKey>
        Dismiss
      </ActionButton>
      <ActionButton action="go.open" showsKey isPrimary={kind === 'images'} />
      {kind === 'failures' && (
        <ActionButton action="box.accept" isPrimary showsKey>
          Accept as ground truth
        </ActionButton>
      )}
    </div>
  );
}

interface GridActions {
  readonly kind: GalleryKind;
  readonly run: number | null;
  /** Selected tiles, or the one under the cursor. */
  readonly chosen: readonly Tile[];
  readonly onOpen: () => unknown;
  readonly onDone: () => void;
}

const verdict = (tile: Tile, run: number | null, status: ReviewStatus): Operation[] => {
  if (tile.kind === 'image') return [{ review: { image: tile.image, status } }];
  if (tile.prediction !== null && run !== null)
    return [{ judge: { target: { run, prediction: tile.prediction }, status } }];
  return tile.annotation === null ? [] : [{ judge: { target: { annotation: tile.annotation }, status } }];
};

function useGridActions({ kind, run, chosen, onOpen, onDone }: GridActions): void {
  const { applyOperations, setSection } = useSession.getState();
  const { setTileSize, toggleFilters, change } = useGallery.getState();
  const size = useGallery((state) => state.tileSize);
  const perform = async (operations: readonly Operation[]) => {
    if (operations.length > 0 && (await applyOperations(operations))) onDone();
  };
  const predicted = chosen.filter(
    (tile): tile is FailureTile =>
      tile.kind === 'failure' && tile.prediction !== null && tile.outcome !== 'true-positive',
  );
  useAction('go.open', onOpen, chosen.length > 0);
  useAction(
    'box.accept',
    () => perform(predicted.map((tile) => ({ accept: { run: run!, prediction: tile.prediction! } }))),
    kind === 'failures' && run !== null && predicted.length > 0,
  );
  useAction(
    'review.dismiss',
    () => perform(chosen.flatMap((tile) => verdict(tile, run, 'dismissed'))),
    chosen.length > 0,
  );
  useAction(
    'review.clear',
    () => perform(chosen.flatMap((tile) => verdict(tile, run, 'to-do'))),
    chosen.length > 0,
  );
  useAction('view.galleryKind', () => setSection(kind === 'failures' ? 'images' : 'failures'));
  useAction('view.tilesSmaller', () => setTileSize(size - 28));
  useAction('view.tilesLarger', () => setTileSize(size + 28));
  useAction('view.toggleFilters', toggleFilters);
  useAction('view.clearFilters', () => change(kind, { filter: NO_FILTER, cursor: 0 }));
}

/** Inner width of an element, followed. */
function useWidth(ref: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(800);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => setWidth(entry!.contentRect.width));
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return width;
}

/** Holding Shift alone hides what is drawn over the pictures. */
function usePeek(ref: React.RefObject<HTMLElement | null>): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const stop = () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      ref.current?.classList.remove('peeking');
    };
    const down = (event: KeyboardEvent) => {
      if (event.key !== 'Shift' || event.repeat) stop();
      else timer = setTimeout(() => ref.current?.classList.add('peeking'), PEEK_AFTER);
    };
    window.addEventListener('keydown', down);
    window.addEventListener('keyup', stop);
    window.addEventListener('blur', stop);
    return () => {
      stop();
      window.removeEventListener('keydown', down);
      window.removeEventListener('keyup', stop);
      window.removeEventListener('blur', stop);
    };
  }, [ref]);
}
