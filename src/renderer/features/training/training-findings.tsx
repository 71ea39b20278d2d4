/** What the doctor found in a training: each with its price, what to do, and the lines that do it. */
import { CircleAlert, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import type { TrainingCauseView, TrainingView } from '../../../contract/training-view';
import { ActionButton } from '../../app/action-button';
import { count, difference, seconds } from '../../ui/number-text';
import { shortNumber } from './training-plots';

const SURE: Readonly<Record<string, string>> = {
  exact: 'Exact',
  measured: 'As logged',
  estimated: 'Estimated',
};

export function TrainingFindings({ training }: { readonly training: TrainingView }): ReactNode {
  const { causes, checksPassed, correctedConfig } = training;
  return (
    <aside className="training-findings" data-pane aria-label="Findings">
      <header className="row">
        <h2>
          {causes.length === 0 ? 'No findings' : `${causes.length} finding${causes.length === 1 ? '' : 's'}`}
        </h2>
        <span className="quiet">{checksPassed} checks passed</span>
        <span className="grow" />
        {correctedConfig !== null && (
          <ActionButton action="training.copyConfig">Copy corrected config</ActionButton>
        )}
      </header>
      {causes.length === 0 && (
        <p className="quiet">
          Nothing in the curves{training.configFile === null ? '' : ' or the configuration'} is known to cost
          score. That is no proof that nothing could be gained.
        </p>
      )}
      <ol>
        {causes.map((cause, index) => (
          <Cause key={cause.code} cause={cause} isFirst={index === 0} />
        ))}
      </ol>
      <Pace training={training} />
    </aside>
  );
}

function Cause({
  cause,
  isFirst,
}: {
  readonly cause: TrainingCauseView;
  readonly isFirst: boolean;
}): ReactNode {
  const { title, action, gain, interval, confidence, configLines } = cause;
  const Icon = isFirst ? CircleAlert : TriangleAlert;
  return (
    <li className="training-cause">
      <div className="row">
        <Icon size={16} className={isFirst ? 'bad' : 'quiet-icon'} aria-hidden="true" />
        <h3 className="grow">{title}</h3>
        <span className="number">
          {gain === null ? <span className="quiet">no price</span> : <b>{difference(gain, 3)}</b>}
          {confidence !== null && <span className="quiet"> {SURE[confidence]}</span>}
        </span>
      </div>
      {interval && (
        <p className="quiet">
          {difference(interval[0], 3)} to {difference(interval[1], 3)}
        </p>
      )}
      <p>{action}</p>
      {configLines.length > 0 && (
        <pre className="config-lines">
          {configLines.map((line, index) => (
            <span key={index} className={line.startsWith('-') ? 'gone' : 'new'}>
              {line[0]} {line.slice(1)}
              {'\n'}
            </span>
          ))}
        </pre>
      )}
    </li>
  );
}

function Pace({ training: { throughput, unit } }: { readonly training: TrainingView }): ReactNode {
  if (!throughput) return null;
  const { stepsPerSecond, pauses, slow } = throughput;
  const paused = pauses.reduce((sum, one) => sum + one.seconds, 0);
  return (
    <section>
      <h3>Pace</h3>
      <p>
        {shortNumber(stepsPerSecond)} {unit}s a second, {seconds(throughput.seconds)} in all.
        {pauses.length > 0 && ` It stood still ${pauses.length} times, ${seconds(paused)} together.`}
        {slow.length > 0 &&
          ` From ${unit} ${count(slow[0]!.fromStep)} to ${count(slow[0]!.toStep)} it went at less than half its pace: images were read too slowly, or the machine had other work.`}
      </p>
    </section>
  );
}
