/** How the score and the bill went: the score step by step, and on it what each diagnosis found. */
import { scaleLinear } from 'd3-scale';
import type { ReactNode } from 'react';
import { useEffect } from 'react';
import type { TrendPoint } from '../../../contract/diagnosis-view';
import { useSession } from '../../state/session';
import { clock, difference, score as scoreText } from '../../ui/number-text';
import { readTrend, useCauses } from './causes-state';
import { causeTrends, partsOf, scoredStretches, trendDomain } from './trend-geometry';

const WIDTH = 640;
const HEIGHT = 120;
const LEFT = 44;
const RIGHT = 12;
const BAR = 8;
/** Diagnoses that the table has room for. */
const COLUMNS = 5;

export function Trend({ madeAt }: { readonly madeAt: string }): ReactNode {
  const run = useSession((session) => session.run);
  const protocol = useSession((session) => session.protocol);
  const revision = useSession((session) => session.revision);
  const trend = useCauses((state) => state.trend);
  useEffect(() => {
    if (run !== null) readTrend(run, protocol).catch(useSession.getState().showFailure);
  }, [run, protocol, revision, madeAt]);
  if (trend.length < 2) return null;
  return (
    <section className="trend" aria-labelledby="trend-title">
      <h2 id="trend-title">Over time</h2>
      <p className="quiet caption-12">
        The score after each step of the history; on it, what each diagnosis found could be repaired.
      </p>
      <Chart trend={trend} />
      <Table diagnoses={trend.filter(({ bill }) => bill !== null).slice(-COLUMNS)} />
    </section>
  );
}

function Chart({ trend }: { readonly trend: readonly TrendPoint[] }): ReactNode {
  const x = scaleLinear([0, trend.length - 1], [LEFT + BAR, WIDTH - RIGHT - BAR]);
  const y = scaleLinear(trendDomain(trend), [HEIGHT - 4, 6]);
  const line = (places: readonly number[]): string =>
    places.map((at) => `${x(at).toFixed(1)},${y(trend[at]!.score!).toFixed(1)}`).join(' ');
  return (
    <div className="scroll-sideways">
      <svg
        width={WIDTH}
        height={HEIGHT}
        role="img"
        aria-label={`Score over ${trend.length} steps, from ${scoreText(trend[0]!.score)} to ${scoreText(trend.at(-1)!.score)}`}
      >
        {y.ticks(4).map((tick) => (
          <g key={tick}>
            <line className="grid" x1={LEFT} x2={WIDTH - RIGHT} y1={y(tick)} y2={y(tick)} />
            <text x={LEFT - 6} y={y(tick) + 4} textAnchor="end">
              {tick.toFixed(2)}
            </text>
          </g>
        ))}
        {trend.map((point, at) =>
          partsOf(point).map(({ row, from, to }) => (
            <rect
              key={`${point.step} ${row.code}`}
              className={`price ${row.confidence ?? 'exact'}`}
              x={x(at) - BAR / 2}
              width={BAR}
              y={y(to)}
              height={Math.max(1, y(from) - y(to))}
            >
              <title>{`${row.title}: ${difference(row.share, 3)}`}</title>
            </rect>
          )),
        )}
        {scoredStretches(trend).map((places) => (
          <polyline key={places[0]} className="trend-line" points={line(places)} />
        ))}
        {trend.map(
          (point, at) =>
            point.score !== null && (
              <circle
                key={point.step}
                className="trend-point"
                cx={x(at)}
                cy={y(point.score)}
                r={point.bill ? 3 : 1.5}
              >
                <title>{`${when(point.time)}: ${scoreText(point.score)}`}</title>
              </circle>
            ),
        )}
      </svg>
    </div>
  );
}

const when = (time: string): string =>
  `${new Date(time).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} ${clock(time)}`;

function Table({ diagnoses }: { readonly diagnoses: readonly TrendPoint[] }): ReactNode {
  if (diagnoses.length < 2) return null;
  return (
    <div className="scroll-sideways">
      <table className="trend-table">
        <thead>
          <tr>
            <th>Diagnosis of</th>
            {diagnoses.map(({ step, time }) => (
              <th key={step} className="number">
                {when(time)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Score</th>
            {diagnoses.map(({ step, score }) => (
              <td key={step} className="number">
                <b>{scoreText(score)}</b>
              </td>
            ))}
          </tr>
          {causeTrends(diagnoses).map(({ code, title, shares }) => (
            <tr key={code}>
              <th scope="row">{title}</th>
              {shares.map((share, at) => (
                <td key={diagnoses[at]!.step} className="number">
                  {share === null ? '–' : difference(share, 3)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
