/** A small generated dataset in a project of its own, for tests of the session. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { PredictionColumns, Truth } from '../../core/dataset/dataset';
import { ProjectSession } from './session';

export const NO_SCORES = { runs: [], protocols: [] } as const;
export const COCO = { runs: null, protocols: ['coco'] } as const;

const IMAGES = 6;
const PER_IMAGE = 4;

export function smallTruth(): Truth {
  const count = IMAGES * PER_IMAGE;
  const box = Float64Array.from(
    { length: count * 4 },
    (_, i) => [10 + 20 * (Math.floor(i / 4) % PER_IMAGE), 12, 16, 18][i % 4]!,
  );
  return {
    format: 'coco',
    hasOwnIds: true,
    images: Array.from({ length: IMAGES }, (_, i) => ({
      id: i + 1,
      fileName: `${i + 1}.jpg`,
      width: 100,
      height: 80,
      extra: null,
    })),
    categories: [
      { id: 1, name: 'a', extra: null },
      { id: 5, name: 'b', extra: null },
    ],
    annotations: {
      count,
      id: Float64Array.from({ length: count }, (_, row) => row + 1),
      image: Int32Array.from({ length: count }, (_, row) => Math.floor(row / PER_IMAGE)),
      category: Int32Array.from({ length: count }, (_, row) => row % 2),
      box,
      area: new Float64Array(count).fill(16 * 18),
      flags: new Uint8Array(count),
      extra: new Map(),
    },
    subsets: [],
    extra: null,
  };
}

/** Each box found a little off, with rising offsets and falling scores; one false positive an image. */
export function smallPredictions(): PredictionColumns {
  const truth = smallTruth().annotations;
  const count = truth.count + IMAGES;
  const columns = {
    count,
    image: new Int32Array(count),
    category: new Int32Array(count),
    box: new Float64Array(count * 4),
    score: new Float64Array(count),
    fileIndex: Uint32Array.from({ length: count }, (_, row) => row),
  };
  for (let row = 0; row < count; row++) {
    const isExtra = row >= truth.count;
    columns.image[row] = isExtra ? row - truth.count : truth.image[row]!;
    columns.category[row] = isExtra ? 0 : truth.category[row]!;
    const [x, y, width, height] = isExtra ? [60, 50, 20, 20] : truth.box.subarray(row * 4, row * 4 + 4);
    columns.box.set([x! + (row % 7) * 0.7, y!, width!, height!], row * 4);
    columns.score[row] = 0.95 - row * 0.02;
  }
  return columns;
}

export interface SmallProject {
  readonly file: string;
  readonly session: ProjectSession;
  readonly remove: () => void;
}

/** Six images, 24 boxes of two classes, one run. */
export function makeSmallProject(): SmallProject {
  const folder = mkdtempSync(path.join(tmpdir(), 'reticle-session-'));
  const file = path.join(folder, 'small.reticle');
  const session = ProjectSession.create(file);
  const probe = { location: null, bytes: null, hash: null, width: 100, height: 80, orientation: 1 };
  session.import(
    {
      truth: { truth: smallTruth(), imageRoot: null, probes: new Array<typeof probe>(IMAGES).fill(probe) },
      run: { name: 'model', source: 'predictions.json', predictions: smallPredictions() },
      replace: false,
      author: 'test',
      label: 'Import',
    },
    NO_SCORES,
  );
  return {
    file,
    session,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
