import type { ScaleLinear } from 'd3-scale';
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';
import { useRef } from 'react';
import type { ClassAnalysis, MetricsAnalysis, PrecisionRecallCurve } from '../../../contract/metrics-view';
import { useSession } from '../../state/session';
import { score as scoreText } from '../../ui/number-text';
import { useWidth } from '../gallery/use-width';
import { classStyle } from '../scores/class-style';
import { threshold } from './classes-section';
import { nearestPoint } from './curve-geometry';

const HEIGHT = 296;
const MARGIN = { top: 22, right: 18, bottom: 40, left: 38 };
const TICKS = [0, 0.25, 0.5, 0.75, 1];
/** Characters of a label that find room beside a curve; the menu and the tables have the whole name. */
const LONGEST_LABEL = 24;
/** More labels on the curves would cover each other; the menu has their lines. */
const MOST_LABELS = 5;
const STEPS: Readonly<Record<string, number>> = {
  ArrowRight: 0.01,
  ArrowUp: 0.01,
  ArrowLeft: -0.01,
  ArrowDown: -0.01,
  PageUp: 0.1,
  PageDown: -0.1,
  Home: -1,
  End: 1,
};

interface Scales {
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
}

interface CurveChartProps {
  readonly curves: readonly PrecisionRecallCurve[];
  /** Null where the curves have no operating point. */
  readonly analysis: MetricsAnalysis | null;
}

export function CurveChart({ curves, analysis }: CurveChartProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const categories = useSession((session) => session.project?.categories) ?? [];
  const scales: Scales = {
    x: scaleLinear([0, 1], [MARGIN.left, Math.max(MARGIN.left + 1, width - MARGIN.right)]),
    y: scaleLinear([0, 1], [HEIGHT - MARGIN.bottom, MARGIN.top]),
  };
  const { x, y } = scales;
  const path = line<number>();
  const indexOf = (id: number): number => categories.findIndex((category) => category.id === id);
  return (
    <div ref={place}>
      <svg
        className="chart"
        height={HEIGHT}
        role="group"
        aria-label={`Precision along recall of ${curves.length} classes. Choose Table for the numbers.`}
      >
        <Axes {...scales} />
        {curves.map((curve) => {
          const { colour, dash } = classStyle(indexOf(curve.id));
          const d = path.x((index) => x(curve.recall[index]!)).y((index) => y(curve.precision[index]!))([
            ...curve.recall.keys(),
          ]);
          return (
            <path
              key={curve.id}
              d={d ?? ''}
              fill="none"
              stroke={colour}
              strokeWidth={1.75}
              strokeDasharray={dash}
            />
          );
        })}
        {curves.length <= MOST_LABELS &&
          curves.map((curve, order) => (
            <CurveLabel
              key={curve.id}
              curve={curve}
              name={categories[indexOf(curve.id)]?.name ?? ''}
              share={(order + 1) / (curves.length + 1)}
              {...scales}
            />
          ))}
        {analysis &&
          curves.map((curve) => {
            const own = analysis.classes.find(({ id }) => id === curve.id);
            const name = categories[indexOf(curve.id)]?.name ?? '';
            return own && <Ring key={curve.id} own={own} name={name} curve={curve} {...scales} />;
          })}
      </svg>
    </div>
  );
}

function Axes({ x, y }: Scales): ReactNode {
  const [left, right] = x.range() as [number, number];
  const [bottom, top] = y.range() as [number, number];
  return (
    <g aria-hidden="true">
      {TICKS.map((tick) => (
        <g key={tick}>
          <line className="grid" x1={x(tick)} x2={x(tick)} y1={top} y2={bottom} />
          <line className={tick === 0 ? 'axis' : 'grid'} x1={left} x2={right} y1={y(tick)} y2={y(tick)} />
          <text x={x(tick)} y={bottom + 15} textAnchor="middle">
            {tick.toFixed(2)}
          </text>
          <text x={left - 6} y={y(tick)} dy="0.35em" textAnchor="end">
            {tick.toFixed(2)}
          </text>
        </g>
      ))}
      <text x={right} y={bottom + 30} textAnchor="end">
        recall
      </text>
      <text x={0} y={top - 12}>
        precision
      </text>
    </g>
  );
}

/** Beside its curve, each at another recall. */
function CurveLabel({
  curve,
  name,
  share,
  x,
  y,
}: Scales & {
  readonly curve: PrecisionRecallCurve;
  readonly name: string;
  readonly share: number;
}): ReactNode {
  const reached = curve.recall.at(-1) ?? 0;
  const at = curve.recall.findIndex((recall) => recall >= reached * share);
  if (at < 0) return null;
  return (
    <text
      className="label"
      x={x(curve.recall[at]!)}
      y={y(curve.precision[at]!) + 16}
      textAnchor="middle"
      aria-hidden="true"
    >
      {name.length > LONGEST_LABEL ? `${name.slice(0, LONGEST_LABEL - 1)}…` : name}
    </text>
  );
}

interface RingProps extends Scales {
  readonly own: ClassAnalysis;
  readonly name: string;
  readonly curve: PrecisionRecallCurve;
}

/** The operating point of a class: dragged along its curve, or moved by keys; the threshold is shared by all. */
function Ring({ own, name, curve, x, y }: RingProps): ReactNode {
  const score = useSession((session) => session.point.score);
  const setPoint = useSession((session) => session.setPoint);
  const set = (next: number) =>
    setPoint({ ...useSession.getState().point, score: Number(Math.min(1, Math.max(0, next)).toFixed(2)) });
  const drag = (event: PointerEvent<SVGGElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const frame = event.currentTarget.ownerSVGElement!.getBoundingClientRect();
    const at = {
      recall: x.invert(event.clientX - frame.left),
      precision: y.invert(event.clientY - frame.top),
    };
    const nearest = nearestPoint(curve, at);
    if (nearest >= 0) set(threshold(curve.score[nearest]!));
  };
  const press = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    set(score + step);
  };
  const words = `confidence ${score.toFixed(2)}: precision ${scoreText(own.precision)}, recall ${scoreText(own.recall)}`;
  return (
    <g
      role="slider"
      tabIndex={0}
      aria-label={`Operating point of ${name}`}
      aria-valuemin={0}
      aria-valuemax={1}
      aria-valuenow={score}
      aria-valuetext={words}
      onKeyDown={press}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
    >
      <title>{`${name}, ${words}`}</title>
      <circle cx={x(own.recall ?? 0)} cy={y(own.precision ?? 0)} r={12} fill="transparent" />
      <circle className="ring" cx={x(own.recall ?? 0)} cy={y(own.precision ?? 0)} r={5} />
    </g>
  );
}
