import { describe, expect, it } from 'vitest';
import { BadInput } from '../foundation/bad-input';
import { COCO_IOU_THRESHOLDS } from './grids';
import {
  cocoParameters,
  defaultParameters,
  parseAreaRanges,
  parseIouThresholds,
  parseMaxDetections,
  vocParameters,
} from './parameters';

describe('parseIouThresholds', () => {
  it("gives COCO's grid to the last bit", () => {
    expect(parseIouThresholds('0.5:0.95:0.05')).toEqual(COCO_IOU_THRESHOLDS);
  });

  it('reads one threshold, a list, and both mixed', () => {
    expect(parseIouThresholds('0.5')).toEqual([0.5]);
    expect(parseIouThresholds('0.5,0.75')).toEqual([0.5, 0.75]);
    expect(parseIouThresholds('0.3,0.5:0.7:0.1')).toEqual([0.3, 0.5, expect.closeTo(0.6, 12), 0.7]);
    expect(parseIouThresholds('0.5:0.5:0.1')).toEqual([0.5]);
    expect(parseIouThresholds('0.5:0.95:0.01')).toHaveLength(46);
  });

  it.each([
    '',
    'x',
    '0',
    '1.1',
    '-0.5',
    '0.5,0.5',
    '0.5:0.9',
    '0.9:0.5:0.1',
    '0.5:0.9:0',
    '0.5:0.9:0.3',
    'Infinity',
  ])('refuses "%s"', (text) => expect(() => parseIouThresholds(text)).toThrow(BadInput));
});

describe('parseMaxDetections', () => {
  it('reads limits', () => {
    expect(parseMaxDetections('1,10,100')).toEqual([1, 10, 100]);
  });

  it.each(['', '0', '1.5', '1,1', 'all'])('refuses "%s"', (text) =>
    expect(() => parseMaxDetections(text)).toThrow(BadInput),
  );
});

describe('parseAreaRanges', () => {
  it("reads COCO's names and own ranges", () => {
    expect(parseAreaRanges('all,small')).toEqual({ all: [0, 1e10], small: [0, 1024] });
    expect(parseAreaRanges('tiny:0:256,all')).toEqual({ tiny: [0, 256], all: [0, 1e10] });
    expect(parseAreaRanges('small:0:100')).toEqual({ small: [0, 100] });
  });

  it.each(['', 'huge', 'a:1', 'a:1:2:3', 'a:2:1', 'a:-1:5', '5:0:1', 'all,all', 'constructor'])(
    'refuses "%s"',
    (text) => expect(() => parseAreaRanges(text)).toThrow(BadInput),
  );
});

describe('Parameters', () => {
  it("complete what is given, and put limits in pycocotools' order", () => {
    expect(cocoParameters({ maxDetections: [100, 1] })).toEqual({
      ...defaultParameters('coco'),
      maxDetections: [1, 100],
    });
    expect(vocParameters({ iouRule: 'at-least' })).toEqual({
      ...defaultParameters('voc2012'),
      iouRule: 'at-least',
    });
  });

  it('are checked however they come', () => {
    expect(() => cocoParameters({ iou: [] })).toThrow(BadInput);
    expect(() => cocoParameters({ maxDetections: [] })).toThrow(BadInput);
    expect(() => cocoParameters({ areaRanges: {} })).toThrow(BadInput);
    expect(() => vocParameters({ iou: [2] })).toThrow(BadInput);
  });
});
