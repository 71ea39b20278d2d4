/** Curves over the steps of a training, on one axis with the plots above and below it. */
import type { ScaleContinuousNumeric } from 'd3-scale';
import { scaleLinear, scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import type { PointerEvent, ReactNode } from 'react';
import type { DrawnCurve } from '../../../contract/training-view';
import { count } from '../../ui/number-text';

export const PLOT_LEFT = 56;
export const PLOT_RIGHT = 128;

export type CurveStyle = 'solid' | 'trace' | 'dashed' | 'dotted' | 'marked';

export interface PlottedCurve {
  readonly curve: DrawnCurve;
  readonly style: CurveStyle;
  readonly colour: string;
  /** At its right end; empty: none. */
  readonly label: string;
}

export interface PlotProps {
  readonly title: string;
  readonly caption: string;
  readonly curves: readonly PlottedCurve[];
  readonly height: number;
  readonly width: number;
  readonly isLogarithmic?: boolean;
  readonly steps: number;
  /** Where the cursor stands; null: nowhere. */
  readonly cursor: number | null;
  readonly onPick: (step: number) => void;
  /** Drawn under the curves: from a step on. */
  readonly shade?: { readonly from: number; readonly label: string } | null;
  /** Words beside the cursor. */
  readonly cursorLabel?: string;
  readonly showsSteps?: boolean;
}

type Scale = ScaleContinuousNumeric<number, number>;
const TOP = 12;

export function CurvePlot(props: PlotProps): ReactNode {
  const { title, caption, curves, height, width, steps, cursor, onPick, showsSteps = false } = props;
  const bottom = height - (showsSteps ? 26 : 8);
  const x = scaleLinear([0, Math.max(1, steps)], [PLOT_LEFT, Math.max(PLOT_LEFT + 1, width - PLOT_RIGHT)]);
  const y = valueScale(curves, props.isLogarithmic === true, bottom);
  const pick = (event: PointerEvent<SVGSVGElement>) => {
    if (event.buttons !== 1) return;
    const frame = event.currentTarget.getBoundingClientRect();
    onPick(x.invert(event.clientX - frame.left));
  };
  return (
    <figure className="training-plot">
      <figcaption>
        <b>{title}</b> <span className="quiet">{caption}</span>
      </figcaption>
      <svg
        className="plot"
        height={height}
        role="img"
        aria-label={`${title}: ${curves.map(({ label }) => label).join(', ')}. The table below has the numbers.`}
        onPointerDown={pick}
        onPointerMove={pick}
      >
        {props.shade && <Shade {...props.shade} x={x} bottom={bottom} />}
        <Grid x={x} y={y} bottom={bottom} showsSteps={showsSteps} />
        {curves.map(({ curve, style, colour }) => (
          <Curve key={`${curve.name} ${style}`} curve={curve} style={style} colour={colour} x={x} y={y} />
        ))}
        <EndLabels curves={curves} x={x} y={y} bottom={bottom} />
        {cursor !== null && (
          <line className="cursor" x1={x(cursor)} x2={x(cursor)} y1={0} y2={bottom} aria-hidden="true" />
        )}
        {cursor !== null && props.cursorLabel !== undefined && (
          <text
            className="label"
            x={x(cursor) - 8}
            y={TOP + 4}
            textAnchor={x(cursor) > 260 ? 'end' : 'start'}
            dx={x(cursor) > 260 ? 0 : 16}
          >
            {props.cursorLabel}
          </text>
        )}
      </svg>
    </figure>
  );
}

/** From zero, or by powers of ten; what is not above zero has no place on the latter. */
function valueScale(curves: readonly PlottedCurve[], isLogarithmic: boolean, bottom: number): Scale {
  const values = curves
    .flatMap(({ curve }) => curve.value)
    .filter((value): value is number => value !== null && (!isLogarithmic || value > 0));
  const highest = values.length > 0 ? Math.max(...values) : 1;
  const lowest = values.length > 0 ? Math.min(...values) : 0;
  return isLogarithmic
    ? scaleLog([lowest, Math.max(highest, lowest * 1.01)], [bottom - 4, TOP])
    : scaleLinear([Math.min(0, lowest), highest || 1], [bottom - 4, TOP]).nice(4);
}

const ticksOf = (y: Scale): readonly number[] => {
  const room = Math.abs(y.range()[0]! - y.range()[1]!);
  const all = y.ticks(Math.min(5, Math.max(2, Math.round(room / 36))));
  // On a long logarithmic axis only the tens have room, on a short one 1, 2 and 5.
  return all.length <= 8 ? all : all.filter((tick) => /^[125]0*$|^0?\.0*[125]$/.test(String(tick)));
};

function Grid({
  x,
  y,
  bottom,
  showsSteps,
}: {
  readonly x: Scale;
  readonly y: Scale;
  readonly bottom: number;
  readonly showsSteps: boolean;
}): ReactNode {
  const [left, right] = x.range() as [number, number];
  const format = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
  return (
    <g aria-hidden="true">
      {ticksOf(y).map((tick) => (
        <g key={tick}>
          <line className={tick === 0 ? 'axis' : 'grid'} x1={left} x2={right} y1={y(tick)} y2={y(tick)} />
          <text x={left - 8} y={y(tick)} dy="0.35em" textAnchor="end">
            {format.format(tick)}
          </text>
        </g>
      ))}
      {showsSteps && (
        <>
          <line className="axis" x1={left} x2={right} y1={bottom} y2={bottom} />
          {x.ticks(6).map((tick) => (
            <text key={tick} x={x(tick)} y={bottom + 18} textAnchor="middle">
              {count(tick)}
            </text>
          ))}
        </>
      )}
    </g>
  );
}

function Curve({
  curve,
  style,
  colour,
  x,
  y,
}: Omit<PlottedCurve, 'label'> & { readonly x: Scale; readonly y: Scale }): ReactNode {
  const places = [...curve.step.keys()];
  const isLogarithmic = !Number.isFinite(y(0));
  const isShown = (at: number): boolean => {
    const value = curve.value[at];
    return value !== null && value !== undefined && (!isLogarithmic || value > 0);
  };
  const path = line<number>(
    (at) => x(curve.step[at]!),
    (at) => y(curve.value[at]!),
  ).defined(isShown);
  return (
    <g data-style={style}>
      <path d={path(places) ?? ''} stroke={colour} className={`curve ${style}`} />
      {style === 'marked' &&
        places
          .filter(isShown)
          .map((at) => (
            <circle key={at} cx={x(curve.step[at]!)} cy={y(curve.value[at]!)} r={3} stroke={colour} />
          ))}
    </g>
  );
}

/** Each beside the end of its curve; those that would cover each other are moved apart. */
function EndLabels({
  curves,
  x,
  y,
  bottom,
}: {
  readonly curves: readonly PlottedCurve[];
  readonly x: Scale;
  readonly y: Scale;
  readonly bottom: number;
}): ReactNode {
  const labels = curves
    .filter(({ label }) => label !== '')
    .flatMap(({ curve, label }) => {
      const last = curve.value.findLast((value) => value !== null);
      const at = last === undefined ? NaN : y(last);
      return Number.isFinite(at) ? [{ label, at }] : [];
    })
    .sort((a, b) => a.at - b.at);
  let lowest = -Infinity;
  return labels.map(({ label, at }) => {
    lowest = Math.min(bottom, Math.max(at, lowest + 14));
    return (
      <text key={label} className="end-label" x={x.range()[1]! + 8} y={lowest} dy="0.35em">
        {label}
      </text>
    );
  });
}

function Shade({
  from,
  label,
  x,
  bottom,
}: {
  readonly from: number;
  readonly label: string;
  readonly x: Scale;
  readonly bottom: number;
}): ReactNode {
  const right = x.range()[1]!;
  return (
    <g>
      <rect className="shade" x={x(from)} y={0} width={Math.max(0, right - x(from))} height={bottom} />
      <line className="shade-edge" x1={x(from)} x2={x(from)} y1={0} y2={bottom} />
      <text className="shade-label" x={x(from) + 8} y={TOP + 2}>
        {label}
      </text>
    </g>
  );
}
