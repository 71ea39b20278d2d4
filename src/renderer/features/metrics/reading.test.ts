import { expect, it } from 'vitest';
import type { MetricsAnalysis, TideErrors } from '../../../contract/metrics-view';
import { calibrationReading, reading } from './reading';

const point = { iou: 0.5, score: 0.3 };
const analysis = (truePositives: number, falsePositives: number, misses: number) =>
  ({ point, counts: { truePositives, falsePositives, misses, at: point } }) as MetricsAnalysis;
const errors = (Bkg: number, Loc: number) =>
  ({
    bars: [
      { name: 'Bkg', gain: Bkg, count: 1 },
      { name: 'Loc', gain: Loc, count: 1 },
    ],
  }) as unknown as TideErrors;

it('says what is found, how boxes are placed and what costs most', () => {
  expect(reading(analysis(85, 50, 15), { AP50: 0.853, AP75: 0.434 }, errors(0.078, 0.035))).toEqual([
    'The model finds most objects (recall 0.850), and 0.630 of its predictions are right, at IoU 0.50 and confidence 0.30.',
    'It places boxes loosely: AP goes from 0.853 at IoU 0.50 to 0.434 at 0.75.',
    'Background detections cost most (0.078 of AP at IoU 0.50).',
  ]);
});

it('leaves out what it cannot say', () => {
  expect(reading(null, { mAP: 0.5 }, null)).toEqual([]);
  expect(reading(analysis(0, 0, 0), { AP50: null, AP75: null }, errors(0, 0))).toEqual([]);
  expect(reading(null, { AP50: 0.8, AP75: 0.7 }, null)[0]).toContain('well');
});

it('says of sure and unsure predictions whether they are as right as they are sure', () => {
  const bin = (count: number, confidence: number, precision: number) => ({ count, confidence, precision });
  expect(calibrationReading([bin(900, 0.1, 0.02), bin(100, 0.8, 0.9)])).toBe(
    'From confidence 0.5 on the model is less sure than it is right (0.800 against 0.900). Below the model is surer than it is right (0.100 against 0.020).',
  );
  expect(calibrationReading([bin(0, 0, 0), bin(10, 0.8, 0.81)])).toContain('as sure as it is right');
  expect(calibrationReading([])).toBe('There are no predictions.');
});
