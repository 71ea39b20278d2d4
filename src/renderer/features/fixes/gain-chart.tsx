/** What each decision is expected to gain, best first, and where the rest is lost in the noise. */
import { scaleLinear } from 'd3-scale';
import type { ReactNode } from 'react';
import type { FixQueueView, FixState } from '../../../contract/fix-view';
import { count, difference } from '../../ui/number-text';

const WIDTH = 300;
const HEIGHT = 84;
/** Bars are drawn as one shape a pixel: of long queues each stands for several decisions. */
const COLUMNS = 150;

interface GainChartProps {
  readonly queue: FixQueueView;
  readonly states: readonly FixState[];
  /** Place that is shown; null where none is. */
  readonly cursor: number | null;
}

export function GainChart({ queue, states, cursor }: GainChartProps): ReactNode {
  const { fixes, stop } = queue;
  // What lies far below the line is a flat tail: as much of it is drawn as stands above.
  const drawn = Math.min(fixes.length, Math.max(40, stop * 3));
  const highest = Math.max(0.0001, fixes[0]?.expected ?? 0);
  const x = scaleLinear([0, drawn], [0, WIDTH]);
  const y = scaleLinear([0, highest], [HEIGHT, 8]);
  const each = Math.max(1, Math.ceil(drawn / COLUMNS));
  const columns = Array.from({ length: Math.ceil(drawn / each) }, (_, column) => column * each);
  const width = Math.max(1, x(each) - (x(each) > 3 ? 1 : 0));
  return (
    <svg
      className="gain-chart"
      viewBox={`0 0 ${WIDTH} ${HEIGHT + 16}`}
      role="img"
      aria-label={`Expected gain of each decision, from ${difference(highest)} down; the line stands after ${count(stop)}`}
    >
      {columns.map((place) => (
        <rect
          key={place}
          className={place >= stop ? 'below' : states[place] === 'open' ? 'above' : 'decided'}
          x={x(place)}
          width={width}
          y={y(Math.max(0, fixes[place]!.expected))}
          height={HEIGHT - y(Math.max(0, fixes[place]!.expected))}
        />
      ))}
      <line className="base" x1={0} x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
      {stop < drawn && <line className="stop" x1={x(stop)} x2={x(stop)} y1={0} y2={HEIGHT + 4} />}
      {stop > 0 && stop < drawn && (
        <text x={x(stop)} y={HEIGHT + 14} textAnchor={stop / drawn < 0.1 ? 'start' : 'middle'}>
          {count(stop)}
        </text>
      )}
      {cursor !== null && cursor < drawn && (
        <path className="cursor" d={`M ${x(cursor + 0.5)} ${HEIGHT + 1} l 4 6 h -8 z`} />
      )}
      <text x={WIDTH} y={16} textAnchor="end">
        best {difference(highest)}
      </text>
    </svg>
  );
}
