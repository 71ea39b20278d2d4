/** Evaluations and intervals on the engine's threads, on the sample project: the same numbers, given up and begun anew. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ProjectState } from '../../contract/view-types';
import { Cancelled, noProgress } from '../../core/foundation/cancellation';
import { PROTOCOLS } from '../../core/metrics/evaluation';
import { randomSet, toScoringInput } from '../../core/metrics/random-sets.fixture';
import { runOnThread } from '../diagnosis/run-on-thread';
import type { Engine } from '../engine';
import { createEngine } from '../engine';
import { errorIntervals, runDifferences, scoreIntervals } from './interval-evaluations';
import { evaluatePart, tideErrorsOf } from './evaluations';

let folder = '';
let engine: Engine;
let state: ProjectState;
let run = 0;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-evaluations-'));
  engine = createEngine({
    startSession: () => {
      throw new Error('no model is run here');
    },
    userData: path.join(folder, 'data'),
    resources: path.join(import.meta.dirname, '..', '..', '..', 'resources'),
    author: 'test',
    version: '0',
    emit: () => undefined,
    log: (text) => {
      throw new Error(text);
    },
  });
  state = await engine.handlers['project.openSample']({ job: 'job' });
  run = state.runs[0]!.id;
});
afterAll(() => {
  engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const intervals = (job: string) =>
  engine.handlers['metrics.intervals']({
    job,
    run,
    protocol: 'coco',
    asTensorflow2ReportsIt: false,
    part: null,
  });

it('a thread gives what is computed in place, of the whole set and of a part', async () => {
  const [set] = fc.sample(randomSet, { numRuns: 1, seed: 7 });
  const whole = toScoringInput(set!);
  const chosen = { images: [0, 1, 3, 4], categories: [0, 2] };
  for (const part of [
    { whole, chosen: { images: null, categories: null } },
    { whole, chosen },
  ]) {
    for (const protocol of PROTOCOLS) {
      const asked = { protocol, asTensorflow2ReportsIt: protocol === 'tf-coco' };
      expect(await runOnThread('protocol', { part, asked }, noProgress), protocol).toEqual(
        evaluatePart(part, asked),
      );
    }
    const asked = { protocol: 'voc2012', asTensorflow2ReportsIt: false } as const;
    expect(await runOnThread('intervals', { part, asked }, noProgress)).toEqual(
      scoreIntervals(part, asked, noProgress),
    );
    expect(await runOnThread('errors', part, noProgress)).toEqual(tideErrorsOf(part));
    expect(await runOnThread('errorIntervals', part, noProgress)).toEqual(errorIntervals(part, noProgress));
    const task = { parts: [part, part] as const, protocol: 'coco' as const };
    expect(await runOnThread('differences', task, noProgress)).toEqual(
      runDifferences(task.parts, task.protocol, noProgress),
    );
  }
}, 60_000);

it('work that its owner cancelled is done for another who wants it, and for the same one later', async () => {
  const first = intervals('first');
  const second = intervals('second');
  engine.handlers['job.cancel']({ job: 'first' });
  await expect(first).rejects.toThrow(Cancelled);
  const made = await second;
  expect(made.resamples).toBeGreaterThan(0);
  expect(await intervals('third')).toBe(made);
});

it('work on labels that have changed is given up', async () => {
  const begun = engine.handlers['metrics.intervals']({
    job: 'on old labels',
    run,
    protocol: 'voc2012',
    asTensorflow2ReportsIt: false,
    part: null,
  });
  const refused = expect(begun).rejects.toMatchObject({ code: 'labels-changed' });
  await engine.handlers['edit.undo']({ shown: null });
  await refused;
});
