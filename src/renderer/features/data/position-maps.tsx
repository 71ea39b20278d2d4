/** Where objects lie in their images, and where they are found. */
import type { ReactNode } from 'react';
import type { DataProfile, PositionProfile } from '../../../core/diagnosis/data/profile/profile';
import { MAP_SIDE } from '../../../core/diagnosis/data/profile/map-side';
import { count, score } from '../../ui/number-text';
import { percent, positionWords } from './data-words';
import { openBehind, rangesOfCell } from './open-behind';
import { useRoving } from './use-roving';

const CELL = 24;

interface Cell {
  /** 0 to 1: how dark it is; null: nothing is known of it. */
  readonly shade: number | null;
  readonly words: string;
}

interface MapProps {
  readonly title: string;
  readonly caption: string;
  readonly cells: readonly Cell[];
  /** Null: the images are not in the project. */
  readonly set: 'evaluation' | 'training' | null;
  readonly kind: 'labels' | 'recall';
}

export function PositionMaps({
  position,
  opensTraining,
}: {
  readonly position: DataProfile['position'];
  readonly opensTraining: boolean;
}): ReactNode {
  const sentence = positionWords(position);
  return (
    <>
      {sentence && <p className="data-sentence">{sentence}</p>}
      <div className="position-maps">
        {position.training && (
          <PositionMap
            title="Training"
            {...density(position.training)}
            set={opensTraining ? 'training' : null}
            kind="labels"
          />
        )}
        <PositionMap title="Evaluation" {...density(position.evaluation)} set="evaluation" kind="labels" />
        {position.recall && (
          <PositionMap title="Recall" {...recallCells(position)} set="evaluation" kind="recall" />
        )}
      </div>
    </>
  );
}

function density(counts: readonly number[]): Pick<MapProps, 'cells' | 'caption'> {
  const all = Math.max(
    1,
    counts.reduce((sum, own) => sum + own, 0),
  );
  const most = Math.max(...counts);
  return {
    caption: `darkest: ${percent(most / all)} of the objects`,
    cells: counts.map((own) => ({
      shade: most === 0 ? 0 : own / most,
      words: `${count(own)} objects, ${percent(own / all)}`,
    })),
  };
}

function recallCells({ recall, evaluation }: PositionProfile): Pick<MapProps, 'cells' | 'caption'> {
  const known = (recall ?? []).filter((own) => own !== null);
  const low = known.length > 0 ? Math.min(...known) : 0;
  const high = known.length > 0 ? Math.max(...known) : 1;
  return {
    caption:
      known.length > 0
        ? `from ${score(low, 2)} (light) to ${score(high, 2)} (dark)`
        : 'too few objects in each place',
    cells: (recall ?? []).map((own, cell) => ({
      shade: own === null ? null : high > low ? (own - low) / (high - low) : 1,
      words:
        own === null
          ? `${count(evaluation[cell]!)} objects, too few for a recall`
          : `recall ${score(own)} of ${count(evaluation[cell]!)} objects`,
    })),
  };
}

const placeWords = (cell: number): string =>
  `row ${Math.floor(cell / MAP_SIDE) + 1}, column ${(cell % MAP_SIDE) + 1} of ${MAP_SIDE}`;

function PositionMap({ title, caption, cells, set, kind }: MapProps): ReactNode {
  const open = (cell: number) =>
    openBehind({
      set: set ?? 'evaluation',
      ranges: rangesOfCell(cell, MAP_SIDE),
      words: `Objects in ${placeWords(cell)}`,
    });
  const { mark } = useRoving(cells.length, MAP_SIDE, open);
  const side = MAP_SIDE * CELL;
  return (
    <figure className="position-map">
      <figcaption>
        <b>{title}</b>
      </figcaption>
      <svg
        className={`chart ${kind}`}
        viewBox={`0 0 ${side} ${side}`}
        role={set ? 'group' : 'img'}
        aria-label={`${title} by place: ${caption}`}
      >
        {cells.map(({ shade, words }, cell) => (
          <g
            key={cell}
            {...(set
              ? {
                  role: 'button',
                  'aria-label': `${placeWords(cell)}: ${words}. Open the images`,
                  onClick: () => open(cell),
                  ...mark(cell),
                }
              : {})}
          >
            <title>{`${placeWords(cell)}: ${words}`}</title>
            <rect
              className={shade === null ? 'unknown-cell' : 'map-cell'}
              x={(cell % MAP_SIDE) * CELL}
              y={Math.floor(cell / MAP_SIDE) * CELL}
              width={CELL}
              height={CELL}
              fillOpacity={shade === null ? 1 : 0.06 + 0.9 * shade}
            />
            <rect
              className="hit"
              x={(cell % MAP_SIDE) * CELL + 1}
              y={Math.floor(cell / MAP_SIDE) * CELL + 1}
              width={CELL - 2}
              height={CELL - 2}
            />
          </g>
        ))}
        <rect className="map-frame" x={0} y={0} width={side} height={side} />
      </svg>
      <p className="quiet caption-12">{caption}</p>
    </figure>
  );
}
