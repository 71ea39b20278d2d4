import { describe, expect, it } from 'vitest';
import { annotation, dataset, truthOf } from '../formats/coco/coco.fixture';
import { distributionOf, truthStatistics } from './statistics';
import { chooseImages } from './subset';

const { truth } = truthOf(
  dataset({
    annotations: [
      annotation({ bbox: [0, 0, 10, 20] }),
      annotation({ id: 2, bbox: [0, 0, 32, 32] }),
      annotation({ id: 3, category_id: 2, bbox: [0, 0, 96, 96] }),
      annotation({ id: 4, bbox: [0, 0, 30, 0] }),
    ],
  }),
);

describe('statistics', () => {
  it('count images, classes and sizes', () => {
    expect(truthStatistics(truth)).toMatchObject({
      counts: { images: 2, annotations: 4, predictions: 0, categories: 2, imagesWithoutAnnotations: 1 },
      classes: [
        { id: 1, name: 'cat', annotations: 3, images: 1 },
        { id: 2, name: 'dog', annotations: 1, images: 1 },
      ],
      boxes: {
        width: { min: 10, max: 96, median: 31 },
        // The box without height has no ratio.
        aspectRatio: { min: 0.5, median: 1, max: 1 },
        small: 2,
        medium: 1,
        large: 1,
      },
    });
  });

  it('interpolate between order statistics, as numpy.percentile does', () => {
    expect(distributionOf(Float64Array.of(4, 1, 3, 2))).toEqual({
      min: 1,
      p05: 1.15,
      median: 2.5,
      p95: 3.8499999999999996,
      max: 4,
    });
    expect(distributionOf(new Float64Array(0))).toEqual({
      min: null,
      p05: null,
      median: null,
      p95: null,
      max: null,
    });
  });
});

describe('a choice of images', () => {
  it('keeps ids of the file, and gives others anew', () => {
    expect(chooseImages(truth, [1])).toMatchObject({
      images: [{ id: 2, fileName: 'b.jpg' }],
      annotations: { count: 0 },
    });
    const again = chooseImages({ ...truth, hasOwnIds: false }, [1, 0]);
    expect(again.images.map(({ id, fileName }) => [id, fileName])).toEqual([
      [1, 'b.jpg'],
      [2, 'a.jpg'],
    ]);
    expect([...again.annotations.image]).toEqual([1, 1, 1, 1]);
    expect([...again.annotations.id]).toEqual([1, 2, 3, 4]);
    expect(again.annotations.box).toEqual(truth.annotations.box);
  });
});
