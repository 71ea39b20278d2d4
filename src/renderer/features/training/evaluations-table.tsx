/** The numbers behind the plots, one row an evaluation. */
import type { ReactNode } from 'react';
import type { DrawnCurve, TrainingView } from '../../../contract/training-view';
import { count, score as scoreText } from '../../ui/number-text';
import { shortNumber } from './training-plots';
import { evaluationAt, evaluationsOf, useTraining } from './training-state';

/** The value at a step, else the last one before it. */
function valueAt(curve: DrawnCurve | null, step: number): number | null {
  const at = curve ? curve.step.findLastIndex((one) => one <= step) : -1;
  return at < 0 ? null : curve!.value[at]!;
}

const shown = (value: number | null): string => (value === null ? '–' : shortNumber(value));

export function EvaluationsTable({ training }: { readonly training: TrainingView }): ReactNode {
  const chosen = useTraining((state) => state.evaluation);
  const at = evaluationAt(training, chosen);
  const steps = evaluationsOf(training);
  if (steps.length === 0) return null;
  return (
    <details>
      <summary>Numbers at the evaluations</summary>
      <table>
        <thead>
          <tr>
            <th className="number">{training.unit === 'step' ? 'Step' : 'Epoch'}</th>
            <th className="number">Training loss</th>
            <th className="number">Validation loss</th>
            <th className="number">Learning rate</th>
            {training.scores.map(({ name }) => (
              <th key={name} className="number">
                {name.split('/').at(-1)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {steps.map((step, index) => (
            <tr key={step} aria-current={index === at ? 'true' : undefined}>
              <td className="number">{count(step)}</td>
              <td className="number">{shown(valueAt(training.smoothLoss, step))}</td>
              <td className="number">{shown(valueAt(training.validationLoss, step))}</td>
              <td className="number">{shown(valueAt(training.learningRate, step))}</td>
              {training.scores.map((curve) => (
                <td key={curve.name} className="number">
                  {scoreText(valueAt(curve, step))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
