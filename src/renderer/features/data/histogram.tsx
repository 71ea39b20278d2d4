/** One measure: both sets in the same bins, and how much of what lies in each the model finds. */
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { ReactNode } from 'react';
import { useRef } from 'react';
import type { MeasureProfile } from '../../../core/diagnosis/data/profile/profile';
import type { Resizer } from '../../../core/training/pipeline-config';
import { useWidth } from '../gallery/use-width';
import { count, score } from '../../ui/number-text';
import { binWords, comparisonWords, MEASURE_TITLES, percent, shortNumber } from './data-words';
import { openBehind, rangeOfBin, resizerFor } from './open-behind';
import { useRoving } from './use-roving';

const LEFT = 4;
const BARS = { top: 6, bottom: 96 };
/** The strip of recall, where something was predicted. */
const RECALL = { top: 118, bottom: 150 };
/** Room that the label of an edge takes. */
const LABEL = 44;

export interface HistogramProps {
  readonly profile: MeasureProfile;
  readonly resizer: Resizer | null;
  /** The training set's images are in the project. */
  readonly opensTraining: boolean;
}

const shareOf = (counts: readonly number[]): number[] => {
  const all = counts.reduce((sum, own) => sum + own, 0);
  return counts.map((own) => (all === 0 ? 0 : own / all));
};

export function Histogram({ profile, resizer, opensTraining }: HistogramProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const { key, of, bins, evaluation, training, recall, measure, comparison } = profile;
  const binCount = bins.edges.length - 1;
  const shares = shareOf(evaluation);
  const before = training && shareOf(training);
  const most = Math.max(...shares, ...(before ?? []), 1e-9);
  const x = scaleLinear([0, binCount], [LEFT, Math.max(LEFT + 1, width - LEFT)]);
  const y = scaleLinear([0, most], [BARS.bottom, BARS.top]);
  const bottom = recall ? RECALL.bottom : BARS.bottom;
  const open = (bin: number, isTraining: boolean) =>
    openBehind({
      set: isTraining && opensTraining ? 'training' : 'evaluation',
      ranges: [rangeOfBin(profile, bin)],
      resizer: resizerFor(key, resizer),
      words: `${MEASURE_TITLES[key]} ${binWords(profile, bin)}`,
    });
  const { mark } = useRoving(binCount, binCount, open);
  const title = MEASURE_TITLES[key];
  return (
    <figure className="data-chart" data-differs={comparison?.isDifferent === true}>
      <figcaption>
        <b>{title}</b> <span className="quiet">{measure}</span>
        {binCount === 1 && <span className="data-comparison">the same for all {of}</span>}
        <span className="data-comparison">
          {comparisonWords(profile) || `median ${shortNumber(profile.median)}`}
        </span>
      </figcaption>
      <div ref={place}>
        {binCount > 1 && (
          <svg
            className="chart"
            height={bottom + 20}
            role="group"
            aria-label={`${title}, ${of} by ${measure}`}
          >
            <line
              className="axis"
              x1={x(0)}
              x2={x(binCount)}
              y1={BARS.bottom}
              y2={BARS.bottom}
              aria-hidden="true"
            />
            {shares.map((share, bin) => (
              <rect
                key={bin}
                className="pale-bar"
                x={x(bin) + 1}
                width={Math.max(1, x(bin + 1) - x(bin) - 2)}
                y={y(share)}
                height={BARS.bottom - y(share)}
                aria-hidden="true"
              />
            ))}
            {before && <path className="training-outline" d={outline(before, x, y)} aria-hidden="true" />}
            {recall && <RecallStrip recall={recall} x={x} />}
            <EdgeLabels edges={bins.edges} x={x} at={bottom + 15} />
            {shares.map((share, bin) => (
              <g
                key={bin}
                role="button"
                aria-label={`${title} ${binWords(profile, bin)}: ${barWords(profile, bin, share, before)}. Open the images`}
                onClick={(event) => open(bin, event.shiftKey)}
                {...mark(bin)}
              >
                <title>
                  {`${binWords(profile, bin)}: ${barWords(profile, bin, share, before)}${opensTraining ? ' (Shift: images of training)' : ''}`}
                </title>
                <rect className="hit" x={x(bin)} width={x(bin + 1) - x(bin)} y={0} height={bottom} />
              </g>
            ))}
          </svg>
        )}
      </div>
    </figure>
  );
}

function barWords(
  { evaluation, of, recall }: MeasureProfile,
  bin: number,
  share: number,
  before: readonly number[] | null,
): string {
  const found = recall?.[bin];
  return [
    `${count(evaluation[bin]!)} ${of}, ${percent(share)}`,
    before ? `in training ${percent(before[bin]!)}` : '',
    found === null || found === undefined ? '' : `recall ${score(found)}`,
  ]
    .filter(Boolean)
    .join('; ');
}

type Scale = (value: number) => number;

/** Steps along the tops of the bars. */
function outline(shares: readonly number[], x: Scale, y: Scale): string {
  const tops = shares.flatMap((share, bin) => [`L${x(bin)},${y(share)}`, `L${x(bin + 1)},${y(share)}`]);
  return `M${x(0)},${y(0)}${tops.join('')}L${x(shares.length)},${y(0)}`;
}

function RecallStrip({
  recall,
  x,
}: {
  readonly recall: readonly (number | null)[];
  readonly x: Scale;
}): ReactNode {
  const y = scaleLinear([0, 1], [RECALL.bottom, RECALL.top]);
  const bins = [...recall.keys()];
  const path = line<number>(
    (bin) => x(bin + 0.5),
    (bin) => y(recall[bin]!),
  ).defined((bin) => recall[bin] !== null);
  return (
    <g aria-hidden="true">
      <text x={x(0)} y={RECALL.top - 4}>
        recall, 0 to 1
      </text>
      {[0, 1].map((tick) => (
        <line key={tick} className="grid" x1={x(0)} x2={x(recall.length)} y1={y(tick)} y2={y(tick)} />
      ))}
      <path className="recall-line" d={path(bins) ?? ''} />
      {bins.map((bin) =>
        recall[bin] === null ? null : (
          <circle key={bin} className="recall-dot" cx={x(bin + 0.5)} cy={y(recall[bin]!)} r={2.5} />
        ),
      )}
    </g>
  );
}

/** As many edges as there is room for. */
function EdgeLabels({
  edges,
  x,
  at,
}: {
  readonly edges: readonly number[];
  readonly x: Scale;
  readonly at: number;
}): ReactNode {
  const every = Math.max(1, Math.ceil(LABEL / Math.max(1, x(1) - x(0))));
  return (
    <g aria-hidden="true">
      {edges.map((edge, index) =>
        index % every === 0 && index > 0 && index < edges.length - 1 ? (
          <text key={index} x={x(index)} y={at} textAnchor="middle">
            {shortNumber(edge)}
          </text>
        ) : null,
      )}
    </g>
  );
}
