/** Datasets as files have them, for tests. */
import { CocoResultsReader } from '../formats/coco/read-results';
import { CocoTruthReader } from '../formats/coco/read-truth';
import type { Protocol } from '../metrics/evaluation';
import { loadSituation } from './load-situation';
import type { Situation } from './situation';

export type Box = [number, number, number, number];

export interface TruthFile {
  images: { id: number; file_name: string; width: number; height: number }[];
  annotations: {
    id: number;
    image_id: number;
    category_id: number;
    bbox: Box;
    area?: number;
    iscrowd?: number;
    difficult?: number;
  }[];
  categories: { id: number; name: string }[];
}

export interface ResultRecord {
  image_id?: number | string;
  file_name?: string;
  category_id: number | string;
  bbox: Box;
  score: number;
}

export interface DataFiles {
  truth: TruthFile;
  predictions: ResultRecord[];
}

export const copyOf = (files: DataFiles): DataFiles => structuredClone(files);

export function situationOf({ truth, predictions }: DataFiles, protocol: Protocol = 'coco'): Situation {
  const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  const truthReader = new CocoTruthReader({ file: 'truth.json', keepUnlisted: true });
  truthReader.push(bytes(truth));
  const resultsReader = new CocoResultsReader({ file: 'predictions.json' });
  resultsReader.push(bytes(predictions));
  const options = { file: 'predictions.json' };
  const scoring = { protocol, parameters: {} };
  return loadSituation(truthReader.end().truth, resultsReader.end(), options, scoring, null).situation;
}

/** A generator of numbers in [0, 1), the same for a seed everywhere. */
export function randomOf(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}
