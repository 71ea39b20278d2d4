/** From curves by name to a training run: which is the loss, which the score, whatever wrote them. */
import type { ScalarEvent } from '../formats/event-file/read-event-file';
import type { CurveRole, NamedCurve, Side } from './curve-names';
import { curveOf } from './curve-names';
import type { PipelineConfig } from './pipeline-config';
import type { Point, Series } from './series';
import { makeSeries, sumOf } from './series';
import type { TrainingRun, TrainingSource } from './training-run';

/** A curve as a source has it. */
export interface GivenCurve {
  readonly name: string;
  /** Where the place of the file tells: its folder is called `train` or `eval`. */
  readonly side: Side | null;
  readonly series: Series;
}

interface RunFacts {
  readonly name: string;
  readonly source: TrainingSource;
  readonly unit: TrainingRun['unit'];
  readonly config: PipelineConfig | null;
}

interface KnownCurve extends GivenCurve {
  readonly meaning: NamedCurve | null;
}

export function assembleRun(given: readonly GivenCurve[], facts: RunFacts): TrainingRun {
  const known = given
    .filter(({ series }) => series.step.length > 0)
    .map((curve): KnownCurve => ({ ...curve, meaning: curveOf(curve.name, curve.side) }));
  const score = firstOf(known, 'score', 'evaluation');
  return {
    ...facts,
    trainingLoss: lossOf(known, 'training'),
    validationLoss: lossOf(known, 'evaluation'),
    learningRate: firstOf(known, 'learning-rate', 'training')?.series ?? null,
    score: score?.series ?? null,
    scoreKey: score?.name ?? null,
    curves: namedCurves(known),
  };
}

/** A run of which only the configuration is known. */
export function configuredRun(config: PipelineConfig): TrainingRun {
  return {
    name: config.file,
    source: null,
    unit: 'step',
    trainingLoss: null,
    validationLoss: null,
    learningRate: null,
    score: null,
    scoreKey: null,
    curves: new Map(),
    config,
  };
}

function firstOf(curves: readonly KnownCurve[], role: CurveRole, side: Side): KnownCurve | null {
  const fitting = curves.filter(({ meaning }) => meaning?.role === role && meaning.side === side);
  return fitting.sort((a, b) => a.meaning!.rank - b.meaning!.rank)[0] ?? null;
}

/** The total where it was logged, else the sum of the parts. */
function lossOf(curves: readonly KnownCurve[], side: Side): Series | null {
  const total = firstOf(
    curves.filter(({ meaning }) => meaning?.isPart === false),
    'loss',
    side,
  );
  if (total) return total.series;
  const parts = curves.filter(
    ({ meaning }) => meaning?.role === 'loss' && meaning.side === side && meaning.isPart,
  );
  return sumOf(parts.map(({ series }) => series));
}

/** Names that stand on both sides say which they are. */
function namedCurves(curves: readonly KnownCurve[]): ReadonlyMap<string, Series> {
  const counts = new Map<string, number>();
  for (const { name } of curves) counts.set(name, (counts.get(name) ?? 0) + 1);
  return new Map(
    curves.map(({ name, side, series }) => [
      counts.get(name)! > 1 && side !== null ? `${side}/${name}` : name,
      series,
    ]),
  );
}

/** Events of the files of one side, as curves: several files (restarts) of a tag are one. */
export function curvesOfEvents(events: readonly ScalarEvent[], side: Side | null): GivenCurve[] {
  const byTag = new Map<string, Point[]>();
  for (const { tag, step, value, wallTime } of events) {
    const points = byTag.get(tag) ?? [];
    points.push({ step, value, wallTime });
    byTag.set(tag, points);
  }
  return [...byTag].map(([name, points]) => ({ name, side, series: makeSeries(points) }));
}

const STEPS: readonly { readonly name: RegExp; readonly unit: TrainingRun['unit'] }[] = [
  { name: /^(global_)?step(s)?$|^iter(ation)?(s)?$/i, unit: 'step' },
  { name: /^epoch(s)?$/i, unit: 'epoch' },
];

/** Columns of numbers, as a history or a CSV has them, as curves. Null where it holds no curve that is known. */
export function curvesOfTable(
  columns: ReadonlyMap<string, readonly (number | null)[]>,
): { readonly curves: readonly GivenCurve[]; readonly unit: TrainingRun['unit'] } | null {
  const names = [...columns.keys()];
  const counted = STEPS.flatMap(({ name, unit }) => {
    const found = names.find((one) => name.test(one.trim()));
    return found === undefined ? [] : [{ column: found, unit }];
  })[0];
  const steps = counted && columns.get(counted.column);
  const curves = names
    .filter((name) => name !== counted?.column)
    .map((name) => ({ name: name.trim(), side: null, series: seriesOf(columns.get(name)!, steps) }));
  const isKnown = curves.some(({ name }) => curveOf(name, null)?.role === 'loss');
  return isKnown ? { curves, unit: counted?.unit ?? 'epoch' } : null;
}

function seriesOf(values: readonly (number | null)[], steps: readonly (number | null)[] | undefined): Series {
  return makeSeries(
    values.flatMap((value, at) => {
      const step = steps ? steps[at] : at;
      return value === null || step === null || step === undefined ? [] : [{ step, value, wallTime: null }];
    }),
  );
}
