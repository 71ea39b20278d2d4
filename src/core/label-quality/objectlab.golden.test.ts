/** Equality with cleanlab's ObjectLab on the reference outputs. */
import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sharedPath } from '../foundation/shared-data.fixture';
import { objectLab, OBJECTLAB_DEFAULTS } from './objectlab';
import { inputOfCase, readObjectLabCase } from './objectlab.fixture';
import { objectLabIssues } from './objectlab-issues';

const ABSENT = '(reference outputs absent)';

describe.each(cases())('ObjectLab on %s %s', (folder, file) => {
  it.skipIf(folder === ABSENT)('gives the scores and flags of cleanlab', () => {
    const found = readObjectLabCase(folder, file);
    const { expected } = found;
    const input = inputOfCase(found);
    const { low, high } = expected.parameters;
    const scores = objectLab(input, { ...OBJECTLAB_DEFAULTS, low, high });

    expect(scores.minimumSimilarity).toBe(expected.minimumSimilarity);
    expect([...input.annotations.id]).toEqual(expected.labels.id);
    expectClose(scores.badlyLocated, expected.labels.badlyLocated, 'absolute');
    expectClose(scores.swapped, expected.labels.swapped, 'absolute');
    expectClose(scores.overlooked, expected.predictions.overlooked, 'relative');
    for (const kind of ['overall', 'overlooked', 'badlyLocated', 'swapped'] as const)
      expectClose(scores.images[kind], expected.images[kind], 'relative');

    if (!expected.flags) return;
    const issues = objectLabIssues(input, scores);
    input.categories.forEach(({ id }, klass) =>
      expect(Math.abs(issues.threshold[klass]! - expected.flags!.threshold[id]!)).toBeLessThan(1e-6),
    );
    const { id } = input.annotations;
    expect(issues.images).toEqual(expected.flags.images);
    expect(issues.overlooked).toEqual(expected.flags.overlooked);
    expect(sorted(issues.badlyLocated.map((row) => id[row]!))).toEqual(sorted(expected.flags.badlyLocated));
    expect(sorted(issues.swapped.map((row) => id[row]!))).toEqual(sorted(expected.flags.swapped));
  });
});

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);

function expectClose(
  found: Float64Array,
  expected: readonly (number | null)[],
  measure: 'absolute' | 'relative',
): void {
  expect(found.length).toBe(expected.length);
  expected.forEach((value, at) => {
    if (value === null) {
      expect(found[at]).toBeNaN();
      return;
    }
    const scale = measure === 'relative' ? Math.abs(value) : 1;
    expect(Math.abs(found[at]! - value)).toBeLessThanOrEqual(1e-9 * scale);
  });
}

/** Folder and file of the expected outputs; one named entry where they are absent, so that the skip is seen. */
function cases(): (readonly [folder: string, file: string])[] {
  const root = sharedPath('golden/objectlab');
  if (root === null) return [[ABSENT, '']];
  return readdirSync(root).flatMap((name) =>
    ['expected.json', 'expected-lowered.json']
      .filter((file) => existsSync(`${root}/${name}/${file}`))
      .map((file) => [`${root}/${name}`, file] as const),
  );
}
