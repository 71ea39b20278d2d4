/** Galleries of failures and of images: filters left, sliders and tiles, what is selected below. */
import type { ReactNode } from 'react';
import { FilterPane } from './filter-pane';
import './gallery.css';
import type { GalleryKind } from './gallery-state';
import { useGallery } from './gallery-state';
import { OperatingPointBar } from './operating-point';
import { TileGrid } from './tile-grid';
import { ToolRow } from './tool-row';
import { useTiles } from './use-tiles';

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
        <TileGrid kind={kind} tiles={tiles} />
      </section>
    </div>
  );
}
