/** TIDE's bars: what mending each type of error would add to the AP. */
import { scaleLinear } from 'd3-scale';
import type { ReactNode } from 'react';
import type { TileOutcome } from '../../../contract/view-types';
import type { MetricsAnalysis, TideErrors } from '../../../contract/metrics-view';
import type { Interval } from '../../../core/metrics/bootstrap/intervals';
import type { TideBar } from '../../../core/metrics/tide/tide-errors';
import { TIDE_BAR_NAMES } from '../../../core/metrics/tide/tide-errors';
import { count, difference, differenceInterval, score } from '../../ui/number-text';
import { OutcomeGlyph } from '../../ui/outcome-glyph';
import { BoxesButton } from '../scores/boxes-button';
import type { Wanted } from '../scores/open-boxes';
import { COUNTED_OUTCOMES, FALSE_OUTCOMES } from '../scores/open-boxes';
import type { Answer } from '../scores/use-answer';
import { Whiskers } from './interval-bar';

/** How an error looks on its image; TIDE's `Both` has no sign of its own. */
const OUTCOME_OF: Readonly<Record<TideBar, TileOutcome | null>> = {
  Cls: 'wrong-class',
  Loc: 'loose-box',
  Both: null,
  Dupe: 'duplicate',
  Bkg: 'false-positive',
  Miss: 'miss',
};
const COLOURS: Readonly<Record<TideBar, string>> = {
  Cls: 'var(--outcome-wrong-class)',
  Loc: 'var(--outcome-loose)',
  Both: 'var(--chart-exact)',
  Dupe: 'var(--outcome-duplicate)',
  Bkg: 'var(--outcome-false-positive)',
  Miss: 'var(--outcome-miss)',
};

interface ErrorsProps {
  readonly errors: Answer<TideErrors>;
  readonly intervals: Readonly<Record<string, Interval | null>> | null;
  readonly analysis: MetricsAnalysis | null;
}

const gainText = (gain: number | null): string =>
  gain === null ? '–' : gain > 0 && gain < 0.001 ? '< 0.001' : gain === 0 ? '0' : difference(gain, 3);

export function ErrorBars({ errors, intervals, analysis }: ErrorsProps): ReactNode {
  const { value, isOld } = errors;
  if (!value) return <div className="quiet caption-12">Error types are being computed.</div>;
  const most = Math.max(
    0.01,
    ...value.bars.map(({ name, gain }) => intervals?.[name]?.[1] ?? gain ?? 0),
    intervals?.['FalsePos']?.[1] ?? value.falsePositives ?? 0,
    intervals?.['FalseNeg']?.[1] ?? value.misses ?? 0,
  );
  return (
    <div>
      <div className="section-head">
        <h2>What each error type costs</h2>
        <span className="quiet caption-12">TIDE on COCO’s matching, AP50 {score(value.value)}</span>
      </div>
      <table className="tide" data-old={isOld}>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">Sign</span>
            </th>
            <th scope="col">Error type</th>
            <th scope="col">
              <span className="visually-hidden">Bar</span>
            </th>
            <th scope="col" className="number">
              gain of AP50
            </th>
            <th scope="col" className="number" title="At the operating point">
              errors
            </th>
          </tr>
        </thead>
        <tbody>
          {value.bars.map(({ name, gain }) => (
            <Bar
              key={name}
              name={name}
              gain={gain}
              ends={intervals?.[name]}
              most={most}
              number={analysis?.errors[name] ?? null}
            />
          ))}
          <Total
            name="All false positives"
            gain={value.falsePositives}
            ends={intervals?.['FalsePos']}
            most={most}
            wanted={{ outcomes: FALSE_OUTCOMES, behind: { of: 'predictions' } }}
          />
          <Total
            name="All misses"
            gain={value.misses}
            ends={intervals?.['FalseNeg']}
            most={most}
            wanted={{ outcomes: ['miss'], behind: { of: 'annotations' } }}
          />
        </tbody>
      </table>
      <p className="quiet caption-12">
        The bars do not add up to what is missing: each mends one type alone, precision hides behind the best
        error that is left, and one object can be behind a loose box and a wrong class at once.
      </p>
    </div>
  );
}

interface BarProps {
  readonly gain: number | null;
  readonly ends: Interval | null | undefined;
  readonly most: number;
}

function Bar({
  name,
  gain,
  ends,
  most,
  number,
}: BarProps & { readonly name: TideBar; readonly number: number | null }): ReactNode {
  const outcome = OUTCOME_OF[name];
  return (
    <tr>
      <td>{outcome && <OutcomeGlyph outcome={outcome} />}</td>
      <th scope="row">{TIDE_BAR_NAMES[name]}</th>
      <td className="bar-cell">
        <BarPicture gain={gain} ends={ends} most={most} fill={COLOURS[name]} />
      </td>
      <td className="number" title={differenceInterval(ends)}>
        <b className="fresh">
          <Gain
            gain={gain}
            label="the errors of this type at the operating point"
            wanted={{ outcomes: COUNTED_OUTCOMES, behind: { error: name } }}
          />
        </b>
        {ends && <span className="visually-hidden"> interval {differenceInterval(ends)}</span>}
      </td>
      <td className="number">
        {number !== null && (
          <BoxesButton
            label={`the ${number} errors of this type at the operating point`}
            wanted={{ outcomes: COUNTED_OUTCOMES, behind: { error: name } }}
          >
            {count(number)}
          </BoxesButton>
        )}
      </td>
    </tr>
  );
}

interface TotalProps extends BarProps {
  readonly name: string;
  readonly wanted: Wanted;
}

function Total({ name, gain, ends, most, wanted }: TotalProps): ReactNode {
  return (
    <tr>
      <td />
      <th scope="row" className="quiet">
        {name}
      </th>
      <td className="bar-cell">
        <BarPicture gain={gain} ends={ends} most={most} fill={null} />
      </td>
      <td className="number" title={differenceInterval(ends)}>
        <span className="fresh">
          <Gain gain={gain} label={`${name.replace('All', 'all')} at the operating point`} wanted={wanted} />
        </span>
      </td>
      <td />
    </tr>
  );
}

/** What mending an error would add; it opens the boxes that would be mended. */
function Gain({
  gain,
  label,
  wanted,
}: {
  readonly gain: number | null;
  readonly label: string;
  readonly wanted: Wanted;
}): ReactNode {
  if (gain === null) return gainText(gain);
  return (
    <BoxesButton label={label} wanted={wanted}>
      {gainText(gain)}
    </BoxesButton>
  );
}

/** `fill` null: outlined. */
function BarPicture({ gain, ends, most, fill }: BarProps & { readonly fill: string | null }): ReactNode {
  const x = scaleLinear([0, most], [0, 100]).clamp(true);
  const width = `${x(Math.max(0, gain ?? 0))}%`;
  return (
    <svg className="chart" aria-hidden="true">
      <rect
        x="0"
        y="12%"
        width={width}
        height="76%"
        style={fill === null ? { fill: 'none', stroke: 'var(--chart-exact)' } : { fill }}
      />
      {ends && <Whiskers from={`${x(ends[0])}%`} to={`${x(ends[1])}%`} />}
    </svg>
  );
}
