/** Equality with the TIDE package on its reference outputs, number by number and box by box. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sharedPath } from '../../foundation/shared-data.fixture';
import { evaluateCoco } from '../evaluate';
import { readCells, readInput, readJson } from '../golden.fixture';
import { evaluateTide } from './tide-evaluation';

const ABSENT = '(reference outputs absent)';

interface TideExpected {
  readonly parameters: { readonly pos: number; readonly bg: number; readonly 'detections per image': number };
  readonly files?: { readonly truth: string; readonly predictions: string };
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly fixedAP: Readonly<Record<string, number>>;
  readonly unfixedAP: number;
  readonly APs: Readonly<Record<string, number>>;
  readonly classes: readonly { readonly id: number; readonly truth: number; readonly AP: number }[];
  readonly predictions: {
    readonly state: readonly string[];
    readonly error: readonly (string | null)[];
    readonly truth: readonly (number | null)[];
  };
  readonly missed: readonly number[];
  readonly falseNegatives: readonly number[];
  readonly shapes: { readonly curves: readonly number[] };
}

describe.each(cases())('TIDE reference case %s', (folder) => {
  it.skipIf(folder === ABSENT)('equals the package in every number', () => {
    const { expected, evaluation } = evaluated(folder);
    expect(Object.keys(evaluation.metrics)).toEqual(Object.keys(expected.metrics));
    for (const [key, value] of Object.entries(expected.metrics)) expectClose(evaluation.metrics[key], value);
    for (const [key, value] of Object.entries(expected.fixedAP)) {
      expectClose(evaluation.fixedAP[key as keyof typeof evaluation.fixedAP], value);
    }
    expectClose(evaluation.unfixedAP, expected.unfixedAP);
    expect(evaluation.errorCounts).toEqual(expected.counts);
    const known = evaluation.classes.filter(({ AP }) => AP !== null);
    expect(known.map(({ id, truth }) => ({ id, truth }))).toEqual(
      expected.classes.map(({ id, truth }) => ({ id, truth })),
    );
    known.forEach(({ AP }, index) => expectClose(AP, expected.classes[index]!.AP));
  });

  it.skipIf(folder === ABSENT)('equals the package box by box', () => {
    const { expected, evaluation } = evaluated(folder);
    const rows = evaluation.matchRows();
    expect(rows.predictions.map(({ state }) => state)).toEqual(expected.predictions.state);
    expect(rows.predictions.map(({ error }) => error)).toEqual(expected.predictions.error);
    expect(rows.predictions.map(({ truth }) => truth)).toEqual(expected.predictions.truth);
    expect(rows.missed).toEqual(expected.missed);
    expect(rows.unmatched).toEqual(expected.falseNegatives);
    const states = (name: string) => expected.predictions.state.filter((state) => state === name).length;
    expect(evaluation.counts(-Infinity)).toMatchObject({
      truePositives: states('true'),
      falsePositives: states('false'),
      misses: expected.falseNegatives.length,
    });
  });

  it.skipIf(folder === ABSENT)('equals the curves of the package to the last bit', () => {
    const { expected, evaluation } = evaluated(folder);
    const { data, shape } = evaluation.arrays().curves;
    expect(shape).toEqual(expected.shapes.curves);
    const cells = readCells(`${folder}/curves.f64`);
    expect(data.length).toBe(cells.length);
    expect(cells.every((value, cell) => Object.is(value, data[cell]))).toBe(true);
  });

  it.skipIf(folder === ABSENT)('has the mean AP of the package at ten thresholds', () => {
    const { expected, input } = evaluated(folder);
    for (const [threshold, value] of Object.entries(expected.APs)) {
      const { metrics } = evaluateTide(input, { iou: [Number(threshold)] });
      expectClose(metrics[`mAP${Math.round(Number(threshold) * 100)}`], value);
    }
  });

  it.skipIf(folder === ABSENT)('has the AP of COCO in the mode of COCO', () => {
    const { expected, input } = evaluated(folder);
    const { pos } = expected.parameters;
    const { result } = evaluateCoco(input, { iou: [pos] });
    const evaluation = evaluateTide(input, { iou: [pos], mode: 'coco' });
    expectClose(evaluation.metrics[`mAP${pos * 100}`], result.metrics.AP! * 100);
    expect(evaluation.unfixedAP).toBe(evaluation.metrics[`mAP${pos * 100}`]);
    expect(evaluation.counts()).toEqual(result.counts);
  });
});

function evaluated(folder: string) {
  const expected = readJson(`${folder}/expected.json`) as TideExpected;
  const { files, parameters } = expected;
  const truth = files ? sharedPath(files.truth)! : `${folder}/truth.json`;
  const predictions = files ? sharedPath(files.predictions)! : `${folder}/predictions.json`;
  const input = readInput(truth, predictions);
  const evaluation = evaluateTide(input, {
    iou: [parameters.pos],
    background: parameters.bg,
    maxDetections: [parameters['detections per image']],
  });
  return { expected, input, evaluation };
}

function expectClose(value: number | null | undefined, expected: number | null): void {
  if (expected === null) expect(value).toBeNull();
  else expect(Math.abs(value! - expected)).toBeLessThanOrEqual(1e-9);
}

/** Folders of the cases; one named entry where the reference outputs are absent, so that the skip is seen. */
function cases(): string[] {
  const generated = sharedPath('golden/tide');
  const real = sharedPath('golden/real');
  if (generated === null || real === null) return [ABSENT];
  return [
    ...readdirSync(generated).map((name) => `${generated}/${name}`),
    ...readdirSync(real)
      .filter((name) => name.endsWith('-tide'))
      .map((name) => `${real}/${name}`),
  ];
}
