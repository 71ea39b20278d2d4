import { describe, expect, it } from 'vitest';
import { Random } from '../foundation/random';
import { createScorer } from '../metrics/scorer';
import { annotationRows } from '../dataset/rows';
import { scene } from '../metrics/scene.fixture';
import { detect, STRONG_DETECTOR } from './detector-sets.fixture';
import { editedTruth } from './edited-truth';
import { fixQueue } from './fix-queue';
import { plantErrors } from './plant-errors';
import { compare } from './rivals.fixture';

describe('Fix queue', () => {
  const input = detect({ ...STRONG_DETECTOR, images: 80 }, 3);
  const planting = plantErrors(input, { each: 8, shiftedIou: [0.3, 0.6], extraOnObjects: 0 }, new Random(5));
  const faulty = planting.input;
  const queue = fixQueue(faulty, createScorer(faulty, 'coco'));

  it('prices each suggestion as the score moves when its edit is made', () => {
    for (const kind of ['missing', 'extra', 'wrong-class', 'badly-placed'] as const) {
      const { annotation, image, edit, gain } = queue.suggestions.find((found) => found.kind === kind)!;
      const scorer = createScorer(faulty, 'coco');
      const before = scorer.headline()!;
      const rows = [...faulty.annotations.image.keys()].filter(
        (row) => faulty.annotations.image[row] === image,
      );
      const place = annotation === null ? -1 : rows.indexOf(annotation);
      scorer.replaceTruth(image, editedTruth(scorer.truth(image), edit, place));
      expect(scorer.headline()! - before).toBe(gain);
    }
  });

  it('puts what is expected to gain most first, and draws the stop line where the rest is noise', () => {
    const expected = queue.suggestions.map((suggestion) => suggestion.expected);
    expect(expected).toEqual([...expected].sort((a, b) => b - a));
    const sumFrom = (place: number) =>
      expected.slice(place).reduce((sum, gain) => sum + Math.max(0, gain), 0);
    expect(sumFrom(queue.stop)).toBeLessThan(queue.standardError!);
    if (queue.stop > 0) expect(sumFrom(queue.stop - 1)).toBeGreaterThanOrEqual(queue.standardError!);
  });

  it('suggests at most one thing a label', () => {
    const labels = queue.suggestions.flatMap(({ annotation }) => annotation ?? []);
    expect(new Set(labels).size).toBe(labels.length);
  });

  it('gives the same suggestions every time', () => {
    expect(fixQueue(faulty, createScorer(faulty, 'coco'))).toEqual(queue);
  });

  it('gives the same probabilities wherever a label stands in its file', () => {
    const rows = [...faulty.annotations.image.keys()].reverse();
    const turned = { ...faulty, annotations: annotationRows(faulty.annotations, rows) };
    const byKey = ({ suggestions }: typeof queue, rowOf: (row: number) => number) =>
      new Map(
        suggestions.map(({ kind, annotation, prediction, probability }) => [
          `${kind} ${annotation === null ? '' : rowOf(annotation)} ${prediction ?? ''}`,
          probability,
        ]),
      );
    const again = byKey(fixQueue(turned, createScorer(turned, 'coco')), (row) => rows[row]!);
    const before = byKey(queue, (row) => row);
    expect([...again.keys()].sort()).toEqual([...before.keys()].sort());
    for (const [key, probability] of before) expect(again.get(key)).toBeCloseTo(probability, 9);
  });

  it('finds planted errors of every kind among its first suggestions', () => {
    const first = queue.suggestions.slice(0, 60);
    for (const kind of ['extra', 'wrong-class', 'badly-placed'] as const) {
      const planted = planting.errors.flatMap((error, row) => (error === kind ? [row] : []));
      const found = planted.filter((row) => first.some(({ annotation }) => annotation === row));
      expect(found.length).toBeGreaterThanOrEqual(planted.length / 2);
    }
    const images = new Set(planting.removed.map(({ image }) => image));
    expect(first.filter(({ kind, image }) => kind === 'missing' && images.has(image)).length).toBeGreaterThan(
      2,
    );
  });

  it('ranks better than ObjectLab and than confidence', () => {
    const one = compare(detect(STRONG_DETECTOR, 11), 1, 0);
    expect(one.queue['one queue']).toBeGreaterThan(one.objectLab['one queue'] + 0.1);
    expect(one.queue['badly-placed']).toBeGreaterThan(one.objectLab['badly-placed']);
    expect(one.queue.missing).toBeGreaterThan(Math.max(one.byConfidence, one.objectLab.missing));
  });

  it('is empty where there is nothing to judge', () => {
    const empty = scene({ truth: [], predictions: [] });
    const nothing = fixQueue(empty, createScorer(empty, 'coco'));
    expect(nothing.suggestions).toEqual([]);
    expect(nothing.standardError).toBeNull();
    const unpredicted = scene({ truth: [{ box: [0, 0, 9, 9] }], predictions: [] });
    expect(fixQueue(unpredicted, createScorer(unpredicted, 'coco')).stop).toBe(0);
  });

  it('never suspects crowds and groups', () => {
    const flagged = {
      ...faulty,
      annotations: annotationRows(faulty.annotations, [...faulty.annotations.id.keys()]),
    };
    flagged.annotations.flags.fill(1);
    const { suggestions } = fixQueue(flagged, createScorer(flagged, 'coco'));
    expect(suggestions.filter(({ kind }) => kind !== 'missing')).toEqual([]);
  });
});

describe('Planted errors', () => {
  const input = detect(STRONG_DETECTOR, 4);
  const planting = plantErrors(
    input,
    { each: 12, shiftedIou: [0.3, 0.6], extraOnObjects: 0.5 },
    new Random(8),
  );

  it('hit as many labels of each kind as asked, and leave all others as they are', () => {
    expect(planting.removed).toHaveLength(12);
    for (const kind of ['extra', 'wrong-class', 'badly-placed'] as const)
      expect(planting.errors.filter((error) => error === kind)).toHaveLength(12);
    const { annotations } = planting.input;
    expect(annotations.count).toBe(input.annotations.count);
    planting.errors.forEach((error, row) => {
      if (error !== null) return;
      const old = input.annotations.id.indexOf(annotations.id[row]!);
      expect(annotations.category[row]).toBe(input.annotations.category[old]);
      expect(annotations.box.subarray(row * 4, row * 4 + 4)).toEqual(
        input.annotations.box.subarray(old * 4, old * 4 + 4),
      );
    });
  });

  it('come out the same for a seed', () => {
    const again = plantErrors(
      input,
      { each: 12, shiftedIou: [0.3, 0.6], extraOnObjects: 0.5 },
      new Random(8),
    );
    expect(again).toEqual(planting);
  });
});
