import { afterAll, beforeAll, expect, it } from 'vitest';
import { CrashLab, judge } from './crash-lab.fixture';

const lab = new CrashLab();
beforeAll(() => lab.prepare());
afterAll(() => {
  lab.remove();
});

const KILLS = 200;

it(`${KILLS} kills of one writer after another lose no acknowledged step`, async () => {
  const file = lab.project();
  let acknowledged = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const run = await lab.run(file, kill, 1e9, Math.random() * 60);
    acknowledged += run.acknowledged.length;
    const { problems } = judge(file, run);
    expect(problems).toEqual([]);
  }
  expect(acknowledged).toBeGreaterThan(KILLS);
});

it('a log of imports, edits and undos may be torn anywhere', async () => {
  const file = lab.project();
  const run = await lab.run(file, 7, 40, null);
  const { problems, tears, steps } = lab.tearLog(file);
  expect(problems).toEqual([]);
  expect(tears).toBeGreaterThan(300);
  expect(steps).toBe(run.acknowledged.at(-1));
});
