/** Reads reference cases (truth and predictions in COCO's forms, expected numbers) for tests. */
import { readFileSync } from 'node:fs';
import {
  type AnnotationColumns,
  type Category,
  FLAG_CROWD,
  FLAG_DIFFICULT,
  FLAG_GROUP_OF,
  type ImageLabels,
  type PredictionColumns,
} from '../dataset/dataset';
import type { ScoringInput } from './evaluation';

export interface GoldenTruth {
  readonly images: readonly { readonly id: number }[];
  readonly categories: readonly { readonly id: number; readonly name?: string }[];
  readonly annotations: readonly GoldenAnnotation[];
}

export interface GoldenAnnotation {
  readonly id: number;
  readonly image_id: number;
  readonly category_id: number;
  readonly bbox: readonly number[];
  readonly area?: number;
  readonly iscrowd?: number;
  readonly difficult?: number | boolean;
  readonly group_of?: number | boolean;
}

export interface GoldenImageLabel {
  readonly image_id: number;
  readonly category_id: number;
  readonly confidence: number;
}

export interface GoldenPrediction {
  readonly image_id: number;
  readonly category_id: number;
  readonly bbox: readonly number[];
  readonly score: number;
}

export interface GoldenExpected {
  readonly 'made by': string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
  readonly classes?: readonly Readonly<Record<string, number | null>>[];
  readonly files?: { readonly truth: string; readonly predictions: string };
  readonly sha256?: Readonly<Record<string, string>>;
}

export function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

export function readExpected(path: string): GoldenExpected {
  return readJson(path) as GoldenExpected;
}

export function readInput(truth: string, predictions: string): ScoringInput {
  return scoringInput(readJson(truth) as GoldenTruth, readJson(predictions) as GoldenPrediction[]);
}

/** Truth with the classes that only annotations name, and image labels where a file of them is given. */
export function readApiInput(truth: string, predictions: string, imageLabels: string | null): ScoringInput {
  const given = readJson(truth) as GoldenTruth;
  const input = scoringInput(given, readJson(predictions) as GoldenPrediction[], unlistedCategories(given));
  if (imageLabels === null) return input;
  return { ...input, imageLabels: labelsOf(input, readJson(imageLabels) as GoldenImageLabel[]) };
}

function unlistedCategories({ categories, annotations }: GoldenTruth): Category[] {
  const listed = new Set(categories.map(({ id }) => id));
  const used = new Set(annotations.map(({ category_id }) => category_id));
  return [...used]
    .filter((id) => !listed.has(id))
    .map((id) => ({ id, name: String(id), isUnlisted: true, extra: null }));
}

export function labelsOf(input: ScoringInput, rows: readonly GoldenImageLabel[]): ImageLabels {
  const image = new Map(input.imageIds.map((id, index) => [id, index]));
  const category = new Map(input.categories.map(({ id }, index) => [id, index]));
  const known = rows.filter(({ image_id, category_id }) => image.has(image_id) && category.has(category_id));
  return {
    image: Int32Array.from(known, ({ image_id }) => image.get(image_id)!),
    category: Int32Array.from(known, ({ category_id }) => category.get(category_id)!),
    confidence: Float64Array.from(known, ({ confidence }) => confidence),
  };
}

/** Little-endian float64 without header. */
export function readCells(path: string): Float64Array {
  const bytes = readFileSync(path);
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/** As a reader would give it: records of unknown images or classes left out. */
export function scoringInput(
  truth: GoldenTruth,
  predictions: readonly GoldenPrediction[],
  unlisted: readonly Category[] = [],
): ScoringInput {
  const imageIds = truth.images.map(({ id }) => id);
  const listed = truth.categories.map(({ id, name }) => ({ id, name: name ?? String(id), extra: null }));
  const categories: Category[] = [...listed, ...unlisted].sort((a, b) => a.id - b.id);
  const image = new Map(imageIds.map((id, index) => [id, index]));
  const category = new Map(categories.map(({ id }, index) => [id, index]));
  const isKnown = (record: GoldenPrediction | GoldenAnnotation) =>
    image.has(record.image_id) && category.has(record.category_id);
  const annotations = truth.annotations.filter(isKnown);
  const kept = predictions.flatMap((record, index) => (isKnown(record) ? [{ ...record, index }] : []));
  const columns: AnnotationColumns = {
    count: annotations.length,
    id: Float64Array.from(annotations, ({ id }) => id),
    image: Int32Array.from(annotations, ({ image_id }) => image.get(image_id)!),
    category: Int32Array.from(annotations, ({ category_id }) => category.get(category_id)!),
    box: Float64Array.from(annotations.flatMap(({ bbox }) => bbox)),
    area: Float64Array.from(annotations, ({ area, bbox }) => area ?? bbox[2]! * bbox[3]!),
    flags: Uint8Array.from(
      annotations,
      ({ iscrowd, difficult, group_of }) =>
        (iscrowd ? FLAG_CROWD : 0) | (difficult ? FLAG_DIFFICULT : 0) | (group_of ? FLAG_GROUP_OF : 0),
    ),
    extra: new Map(),
  };
  const predictionColumns: PredictionColumns = {
    count: kept.length,
    image: Int32Array.from(kept, ({ image_id }) => image.get(image_id)!),
    category: Int32Array.from(kept, ({ category_id }) => category.get(category_id)!),
    box: Float64Array.from(kept.flatMap(({ bbox }) => bbox)),
    score: Float64Array.from(kept, ({ score }) => score),
    fileIndex: Uint32Array.from(kept, ({ index }) => index),
  };
  return { imageIds, categories, annotations: columns, predictions: predictionColumns };
}
