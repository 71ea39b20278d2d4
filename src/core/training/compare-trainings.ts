/** Several trainings in one table: what they were set to, what they reached, and how little follows from few of them. */
import { inWords } from './number-words';
import { extreme, finiteOnly } from './series';
import { highestRate, warmUpSteps } from './schedule';
import type { TrainingRun } from './training-run';
import { stepsTrained } from './training-run';

export const PARAMETERS = [
  'steps',
  'batchSize',
  'learningRate',
  'decay',
  'warmUpSteps',
  'optimizer',
  'augmentations',
  'regularisation',
  'backbone',
  'inputSize',
] as const;
export type Parameter = (typeof PARAMETERS)[number];

export interface TrainingRow {
  readonly name: string;
  /** As text, for people and for telling values apart; null where it is not known. */
  readonly parameters: Readonly<Record<Parameter, string | null>>;
  readonly bestScore: number | null;
  readonly bestStep: number | null;
  readonly lastScore: number | null;
  readonly lastTrainingLoss: number | null;
  readonly lastValidationLoss: number | null;
}

export interface TrainingComparison {
  readonly rows: readonly TrainingRow[];
  /** Parameters in which they differ, those that go with the score most first. */
  readonly differing: readonly {
    readonly parameter: Parameter;
    /** Highest less lowest mean of the best scores by value; null where a value has no score. */
    readonly spread: number | null;
    /** Others that change wherever this one does: their effects cannot be told apart. */
    readonly inseparableFrom: readonly Parameter[];
  }[];
  /** What may be concluded, in a sentence. */
  readonly conclusion: string;
  /** The one change that would tell most, in a sentence; null where there is none. */
  readonly nextTrial: string | null;
}

const NAMES: Readonly<Record<Parameter, string>> = {
  steps: 'the number of steps',
  batchSize: 'the batch size',
  learningRate: 'the learning rate',
  decay: 'the decay',
  warmUpSteps: 'the warm-up',
  optimizer: 'the optimizer',
  augmentations: 'the augmentation',
  regularisation: 'the regularisation',
  backbone: 'the backbone',
  inputSize: 'the input size',
};

export function compareTrainings(runs: readonly TrainingRun[]): TrainingComparison {
  const rows = runs.map(rowOf);
  const parameters = PARAMETERS.filter((parameter) => valuesOf(rows, parameter).size > 1);
  const differing = parameters
    .map((parameter) => ({
      parameter,
      spread: spreadOf(rows, parameter),
      inseparableFrom: parameters.filter(
        (other) => other !== parameter && goTogether(rows, parameter, other),
      ),
    }))
    .sort((a, b) => (b.spread ?? -1) - (a.spread ?? -1));
  return { rows, differing, ...conclude(rows, differing) };
}

function rowOf(run: TrainingRun): TrainingRow {
  const { config, learningRate, score } = run;
  const { train, resizer } = config ?? {};
  const schedule = train?.schedule ?? null;
  const rates = learningRate && finiteOnly(learningRate);
  const rate = schedule ? highestRate(schedule) : rates ? (extreme(rates, 'highest')?.value ?? null) : null;
  const best = score && extreme(score, 'highest');
  const text = (value: number | string | null | undefined): string | null =>
    value === null || value === undefined ? null : typeof value === 'number' ? inWords(value) : value;
  return {
    name: run.name,
    parameters: {
      steps: text(stepsTrained(run) ?? train?.steps),
      batchSize: text(train?.batchSize),
      learningRate: text(rate),
      decay: text(schedule?.kind),
      warmUpSteps: text(schedule && warmUpSteps(schedule)),
      optimizer: text(train?.optimizer),
      augmentations: train ? train.augmentations.join(', ') || 'none' : null,
      regularisation: text(train?.regularisation),
      backbone: text(config?.backbone),
      inputSize: !resizer
        ? null
        : resizer.kind === 'fixed'
          ? `${resizer.width} × ${resizer.height}`
          : `${resizer.shortest} to ${resizer.longest}`,
    },
    bestScore: best?.value ?? null,
    bestStep: best?.step ?? null,
    lastScore: score?.value.at(-1) ?? null,
    lastTrainingLoss: run.trainingLoss?.value.at(-1) ?? null,
    lastValidationLoss: run.validationLoss?.value.at(-1) ?? null,
  };
}

const valuesOf = (rows: readonly TrainingRow[], parameter: Parameter): Set<string | null> =>
  new Set(rows.map(({ parameters }) => parameters[parameter]));

function spreadOf(rows: readonly TrainingRow[], parameter: Parameter): number | null {
  const means: number[] = [];
  for (const value of valuesOf(rows, parameter)) {
    const scores = rows
      .filter(({ parameters }) => parameters[parameter] === value)
      .map(({ bestScore }) => bestScore);
    if (scores.some((score) => score === null)) return null;
    means.push((scores as number[]).reduce((sum, score) => sum + score, 0) / scores.length);
  }
  return Math.max(...means) - Math.min(...means);
}

/** Whether two parameters split the trainings in the same way. */
function goTogether(rows: readonly TrainingRow[], a: Parameter, b: Parameter): boolean {
  const pairs = new Set(rows.map(({ parameters }) => JSON.stringify([parameters[a], parameters[b]])));
  return pairs.size === valuesOf(rows, a).size && pairs.size === valuesOf(rows, b).size;
}

function conclude(
  rows: readonly TrainingRow[],
  differing: TrainingComparison['differing'],
): Pick<TrainingComparison, 'conclusion' | 'nextTrial'> {
  const scored = rows.filter(({ bestScore }) => bestScore !== null);
  if (scored.length < 2)
    return { conclusion: 'Fewer than two trainings have a score: nothing can be compared.', nextTrial: null };
  const best = [...scored].sort((a, b) => b.bestScore! - a.bestScore!)[0]!;
  const [first] = differing;
  if (!first)
    return {
      conclusion: `All ${rows.length} are set alike: what separates their scores is chance.`,
      nextTrial: null,
    };
  const few =
    scored.length <= differing.length + 1
      ? `${scored.length} trainings that differ in ${differing.length} settings at once show no cause; this is where to look, not what was found. `
      : '';
  const others = first.inseparableFrom.map((other) => NAMES[other]);
  const along = others.length > 0 ? `, together with ${others.join(', ')}` : '';
  const conclusion = `${few}The scores go most with ${NAMES[first.parameter]}${along}. No training was repeated, so differences of a few hundredths may be chance.`;
  // More steps need no trial to be tried; of what changes together, one alone tells most.
  const trial = (
    others.length > 0 ? first.inseparableFrom : differing.map(({ parameter }) => parameter)
  ).find((parameter) => parameter !== 'steps');
  const value =
    trial &&
    [...scored]
      .sort((a, b) => b.bestScore! - a.bestScore!)
      .find(({ parameters }) => parameters[trial] !== best.parameters[trial])?.parameters[trial];
  const nextTrial =
    trial === undefined || value === undefined || value === null
      ? `Repeat ${best.name} with another seed: it shows how much is chance.`
      : `Repeat ${best.name} with ${NAMES[trial]} alone changed to ${value}.`;
  return { conclusion, nextTrial };
}
