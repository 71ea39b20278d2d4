/** What is known before a diagnosis is whole: faults first and with their prices, then what each rule finds. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { noProgress } from '../foundation/cancellation';
import { cleanSet } from './clean-set.fixture';
import type { ResultRecord, TruthFile } from './data-files.fixture';
import { situationOf } from './data-files.fixture';
import { diagnose } from './diagnose';
import type { PartialDiagnosis } from './partial-diagnosis';
import { DIAGNOSIS_STAGES } from './partial-diagnosis';
import { ADVICE_RULES } from './rules/advice';
import type { Situation } from './situation';

const NO_SOURCES = { train: null, training: null, reported: [] };

function partialsOf(situation: Situation) {
  const partials: PartialDiagnosis[] = [];
  const onPartial = (partial: PartialDiagnosis): number => partials.push(partial);
  const told = diagnose(situation, situation.truth, NO_SOURCES, ADVICE_RULES, noProgress, { onPartial });
  const silent = diagnose(situation, situation.truth, NO_SOURCES, ADVICE_RULES, noProgress);
  expect(told).toEqual(silent);
  return { partials, whole: told };
}

describe('A diagnosis that is not whole', () => {
  it('has faults of bookkeeping first, at the price that they keep', () => {
    const files = cleanSet(3, {
      images: 30,
      classes: 3,
      objects: 4,
      clutter: 2,
      looseness: 0.05,
      found: 0.9,
    });
    for (const record of files.predictions) {
      const [x, y, width, height] = record.bbox;
      record.bbox = [y, x, height, width];
    }
    const { partials, whole } = partialsOf(situationOf(files));
    const [first] = partials;
    const [cause] = first!.causes;
    expect(cause).toEqual({ ...whole.causes[0]!, gainInterval: null });
    expect(cause!.code).toBe('axes-swapped');
    expect(first!.score).toEqual(whole.score);
    expect(first!.pending).toEqual(DIAGNOSIS_STAGES.slice(1));
    expect(partials.find(({ errorTypes }) => errorTypes)!.errorTypes).toEqual(whole.errorTypes);
    expect(partials.at(-1)!.heldBack).toEqual(whole.heldBack);
  });

  it('gains causes rule by rule, and waits for less each time', () => {
    const read = (name: string): unknown =>
      JSON.parse(readFileSync(new URL(`../../../resources/sample/${name}`, import.meta.url), 'utf8'));
    const sample = situationOf({
      truth: read('truth.json') as TruthFile,
      predictions: read('predictions.json') as ResultRecord[],
    });
    const { partials, whole } = partialsOf(sample);
    expect(partials[0]!.causes).toEqual([]);
    const labelled = partials.find(({ causes }) => causes.length > 0)!;
    expect(labelled.causes).toEqual(whole.causes);
    expect(labelled.pending).toContain('data');
    expect(partials.at(-1)!.pending).toEqual(['prices']);
    const waiting = partials.map(({ pending }) => pending.length);
    expect(waiting).toEqual(waiting.toSorted((a, b) => b - a));
  });
});
