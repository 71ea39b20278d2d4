/** The training doctor: curves of a training, what went wrong in it, and the lines that mend it. */
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import type { TrainingsView, TrainingView } from '../../../contract/training-view';
import { ActionButton } from '../../app/action-button';
import { useAction } from '../../app/use-action';
import { app } from '../../state/app-client';
import { useSession } from '../../state/session';
import { counted } from '../../ui/counted';
import { count, difference } from '../../ui/number-text';
import { Select } from '../../ui/select';
import { EvaluationsTable } from './evaluations-table';
import { ScheduleChoice } from './schedule-choice';
import { TrainingFindings } from './training-findings';
import type { Alternative } from './training-plots';
import { TrainingPlots } from './training-plots';
import { evaluationAt, evaluationsOf, readTrainings, useTraining } from './training-state';
import { TrainingsTable } from './trainings-table';
import './training.css';

const SOURCES: Readonly<Record<string, string>> = {
  'event-files': 'event files',
  'keras-history': 'a history',
  ultralytics: 'results.csv',
  table: 'a table',
};

export function TrainingPage(): ReactNode {
  const path = useSession((session) => session.project?.path ?? null);
  const project = useTraining((state) => state.project);
  const view = useTraining((state) => state.view);
  const isReading = useTraining((state) => state.isReading);
  useEffect(() => {
    if (path !== null && path !== project) {
      useTraining.setState({ view: null });
      void readTrainings(null);
    }
  }, [path, project]);
  if (view === null || project !== path) return isReading ? <Reading /> : <NoTraining />;
  return <Trainings view={view} />;
}

function Reading(): ReactNode {
  return <div className="empty">Reading the logs …</div>;
}

function NoTraining(): ReactNode {
  return (
    <div className="empty">
      <h2>No training has been read</h2>
      <p>
        Choose the folder that a training wrote its logs to: TensorBoard’s event files, Keras’ or Ultralytics’
        history, a pipeline.config. It is only read.
      </p>
      <ActionButton action="training.open" isPrimary>
        Choose the folder of the logs
      </ActionButton>
    </div>
  );
}

function Trainings({ view }: { readonly view: TrainingsView }): ReactNode {
  const chosen = useTraining((state) => state.chosen);
  const training = view.trainings[chosen] ?? view.trainings[0]!;
  useTrainingActions(training);
  return (
    <div className="training">
      <div className="training-main" data-pane>
        <header className="row">
          <h1>Training</h1>
          {view.trainings.length > 1 && (
            <Select
              label="Training"
              value={chosen}
              options={view.trainings.map(({ name }, value) => ({ value, label: name }))}
              onChange={(next) => useTraining.setState({ chosen: next, evaluation: null })}
            />
          )}
          <span className="quiet">{described(training)}</span>
          <span className="grow" />
          <ActionButton action="training.open">Other logs</ActionButton>
        </header>
        <Verdict training={training} />
        {view.findings.map(({ message, where }) => (
          <p key={message + (where.file ?? '')} className="quiet">
            {message} {where.file}
          </p>
        ))}
        <Course key={training.name} training={training} />
        {view.trainings.length > 1 && <TrainingsTable comparison={view.comparison} />}
      </div>
      <TrainingFindings training={training} />
    </div>
  );
}

/** The answer first, in a sentence; the findings say more. */
function Verdict({ training: { causes } }: { readonly training: TrainingView }): ReactNode {
  const [first, ...others] = causes;
  if (!first) return <p className="answer">No fault of this training was found.</p>;
  const gain = first.gain === null ? '' : `, ${difference(first.gain, 3)}`;
  return (
    <p className="answer">
      <b>{first.title}</b>
      {gain}
      {others.length > 0 ? `; ${counted(others.length, 'more finding')}.` : '.'}
    </p>
  );
}

function Course({ training }: { readonly training: TrainingView }): ReactNode {
  const [alternative, setAlternative] = useState<Alternative | null>(null);
  return (
    <>
      <TrainingPlots training={training} alternative={alternative} risesFrom={risesFrom(training)} />
      <ScheduleChoice training={training} onChange={setAlternative} />
      <EvaluationsTable training={training} />
    </>
  );
}

function useTrainingActions(training: TrainingView): void {
  const { correctedConfig } = training;
  const move = (by: number) => {
    const at = evaluationAt(training, useTraining.getState().evaluation);
    const last = evaluationsOf(training).length - 1;
    useTraining.setState({ evaluation: Math.min(last, Math.max(0, at + by)) });
  };
  const hasEvaluations = evaluationsOf(training).length > 0;
  useAction('training.nextEvaluation', () => move(1), hasEvaluations);
  useAction('training.previousEvaluation', () => move(-1), hasEvaluations);
  useAction('training.scale', () =>
    useTraining.setState(({ isLogarithmic }) => ({ isLogarithmic: !isLogarithmic })),
  );
  useAction(
    'training.copyConfig',
    async () => {
      await app('clipboard.write', { text: correctedConfig! });
      useSession.getState().showToast('The corrected configuration is on the clipboard.');
    },
    correctedConfig !== null,
  );
}

function described({ steps, unit, batchSize, evaluations, source, configFile }: TrainingView): string {
  const parts = [
    steps === null ? null : `${count(steps)} ${unit}s`,
    batchSize === null ? null : `batch ${batchSize}`,
    evaluations > 0 ? `${evaluations} evaluations` : null,
  ].filter(Boolean);
  const files = [source && SOURCES[source], configFile && 'pipeline.config'].filter(Boolean).join(' and ');
  return `${parts.join(', ')}; ${files}`;
}

function risesFrom({ causes, validationLoss }: TrainingView): number | null {
  if (!validationLoss || !causes.some(({ code }) => code === 'overfitting')) return null;
  const values = validationLoss.value.filter((value) => value !== null);
  return validationLoss.step[validationLoss.value.indexOf(Math.min(...values))] ?? null;
}
