/** Equality with the reference scorers on the full reference outputs. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sharedPath } from '../foundation/shared-data.fixture';
import { evaluateCoco, evaluateVoc } from './evaluate';
import type { ClassScores, CocoArrays } from './evaluation';
import { type GoldenExpected, readCells, readExpected, readInput } from './golden.fixture';

const ABSENT = '(reference outputs absent)';
const CELLS = ['precision', 'recall', 'scores'] as const;

describe.each(cases('golden/coco'))('COCO reference case %s', (folder) => {
  it.skipIf(folder === ABSENT)('equals pycocotools in every cell and number', () => {
    const expected = readExpected(`${folder}/expected.json`);
    expectCoco(folder, expected, `${folder}/truth.json`, `${folder}/predictions.json`);
  });
});

describe.each(cases('golden/real').filter((folder) => !folder.endsWith('-tide')))(
  'Real data %s',
  (folder) => {
    it.skipIf(folder === ABSENT)('equals pycocotools in every cell and number', () => {
      const expected = readExpected(`${folder}/expected.json`);
      expectCoco(
        folder,
        expected,
        sharedPath(expected.files!.truth)!,
        sharedPath(expected.files!.predictions)!,
      );
    });
  },
);

describe.each(cases('golden/voc'))('VOC reference case %s', (folder) => {
  it.skipIf(folder === ABSENT)('equals the devkit port within 1e-12', () => {
    const expected = readExpected(`${folder}/expected.json`);
    const input = readInput(`${folder}/truth.json`, `${folder}/predictions.json`);
    for (const edition of ['voc2007', 'voc2012'] as const) {
      const { result } = evaluateVoc(input, edition);
      const year = edition.slice(3);
      expectClose(result.metrics.mAP, expected.metrics[`mAP${year}`]);
      for (const row of expected.classes!) {
        const found = result.classes.find(({ id }) => id === row.id)!;
        expect(found.truth).toBe(row.truth);
        expectClose(found.AP, row[`AP${year}`]);
      }
    }
  });
});

function expectCoco(folder: string, expected: GoldenExpected, truth: string, predictions: string): void {
  const input = readInput(truth, predictions);
  const classAgnostic = expected.parameters!['class-agnostic'] === true;
  const { result, arrays } = evaluateCoco(input, { classAgnostic });
  expect(arrays.shapes).toEqual(expected.shapes);
  for (const cells of CELLS) expect(differingCells(arrays, cells, folder)).toBe(0);
  expect(Object.keys(result.metrics)).toEqual(Object.keys(expected.metrics));
  for (const [key, value] of Object.entries(expected.metrics)) expectClose(result.metrics[key], value);
  for (const row of expected.classes ?? []) {
    const found = result.classes.find(({ id }) => id === row.id)!;
    for (const key of ['AP', 'AP50', 'AP75', 'AR100'] satisfies (keyof ClassScores)[]) {
      expectClose(found[key], row[key]);
    }
  }
}

function differingCells(arrays: CocoArrays, cells: (typeof CELLS)[number], folder: string): number {
  const expected = readCells(`${folder}/${cells}.f64`);
  expect(arrays[cells].length).toBe(expected.length);
  return expected.reduce((count, value, cell) => count + (Object.is(value, arrays[cells][cell]) ? 0 : 1), 0);
}

function expectClose(value: number | null | undefined, expected: number | null | undefined): void {
  if (expected === null || expected === undefined) expect(value).toBe(expected);
  else expect(Math.abs(value! - expected)).toBeLessThanOrEqual(1e-12);
}

/** Folders of the cases; one named entry where the reference outputs are absent, so that the skip is seen. */
function cases(group: string): string[] {
  const path = sharedPath(group);
  return path === null ? [ABSENT] : readdirSync(path).map((name) => `${path}/${name}`);
}
