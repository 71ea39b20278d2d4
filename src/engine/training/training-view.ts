/** From a training to what the window shows of it. */
import type {
  DrawnCurve,
  TrainingCauseView,
  TrainingsView,
  TrainingView,
} from '../../contract/training-view';
import type { FoundCause } from '../../core/diagnosis/cause';
import { diagnoseTraining } from '../../core/diagnosis/training/training-doctor';
import { compareTrainings } from '../../core/training/compare-trainings';
import { changedText } from '../../core/training/config-change';
import { curveOf } from '../../core/training/curve-names';
import { nameRates } from '../../core/training/name-schedule';
import { readPipelineConfig } from '../../core/training/pipeline-config';
import type { Series } from '../../core/training/series';
import { extreme, finiteOnly, smoothed, windowFor } from '../../core/training/series';
import { throughputOf } from '../../core/training/throughput';
import type { TrainingRun } from '../../core/training/training-run';
import { stepsTrained } from '../../core/training/training-run';
import type { LoadedTrainings } from './load-trainings';

/** Twice as many points as a wide screen has columns for a curve. */
const MOST_POINTS = 800;
/** Scores beside the first: more would be a tangle. */
const MOST_SCORES = 3;

export function trainingsView(folder: string, { runs, findings }: LoadedTrainings): TrainingsView {
  return { folder, trainings: runs.map(trainingView), comparison: compareTrainings(runs), findings };
}

function trainingView(run: TrainingRun): TrainingView {
  const { config, trainingLoss, validationLoss, learningRate, score } = run;
  const { causes, changes, checksPassed } = diagnoseTraining(run);
  const corrected =
    config && changes.length > 0
      ? changedText(
          config.text,
          changes.map(({ change }) => change),
        )
      : null;
  const proposed = corrected === null ? null : readPipelineConfig(corrected, config!.file).train.schedule;
  const planned = config?.train.schedule ?? null;
  const smooth = trainingLoss && finiteOnly(trainingLoss);
  const best = score && extreme(score, 'highest');
  return {
    name: run.name,
    source: run.source,
    unit: run.unit,
    steps: stepsTrained(run) ?? config?.train.steps ?? null,
    batchSize: config?.train.batchSize ?? null,
    evaluations: (score ?? validationLoss)?.step.length ?? 0,
    configFile: config?.file ?? null,
    trainingLoss: drawn('training loss', trainingLoss),
    smoothLoss: drawn('training loss, smoothed', smooth && smoothed(smooth, windowFor(smooth))),
    validationLoss: drawn('validation loss', validationLoss),
    learningRate: drawn('learning rate', learningRate),
    rateWords: (learningRate && nameRates(learningRate)?.words) ?? null,
    planned,
    proposed: JSON.stringify(proposed) === JSON.stringify(planned) ? null : proposed,
    scores: scoresOf(run),
    best: best && { step: best.step, score: best.value },
    throughput: trainingLoss && throughputOf(trainingLoss),
    causes: causes.map(causeView),
    checksPassed,
    correctedConfig: corrected,
  };
}

function causeView({ code, title, action, price, evidence }: FoundCause): TrainingCauseView {
  return {
    code,
    title,
    action,
    gain: price?.gain ?? null,
    interval: price?.interval ?? null,
    confidence: price?.confidence ?? null,
    configLines: (evidence.configLines as readonly string[] | undefined) ?? [],
  };
}

function scoresOf({ curves, scoreKey }: TrainingRun): DrawnCurve[] {
  return [...curves]
    .flatMap(([name, series]) => {
      const meaning = curveOf(name.replace(/^(training|evaluation)\//, ''), null);
      return meaning?.role === 'score' ? [{ name, series, rank: name === scoreKey ? -1 : meaning.rank }] : [];
    })
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST_SCORES)
    .map(({ name, series }) => drawn(name, series)!);
}

/** Thinned out where it has more points than can be seen: of each bundle the first, the lowest and the highest stay. */
function drawn(name: string, series: Series | null): DrawnCurve | null {
  if (!series || series.step.length === 0) return null;
  const { step, value } = series;
  const places = step.length <= MOST_POINTS ? [...step.keys()] : thinned(value);
  return {
    name,
    step: places.map((at) => step[at]!),
    value: places.map((at) => (Number.isFinite(value[at]!) ? value[at]! : null)),
  };
}

function thinned(value: Float64Array): number[] {
  const size = Math.ceil((3 * value.length) / MOST_POINTS);
  const places = new Set<number>([value.length - 1]);
  for (let from = 0; from < value.length; from += size) {
    const bundle = Array.from({ length: Math.min(size, value.length - from) }, (_, at) => from + at);
    const sorted = bundle.filter((at) => Number.isFinite(value[at]!)).sort((a, b) => value[a]! - value[b]!);
    const broken = bundle.find((at) => !Number.isFinite(value[at]!));
    for (const at of [from, sorted[0], sorted.at(-1), broken]) if (at !== undefined) places.add(at);
  }
  return [...places].sort((a, b) => a - b);
}
