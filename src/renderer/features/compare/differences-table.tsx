/** What B has over A, metric by metric and class by class, with paired intervals. */
import type { ScaleLinear } from 'd3-scale';
import { scaleLinear } from 'd3-scale';
import type { ReactNode } from 'react';
import { useState } from 'react';
import type { MetricDifference } from '../../../contract/metrics-view';
import { useSession } from '../../state/session';
import { difference, differenceInterval, score } from '../../ui/number-text';
import { Whiskers } from '../metrics/interval-bar';
import { BoxesButton } from '../scores/boxes-button';
import { PROTOCOL_NAMES } from '../scores/protocol-names';
import type { Pair } from './use-comparison';

/** Metrics and classes shown at first. */
const FIRST_METRICS = 3;
const FIRST_CLASSES = 5;

type Axis = ScaleLinear<number, number>;

/** One axis for all rows, with 0 on it, in shares of the width. */
function axisOf(rows: readonly MetricDifference[]): Axis {
  const ends = rows.flatMap(({ difference: value, interval }) => [value ?? 0, ...(interval ?? [])]);
  return scaleLinear([Math.min(0, ...ends), Math.max(0.01, ...ends)], [6, 94]).nice(4);
}

const at = (axis: Axis, value: number): string => `${axis(value)}%`;

interface DifferencesTableProps {
  readonly pair: Pair;
  readonly differences: readonly MetricDifference[];
  readonly isOld: boolean;
}

export function DifferencesTable({ pair, differences, isOld }: DifferencesTableProps): ReactNode {
  const protocol = useSession((session) => session.protocol);
  const [isAll, setIsAll] = useState(false);
  const metrics = differences.filter(({ category }) => category === null);
  const classes = differences.filter(({ category }) => category !== null);
  const rows = isAll
    ? [...metrics, ...classes]
    : [...metrics.slice(0, FIRST_METRICS), ...largest(classes, FIRST_CLASSES)];
  const axis = axisOf(rows);
  return (
    <>
      <div className="scroll-sideways" tabIndex={0} role="region" aria-label="Differences of the two runs">
        <table className="differences" data-old={isOld} data-testid="differences">
          <thead>
            <tr>
              <th scope="col">{PROTOCOL_NAMES[protocol]}</th>
              <th scope="col" className="number">
                A
              </th>
              <th scope="col" className="number">
                B
              </th>
              <th scope="col" className="number">
                B − A
              </th>
              <th scope="col" className="picture-cell">
                <span className="visually-hidden">Picture</span>
                {rows.length > 0 && <AxisLabels axis={axis} />}
              </th>
              <th scope="col">95 % interval, paired by image</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <DifferenceRow key={`${row.metric} ${row.category}`} row={row} axis={axis} pair={pair} />
            ))}
          </tbody>
        </table>
      </div>
      {(isAll || rows.length < differences.length) && (
        <button type="button" className="link caption-12" onClick={() => setIsAll(!isAll)}>
          {isAll
            ? 'Show the first metrics and classes'
            : `Show all ${differences.length} metrics and classes`}
        </button>
      )}
    </>
  );
}

/** Those that changed most, in the classes' order. */
function largest(classes: readonly MetricDifference[], most: number): readonly MetricDifference[] {
  const size = (row: MetricDifference): number => Math.abs(row.difference ?? 0);
  const kept = new Set([...classes].sort((a, b) => size(b) - size(a)).slice(0, most));
  return classes.filter((row) => kept.has(row));
}

function AxisLabels({ axis }: { readonly axis: Axis }): ReactNode {
  const label = axis.tickFormat(4, '+');
  return (
    <svg className="chart axis-labels" aria-hidden="true">
      {axis.ticks(4).map((tick) => (
        <text key={tick} x={at(axis, tick)} y="70%" textAnchor="middle">
          {tick === 0 ? '0' : label(tick)}
        </text>
      ))}
    </svg>
  );
}

interface DifferenceRowProps {
  readonly row: MetricDifference;
  readonly axis: Axis;
  readonly pair: Pair;
}

function DifferenceRow({ row, axis, pair }: DifferenceRowProps): ReactNode {
  const categories = useSession((session) => session.project?.categories) ?? [];
  const { metric, category, first, second, difference: value, interval } = row;
  const name = categories.find(({ id }) => id === category)?.name;
  const label = name === undefined ? metric : `AP ${name}`;
  const wanted = category === null ? {} : { categories: [category] };
  const cell = (number: number | null, run: number, letter: string) => (
    <td className="number">
      {number === null ? (
        '–'
      ) : (
        <BoxesButton
          label={`the failures of ${letter}${name ? ` in ${name}` : ''}`}
          wanted={{ ...wanted, run }}
        >
          {score(number)}
        </BoxesButton>
      )}
    </td>
  );
  return (
    <tr>
      <th scope="row">{label}</th>
      {cell(first, pair.first, 'A')}
      {cell(second, pair.second, 'B')}
      <td className="number">
        <b className="fresh">{difference(value, 3)}</b>
      </td>
      <td className="picture-cell">
        <svg className="chart" aria-hidden="true">
          {axis.ticks(4).map((tick) => (
            <line
              key={tick}
              className={tick === 0 ? 'axis' : 'grid'}
              x1={at(axis, tick)}
              x2={at(axis, tick)}
              y1="0"
              y2="100%"
            />
          ))}
          {interval && <Whiskers from={at(axis, interval[0])} to={at(axis, interval[1])} />}
          {value !== null && <circle className="dot" cx={at(axis, value)} cy="50%" r={4} />}
        </svg>
      </td>
      <td className="quiet">{interval ? differenceInterval(interval) : value === null ? '' : '…'}</td>
    </tr>
  );
}
