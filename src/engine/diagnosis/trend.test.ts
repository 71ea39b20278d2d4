/** What a project remembers of diagnoses, and of the training that a run comes from. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CauseView, DiagnosisView } from '../../contract/diagnosis-view';
import { noProgress } from '../../core/foundation/cancellation';
import { COCO, makeSmallProject, type SmallProject } from '../project/small-project.fixture';
import { ProjectSession } from '../project/session';
import { chooseTraining, rememberFolder, trainingKey, trainingOf } from '../training/project-training';
import { dataTools } from '../data/data-tools';
import { diagnoseRun } from './project-diagnosis';
import { keepBill, trendOf } from './trend';

let small: SmallProject;
let folder = '';
beforeEach(() => {
  small = makeSmallProject();
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-trend-'));
});
afterEach(() => {
  small.session.close();
  small.remove();
  rmSync(folder, { recursive: true, force: true });
});

const priced = (share: number, state: CauseView['state'] = 'open') =>
  ({ code: 'axes-swapped', title: 'Swapped', share, confidence: 'exact', state }) as CauseView;
const view = (score: number, ...causes: CauseView[]) =>
  ({
    run: small.session.runs[0]!.id,
    protocol: 'coco',
    metric: 'AP',
    score,
    causes,
    madeAt: '2026-01-01T10:00:00Z',
  }) as unknown as DiagnosisView;

describe('The trend', () => {
  it('holds the score of every step and the open, priced causes of every diagnosis', () => {
    const { session } = small;
    const run = session.runs[0]!.id;
    keepBill(session, 1, view(0.1, priced(0.3), priced(0.2, 'accepted')));
    const { scores } = session.apply([{ delete: { annotation: 1 } }], 'test', 'Delete', COCO);
    keepBill(session, 1, view(0.2, priced(0.25)));
    const row = { code: 'axes-swapped', title: 'Swapped', share: 0.25, confidence: 'exact' };
    expect(trendOf(session, run, 'coco')).toMatchObject([
      { step: 1, score: 0.2, bill: [row] },
      { step: 2, score: scores[0]!.after, bill: null },
    ]);
    expect(trendOf(session, run, 'voc2007')).toEqual([]);
    session.close();
    const again = ProjectSession.open(small.file);
    expect(trendOf(again, run, 'coco')).toHaveLength(2);
    again.close();
  });
});

describe('The training of a run', () => {
  const history = (name: string, losses: readonly number[]): void => {
    mkdirSync(path.join(folder, name));
    const rising = losses.map((loss, at) => loss + at * 0.5);
    writeFileSync(
      path.join(folder, name, 'history.json'),
      JSON.stringify({ loss: losses, val_loss: rising }),
    );
  };

  it('is the one that was chosen, none where none is, and stands on the bill', async () => {
    const { session } = small;
    const run = session.runs[0]!.id;
    expect(await trainingOf(session, run, noProgress)).toBeNull();
    history('a', []);
    history(
      'b',
      Array.from({ length: 12 }, (_, at) => 5 / (at + 1)),
    );
    // JSON has no NaN; Python writes it all the same.
    writeFileSync(
      path.join(folder, 'a', 'history.json'),
      '{"loss": [3, NaN, NaN], "val_loss": [3, NaN, NaN]}',
    );
    rememberFolder(session, folder);
    const before = trainingKey(session, run);
    expect(await trainingOf(session, run, noProgress)).toMatchObject({
      run: { name: 'b' },
      names: ['a', 'b'],
    });
    chooseTraining(session, run, 'a');
    expect(trainingKey(session, run)).not.toBe(before);
    const found: DiagnosisView[] = [];
    const { causes, training, pending } = await diagnoseRun(
      session,
      run,
      'coco',
      null,
      dataTools(null),
      noProgress,
      (one) => found.push(one),
    );
    expect(pending).toEqual([]);
    // The same causes were told before the bill was whole.
    const last = found.at(-1)!;
    expect(last.pending).toEqual(['prices']);
    expect(last.causes.map(({ code }) => code).sort()).toEqual(causes.map(({ code }) => code).sort());
    expect(training).toEqual({ chosen: 'a', names: ['a', 'b'], problem: null });
    expect(causes.map(({ code }) => code)).toContain('learning-rate-too-high');
    chooseTraining(session, run, null);
    expect(await trainingOf(session, run, noProgress)).toMatchObject({ run: null, problem: null });
  });

  it('is said to be unreadable where its logs have moved, and the rest goes on', async () => {
    const { session } = small;
    rememberFolder(session, path.join(folder, 'moved'));
    const { training, score } = await diagnoseRun(
      session,
      session.runs[0]!.id,
      'coco',
      null,
      dataTools(null),
      noProgress,
    );
    expect(training!.problem).toContain('moved');
    expect(score).not.toBeNull();
  });
});
