import { describe, expect, it } from 'vitest';
import { noProgress } from '../../foundation/cancellation';
import { evaluateProtocol } from '../../metrics/protocol-evaluation';
import { cleanSet } from '../clean-set.fixture';
import type { DataFiles } from '../data-files.fixture';
import { situationOf } from '../data-files.fixture';
import { diagnose } from '../diagnose';
import type { ReportedNumber } from '../rule';
import type { Situation } from '../situation';
import { scoringInputOf } from '../situation';
import { reconcile } from './reconcile';

const FILES = cleanSet(9, { images: 40, classes: 4, objects: 12, clutter: 15, looseness: 0.06, found: 0.9 });
const SITUATION = situationOf(FILES);

const metric = (
  situation: Situation,
  key: string,
  ...[protocol, parameters]: [Parameters<typeof evaluateProtocol>[1], object]
) => evaluateProtocol(scoringInputOf(situation), protocol, parameters).result(0.5).metrics[key]!;
const reported = (key: string, value: number, decimals = 4): ReportedNumber => ({
  key,
  value: Number(value.toFixed(decimals)),
  decimals,
});
const bestOf = (number: ReportedNumber, situation = SITUATION) =>
  reconcile([number], situation, null, [], noProgress)[0]!;

const PASCAL = 'PascalBoxes_Precision/mAP@0.5IOU';

describe('a reported number', () => {
  it('with padding counted as truth is told, with the number without it', () => {
    const parameters = { asTensorflow2ReportsIt: true, maxNumberOfBoxes: 100 };
    const number = reported(PASCAL, metric(SITUATION, PASCAL, 'tf-pascal', parameters));
    const { matches, sentence } = bestOf(number);
    expect(matches[0]).toMatchObject({ protocol: 'tf-pascal', emulation: 'padded-ground-truth' });
    expect(sentence).toContain(metric(SITUATION, PASCAL, 'tf-pascal', {}).toFixed(4));
  });

  it('of truth that was cut, of few detections, of pooled classes', () => {
    const coco = 'DetectionBoxes_Precision/mAP';
    const cut = metric(SITUATION, coco, 'tf-coco', { asTensorflow2ReportsIt: true, maxNumberOfBoxes: 10 });
    expect(bestOf(reported(coco, cut)).matches[0]).toMatchObject({
      emulation: 'ground-truth-clipped',
      parameters: { maxNumberOfBoxes: 10 },
    });
    const few = metric(SITUATION, 'AP', 'coco', { maxDetections: [1] });
    expect(bestOf(reported('AP', few)).matches[0]).toMatchObject({ emulation: 'detections-capped' });
    const pooled = metric(SITUATION, 'AP', 'coco', { classAgnostic: true });
    expect(bestOf(reported('AP', pooled)).matches[0]).toMatchObject({ emulation: 'class-averaging' });
  });

  it('of eleven points, of every point, of larger boxes', () => {
    const eleven = metric(SITUATION, 'mAP', 'voc2007', { boxSize: 'edge', iouRule: 'at-least' });
    expect(bestOf(reported('AP50', eleven, 5)).matches.map(({ emulation }) => emulation)).toContain(
      'eleven-points',
    );
    const every = metric(SITUATION, PASCAL, 'tf-pascal', {});
    expect(bestOf(reported('AP50', every, 5)).matches.map(({ protocol }) => protocol)).toContain('tf-pascal');
    const larger = metric(SITUATION, 'mAP', 'voc2012', { boxSize: 'inclusive', iouRule: 'at-least' });
    expect(bestOf(reported('AP50', larger, 5)).matches.map(({ emulation }) => emulation)).toContain(
      'inclusive-pixels',
    );
  });

  it('by size, of recall, of one class, as it is named', () => {
    const { metrics, classes } = evaluateProtocol(scoringInputOf(SITUATION), 'coco', {}).result(0.5);
    const [first] = classes;
    for (const [said, key, value] of [
      ['APmedium', 'APmedium', metrics.APmedium],
      ['mAP_medium', 'APmedium', metrics.APmedium],
      ['AR@10', 'AR10', metrics.AR10],
      ['AP (area=large)', 'APlarge', metrics.APlarge],
      [`${first!.name} AP50`, `AP50 of ${first!.name}`, first!.AP50],
    ] as const) {
      const [best] = bestOf(reported(said, value!, 5)).matches;
      expect(best).toMatchObject({ protocol: 'coco', key, emulation: null, isAsNamed: true });
    }
  });

  it('that is another than its name says: of one class, of recall', () => {
    const { metrics, classes } = evaluateProtocol(scoringInputOf(SITUATION), 'coco', {}).result(0.5);
    const keysOf = (value: number): string[] =>
      bestOf(reported('AP', value, 5)).matches.map(({ key }) => key);
    expect(keysOf(metrics.AR1!)).toContain('AR1');
    expect(keysOf(classes[1]!.AP!)).toContain(`AP of ${classes[1]!.name}`);
  });

  it('of Pascal’s rules at a stricter IoU, and averaged over ten', () => {
    const at = (iou: readonly number[]) => metric(SITUATION, 'mAP', 'voc2012', { iou });
    expect(bestOf(reported('AP75', at([0.75]), 5)).matches[0]).toMatchObject({
      protocol: 'voc2012',
      key: 'mAP75',
    });
    const ten = Array.from({ length: 10 }, (_, step) => (50 + 5 * step) / 100);
    expect(bestOf(reported('mAP@0.5:0.95', at(ten), 5)).matches[0]).toMatchObject({
      protocol: 'voc2012',
      key: 'mAP50-95',
    });
  });

  it('that two rules give alike is said to be of either', () => {
    const value = metric(SITUATION, PASCAL, 'tf-pascal', {});
    const { matches, sentence } = bestOf(reported('AP@0.5', value, 2));
    expect(matches.length).toBeGreaterThan(1);
    expect(sentence).toMatch(/can be several things\. (Both of these give|Each of these gives) it/);
    for (const { key, protocol } of matches.slice(0, 2))
      expect(sentence).toContain(`${key} of the protocol ${protocol}`);
  });

  it('with id 0 read as “no match”', () => {
    const few: DataFiles = cleanSet(4, {
      images: 4,
      classes: 1,
      objects: 3,
      clutter: 0,
      looseness: 0.03,
      found: 1,
    });
    few.truth.annotations.forEach((one, index) => (one.id = index));
    const situation = situationOf(few);
    const without = structuredClone(few);
    without.truth.annotations[0]!.bbox = [-1e6, -1e6, 5, 5];
    const number = reported('AP', metric(situationOf(without), 'AP', 'coco', {}), 5);
    expect(bestOf(number, situation).matches[0]).toMatchObject({ protocol: 'coco', emulation: 'id-zero' });
  });

  it('that nothing gives is said to be so; one that is as it says is no cause', () => {
    expect(bestOf(reported('AP', 0.987654)).matches).toEqual([]);
    expect(bestOf(reported('AP', 0.987654)).sentence).toContain('Nothing that was tried');
    const ap = metric(SITUATION, 'AP', 'coco', {});
    const of = (number: ReportedNumber) =>
      diagnose(
        SITUATION,
        SITUATION.truth,
        { train: null, training: null, reported: [number] },
        [],
        noProgress,
      ).causes;
    expect(of(reported('AP', ap))).toEqual([]);
    expect(of(reported('mAP', metric(SITUATION, 'AP50', 'coco', {})))).toMatchObject([
      { code: 'other-protocol', gain: null, evidence: { metric: 'AP50' } },
    ]);
  });
});
