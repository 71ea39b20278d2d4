/** Boxes over a tile: casing and stroke with the same dash; ground truth solid, predictions dashed. */
import type { ReactNode } from 'react';
import type { Box, OverlayBox, Tile, TileOutcome } from '../../../contract/view-types';

const COLOURS: Readonly<Record<TileOutcome, string>> = {
  'true-positive': 'var(--photo-true-positive)',
  'false-positive': 'var(--photo-false-positive)',
  miss: 'var(--photo-miss)',
  'wrong-class': 'var(--photo-wrong-class)',
  'loose-box': 'var(--photo-loose)',
  duplicate: 'var(--photo-duplicate)',
  ignored: 'var(--photo-ignored)',
};
const DASHES: Readonly<Record<TileOutcome, string>> = {
  'true-positive': '6 4',
  'false-positive': '6 4',
  miss: '6 4',
  'wrong-class': '9 3 2 3',
  'loose-box': '12 4',
  duplicate: '3 3',
  ignored: '1 4',
};

/** One box of an overlay: ground truth solid, a prediction dashed. */
export function OneBox({
  box: [x, y, width, height],
  isTruth,
  outcome,
  isQuiet = false,
}: OverlayBox & { readonly isQuiet?: boolean }): ReactNode {
  const line = isQuiet ? 1.25 : 2;
  const shared = {
    x,
    y,
    width,
    height,
    fill: 'none',
    vectorEffect: 'non-scaling-stroke' as const,
    ...(isTruth ? {} : { strokeDasharray: DASHES[outcome] }),
  };
  return (
    <>
      <rect
        {...shared}
        stroke="var(--photo-casing)"
        strokeOpacity="var(--photo-casing-opacity)"
        strokeWidth={line + 2}
      />
      <rect {...shared} stroke={COLOURS[outcome]} strokeWidth={line} />
    </>
  );
}

/** `view`: the part of the image that the tile shows. */
export function TileOverlay({ tile, view }: { readonly tile: Tile; readonly view: Box }): ReactNode {
  return (
    <svg className="overlay" viewBox={view.join(' ')} preserveAspectRatio="xMidYMid meet" aria-hidden="true">
      {tile.kind === 'image'
        ? tile.boxes.map((box, index) => (
            <OneBox key={index} {...box} isQuiet={box.outcome === 'true-positive'} />
          ))
        : [
            ...tile.neighbours.map((box, index) => (
              <OneBox key={`n${index}`} {...box} outcome="true-positive" isQuiet />
            )),
            tile.truthBox && tile.outcome !== 'miss' && (
              <OneBox
                key="truth"
                box={tile.truthBox}
                isTruth
                outcome={tile.outcome === 'duplicate' ? 'true-positive' : tile.outcome}
              />
            ),
            <OneBox key="box" box={tile.box} isTruth={tile.outcome === 'miss'} outcome={tile.outcome} />,
          ]}
    </svg>
  );
}
