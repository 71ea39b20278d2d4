/**
 * What a project's data looks like, training set against evaluation set and each alone: what the data page shows. The
 * sentences are those of the diagnosis' own rules, so that page and bill agree.
 */
import type { Truth } from '../../../dataset/dataset';
import type { Progress } from '../../../foundation/cancellation';
import type { Resizer } from '../../../training/pipeline-config';
import type { FoundCause } from '../../cause';
import { foundLabels } from '../../found-labels';
import { Scores } from '../../price';
import type { DiagnosisSources, Rule, RuleContext } from '../../rule';
import type { Situation } from '../../situation';
import { scoringInputOf } from '../../situation';
import { withoutTraining } from '../beside-training';
import type { Comparison } from '../compare-property';
import { compareProperty, labelValues } from '../compare-property';
import { type NearDuplicate, nearDuplicates } from '../near-duplicates';
import { type PositionBias, positionBiasOf } from '../position-bias';
import { evaluationSet, type ImageSet, type MeasureKey, measureOf, type Property } from '../properties';
import { fileSource, sourceName } from '../file-source';
import { sourceShares } from '../source-shift';
import { type Bins, binOf, binsFor } from './bins';
import { MAP_SIDE } from './map-side';

/** In the order in which they are shown. */
const MEASURES: readonly MeasureKey[] = [
  'input-size',
  'aspect-ratio',
  'distance-from-centre',
  'resolution',
  'image-aspect-ratio',
  'brightness',
  'contrast',
  'sharpness',
  'red',
  'blue',
];

/** Recall of fewer labels is an accident. */
const FEWEST_LABELS = 5;
const MOST_SOURCES = 12;

export interface SetSummary {
  readonly images: number;
  readonly labels: number;
  readonly classes: number;
  readonly withoutLabels: number;
}

export interface ClassProfile {
  readonly id: number;
  readonly name: string;
  readonly evaluation: number;
  readonly evaluationImages: number;
  /** Labels in training; null without a training set. */
  readonly training: number | null;
  readonly recall: number | null;
  /** As the protocol has it; null where it is undefined or nothing was predicted. */
  readonly AP: number | null;
}

export interface MeasureProfile {
  readonly key: MeasureKey;
  readonly property: Property['name'];
  readonly measure: string;
  readonly of: Property['of'];
  readonly bins: Bins;
  /** Labels or images, by bin. */
  readonly evaluation: readonly number[];
  readonly training: readonly number[] | null;
  /** Of the evaluation's labels in the bin; null where there are too few. */
  readonly recall: readonly (number | null)[] | null;
  readonly comparison: Comparison | null;
  /** Median over labels or images. */
  readonly median: number;
}

export interface PositionProfile {
  /** Labels by cell, `MAP_SIDE` a row. */
  readonly evaluation: readonly number[];
  readonly training: readonly number[] | null;
  readonly recall: readonly (number | null)[] | null;
  /** Null where nothing was predicted, or there are too few labels on either side. */
  readonly bias: PositionBias | null;
}

export interface SourceProfile {
  readonly name: string;
  readonly evaluation: number;
  readonly training: number | null;
  readonly recall: number | null;
}

export interface DataProfile {
  readonly evaluation: SetSummary;
  readonly training: SetSummary | null;
  readonly classes: readonly ClassProfile[];
  readonly measures: readonly MeasureProfile[];
  readonly position: PositionProfile;
  /** The most common first; more than `MOST_SOURCES` are put together under an empty name. */
  readonly sources: readonly SourceProfile[];
  readonly duplicates: readonly NearDuplicate[];
  /** Images of the evaluation set whose pixels were looked at, of all. */
  readonly lookedAt: number;
  readonly resizer: Resizer | null;
  readonly score: number | null;
  /** Indices of images are those of the truth that was given. */
  readonly causes: readonly FoundCause[];
}

export interface ProfileTask {
  /** Null where nothing was predicted. */
  readonly situation: Situation | null;
  readonly truth: Truth;
  readonly sources: DiagnosisSources;
  readonly resizer: Resizer | null;
}

export function profileData(
  { situation, truth, sources, resizer }: ProfileTask,
  rules: readonly Rule[],
  progress: Progress,
): DataProfile {
  const scores = new Scores();
  const whole: RuleContext = {
    given: situation,
    repaired: situation,
    truth,
    sources,
    progress,
    evaluate: (own) => scores.evaluate(own),
    score: (own) => scores.score(own),
  };
  const rest = withoutTraining(whole);
  const context = rest?.context ?? whole;
  const imageOf = (image: number): number => rest?.images[image] ?? image;
  const causes = rules.flatMap((rule, at) => {
    progress.report(`Looking for ${rule.looksFor}`, at, rules.length);
    return rule.find(whole);
  });
  progress.report('Counting', 0, null);
  const evaluation = evaluationSet(context)!;
  const { train } = sources;
  const { repaired } = context;
  const found = repaired && foundLabels(scoringInputOf(repaired), 'own-class');
  return {
    evaluation: summaryOf(evaluation.truth),
    training: train && summaryOf(train.truth),
    classes: classProfiles(context, evaluation.truth, train?.truth ?? null, found),
    measures: MEASURES.flatMap((key) => measureProfile(measureOf(key, resizer), evaluation, train, found)),
    position: positionProfile(context, evaluation, train, found),
    sources: sourceProfiles(evaluation.truth, train?.truth ?? null, found),
    duplicates: nearDuplicates(evaluation.facts, train?.facts ?? null).map((pair) => ({
      ...pair,
      image: imageOf(pair.image),
    })),
    lookedAt: (evaluation.facts ?? []).filter((facts) => facts?.look).length,
    resizer,
    score: repaired && context.score(repaired),
    causes,
  };
}

function summaryOf({ images, annotations }: Truth): SetSummary {
  return {
    images: images.length,
    labels: annotations.count,
    classes: new Set(annotations.category).size,
    withoutLabels: images.length - new Set(annotations.image).size,
  };
}

/** By name: labels of a class, and images that have them. */
function countClasses({ categories, annotations }: Truth) {
  const counts = new Map(categories.map(({ name }) => [name, { labels: 0, images: new Set<number>() }]));
  for (let row = 0; row < annotations.count; row++) {
    const own = counts.get(categories[annotations.category[row]!]!.name)!;
    own.labels++;
    own.images.add(annotations.image[row]!);
  }
  return counts;
}

function classProfiles(
  context: RuleContext,
  evaluation: Truth,
  train: Truth | null,
  found: Uint8Array | null,
): ClassProfile[] {
  const own = countClasses(evaluation);
  const before = train && countClasses(train);
  const { repaired } = context;
  const scored = repaired ? context.evaluate(repaired).result(0.5).classes : [];
  const known = new Set(evaluation.categories.map(({ name }) => name));
  const rows = evaluation.categories.map(({ id, name }, klass): ClassProfile => {
    const { labels, images } = own.get(name)!;
    return {
      id,
      name,
      evaluation: labels,
      evaluationImages: images.size,
      training: before && (before.get(name)?.labels ?? 0),
      recall: found && recallOf(evaluation.annotations.category, klass, found),
      AP: scored.find((row) => row.name === name)?.AP ?? null,
    };
  });
  // Classes that only training has.
  const others = [...(before ?? [])].filter(([name, { labels }]) => labels > 0 && !known.has(name));
  return [
    ...rows.filter(({ evaluation: labels, training }) => labels + (training ?? 0) > 0),
    ...others.map(([name, { labels }], at) => ({
      id: -1 - at,
      name,
      evaluation: 0,
      evaluationImages: 0,
      training: labels,
      recall: null,
      AP: null,
    })),
  ].sort((a, b) => (b.training ?? b.evaluation) - (a.training ?? a.evaluation));
}

function recallOf(groups: Int32Array, group: number, found: Uint8Array, fewest = 1): number | null {
  let labels = 0;
  let hits = 0;
  groups.forEach((own, row) => {
    if (own !== group) return;
    labels++;
    hits += found[row]!;
  });
  return labels < fewest ? null : hits / labels;
}

/** Values of the labels, or of the images. */
function valuesOf(property: Property, set: ImageSet): Float64Array {
  if (property.of === 'labels') return labelValues(property, set);
  return Float64Array.from(set.truth.images, (_, image) => property.value(set, image, -1));
}

function countIn(bins: Bins, values: Float64Array): number[] {
  const counts = new Array<number>(bins.edges.length - 1).fill(0);
  for (const value of values) {
    const bin = binOf(bins, value);
    if (bin >= 0) counts[bin]!++;
  }
  return counts;
}

function measureProfile(
  property: Property,
  evaluation: ImageSet,
  train: ImageSet | null,
  found: Uint8Array | null,
): MeasureProfile[] {
  const now = valuesOf(property, evaluation);
  const before = train && valuesOf(property, train);
  const bins = binsFor(Float64Array.from([...now, ...(before ?? [])]), 'factor' in property.least);
  if (!bins || !now.some(Number.isFinite)) return [];
  const groups = Int32Array.from(labelValues(property, evaluation), (value) => binOf(bins, value));
  const places = Array.from({ length: bins.edges.length - 1 }, (_, bin) => bin);
  const sorted = now.filter(Number.isFinite).sort();
  return [
    {
      key: property.key,
      property: property.name,
      measure: property.measure,
      of: property.of,
      bins,
      evaluation: countIn(bins, now),
      training: before && countIn(bins, before),
      recall: found && places.map((bin) => recallOf(groups, bin, found, FEWEST_LABELS)),
      comparison: train && compareProperty(property, train, evaluation, found),
      median: sorted[sorted.length >> 1]!,
    },
  ];
}

/** Cell of each label's centre; -1 where the size of its image is not known. */
function cellsOf(set: ImageSet): Int32Array {
  const across = labelValues(measureOf('place-across', null), set);
  const down = labelValues(measureOf('place-down', null), set);
  const at = (share: number): number => Math.min(MAP_SIDE - 1, Math.max(0, Math.floor(share * MAP_SIDE)));
  return Int32Array.from(across, (x, row) =>
    Number.isFinite(x) && Number.isFinite(down[row]) ? at(down[row]!) * MAP_SIDE + at(x) : -1,
  );
}

function positionProfile(
  context: RuleContext,
  evaluation: ImageSet,
  train: ImageSet | null,
  found: Uint8Array | null,
): PositionProfile {
  const cells = cellsOf(evaluation);
  const count = (own: Int32Array): number[] => {
    const counts = new Array<number>(MAP_SIDE ** 2).fill(0);
    for (const cell of own) if (cell >= 0) counts[cell]!++;
    return counts;
  };
  const places = Array.from({ length: MAP_SIDE ** 2 }, (_, cell) => cell);
  const { repaired } = context;
  return {
    evaluation: count(cells),
    training: train && count(cellsOf(train)),
    recall: found && places.map((cell) => recallOf(cells, cell, found, FEWEST_LABELS)),
    bias: repaired && found && positionBiasOf(repaired, found),
  };
}

function sourceProfiles(evaluation: Truth, train: Truth | null, found: Uint8Array | null): SourceProfile[] {
  const shares = sourceShares(train, evaluation);
  const place = new Map(shares.map(({ name }, at) => [name, Math.min(at, MOST_SOURCES)]));
  const ofImage = evaluation.images.map(({ fileName }) => place.get(sourceName(fileSource(fileName)))!);
  const groups = evaluation.annotations.image.map((image) => ofImage[image]!);
  const shown = shares.slice(0, MOST_SOURCES);
  const others = shares.slice(MOST_SOURCES);
  const sum = (set: 'train' | 'evaluation') => others.reduce((all, own) => all + own[set], 0);
  const rows =
    others.length === 0
      ? shown
      : [...shown, { name: '', train: sum('train'), evaluation: sum('evaluation') }];
  return rows.map(({ name, evaluation: images, train: before }, at) => ({
    name,
    evaluation: images,
    training: train ? before : null,
    recall: found && recallOf(groups, at, found, FEWEST_LABELS),
  }));
}
