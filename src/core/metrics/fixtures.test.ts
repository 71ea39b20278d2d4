/** Equality with the reference scorers on the committed cases: runs everywhere, arrays compared by their SHA-256. */
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { evaluateCoco, evaluateVoc } from './evaluate';
import type { ScoringInput } from './evaluation';
import { type GoldenExpected, readExpected, readInput } from './golden.fixture';

const FIXTURES = fileURLToPath(new URL('./fixtures', import.meta.url));

describe.each(readdirSync(`${FIXTURES}/coco`))('Committed COCO case %s', (name) => {
  it('equals pycocotools: arrays by hash, numbers within 1e-12', () => {
    const { input, expected } = readCase(`coco/${name}`);
    const classAgnostic = expected.parameters!['class-agnostic'] === true;
    const { result, arrays } = evaluateCoco(input, { classAgnostic });
    expect(arrays.shapes).toEqual(expected.shapes);
    for (const cells of ['precision', 'recall', 'scores'] as const) {
      expect(createHash('sha256').update(arrays[cells]).digest('hex')).toBe(expected.sha256![cells]);
    }
    expectNumbers(result.metrics, expected.metrics);
    for (const { id, ...numbers } of expected.classes ?? []) {
      const found = result.classes.find((row) => row.id === id)!;
      expectNumbers({ AP: found.AP, AP50: found.AP50!, AP75: found.AP75!, AR100: found.AR100! }, numbers);
    }
  });
});

describe.each(readdirSync(`${FIXTURES}/voc`))('Committed VOC case %s', (name) => {
  it.each(['voc2007', 'voc2012'] as const)('equals the devkit port within 1e-12 under %s', (edition) => {
    const { input, expected } = readCase(`voc/${name}`);
    const { result } = evaluateVoc(input, edition);
    const year = edition.slice(3);
    expectNumbers({ mAP: result.metrics.mAP! }, { mAP: expected.metrics[`mAP${year}`]! });
    const numbers = expected.classes!.map((row) => ({ id: row.id, truth: row.truth, AP: row[`AP${year}`] }));
    result.classes.forEach(({ truth, AP }, index) => {
      expect(truth).toBe(numbers[index]!.truth);
      expectNumbers({ AP }, { AP: numbers[index]!.AP! });
    });
  });
});

function readCase(name: string): { input: ScoringInput; expected: GoldenExpected } {
  const folder = `${FIXTURES}/${name}`;
  return {
    input: readInput(`${folder}/truth.json`, `${folder}/predictions.json`),
    expected: readExpected(`${folder}/expected.json`),
  };
}

type Numbers = Readonly<Record<string, number | null>>;

function expectNumbers(found: Numbers, expected: Numbers): void {
  expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
  for (const [key, value] of Object.entries(expected)) {
    if (value === null) expect(found[key]).toBeNull();
    else expect(Math.abs(found[key]! - value)).toBeLessThanOrEqual(1e-12);
  }
}
