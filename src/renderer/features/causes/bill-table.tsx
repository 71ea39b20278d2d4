/** The bill of causes: one row a cause, on one axis from the score now to the score with everything repaired. */
import { scaleLinear } from 'd3-scale';
import type { ScaleLinear } from 'd3-scale';
import type { ReactNode } from 'react';
import type { CauseView, DiagnosisView } from '../../../contract/diagnosis-view';
import { difference, score as scoreText } from '../../ui/number-text';
import type { Bill, BillBar, RowKey } from '../../../core/diagnosis/waterfall';
import { CauseThumbnail } from './cause-thumbnail';
import { pointAtBill } from './causes-state';

const SURE: Readonly<Record<string, string>> = {
  exact: 'Exact',
  measured: 'Measured',
  estimated: 'Estimated',
};
const AXIS_WIDTH = 300;
/** Room for half a label at both ends. */
const AXIS_MARGIN = 16;
const TICKS = 5;
/** Ticks that are closer to each other than two digits can tell have three. */
const CLOSEST_OF_TWO_DIGITS = 0.0099;
const THUMBNAIL = 40;
const SHOWN_IMAGES = 3;

export interface BillTableProps {
  readonly diagnosis: DiagnosisView;
  readonly bill: Bill<CauseView>;
  readonly chosen: RowKey | null;
  readonly onChoose: (row: RowKey) => void;
}

export function BillTable({ diagnosis, bill, chosen, onChoose }: BillTableProps): ReactNode {
  const x = scaleLinear(bill.domain, [AXIS_MARGIN, AXIS_WIDTH - AXIS_MARGIN]);
  const { priced, unpriced } = bill;
  const isWhole = diagnosis.pending.length === 0;
  return (
    <table
      className="bill"
      onPointerEnter={() => pointAtBill(true)}
      onPointerLeave={() => pointAtBill(false)}
    >
      <thead>
        <tr>
          <th>Cause, largest share first</th>
          <th className="axis">
            <span className="visually-hidden">From the score now</span>
            <Axis x={x} />
          </th>
          <th className="number">Share of {diagnosis.metric}</th>
          <th>Price is</th>
          <th className="shown-by-column">Shown by</th>
        </tr>
      </thead>
      <tbody>
        <tr className="total">
          <th scope="row">Score now</th>
          <td className="axis">
            <Total x={x} at={bill.now} />
          </td>
          <td className="number" />
          <td colSpan={2} />
        </tr>
        {priced.map(({ key, cause, bar, share }) => (
          <tr key={key} aria-selected={key === chosen} onClick={() => onChoose(key)}>
            <th scope="row">
              <CauseName cause={cause} onChoose={() => onChoose(key)} />
            </th>
            <td className="axis">
              <Bar x={x} bar={bar} cause={cause} />
            </td>
            <td className="number">
              <b>{difference(share, 3)}</b>
              <small>alone {difference(cause.gain, 3)}</small>
            </td>
            <td>
              <Sure confidence={cause.confidence} />
              {!isWhole && <small>provisional</small>}
            </td>
            <td className="shown-by-column">
              <ShownBy cause={cause} />
            </td>
          </tr>
        ))}
        <tr className="total">
          <th scope="row">{isWhole ? 'After all repairs' : 'After these repairs'}</th>
          <td className="axis">
            <Total x={x} at={bill.after} />
          </td>
          <td className="number">
            <b>{difference(bill.after - bill.now, 3)}</b>
          </td>
          <td colSpan={2} className="quiet">
            {diagnosis.unexplained === null
              ? ''
              : `Unexplained: ${scoreText(diagnosis.unexplained)} up to the score on the training images`}
          </td>
        </tr>
        {unpriced.map(({ key, cause }) => (
          <tr key={key} aria-selected={key === chosen} onClick={() => onChoose(key)}>
            <th scope="row">
              <CauseName cause={cause} onChoose={() => onChoose(key)} />
            </th>
            <td className="axis" />
            <td className="number quiet">{isWhole || !cause.repair ? 'no price' : 'price to come'}</td>
            <td>{!isWhole && <small>provisional</small>}</td>
            <td className="shown-by-column">
              <ShownBy cause={cause} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function CauseName({
  cause,
  onChoose,
}: {
  readonly cause: CauseView;
  readonly onChoose: () => void;
}): ReactNode {
  return (
    <button type="button" className="cause-name" onClick={onChoose}>
      {cause.title}
      <small>{cause.action}</small>
    </button>
  );
}

/** Filled: scored again; ruled: the model ran again; outlined: a bound. */
export function Sure({ confidence }: Pick<CauseView, 'confidence'>): ReactNode {
  if (confidence === null) return null;
  return (
    <span className="sure">
      <svg width="14" height="10" aria-hidden="true">
        <rect x="0.5" y="0.5" width="13" height="9" rx="2" className={`price ${confidence}`} />
      </svg>
      {SURE[confidence]}
    </span>
  );
}

type Scale = ScaleLinear<number, number>;

function Axis({ x }: { readonly x: Scale }): ReactNode {
  const ticks = x.ticks(TICKS);
  const [first = 0, second = 1] = ticks;
  const digits = second - first < CLOSEST_OF_TWO_DIGITS ? 3 : 2;
  return (
    <svg width={AXIS_WIDTH} height={18} aria-hidden="true">
      {ticks.map((tick) => (
        <text key={tick} x={x(tick)} y={13} textAnchor="middle">
          {tick.toFixed(digits)}
        </text>
      ))}
    </svg>
  );
}

function Lines({ x }: { readonly x: Scale }): ReactNode {
  return x
    .ticks(TICKS)
    .map((tick) => <line key={tick} className="grid" x1={x(tick)} x2={x(tick)} y1="0" y2="100%" />);
}

function Total({ x, at }: { readonly x: Scale; readonly at: number }): ReactNode {
  const isRight = x(at) > AXIS_WIDTH - 60;
  return (
    <svg width={AXIS_WIDTH} role="img" aria-label={scoreText(at)}>
      <Lines x={x} />
      <svg className="middle" y="50%">
        <rect className="tick" x={x(at) - 1} y={-10} width={2} height={20} />
        <text x={x(at) + (isRight ? -8 : 8)} y={4} textAnchor={isRight ? 'end' : 'start'}>
          {scoreText(at)}
        </text>
      </svg>
    </svg>
  );
}

function Bar({
  x,
  bar,
  cause,
}: {
  readonly x: Scale;
  readonly bar: BillBar;
  readonly cause: CauseView;
}): ReactNode {
  const [left, right] = [Math.min(x(bar.from), x(bar.to)), Math.max(x(bar.from), x(bar.to))];
  return (
    <svg width={AXIS_WIDTH} role="img" aria-label={`from ${scoreText(bar.from)} to ${scoreText(bar.to)}`}>
      <defs>
        <pattern id="ruled" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="2" height="4" className="rule" />
        </pattern>
      </defs>
      <Lines x={x} />
      <line className="join" x1={x(bar.from)} x2={x(bar.from)} y1="0" y2="50%" />
      <line className="join" x1={x(bar.to)} x2={x(bar.to)} y1="50%" y2="100%" />
      <svg className="middle" y="50%">
        <rect
          className={`price ${cause.confidence ?? 'exact'}`}
          x={left}
          y={-8}
          width={Math.max(2, right - left)}
          height={16}
        />
      </svg>
    </svg>
  );
}

function ShownBy({ cause }: { readonly cause: CauseView }): ReactNode {
  const { images, evidence } = cause;
  if (images.length === 0) return null;
  const all = typeof evidence.images === 'number' ? evidence.images : images.length;
  return (
    <span className="shown-by">
      {images.slice(0, SHOWN_IMAGES).map((image) => (
        <CauseThumbnail key={image} image={image} size={THUMBNAIL} />
      ))}
      {all}
    </span>
  );
}
