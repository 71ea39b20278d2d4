/** What is taken for what: every cell opens its tiles. */
import type { CSSProperties, KeyboardEvent, ReactNode } from 'react';
import { useState } from 'react';
import type { MetricsAnalysis } from '../../../contract/metrics-view';
import { useSession } from '../../state/session';
import { count } from '../../ui/number-text';
import { COUNTED_OUTCOMES, openBoxes } from '../scores/open-boxes';
import type { Answer } from '../scores/use-answer';
import type { ConfusedPair } from './confused-pairs';
import { confusedPairs } from './confused-pairs';

const MOVES: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
};

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
  if (!value) return null;
  const nameOf = (id: number | null): string =>
    id === null ? 'background' : (categories.find((category) => category.id === id)?.name ?? '');
  const ids = [...value.classes.map(({ id }) => id), null];
  const pairs = confusedPairs(value.confusion, ids);
  return (
    <div>
      <div className="section-head">
        <h2 id="confusion-title">Confusion</h2>
        <span className="quiet caption-12">
          IoU {value.point.iou.toFixed(2)}, confidence {value.point.score.toFixed(2)}; rows are truth
        </span>
      </div>
      <div className="scroll-sideways" data-old={isOld}>
        <Matrix ids={ids} cells={value.confusion} nameOf={nameOf} />
      </div>
      <p className="quiet caption-12">
        Shade: share of the row. {pairs[0] && <PairLink pair={pairs[0]} nameOf={nameOf} />}
      </p>
    </div>
  );
}

interface Named {
  readonly nameOf: (id: number | null) => string;
}

function Matrix({
  ids,
  cells,
  nameOf,
}: Named & { readonly ids: readonly (number | null)[]; readonly cells: readonly number[] }): ReactNode {
  // One stop for Tab; arrows move within, as in a grid.
  const [place, setPlace] = useState<readonly [row: number, column: number]>([0, 0]);
  const move = (event: KeyboardEvent<HTMLElement>) => {
    const step = MOVES[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const clamp = (value: number): number => Math.min(ids.length - 1, Math.max(0, value));
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
      style={{ '--columns': ids.length } as CSSProperties}
      onKeyDown={move}
    >
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">truth, predicted as</span>
          </th>
          {ids.map((id) => (
            <th key={id} scope="col" className="number" title={nameOf(id)}>
              {nameOf(id)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {ids.map((truth, row) => {
          const own = cells.slice(row * ids.length, (row + 1) * ids.length);
          const total = own.reduce((sum, cell) => sum + cell, 0);
          return (
            <tr key={truth}>
              <th scope="row" title={nameOf(truth)}>
                {nameOf(truth)}
              </th>
              {ids.map((predicted, column) =>
                truth === null && predicted === null ? (
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
                      { '--share': `${total === 0 ? 0 : (100 * own[column]!) / total}%` } as CSSProperties
                    }
                  >
                    <button
                      type="button"
                      data-cell={`${row} ${column}`}
                      tabIndex={place[0] === row && place[1] === column ? 0 : -1}
                      aria-label={`${count(own[column]!)} ${nameOf(truth)} taken for ${nameOf(predicted)}`}
                      title={`${nameOf(truth)} taken for ${nameOf(predicted)}: open the ${count(own[column]!)}`}
                      onFocus={() => setPlace([row, column])}
                      onClick={() => openCell(truth, predicted)}
                    >
                      {count(own[column]!)}
                    </button>
                  </td>
                ),
              )}
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
