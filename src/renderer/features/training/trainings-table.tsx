/** Several trainings side by side: what they were set to and what they reached. */
import type { ReactNode } from 'react';
import type { Parameter, TrainingComparison } from '../../../core/training/compare-trainings';
import { PARAMETERS } from '../../../core/training/compare-trainings';
import { score as scoreText } from '../../ui/number-text';
import { useTraining } from './training-state';

const HEADS: Readonly<Record<Parameter, string>> = {
  steps: 'Steps',
  batchSize: 'Batch',
  learningRate: 'Rate',
  decay: 'Schedule',
  warmUpSteps: 'Warm-up',
  optimizer: 'Optimizer',
  augmentations: 'Augmentation',
  regularisation: 'Regularisation',
  backbone: 'Backbone',
  inputSize: 'Input',
};

const ARE_NUMBERS: ReadonlySet<Parameter> = new Set(['steps', 'batchSize', 'learningRate', 'warmUpSteps']);
const classOf = (parameter: Parameter): string | undefined =>
  ARE_NUMBERS.has(parameter) ? 'number' : parameter === 'augmentations' ? 'wraps' : undefined;

export function TrainingsTable({ comparison }: { readonly comparison: TrainingComparison }): ReactNode {
  const { rows, differing, conclusion, nextTrial } = comparison;
  const chosen = useTraining((state) => state.chosen);
  const shown = PARAMETERS.filter((parameter) =>
    rows.some(({ parameters }) => parameters[parameter] !== null),
  );
  const differs = new Set(differing.map(({ parameter }) => parameter));
  return (
    <section className="trainings-table">
      <h2>All trainings</h2>
      <p>{conclusion}</p>
      {nextTrial !== null && (
        <p>
          <b>Try next:</b> {nextTrial}
        </p>
      )}
      <div className="scroll-sideways">
        <table>
          <thead>
            <tr>
              <th>Training</th>
              <th className="number">Best score</th>
              <th className="number">Last</th>
              {shown.map((parameter) => (
                <th key={parameter} className={ARE_NUMBERS.has(parameter) ? 'number' : undefined}>
                  {HEADS[parameter]}
                  {differs.has(parameter) ? ' ≠' : ''}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={row.name} aria-current={index === chosen ? 'true' : undefined}>
                <td>
                  <button
                    type="button"
                    className="link"
                    onClick={() => useTraining.setState({ chosen: index, evaluation: null })}
                  >
                    {row.name}
                  </button>
                </td>
                <td className="number">{scoreText(row.bestScore)}</td>
                <td className="number">{scoreText(row.lastScore)}</td>
                {shown.map((parameter) => (
                  <td key={parameter} className={classOf(parameter)}>
                    {row.parameters[parameter] ?? '–'}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="quiet">≠ marks settings in which they differ.</p>
    </section>
  );
}
