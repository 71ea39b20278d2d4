/** Evaluations and intervals on the engine's threads, on the sample project: the same numbers, given up and begun anew. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ProjectState } from '../../contract/view-types';
import { Cancelled, noProgress } from '../../core/foundation/cancellation';
import { LIVE_PROTOCOLS, PROTOCOLS } from '../../core/metrics/evaluation';
import { randomSet, toScoringInput } from '../../core/metrics/random-sets.fixture';
import { createScorer, scorerFrom } from '../../core/metrics/scorer';
import { runOnThread } from '../diagnosis/run-on-thread';
import type { Engine } from '../engine';
import { RESOURCES, testEngine } from '../engine.fixture';
import { errorIntervals, runDifferences, scoreIntervals } from './interval-evaluations';
import { evaluatePart, tideErrorsOf } from './evaluations';
import { PreparedScorers } from './prepared-scorers';
import { OpenProject } from '../project/open-project';
import { ProjectSession } from '../project/session';

let folder = '';
let engine: Engine;
let state: ProjectState;
let run = 0;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-evaluations-'));
  engine = testEngine(folder, RESOURCES);
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
  const first = expect(intervals('first')).rejects.toThrow(Cancelled);
  const second = intervals('second');
  await engine.handlers['job.cancel']({ job: 'first' });
  await first;
  const made = await second;
  expect(made.resamples).toBeGreaterThan(0);
  expect(await intervals('third')).toBe(made);
});

it('a scorer that a thread made is the one made in place, before and after an edit', async () => {
  for (const set of fc.sample(randomSet, { numRuns: 4, seed: 11 })) {
    const input = toScoringInput(set);
    for (const protocol of LIVE_PROTOCOLS) {
      const own = createScorer(input, protocol);
      const made = await runOnThread('scorer', { input, protocol }, noProgress);
      const other = scorerFrom(input, protocol, made);
      const point = own.defaultPoint();
      for (let image = 0; image < input.imageIds.length; image++) {
        expect(other.result()).toEqual(own.result());
        expect(other.allOutcomes(point)).toEqual(own.allOutcomes(point));
        const truth = { ...own.truth(image), box: own.truth(image).box.map((value) => value + 3) };
        expect(other.replaceTruth(image, truth)).toEqual(own.replaceTruth(image, truth));
      }
      expect(other.result()).toEqual(own.result());
    }
  }
}, 60_000);

it('calls that read a scorer wait for the thread that makes it, and answer as ever', async () => {
  const project = new OpenProject();
  const copy = path.join(folder, 'copy.reticle');
  copyFileSync(state.path, copy);
  project.set(ProjectSession.open(copy), false);
  try {
    const waiting = new PreparedScorers(project, 0).before({
      ...engine.handlers,
      'score.current': (asked) => project.score(asked.run, asked.protocol),
    });
    const { session } = project.current();
    const [first, second] = [1, 2].map(() => waiting['score.current']({ run, protocol: 'voc2007' }));
    expect(session.hasScorer(run, 'voc2007')).toBe(false);
    const made = await first!;
    expect(session.hasScorer(run, 'voc2007')).toBe(true);
    expect(await second!).toEqual(made);
    expect(made.metrics).toEqual(createScorer(session.inputOf(run), 'voc2007').result().metrics);
    expect(waiting['score.current']({ run, protocol: 'voc2007' })).not.toBeInstanceOf(Promise);
  } finally {
    project.close();
  }
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
