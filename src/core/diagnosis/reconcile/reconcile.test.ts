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
