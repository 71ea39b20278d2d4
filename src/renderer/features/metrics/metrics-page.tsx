/** The scores of one run: protocols side by side, classes, errors; curves and what they mean at the right. */
import type { ReactNode } from 'react';
import { useSession } from '../../state/session';
import { count, score } from '../../ui/number-text';
import { PartDialog } from '../scores/part-dialog';
import { PartStrip } from '../scores/part-strip';
import { useScores } from '../scores/scores-state';
import { useScoresActions } from '../scores/use-scores-actions';
import { NoRun } from '../start/no-run';
import { CalibrationSection } from './calibration-section';
import { ClassesSection } from './classes-section';
import { ConfusionMatrix } from './confusion-section';
import { CurvesSection } from './curves-section';
import { ErrorBars } from './errors-section';
import './metrics.css';
import { NumbersSection } from './numbers-section';
import { PointSection } from './point-section';
import { ProtocolsSection } from './protocols-section';
import { reading } from './reading';
import { Section } from './section';
import { SlicesSection } from './slices-section';
import { useShownColumns } from './use-columns';
import { useAnalysis, useErrorIntervals, useErrors, usePointIntervals } from './use-metrics';

export function MetricsPage(): ReactNode {
  const run = useSession((session) => session.run);
  const isChoosing = useScores((state) => state.isChoosingPart);
  const change = useScores((state) => state.change);
  useScoresActions();
  if (run === null) return <NoRun title="No predictions yet" reason="Scores appear with the first run." />;
  return (
    <>
      <Scores />
      {isChoosing && <PartDialog onClose={() => change({ isChoosingPart: false })} />}
    </>
  );
}

function Scores(): ReactNode {
  const { shown, own } = useShownColumns();
  const analysis = useAnalysis();
  const answers = usePointIntervals();
  const errors = useErrors();
  const errorIntervals = useErrorIntervals();
  const intervals = answers.isOld ? null : answers.value;
  const value = analysis.value;
  return (
    <div className="scores-page">
      <PartStrip scored={value?.scored ?? null} error={analysis.error} />
      <div className="metrics">
        <div className="metrics-column" data-pane>
          <ProtocolsSection columns={shown} />
          <NumbersSection own={own} />
          <ClassesSection own={own} analysis={analysis} pointIntervals={intervals} />
          <section className="metrics-section" aria-label="Errors">
            <div className="two-columns">
              <ConfusionMatrix analysis={analysis} />
              <ErrorBars
                errors={errors}
                intervals={errorIntervals.isOld ? null : errorIntervals.value}
                analysis={value}
              />
            </div>
          </section>
          <SlicesSection analysis={analysis} intervals={intervals} />
        </div>
        <div className="metrics-column" data-pane>
          <CurvesSection analysis={value} />
          <PointSection analysis={analysis} intervals={intervals} />
          <Section title="Reading it">
            <div className="reading">
              <p>{reading(value, own.column?.metrics ?? {}, errors.value).join(' ')}</p>
              <p className="quiet">
                {own.intervals?.smallestDifference
                  ? `Smallest difference these ${count(own.intervals.images)} images can show: ${score(own.intervals.smallestDifference)}, half the width of the 95 % interval (${count(own.intervals.resamples)} resamples).`
                  : 'The smallest difference that these images can show is being computed.'}
              </p>
            </div>
          </Section>
          <CalibrationSection analysis={value} intervals={intervals} />
        </div>
      </div>
    </div>
  );
}
