import { describe, expect, it } from 'vitest';
import { Random } from '../foundation/random';
import { binRows, BOOSTING_DEFAULTS, learnTrees } from './boosted-trees';

/** Two features evenly in [0, 1), a third that is always 1. */
function points(count: number, seed: number) {
  const random = new Random(seed);
  const values = new Float64Array(count * 3);
  for (let row = 0; row < count; row++) values.set([random.unit(), random.unit(), 1], row * 3);
  return { rows: count, columns: 3, values };
}

const allRows = (count: number): Int32Array => Int32Array.from({ length: count }, (_, row) => row);

describe('Boosted trees', () => {
  it('learn what no straight line tells apart', () => {
    const table = points(600, 1);
    const isYes = Uint8Array.from({ length: 600 }, (_, row) =>
      Number(table.values[row * 3]! > 0.5 !== table.values[row * 3 + 1]! > 0.5),
    );
    const trees = learnTrees(binRows(table, allRows(600)), isYes);
    const fresh = points(400, 2);
    const right = [...allRows(400)].filter((row) => {
      const expected = fresh.values[row * 3]! > 0.5 !== fresh.values[row * 3 + 1]! > 0.5;
      return trees.logOdds(fresh, row) > 0 === expected;
    });
    expect(right.length).toBeGreaterThan(380);
  });

  it('give odds near the true ones where features say nothing', () => {
    const table = points(1000, 3);
    const random = new Random(4);
    const isYes = Uint8Array.from({ length: 1000 }, () => Number(random.unit() < 0.2));
    const trees = learnTrees(binRows(table, allRows(1000)), isYes, { ...BOOSTING_DEFAULTS, trees: 5 });
    const mean = [...allRows(1000)].reduce(
      (sum, row) => sum + 1 / (1 + Math.exp(-trees.logOdds(table, row))),
      0,
    );
    expect(mean / 1000).toBeCloseTo(0.2, 1);
  });

  it('never let a rising feature speak against, with single splits', () => {
    const table = points(500, 5);
    const random = new Random(6);
    const isYes = Uint8Array.from({ length: 500 }, () => Number(random.unit() < 0.5));
    const trees = learnTrees(binRows(table, allRows(500)), isYes, {
      ...BOOSTING_DEFAULTS,
      depth: 1,
      rising: [0],
    });
    const line = { rows: 50, columns: 3, values: new Float64Array(150).fill(0.5) };
    for (let row = 0; row < 50; row++) line.values[row * 3] = row / 50;
    for (let row = 1; row < 50; row++)
      expect(trees.logOdds(line, row)).toBeGreaterThanOrEqual(trees.logOdds(line, row - 1) - 1e-12);
  });

  it('answer with the share where there is only one answer', () => {
    const table = points(20, 7);
    expect(learnTrees(binRows(table, allRows(20)), new Uint8Array(20)).logOdds(table, 0)).toBeCloseTo(
      Math.log(1 / 21),
    );
  });
});
