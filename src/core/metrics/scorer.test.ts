import { describe, expect, it } from 'vitest';
import { FLAG_CROWD } from '../dataset/dataset';
import type { ImageTruth } from './evaluation';
import { scene } from './scene.fixture';
import { createScorer } from './scorer';

const A = [0, 0, 40, 40] as const;
const FAR = [200, 200, 40, 40] as const;

function small() {
  return scene({
    images: [1, 2],
    categories: 3,
    truth: [
      { box: A, image: 0, category: 0 },
      { box: FAR, image: 0, category: 1 },
      { box: A, image: 1, category: 0 },
    ],
    predictions: [
      { box: A, image: 0, category: 0, score: 0.9 },
      { box: FAR, image: 0, category: 1, score: 0.8 },
    ],
  });
}

function without(truth: ImageTruth, row: number): ImageTruth {
  const keep = <T extends Float64Array | Int32Array | Uint8Array>(column: T) =>
    column.filter((_, index) => index !== row) as T;
  return {
    count: truth.count - 1,
    id: keep(truth.id),
    category: keep(truth.category),
    box: truth.box.filter((_, index) => Math.floor(index / 4) !== row),
    area: keep(truth.area),
    flags: keep(truth.flags),
  };
}

describe('createScorer', () => {
  it('gives the headline number, metrics, classes and parameters of the protocol', () => {
    const result = createScorer(small(), 'coco').result();
    expect(result.protocol).toBe('coco');
    expect(result.metrics.AP).toBe(createScorer(small(), 'coco').headline());
    expect(result.classes.map(({ id, name, truth, predictions }) => [id, name, truth, predictions])).toEqual([
      [1, 'class 0', 2, 1],
      [3, 'class 1', 1, 1],
      [5, 'class 2', 0, 0],
    ]);
    expect(result.parameters).toMatchObject({
      maxDetections: [1, 10, 100],
      classAgnostic: false,
      score: 0.5,
    });
    expect(result.counts).toEqual({
      truePositives: 2,
      falsePositives: 0,
      misses: 1,
      at: { iou: 0.5, score: 0.5 },
    });
  });

  it('has one row without id and name when class-agnostic', () => {
    const { classes } = createScorer(small(), 'coco', { classAgnostic: true }).result();
    expect(classes).toHaveLength(1);
    expect(classes[0]).toMatchObject({ id: null, name: null, truth: 3, predictions: 2 });
  });

  it('counts at the first IoU of the parameters', () => {
    expect(createScorer(small(), 'coco', { iou: [0.75, 0.5] }).result().counts.at.iou).toBe(0.75);
  });

  it('refuses an IoU below what is matched', () => {
    const scorer = createScorer(small(), 'coco');
    expect(() => scorer.counts({ iou: 0.49, score: 0 })).toThrow(RangeError);
    expect(() => scorer.outcomes(0, { iou: 1.1, score: 0 })).toThrow(RangeError);
    expect(() => createScorer(small(), 'coco', { iou: [0.3] }).counts({ iou: 0.3, score: 0 })).not.toThrow();
  });
});

describe('replaceTruth', () => {
  it('names the classes that were matched again, and none where only ids or order among classes changed', () => {
    const scorer = createScorer(small(), 'coco');
    const truth = scorer.truth(0);
    expect(scorer.replaceTruth(0, { ...truth, id: Float64Array.of(8, 9) })).toEqual([]);
    expect([...scorer.truth(0).id]).toEqual([8, 9]);
    expect(scorer.replaceTruth(0, { ...truth, category: Int32Array.of(0, 2) })).toEqual([1, 2]);
    expect(scorer.replaceTruth(0, { ...truth, flags: Uint8Array.of(FLAG_CROWD, 0) })).toEqual([0, 1, 2]);
  });

  it('moves the score, and changing back gives the old one to the last bit', () => {
    const scorer = createScorer(small(), 'coco');
    const before = scorer.result();
    const arrays = scorer.arrays();
    const truth = scorer.truth(1);
    scorer.replaceTruth(1, without(truth, 0));
    expect(scorer.headline()).toBeGreaterThan(before.metrics.AP!);
    scorer.replaceTruth(1, truth);
    expect(scorer.result()).toEqual(before);
    expect(scorer.arrays()).toEqual(arrays);
  });

  it('keeps its own copy, and leaves the input as it was', () => {
    const input = small();
    const scorer = createScorer(input, 'coco');
    const truth = scorer.truth(0);
    truth.box[0] = 500;
    const headline = scorer.headline();
    scorer.replaceTruth(0, truth);
    truth.box[0] = 0;
    expect(scorer.truth(0).box[0]).toBe(500);
    expect(scorer.headline()).toBeLessThan(headline!);
    expect(input.annotations.box[0]).toBe(0);
  });

  it('moves the rows of later images with it', () => {
    const scorer = createScorer(small(), 'coco');
    scorer.allOutcomes({ iou: 0.5, score: 0 });
    scorer.replaceTruth(0, without(scorer.truth(0), 0));
    expect(scorer.annotationRows(0)).toEqual([0, 1]);
    expect(scorer.annotationRows(1)).toEqual([1, 2]);
    expect([...scorer.allOutcomes({ iou: 0.5, score: 0 }).truthPrediction]).toEqual([1, -1]);
  });
});

describe('preview', () => {
  it('foretells the numbers and keeps nothing', () => {
    const scorer = createScorer(small(), 'voc2012');
    const before = scorer.headline();
    const fewer = without(scorer.truth(1), 0);
    const preview = scorer.preview(1, fewer);
    expect(preview).toEqual({ headline: 1, classAP: [1, 1, null] });
    expect(scorer.headline()).toBe(before);
    expect(scorer.truth(1).count).toBe(1);
  });
});
