/** The sample project's planted label errors, on the bill at about what they cost; nothing against its exact labels. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { noProgress } from '../../foundation/cancellation';
import type { DataFiles, ResultRecord, TruthFile } from '../data-files.fixture';
import { situationOf } from '../data-files.fixture';
import { diagnose } from '../diagnose';
import { ADVICE_RULES } from '../rules/advice';

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../resources/sample/${name}`, import.meta.url), 'utf8'));
const sample = (truth: string): DataFiles => ({
  truth: read(truth) as TruthFile,
  predictions: read('predictions.json') as ResultRecord[],
});
const NO_SOURCES = { train: null, training: null, reported: [] };

const billOf = (truth: string) => {
  const situation = situationOf(sample(truth));
  const { causes } = diagnose(situation, situation.truth, NO_SOURCES, ADVICE_RULES, noProgress);
  return new Map(causes.map((cause) => [cause.code as string, cause]));
};

/** What the score gains with all errors of a kind mended. */
const COSTS = [
  ['labels-missing', 0.0074],
  ['labels-extra', 0.0034],
  ['labels-wrong-class', 0.0203],
  ['labels-badly-placed', 0.0077],
] as const;

describe('the sample project', () => {
  it('has its planted causes on the bill, and no others', () => {
    const bill = billOf('truth.json');
    expect([...bill.keys()].sort()).toEqual(COSTS.map(([code]) => code as string).sort());
    for (const [code, cost] of COSTS) expect(Math.abs(bill.get(code)!.gain! - cost)).toBeLessThan(0.008);
  });

  it('has no cause with its exact labels', () => {
    expect([...billOf('truth-exact.json').keys()]).toEqual([]);
  });
});
