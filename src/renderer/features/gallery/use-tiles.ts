/** Asks the gallery's query again when anything it depends on changes, and fetches tiles in windows as they come on screen. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { GalleryQuery, GallerySummary, Tile } from '../../../contract/view-types';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import type { GalleryKind } from './gallery-state';
import { useGallery } from './gallery-state';

const WINDOW = 60;
/** A slider or a typed text changes faster than a large gallery is asked: its last change counts. */
const SETTLED_AFTER = 50;

export interface Tiles {
  readonly summary: GallerySummary | null;
  readonly tile: (place: number) => Tile | null;
  /** Makes sure the tiles of these places come. */
  readonly need: (from: number, to: number) => void;
}

/** Tiles by place; those of the query before stay until the first of the new ones come. */
interface Known {
  readonly query: number;
  readonly tiles: ReadonlyMap<number, Tile>;
}

function useQuery(kind: GalleryKind): GalleryQuery {
  const run = useSession((session) => session.run);
  const protocol = useSession((session) => session.protocol);
  const point = useSession((session) => session.point);
  const { filter, sort, descending } = useGallery((state) => state[kind]);
  return useMemo(
    () => ({ kind, run, protocol, point, filter, sort, descending }),
    [kind, run, protocol, point, filter, sort, descending],
  );
}

export function useTiles(kind: GalleryKind): Tiles {
  const query = useQuery(kind);
  const revision = useSession((session) => session.revision);
  const [summary, setSummary] = useState<GallerySummary | null>(null);
  const [known, setKnown] = useState<Known>({ query: -1, tiles: new Map() });
  const asked = useRef<{ query: number; windows: Set<number> }>({ query: -1, windows: new Set() });
  const range = useRef({ from: 0, to: WINDOW });
  const isFirst = useRef(true);

  const fetchWindow = useCallback((id: number, window: number) => {
    const { windows } = asked.current;
    if (asked.current.query !== id || windows.has(window)) return;
    windows.add(window);
    engine('gallery.window', { query: id, from: window * WINDOW, count: WINDOW }).then(
      (list) => {
        if (asked.current.query !== id) return;
        setKnown((before) => {
          const tiles = new Map(before.query === id ? before.tiles : []);
          list.forEach((tile, i) => tiles.set(window * WINDOW + i, tile));
          return { query: id, tiles };
        });
      },
      () => windows.delete(window), // the query is gone: the next one asks again
    );
  }, []);

  const fetchRange = useCallback(
    (id: number) => {
      const { from, to } = range.current;
      for (let window = Math.floor(from / WINDOW); window * WINDOW < to; window++) fetchWindow(id, window);
    },
    [fetchWindow],
  );

  useEffect(() => {
    let isCurrent = true;
    const ask = () =>
      void engine('gallery.query', query).then(
        (answer) => {
          if (!isCurrent) return;
          asked.current = { query: answer.query, windows: new Set() };
          setSummary(answer);
          useSession.setState({ lastQuery: answer.query });
          useGallery.getState().change(query.kind, { matching: answer.matching });
          fetchRange(answer.query);
        },
        (error: unknown) => isCurrent && useSession.getState().showFailure(error),
      );
    const timer = setTimeout(ask, isFirst.current ? 0 : SETTLED_AFTER);
    isFirst.current = false;
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [query, revision, fetchRange]);

  const need = useCallback(
    (from: number, to: number) => {
      range.current = { from, to };
      if (asked.current.query >= 0) fetchRange(asked.current.query);
    },
    [fetchRange],
  );
  return { summary, tile: (place) => known.tiles.get(place) ?? null, need };
}
