import { expect, it } from 'vitest';
import { byteSize, count, difference, score, seconds } from './number-text';

it('writes numbers as one reads them', () => {
  expect([score(0.47303), score(0.47303, 4), score(null), score(0.0004), score(0)]).toEqual([
    '0.473',
    '0.4730',
    '–',
    '< 0.001',
    '0.000',
  ]);
  expect([difference(0.002), difference(-0.002), difference(0), difference(null)]).toEqual([
    '+0.0020',
    '−0.0020',
    '±0.0000',
    '–',
  ]);
  expect([count(1138), seconds(2.2), seconds(130), seconds(12_000)]).toEqual([
    '1,138',
    '3 s',
    '3 min',
    '3 h 20 min',
  ]);
  expect([2940, 1_024_000, 274e6, 1.5e9].map(byteSize)).toEqual(['3 kB', '1.0 MB', '274 MB', '1.5 GB']);
});
