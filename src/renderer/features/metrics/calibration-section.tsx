/** Whether confidences mean what they say. */
import { scaleLinear } from 'd3-scale';
import type { ReactNode } from 'react';
import { useState, useRef } from 'react';
import type { MetricsAnalysis, PointIntervals } from '../../../contract/metrics-view';
import type { CalibrationBin } from '../../../core/metrics/analysis/calibration';
import { count, interval, score } from '../../ui/number-text';
import { Segmented } from '../../ui/segmented';
import { useWidth } from '../gallery/use-width';
import { BoxesButton } from '../scores/boxes-button';
import type { Wanted } from '../scores/open-boxes';
import { FALSE_OUTCOMES, openBoxes } from '../scores/open-boxes';
import { calibrationReading } from './reading';
import { Section } from './section';

const HEIGHT = 212;
const MARGIN = { top: 22, right: 8, bottom: 34, left: 38 };
const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** The predictions of a bin: all of them, whatever the operating point. */
function wantedOf(bin: number, bins: number): Wanted {
  // A bin holds its lower edge and not its upper; the gallery's range has both.
  const high = bin + 1 === bins ? 1 : (bin + 1) / bins - 1e-9;
  return {
    outcomes: [...FALSE_OUTCOMES, 'true-positive'],
    confidence: [bin / bins, high],
    score: bin / bins,
    behind: { of: 'predictions' },
  };
}

interface CalibrationSectionProps {
  readonly analysis: MetricsAnalysis | null;
  readonly intervals: PointIntervals | null;
}

export function CalibrationSection({ analysis, intervals }: CalibrationSectionProps): ReactNode {
  const [isTable, setIsTable] = useState(false);
  if (!analysis) return null;
  const { bins, error } = analysis.calibration;
  const ends = interval(intervals?.calibrationError);
  return (
    <Section
      title="Calibration"
      caption={`IoU ${analysis.point.iou.toFixed(2)}, all confidences`}
      tools={
        <Segmented
          label="Show calibration as"
          value={isTable ? 'table' : 'chart'}
          options={[
            { value: 'chart', label: 'Chart' },
            { value: 'table', label: 'Table' },
          ]}
          onChange={(next) => setIsTable(next === 'table')}
        />
      }
    >
      {isTable ? <BinTable bins={bins} /> : <BinChart bins={bins} />}
      <p className="caption-12">
        Expected calibration error <b>{score(error)}</b>
        {ends && <span className="quiet"> {ends}</span>}.{' '}
        <span className="quiet">{calibrationReading(bins)}</span>
      </p>
    </Section>
  );
}

function BinChart({ bins }: { readonly bins: readonly CalibrationBin[] }): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const x = scaleLinear([0, 1], [MARGIN.left, Math.max(MARGIN.left + 1, width - MARGIN.right)]);
  const y = scaleLinear([0, 1], [HEIGHT - MARGIN.bottom, MARGIN.top]);
  return (
    <div ref={place}>
      <svg
        className="chart"
        height={HEIGHT}
        role="group"
        aria-label="Share of predictions that are right, by confidence"
      >
        <g aria-hidden="true">
          {TICKS.map((tick) => (
            <g key={tick}>
              <line className={tick === 0 ? 'axis' : 'grid'} x1={x(0)} x2={x(1)} y1={y(tick)} y2={y(tick)} />
              <text x={x(0) - 6} y={y(tick)} dy="0.35em" textAnchor="end">
                {tick.toFixed(2)}
              </text>
              <text x={x(tick)} y={y(0) + 15} textAnchor="middle">
                {tick.toFixed(2)}
              </text>
            </g>
          ))}
          <text x={x(1)} y={y(0) + 29} textAnchor="end">
            confidence
          </text>
          <text x={0} y={y(1) - 12}>
            share that is right
          </text>
        </g>
        {bins.map((bin, index) => (
          <Bin key={index} bin={bin} index={index} bins={bins.length} x={x} y={y} />
        ))}
        <line
          className="axis"
          x1={x(0)}
          y1={y(0)}
          x2={x(1)}
          y2={y(1)}
          strokeDasharray="4 3"
          aria-hidden="true"
        />
      </svg>
    </div>
  );
}

interface BinProps {
  readonly bin: CalibrationBin;
  readonly index: number;
  readonly bins: number;
  readonly x: (share: number) => number;
  readonly y: (share: number) => number;
}

function Bin({ bin, index, bins, x, y }: BinProps): ReactNode {
  if (bin.count === 0 || bin.precision === null || bin.confidence === null) return null;
  const left = x(index / bins) + 1.5;
  const width = Math.max(1, x((index + 1) / bins) - x(index / bins) - 3);
  const open = () => openBoxes(wantedOf(index, bins));
  const words = `Confidence ${(index / bins).toFixed(1)} to ${((index + 1) / bins).toFixed(1)}: ${score(bin.precision)} right of ${count(bin.count)} predictions, mean confidence ${score(bin.confidence)}`;
  return (
    <g
      role="button"
      tabIndex={0}
      aria-label={`${words}. Open them`}
      onClick={open}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        event.stopPropagation();
        open();
      }}
    >
      <title>{words}</title>
      <rect
        className="pale-bar"
        x={left}
        width={width}
        y={y(bin.precision)}
        height={y(0) - y(bin.precision)}
      />
      <line className="whisker" x1={left} x2={left + width} y1={y(bin.confidence)} y2={y(bin.confidence)} />
      <rect className="hit" x={left} width={width} y={y(1)} height={y(0) - y(1)} />
    </g>
  );
}

function BinTable({ bins }: { readonly bins: readonly CalibrationBin[] }): ReactNode {
  return (
    <table className="figures">
      <thead>
        <tr>
          <th scope="col">Confidence</th>
          <th scope="col" className="number">
            Predictions
          </th>
          <th scope="col" className="number">
            Mean confidence
          </th>
          <th scope="col" className="number">
            Right
          </th>
        </tr>
      </thead>
      <tbody>
        {bins.map((bin, index) => (
          <tr key={index}>
            <th scope="row">
              {(index / bins.length).toFixed(1)} to {((index + 1) / bins.length).toFixed(1)}
            </th>
            <td className="number">
              <BoxesButton label="these predictions" wanted={wantedOf(index, bins.length)}>
                {count(bin.count)}
              </BoxesButton>
            </td>
            <td className="number">{score(bin.confidence)}</td>
            <td className="number">{score(bin.precision)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
