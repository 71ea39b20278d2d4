/** Filters, order and selection of the galleries; kept while the user is elsewhere. */
import { create } from 'zustand';
import type { GalleryFilter, GalleryQuery, GallerySort } from '../../../contract/view-types';

export const NO_FILTER: GalleryFilter = {
  outcomes: null,
  categories: null,
  sizes: null,
  statuses: null,
  confidence: null,
  text: '',
};

export type GalleryKind = GalleryQuery['kind'];

interface PerKind {
  readonly filter: GalleryFilter;
  readonly sort: GallerySort;
  readonly descending: boolean;
  readonly cursor: number;
  readonly scroll: number;
  /** Tiles that matched when last asked. */
  readonly matching: number;
}

interface GalleryState {
  readonly failures: PerKind;
  readonly images: PerKind;
  readonly tileSize: number;
  readonly hasFilters: boolean;
  change: (kind: GalleryKind, change: Partial<PerKind>) => void;
  setTileSize: (size: number) => void;
  toggleFilters: () => void;
}

const START: PerKind = {
  filter: NO_FILTER,
  sort: 'confidence',
  descending: true,
  cursor: 0,
  scroll: 0,
  matching: 0,
};
export const SMALLEST_TILE = 120;
export const LARGEST_TILE = 320;

const hasRoomForFilters = window.matchMedia('(min-width: 44rem)');

export const useGallery = create<GalleryState>()((set, get) => ({
  failures: START,
  images: { ...START, sort: 'failures' },
  tileSize: 176,
  // Where they would cover the tiles they start closed (gallery.css has the same width).
  hasFilters: hasRoomForFilters.matches,
  change: (kind, change) => set({ [kind]: { ...get()[kind], ...change } }),
  setTileSize: (size) => set({ tileSize: Math.min(LARGEST_TILE, Math.max(SMALLEST_TILE, size)) }),
  toggleFilters: () => set({ hasFilters: !get().hasFilters }),
}));

hasRoomForFilters.addEventListener('change', ({ matches }) => useGallery.setState({ hasFilters: matches }));
