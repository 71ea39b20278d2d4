/** Loss, learning rate and score of one training, one above the other on the same steps. */
import type { ReactNode } from 'react';
import { useRef } from 'react';
import type { DrawnCurve, TrainingView } from '../../../contract/training-view';
import type { RateFormula } from '../../../core/training/rate-formula';
import { count, score as scoreText } from '../../ui/number-text';
import { useWidth } from '../gallery/use-width';
import type { PlottedCurve } from './curve-plot';
import { CurvePlot } from './curve-plot';
import { evaluationAt, evaluationsOf, useTraining } from './training-state';

const INK = 'var(--chart-a)';
const SECOND = 'var(--chart-b)';
const THIRD = 'var(--chart-c)';
const QUIET = 'var(--chart-interval)';

export interface Alternative {
  readonly name: string;
  readonly rate: RateFormula;
}

/** Smaller numbers are written with an exponent. */
const SMALLEST_WRITTEN_OUT = 1e-4;

export const shortNumber = (value: number): string =>
  value !== 0 && Math.abs(value) < SMALLEST_WRITTEN_OUT
    ? value.toExponential(2)
    : new Intl.NumberFormat('en', { maximumSignificantDigits: 3 }).format(value);

const lastOf = ({ value }: DrawnCurve): number | null => value.findLast((one) => one !== null) ?? null;
const endLabel = (words: string, curve: DrawnCurve): string => {
  const last = lastOf(curve);
  return last === null ? words : `${words} ${shortNumber(last)}`;
};

export interface TrainingPlotsProps {
  readonly training: TrainingView;
  /** Another schedule, drawn over the one that was used. */
  readonly alternative: Alternative | null;
  /** The step from which the validation loss rises; null where it does not. */
  readonly risesFrom: number | null;
}

export function TrainingPlots({ training, alternative, risesFrom }: TrainingPlotsProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const isLogarithmic = useTraining((state) => state.isLogarithmic);
  const chosen = useTraining((state) => state.evaluation);
  const evaluations = evaluationsOf(training);
  const at = evaluationAt(training, chosen);
  const steps = Math.max(training.steps ?? 1, ...evaluations);
  const pick = (step: number) => {
    if (evaluations.length === 0) return;
    const distances = evaluations.map((one) => Math.abs(one - step));
    useTraining.setState({ evaluation: distances.indexOf(Math.min(...distances)) });
  };
  const shared = { width, steps, cursor: evaluations[at] ?? null, onPick: pick };
  const [first] = training.scores;
  const isBest = training.best !== null && evaluations[at] === training.best.step;
  return (
    <div ref={place} className="training-plots">
      {lossCurves(training).length > 0 && (
        <CurvePlot
          {...shared}
          title="Loss"
          caption={`total, ${isLogarithmic ? 'logarithmic' : 'linear'}; solid training (smoothed over its trace), dashed validation`}
          curves={lossCurves(training)}
          height={320}
          isLogarithmic={isLogarithmic}
          shade={
            risesFrom === null
              ? null
              : { from: risesFrom, label: `validation loss rises from ${training.unit} ${count(risesFrom)}` }
          }
          showsSteps={first === undefined && training.learningRate === null}
        />
      )}
      {rateCurves(training, alternative, steps).length > 0 && (
        <CurvePlot
          {...shared}
          title="Learning rate"
          caption={rateCaption(training, alternative)}
          curves={rateCurves(training, alternative, steps)}
          height={112}
          showsSteps={first === undefined}
        />
      )}
      {first && (
        <CurvePlot
          {...shared}
          title="Score on the evaluation set"
          caption={`${first.name} at each evaluation`}
          curves={scoreCurves(training)}
          height={200}
          showsSteps
          cursorLabel={`${isBest ? 'best evaluation: ' : ''}${training.unit} ${count(evaluations[at]!)}, ${scoreText(first.value[at])}`}
        />
      )}
    </div>
  );
}

function lossCurves({ trainingLoss, smoothLoss, validationLoss }: TrainingView): PlottedCurve[] {
  return [
    ...(trainingLoss ? [{ curve: trainingLoss, style: 'trace' as const, colour: QUIET, label: '' }] : []),
    ...(smoothLoss
      ? [{ curve: smoothLoss, style: 'solid' as const, colour: INK, label: endLabel('training', smoothLoss) }]
      : []),
    ...(validationLoss
      ? [
          {
            curve: validationLoss,
            style: 'marked' as const,
            colour: SECOND,
            label: endLabel('validation', validationLoss),
          },
        ]
      : []),
  ];
}

function rateCurves(
  { learningRate }: TrainingView,
  alternative: Alternative | null,
  steps: number,
): PlottedCurve[] {
  const others = alternative ? [sampled(alternative, steps)] : [];
  return [
    ...(learningRate
      ? [{ curve: learningRate, style: 'solid' as const, colour: INK, label: endLabel('used', learningRate) }]
      : []),
    ...others.map((curve) => ({ curve, style: 'dotted' as const, colour: SECOND, label: curve.name })),
  ];
}

/** Points at which another schedule is drawn. */
const SAMPLES = 300;

function sampled({ name, rate }: Alternative, steps: number): DrawnCurve {
  const step = Array.from({ length: SAMPLES + 1 }, (_, at) => (at * steps) / SAMPLES);
  return { name, step, value: step.map((one) => (Number.isFinite(rate(one)) ? rate(one) : null)) };
}

function rateCaption({ rateWords, planned }: TrainingView, alternative: Alternative | null): string {
  const used = rateWords ?? 'not logged';
  const says = planned && planned.kind === 'cyclical' && !used.startsWith('cyclical');
  const words = says ? `configured as cyclical; what was used is ${used}` : used;
  return alternative ? `${words}; dotted: the schedule chosen below` : words;
}

function scoreCurves({ scores }: TrainingView): PlottedCurve[] {
  const styles = ['solid', 'dashed', 'dotted'] as const;
  return scores.map((curve, index) => ({
    curve,
    style: styles[index]!,
    colour: index === 0 ? THIRD : QUIET,
    label: endLabel(curve.name.split('/').at(-1)!, curve),
  }));
}
