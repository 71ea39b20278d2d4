/** Equality with the lvis package, through the readers and the join. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sharedPath } from '../../foundation/shared-data.fixture';
import { CocoResultsReader } from '../../formats/coco/read-results';
import { CocoTruthReader } from '../../formats/coco/read-truth';
import { joinPredictions } from '../../formats/join';
import type { ScoringInput } from '../evaluation';
import { readCells, readExpected } from '../golden.fixture';
import { evaluateProtocol } from '../protocol-evaluation';

const ABSENT = '(reference outputs absent)';
const root = sharedPath('golden/lvis');
const cases = root === null ? [ABSENT] : readdirSync(root);

interface LvisExpected {
  readonly overLimit: readonly number[];
  readonly unscored: readonly number[];
}

function readInput(folder: string): { input: ScoringInput; records: number } {
  const truthReader = new CocoTruthReader({ file: 'truth.json' });
  truthReader.push(readFileSync(`${folder}/truth.json`));
  const { truth } = truthReader.end();
  const resultsReader = new CocoResultsReader({ file: 'predictions.json' });
  resultsReader.push(readFileSync(`${folder}/predictions.json`));
  const raw = resultsReader.end();
  const { predictions } = joinPredictions(truth, raw, { file: 'predictions.json' });
  const { categories, annotations, federation = null } = truth;
  const imageIds = truth.images.map(({ id }) => id);
  return {
    input: { imageIds, categories, annotations, predictions, federation },
    records: raw.recordsInFile,
  };
}

describe.each(cases)('LVIS reference case %s', (name) => {
  const folder = `${root ?? ''}/${name}`;

  it.skipIf(name === ABSENT)('equals the package in every cell and number', () => {
    const expected = readExpected(`${folder}/expected.json`);
    const evaluation = evaluateProtocol(readInput(folder).input, 'lvis', {});
    const arrays = evaluation.arrays()!;
    for (const cells of ['precision', 'recall'] as const) {
      const { data, shape } = arrays[cells]!;
      expect(shape).toEqual(expected.shapes![cells]);
      const differing = readCells(`${folder}/${cells}.f64`).filter((value, cell) => value !== data[cell]);
      expect(differing.length).toBe(0);
    }
    const { metrics, classes } = evaluation.result(0.5);
    expect(Object.keys(metrics)).toEqual(Object.keys(expected.metrics));
    for (const [key, value] of Object.entries(expected.metrics)) expectClose(metrics[key], value);
    for (const { id, ...numbers } of expected.classes!) {
      const found = classes.find((row) => row.id === id)! as unknown as Record<string, number | null>;
      for (const [key, value] of Object.entries(numbers)) expectClose(found[key], value);
    }
  });

  it.skipIf(name === ABSENT)('cuts and leaves out the same detections', () => {
    const expected = readExpected(`${folder}/expected.json`) as unknown as LvisExpected;
    const { input, records } = readInput(folder);
    const { predictions } = evaluateProtocol(input, 'lvis', {}).matches(0.5, records);
    const cut = predictions.flatMap(({ state }, index) => (state === 'cut' ? [index] : []));
    expect(cut).toEqual(expected.overLimit);
    for (const index of expected.unscored) expect(predictions[index]!.state).toBe('ignored');
  });
});

function expectClose(value: number | null | undefined, expected: number | string | null): void {
  if (typeof expected === 'number') expect(Math.abs(value! - expected)).toBeLessThanOrEqual(1e-12);
  else expect(value).toBe(expected);
}
