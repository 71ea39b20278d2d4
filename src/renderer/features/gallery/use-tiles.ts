/** Asks the gallery's query again when anything it depends on changes, and fetches tiles in windows as they come on screen. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ArgumentsOf } from '../../../contract/call';
import type { EngineCalls } from '../../../contract/engine-calls';
import type { GalleryQuery, GallerySummary, Tile } from '../../../contract/view-types';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import type { GalleryKind } from './gallery-state';
import { useGallery } from './gallery-state';

const WINDOW = 60;

export interface Tiles {
  readonly summary: GallerySummary | null;
  readonly tile: (place: number) => Tile | null;
  /** Makes sure the tiles of these places come. */
  readonly need: (from: number, to: number) => void;
}

function useQuery(kind: GalleryKind): GalleryQuery {
  const run = useSession((session) => session.run);
  const point = useSession((session) => session.point);
  const { filter, sort, descending } = useGallery((state) => state[kind]);
  return { kind, run, point, filter, sort, descending };
}

export function useTiles(kind: GalleryKind): Tiles {
  const query = useQuery(kind);
  const revision = useSession((session) => session.revision);
  const [summary, setSummary] = useState<GallerySummary | null>(null);
  const [tiles, setTiles] = useState<ReadonlyMap<number, Tile>>(new Map());
  const asked = useRef<{ query: number; windows: Set<number> }>({ query: -1, windows: new Set() });
  const range = useRef({ from: 0, to: WINDOW });

  const fetchWindow = useCallback((id: number, window: number) => {
    const { windows } = asked.current;
    if (asked.current.query !== id || windows.has(window)) return;
    windows.add(window);
    engine('gallery.window', { query: id, from: window * WINDOW, count: WINDOW }).then(
      (list) => {
        if (asked.current.query !== id) return;
        setTiles((known) => {
          const next = new Map(windows.size === 1 ? [] : known);
          list.forEach((tile, i) => next.set(window * WINDOW + i, tile));
          return next;
        });
      },
      () => windows.delete(window), // the query is gone: the next one asks again
    );
  }, []);

  const text = JSON.stringify(query);
  useEffect(() => {
    let isCurrent = true;
    engine('gallery.query', JSON.parse(text) as ArgumentsOf<EngineCalls['gallery.query']>).then(
      (answer) => {
        if (!isCurrent) return;
        asked.current = { query: answer.query, windows: new Set() };
        setSummary(answer);
        useSession.setState({ lastQuery: answer.query });
        const { from, to } = range.current;
        for (let window = Math.floor(from / WINDOW); window * WINDOW < to; window++)
          fetchWindow(answer.query, window);
      },
      (error: unknown) => useSession.getState().showFailure(error),
    );
    return () => {
      isCurrent = false;
    };
  }, [text, revision, fetchWindow]);

  const need = useCallback(
    (from: number, to: number) => {
      range.current = { from, to };
      const id = asked.current.query;
      if (id < 0) return;
      for (let window = Math.floor(from / WINDOW); window * WINDOW < to; window++) fetchWindow(id, window);
    },
    [fetchWindow],
  );
  return { summary, tile: (place) => tiles.get(place) ?? null, need };
}
