/**
 * TIDE's error types against the package's own outputs, where its matching and COCO's agree: at most 100 predictions an
 * image, no crowds, no equal scores.
 */
import { describe, expect, it } from 'vitest';
import { sharedPath } from '../foundation/shared-data.fixture';
import { type GoldenPrediction, type GoldenTruth, readJson, scoringInput } from '../metrics/golden.fixture';
import { createScorer } from '../metrics/scorer';
import { matchRows } from './match-rows';

interface TideExpected {
  readonly parameters: { readonly pos: number };
  readonly files?: { readonly truth: string; readonly predictions: string };
  readonly predictions: {
    readonly state: readonly string[];
    readonly error: readonly (string | null)[];
    readonly truth: readonly (number | null)[];
  };
  readonly missed: readonly number[];
  readonly falseNegatives: readonly number[];
}

const CASES = ['real/bccd-val-tide', 'real/bccd-val-stopped-early-tide', 'tide/plain', 'tide/pos-075'];

describe.each(CASES)('error types of %s', (name) => {
  it.skipIf(sharedPath(`golden/${name}`) === null)('equal those of the TIDE package, box by box', () => {
    const folder = sharedPath(`golden/${name}`)!;
    const expected = readJson(`${folder}/expected.json`) as TideExpected;
    const truth = expected.files ? sharedPath(expected.files.truth)! : `${folder}/truth.json`;
    const predictions = expected.files
      ? sharedPath(expected.files.predictions)!
      : `${folder}/predictions.json`;
    const truthData = readJson(truth) as GoldenTruth;
    const input = scoringInput(truthData, readJson(predictions) as GoldenPrediction[]);
    const rows = matchRows(createScorer(input, 'coco'), input, expected.parameters.pos);
    expect(rows.predictions.map(({ state }) => state)).toEqual(expected.predictions.state);
    expect(rows.predictions.map(({ error }) => error)).toEqual(expected.predictions.error);
    // Of two annotations with the same box TIDE takes the first and COCO the later one: boxes are compared, not ids.
    const boxes = new Map(truthData.annotations.map(({ id, bbox }) => [id, bbox.join(' ')]));
    const boxOf = (id: number | null) => (id === null ? null : boxes.get(id));
    const boxesOf = (ids: readonly number[]) => ids.map(boxOf).sort();
    expect(rows.predictions.map((row) => boxOf(row.truth))).toEqual(expected.predictions.truth.map(boxOf));
    expect(boxesOf(rows.missed)).toEqual(boxesOf(expected.missed));
    expect(boxesOf(rows.unmatched)).toEqual(boxesOf(expected.falseNegatives));
  });
});
