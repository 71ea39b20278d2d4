/** Reads the reference outputs of ObjectLab: the faulty truth, what was planted, and the expected scores. */
import { sharedPath } from '../foundation/shared-data.fixture';
import type { ScoringInput } from '../metrics/evaluation';
import {
  type GoldenAnnotation,
  type GoldenPrediction,
  type GoldenTruth,
  readJson,
  scoringInput,
} from '../metrics/golden.fixture';

export interface GoldenPlanted {
  readonly error: 'missing' | 'extra' | 'wrong class' | 'shifted';
  readonly image_id: number;
  readonly annotation_id: number;
  readonly category_id: number;
  readonly bbox: readonly number[];
  readonly was: { readonly category_id: number; readonly bbox: readonly number[] } | null;
}

type Ranking = Readonly<Record<string, number>>;

export interface GoldenObjectLab {
  readonly files?: { readonly truth: string; readonly predictions: string };
  readonly parameters: { readonly low: number; readonly high: number };
  readonly minimumSimilarity: number;
  readonly images: Readonly<Record<'overall' | 'overlooked' | 'badlyLocated' | 'swapped', readonly number[]>>;
  readonly labels: {
    readonly id: readonly number[];
    readonly badlyLocated: readonly number[];
    readonly swapped: readonly number[];
  };
  readonly predictions: { readonly overlooked: readonly (number | null)[] };
  readonly flags?: {
    readonly threshold: Readonly<Record<string, number>>;
    readonly images: readonly boolean[];
    readonly overlooked: readonly number[];
    readonly badlyLocated: readonly number[];
    readonly swapped: readonly number[];
  };
  readonly averagePrecision: { readonly boxes: Readonly<Record<string, Ranking>> };
}

export interface ObjectLabCase {
  readonly folder: string;
  readonly expected: GoldenObjectLab;
  readonly planted: readonly GoldenPlanted[];
  readonly truth: GoldenTruth;
  readonly predictions: readonly GoldenPrediction[];
}

/** `expected`: the file's name; the case's own `truth.json` is faulty already, that of the real data is made so here. */
export function readObjectLabCase(folder: string, expectedFile: string): ObjectLabCase {
  const expected = readJson(`${folder}/${expectedFile}`) as GoldenObjectLab;
  const planted = readJson(`${folder}/planted.json`) as GoldenPlanted[];
  const { files } = expected;
  const truth = readJson(files ? sharedPath(files.truth)! : `${folder}/truth.json`) as GoldenTruth;
  const predictions = readJson(files ? sharedPath(files.predictions)! : `${folder}/predictions.json`);
  return {
    folder,
    expected,
    planted,
    truth: files ? withPlanted(truth, planted) : truth,
    predictions: predictions as GoldenPrediction[],
  };
}

export function inputOfCase({ truth, predictions }: ObjectLabCase): ScoringInput {
  return scoringInput(truth, predictions);
}

function withPlanted(truth: GoldenTruth, planted: readonly GoldenPlanted[]): GoldenTruth {
  const byId = new Map(planted.map((error) => [error.annotation_id, error]));
  const kept = truth.annotations.flatMap((annotation): GoldenAnnotation[] => {
    const error = byId.get(annotation.id);
    if (!error) return [annotation];
    if (error.error === 'missing') return [];
    return [{ ...annotation, category_id: error.category_id, bbox: error.bbox }];
  });
  const extras = planted
    .filter(({ error }) => error === 'extra')
    .map(({ annotation_id: id, image_id, category_id, bbox }) => ({ id, image_id, category_id, bbox }));
  return { ...truth, annotations: [...kept, ...extras] };
}

/** The truth before anything was planted into it. */
export function withoutPlanted({ truth, planted }: ObjectLabCase): GoldenTruth {
  const byId = new Map(planted.map((error) => [error.annotation_id, error]));
  const restored = truth.annotations.flatMap((annotation): GoldenAnnotation[] => {
    const was = byId.get(annotation.id);
    if (!was) return [annotation];
    return was.was ? [{ ...annotation, ...was.was }] : [];
  });
  const missing = planted
    .filter(({ error }) => error === 'missing')
    .map(({ annotation_id: id, image_id, was }) => ({ id, image_id, ...was! }));
  return { ...truth, annotations: [...restored, ...missing] };
}
