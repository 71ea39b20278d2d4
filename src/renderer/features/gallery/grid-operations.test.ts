import { describe, expect, it } from 'vitest';
import type { FailureTile, ImageTile, TileOutcome } from '../../../contract/view-types';
import { acceptable, classOperations, verdict } from './grid-operations';

const failure = (outcome: TileOutcome, change: Partial<FailureTile> = {}): FailureTile => ({
  kind: 'failure',
  image: 7,
  imageName: 'a.jpg',
  imageWidth: 100,
  imageHeight: 100,
  outcome,
  category: 1,
  truthCategory: null,
  score: 0.5,
  iou: 0.2,
  box: [1, 2, 3, 4],
  truthBox: null,
  annotation: null,
  prediction: 9,
  status: 'to-do',
  gain: null,
  neighbours: [],
  ...change,
});
const miss = failure('miss', { prediction: null, annotation: 4, score: null });
const image: ImageTile = {
  kind: 'image',
  image: 7,
  imageName: 'a.jpg',
  imageWidth: 1,
  imageHeight: 1,
  status: 'to-do',
  hasNote: false,
  isMissing: false,
  counts: {
    'true-positive': 0,
    'false-positive': 0,
    'wrong-class': 0,
    'loose-box': 0,
    duplicate: 0,
    ignored: 0,
    miss: 0,
  },
  boxes: [],
};

describe('a verdict', () => {
  it('is on the image, the prediction or the missed label', () => {
    expect(verdict(image, 1, 'done')).toEqual([{ review: { image: 7, status: 'done' } }]);
    expect(verdict(failure('false-positive'), 1, 'dismissed')).toEqual([
      { judge: { target: { run: 1, prediction: 9 }, status: 'dismissed' } },
    ]);
    expect(verdict(miss, 1, 'dismissed')).toEqual([
      { judge: { target: { annotation: 4 }, status: 'dismissed' } },
    ]);
  });
});

describe('accepting', () => {
  it('is for predictions that are not right already', () => {
    const loose = failure('loose-box');
    expect(acceptable([image, miss, loose, failure('true-positive')])).toEqual([loose]);
  });
});

describe('setting the class', () => {
  it('renames the truth that is meant', () => {
    expect(classOperations(miss, 2)).toEqual([{ change: { annotation: 4, category: 2 } }]);
    const wrong = failure('wrong-class', { annotation: 5, truthCategory: 2 });
    expect(classOperations(wrong, 1)).toEqual([{ change: { annotation: 5, category: 1 } }]);
  });

  it('makes ground truth of a false positive', () => {
    expect(classOperations(failure('false-positive'), 3)).toEqual([
      { add: { image: 7, category: 3, box: [1, 2, 3, 4] } },
    ]);
  });

  it('does nothing where nothing would change, nor with images and duplicates', () => {
    expect(classOperations(miss, 1)).toEqual([]);
    expect(classOperations(image, 1)).toEqual([]);
    expect(classOperations(failure('duplicate', { annotation: 5 }), 2)).toEqual([]);
  });
});
