import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { detectCells } from './detect.mjs';
import { createRandom } from './random.mjs';
import { renderSmear } from './render.mjs';

interface Truth {
  images: { id: number; file_name: string }[];
  annotations: { id: number; image_id: number; category_id: number; bbox: number[] }[];
}
interface Planted {
  seed: number;
  errors: {
    error: string;
    image: string;
    annotation: number | null;
    was: { category_id: number; bbox: number[] } | null;
  }[];
}
interface Prediction {
  image_id: number;
  category_id: number;
  bbox: number[];
  score: number;
}

const SAMPLE = new URL('../../resources/sample/', import.meta.url);
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, SAMPLE), 'utf8'));
const truth = read('truth.json') as Truth;
const exact = read('truth-exact.json') as Truth;
const planted = read('planted.json') as Planted;
const predictions = read('predictions.json') as Prediction[];

describe('sample project', () => {
  it('is what the script with its seed renders', () => {
    for (const image of [1, 60, 120]) {
      const { objects } = renderSmear(createRandom(planted.seed + (image - 1) * 7919));
      const committed = exact.annotations.filter((a) => a.image_id === image);
      expect(objects.map((o) => ({ category_id: o.classId, bbox: o.box }))).toEqual(
        committed.map(({ category_id, bbox }) => ({ category_id, bbox })),
      );
    }
  });

  it('has predictions that come from the pixels of its files', async () => {
    for (const image of [2, 77]) {
      const file = readFileSync(new URL(`images/smear-${String(image).padStart(3, '0')}.jpg`, SAMPLE));
      const found = detectCells(await sharp(file).raw().toBuffer());
      const committed = predictions.filter((p) => p.image_id === image);
      expect(found.map((f) => ({ category_id: f.classId, bbox: f.box, score: f.score }))).toEqual(
        committed.map(({ category_id, bbox, score }) => ({ category_id, bbox, score })),
      );
    }
  });

  it('has exactly the planted label errors', () => {
    const key = (a: { image_id: number; category_id: number; bbox: number[] }) =>
      `${a.image_id} ${a.category_id} ${a.bbox.join(' ')}`;
    const inExact = new Set(exact.annotations.map(key));
    const inTruth = new Set(truth.annotations.map(key));
    const differing = truth.annotations.filter((a) => !inExact.has(key(a))).map((a) => a.id);
    expect(new Set(planted.errors.flatMap((e) => e.annotation ?? []))).toEqual(new Set(differing));
    const lost = exact.annotations.filter((a) => !inTruth.has(key(a))).length;
    expect(planted.errors.filter((e) => e.was !== null)).toHaveLength(lost);
    expect(new Set(planted.errors.map((e) => e.error))).toEqual(
      new Set(['missing', 'extra', 'wrong class', 'shifted']),
    );
  });
});
