/** The tiles: a grid that only has the rows on screen; a cursor moves in it, and tiles are selected. */
import { useVirtualizer } from '@tanstack/react-virtual';
import type { KeyboardEvent, ReactNode } from 'react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Tile } from '../../../contract/view-types';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { ClassChooser } from './class-chooser';
import { GalleryEmpty } from './gallery-empty';
import type { GalleryKind } from './gallery-state';
import { useGallery } from './gallery-state';
import { gridLayout } from './grid-layout';
import { SelectionBar } from './selection-bar';
import { TileCard } from './tile-card';
import { useGridActions } from './use-grid-actions';
import { usePeek } from './use-peek';
import type { Tiles } from './use-tiles';
import { useWidth } from './use-width';

const GAP = 12;
const CAPTION = 46;
/** Tiles that one press with Shift may select: what the engine gives in one window. */
const LONGEST_RANGE = 500;

interface GridProps {
  readonly kind: GalleryKind;
  readonly tiles: Tiles;
}

/** The key by which a selected tile is known while queries come and go. */
const keyOf = (tile: Tile): string =>
  tile.kind === 'image'
    ? `i${tile.image}`
    : tile.prediction === null
      ? `a${tile.annotation}`
      : `p${tile.prediction}`;

export function TileGrid({ kind, tiles }: GridProps): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const wanted = useGallery((state) => state.tileSize);
  const cursor = useGallery((state) => state[kind].cursor);
  const change = useGallery((state) => state.change);
  const categories = useSession((session) => session.project?.categories);
  const run = useSession((session) => session.run);
  const classNames = useMemo(
    () => new Map((categories ?? []).map(({ id, name }) => [id, name])),
    [categories],
  );
  const selection = useSelection(tiles);
  const { columns, cell } = gridLayout(useWidth(scroller), wanted, GAP);
  const total = tiles.summary?.matching ?? 0;
  const rowHeight = (kind === 'failures' ? cell : cell * 0.75) + CAPTION + GAP;
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
  useScroll(kind, scroller, total > 0);
  const current = tiles.tile(cursor);
  const chosen = selection.tiles.length > 0 ? selection.tiles : current ? [current] : [];

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
    const { openImage, showFailure } = useSession.getState();
    try {
      const queue = await engine('gallery.images', { query: tiles.summary.query });
      const focus =
        tile.kind === 'failure'
          ? { annotation: tile.prediction === null ? tile.annotation : null, prediction: tile.prediction }
          : null;
      openImage(tile.image, { queue, focus });
    } catch (error) {
      showFailure(error);
    }
  };
  const [isChoosingClass, setIsChoosingClass] = useState(false);
  const setClass = useGridActions({
    kind,
    run,
    chosen,
    onOpen: () => open(cursor),
    onDone: selection.clear,
    onPickClass: () => setIsChoosingClass(true),
  });

  const onKeyDown = (event: KeyboardEvent) => {
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
    else if (event.key === ' ') selection.toggle(cursor);
    else if (event.key === 'Escape' && selection.tiles.length > 0) selection.clear();
    else return;
    event.preventDefault();
  };
  const onPress = (place: number, how: { readonly isToggle: boolean; readonly isRange: boolean }) => {
    if (how.isRange) void selection.addRange(cursor, place);
    else if (how.isToggle) selection.toggle(place);
    change(kind, { cursor: place });
  };

  return (
    <>
      <div
        className="tile-grid"
        ref={scroller}
        role="grid"
        aria-label={kind === 'failures' ? 'Failures' : 'Images'}
        aria-rowcount={Math.ceil(total / columns)}
        aria-colcount={columns}
        aria-multiselectable
        aria-activedescendant={current ? tileId(cursor) : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        {tiles.summary && total === 0 && <GalleryEmpty kind={kind} />}
        <div style={{ height: rows.getTotalSize(), position: 'relative' }} role="rowgroup">
          {shown.map((row) => (
            <div
              key={row.key}
              className="tile-row"
              role="row"
              aria-rowindex={row.index + 1}
              style={{ transform: `translateY(${row.start}px)`, gap: GAP }}
            >
              {Array.from({ length: Math.min(columns, total - row.index * columns) }, (_, column) => {
                const place = row.index * columns + column;
                const tile = tiles.tile(place);
                return (
                  <TileCard
                    key={place}
                    id={tileId(place)}
                    tile={tile}
                    place={place}
                    size={cell}
                    isCursor={place === cursor}
                    isSelected={tile !== null && selection.has(tile)}
                    classNames={classNames}
                    onOpen={(at) => void open(at)}
                    onPress={onPress}
                  />
                );
              })}
            </div>
          ))}
        </div>
      </div>
      <SelectionBar
        kind={kind}
        selected={selection.tiles}
        current={current}
        total={total}
        classNames={classNames}
        onClear={selection.clear}
      />
      {isChoosingClass && (
        <ClassChooser
          count={chosen.length}
          onChoose={(category) => void setClass(category)}
          onClose={() => {
            setIsChoosingClass(false);
            scroller.current?.focus();
          }}
        />
      )}
    </>
  );
}

const tileId = (place: number): string => `tile-${place}`;

interface Selection {
  readonly tiles: readonly Tile[];
  readonly has: (tile: Tile) => boolean;
  readonly toggle: (place: number) => void;
  /** Both ends are included. */
  readonly addRange: (from: number, to: number) => Promise<void>;
  readonly clear: () => void;
}

function useSelection(tiles: Tiles): Selection {
  const [selected, setSelected] = useState<ReadonlyMap<string, Tile>>(new Map());
  return {
    tiles: useMemo(() => [...selected.values()], [selected]),
    has: (tile) => selected.has(keyOf(tile)),
    toggle: (place) => {
      const tile = tiles.tile(place);
      if (!tile) return;
      const next = new Map(selected);
      if (!next.delete(keyOf(tile))) next.set(keyOf(tile), tile);
      setSelected(next);
    },
    addRange: async (one, other) => {
      if (!tiles.summary) return;
      const from = Math.min(one, other);
      const length = Math.min(LONGEST_RANGE, Math.abs(one - other) + 1);
      try {
        const list = await engine('gallery.window', { query: tiles.summary.query, from, count: length });
        setSelected((before) => new Map([...before, ...list.map((tile) => [keyOf(tile), tile] as const)]));
      } catch (error) {
        useSession.getState().showFailure(error);
      }
    },
    clear: useCallback(() => setSelected(new Map()), []),
  };
}

/** Comes back to where it was scrolled, and to the top where the filter or the order changes. */
function useScroll(
  kind: GalleryKind,
  scroller: React.RefObject<HTMLDivElement | null>,
  hasTiles: boolean,
): void {
  const { filter, sort, descending } = useGallery((state) => state[kind]);
  const change = useGallery((state) => state.change);
  const query = useRef({ filter, sort, descending });
  useEffect(() => {
    const before = query.current;
    if (before.filter === filter && before.sort === sort && before.descending === descending) return;
    query.current = { filter, sort, descending };
    scroller.current?.scrollTo({ top: 0 });
  }, [filter, sort, descending, scroller]);
  useEffect(() => {
    const element = scroller.current;
    if (!hasTiles || !element) return;
    element.scrollTo({ top: useGallery.getState()[kind].scroll });
    if (document.activeElement === document.body) element.focus({ preventScroll: true });
    return () => change(kind, { scroll: element.scrollTop });
  }, [kind, scroller, hasTiles, change]);
}
