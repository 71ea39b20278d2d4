/** What is taken for what: every cell opens its tiles. */
import type { CSSProperties, KeyboardEvent, ReactNode } from 'react';
import { useMemo, useState } from 'react';
import type { MetricsAnalysis } from '../../../contract/metrics-view';
import { useSession } from '../../state/session';
import { count } from '../../ui/number-text';
import { COUNTED_OUTCOMES, openBoxes } from '../scores/open-boxes';
import type { Answer } from '../scores/use-answer';
import type { ConfusedPair } from './confused-pairs';
import { confusedPairs, mostConfused } from './confused-pairs';

const MOVES: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
};

/** Classes of a matrix that can still be read, and drawn at once. */
const MOST_CLASSES = 20;

/** Opens a cell's tiles; null is the background. */
function openCell(truth: number | null, predicted: number | null): void {
  openBoxes({
    outcomes: COUNTED_OUTCOMES,
    behind: { of: truth === null ? 'predictions' : 'annotations', cell: { truth, predicted } },
  });
}

export function ConfusionMatrix({ analysis }: { readonly analysis: Answer<MetricsAnalysis> }): ReactNode {
  const categories = useSession((session) => session.project?.categories) ?? [];
  const { value, isOld } = analysis;
  const read = useMemo(() => {
    if (!value) return null;
    const ids = [...value.classes.map(({ id }) => id), null];
    const places = mostConfused(value.confusion, ids.length, MOST_CLASSES);
    return { ids, places, first: confusedPairs(value.confusion, ids)[0] };
  }, [value]);
  if (!value || !read) return null;
  const { ids, places, first } = read;
  const nameOf = (id: number | null): string =>
    id === null ? 'background' : (categories.find((category) => category.id === id)?.name ?? '');
  return (
    <div>
      <div className="section-head">
        <h2 id="confusion-title">Confusion</h2>
        <span className="quiet caption-12">
          IoU {value.point.iou.toFixed(2)}, confidence {value.point.score.toFixed(2)}; rows are truth
        </span>
      </div>
      <div className="scroll-sideways" data-old={isOld}>
        <Matrix ids={ids} places={places} cells={value.confusion} nameOf={nameOf} />
      </div>
      <p className="quiet caption-12">
        {places.length < ids.length &&
          `The ${MOST_CLASSES} of ${count(ids.length - 1)} classes that are most often taken for another, or another for them. `}
        Shade: share of the row{places.length < ids.length ? ', all classes counted' : ''}.{' '}
        {first && <PairLink pair={first} nameOf={nameOf} />}
      </p>
    </div>
  );
}

interface Named {
  readonly nameOf: (id: number | null) => string;
}

interface MatrixProps extends Named {
  /** Of all classes and the background, which is the last. */
  readonly ids: readonly (number | null)[];
  /** Those that are shown, by their place in `ids`. */
  readonly places: readonly number[];
  readonly cells: readonly number[];
}

function Matrix({ ids, places, cells, nameOf }: MatrixProps): ReactNode {
  // One stop for Tab; arrows move within, as in a grid.
  const [place, setPlace] = useState<readonly [row: number, column: number]>([0, 0]);
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const step = MOVES[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const clamp = (value: number): number => Math.min(places.length - 1, Math.max(0, value));
    const [row, column] = [clamp(place[0] + step[0]), clamp(place[1] + step[1])];
    const target = event.currentTarget.querySelector<HTMLElement>(`[data-cell="${row} ${column}"]`);
    if (!target) return;
    setPlace([row, column]);
    target.focus();
  };
  return (
    <table
      className="confusion"
      aria-labelledby="confusion-title"
      style={{ '--columns': places.length } as CSSProperties}
      onKeyDown={move}
    >
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">truth, predicted as</span>
          </th>
          {places.map((at) => (
            <th key={at} scope="col" className="number" title={nameOf(ids[at] ?? null)}>
              {nameOf(ids[at] ?? null)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {places.map((rowAt, row) => {
          const truth = ids[rowAt] ?? null;
          const own = cells.slice(rowAt * ids.length, (rowAt + 1) * ids.length);
          const total = own.reduce((sum, cell) => sum + cell, 0);
          return (
            <tr key={truth}>
              <th scope="row" title={nameOf(truth)}>
                {nameOf(truth)}
              </th>
              {places.map((columnAt, column) => {
                const predicted = ids[columnAt] ?? null;
                return truth === null && predicted === null ? (
                  <td
                    key={predicted}
                    className="empty-cell"
                    title="Nothing where nothing is cannot be counted"
                  >
                    –
                  </td>
                ) : (
                  <td
                    key={predicted}
                    style={
                      { '--share': `${total === 0 ? 0 : (100 * own[columnAt]!) / total}%` } as CSSProperties
                    }
                  >
                    <button
                      type="button"
                      data-cell={`${row} ${column}`}
                      tabIndex={place[0] === row && place[1] === column ? 0 : -1}
                      aria-label={`${count(own[columnAt]!)} ${nameOf(truth)} taken for ${nameOf(predicted)}`}
                      title={`${nameOf(truth)} taken for ${nameOf(predicted)}: open the ${count(own[columnAt]!)}`}
                      onFocus={() => setPlace([row, column])}
                      onClick={() => openCell(truth, predicted)}
                    >
                      {count(own[columnAt]!)}
                    </button>
                  </td>
                );
              })}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function PairLink({ pair, nameOf }: Named & { readonly pair: ConfusedPair }): ReactNode {
  const { truth, predicted, number } = pair;
  const words =
    predicted === null
      ? `Open the ${count(number)} missed ${nameOf(truth)}`
      : truth === null
        ? `Open the ${count(number)} false ${nameOf(predicted)}`
        : `Open the ${count(number)} ${nameOf(truth)} taken for ${nameOf(predicted)}`;
  return (
    <button type="button" className="link" onClick={() => openCell(truth, predicted)}>
      {words}
    </button>
  );
}
