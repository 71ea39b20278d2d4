import { scaleLinear } from 'd3-scale';
import type { ReactNode } from 'react';
import { interval } from '../../ui/number-text';

interface IntervalBarProps {
  readonly value: number | null;
  readonly ends: readonly [number, number] | null | undefined;
  /** End of the axis. */
  readonly most: number;
}

/** A number as a bar with its interval as whiskers; the numbers stand beside it. */
export function IntervalBar({ value, ends, most }: IntervalBarProps): ReactNode {
  const x = scaleLinear().domain([0, most]).range([0, 100]);
  const at = (number: number): string => `${x(number)}%`;
  return (
    <div className="interval-bar">
      <svg className="chart" aria-hidden="true">
        {x.ticks(2).map((tick) => (
          <line key={tick} className="grid" x1={at(tick)} x2={at(tick)} y1="0" y2="100%" />
        ))}
        {value !== null && <rect className="pale-bar" x="0" y="32%" width={at(value)} height="36%" />}
        {ends && <Whiskers from={at(ends[0])} to={at(ends[1])} />}
      </svg>
      <span className="quiet">{interval(ends)}</span>
    </div>
  );
}

/** From and to along the axis, as shares of the width. */
export function Whiskers({ from, to }: { readonly from: string; readonly to: string }): ReactNode {
  return (
    <g className="whisker">
      <line x1={from} x2={to} y1="50%" y2="50%" />
      <line x1={from} x2={from} y1="32%" y2="68%" />
      <line x1={to} x2={to} y1="32%" y2="68%" />
    </g>
  );
}
