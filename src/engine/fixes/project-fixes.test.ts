/** The fix queue over a real project: what a suggestion promises, and what becomes of a suspect. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Operation } from '../../contract/engine-calls';
import { Cancelled, noProgress } from '../../core/foundation/cancellation';
import type { PredictionColumns, Truth } from '../../core/dataset/dataset';
import { predictionRows } from '../../core/dataset/rows';
import { Random } from '../../core/foundation/random';
import { detect, STRONG_DETECTOR } from '../../core/label-quality/detector-sets.fixture';
import { plantErrors } from '../../core/label-quality/plant-errors';
import { COCO, NO_SCORES } from '../project/small-project.fixture';
import { ProjectSession } from '../project/session';
import { dismissalsOf, fixStates } from './fix-states';
import { makeFixQueue, type MadeQueue } from './project-fixes';

let folder = '';
let session: ProjectSession;
let run = 0;
let queue: MadeQueue;

const states = () => fixStates(session, queue);
const apply = (...operations: Operation[]) => session.apply(operations, 'test', 'Edit', COCO);
const undo = () => session.undo('test', NO_SCORES);
const placeOf = (isWanted: (fix: MadeQueue['fixes'][number]) => boolean): number => {
  const place = queue.fixes.findIndex(isWanted);
  expect(place).toBeGreaterThanOrEqual(0);
  return place;
};

/** A good detector on a set into which label errors were planted. */
function makeProject(): ProjectSession {
  const { input } = plantErrors(
    detect({ ...STRONG_DETECTOR, images: 40 }, 3),
    { each: 5, shiftedIou: [0.3, 0.6], extraOnObjects: 0 },
    new Random(5),
  );
  const { imageIds, categories, annotations, predictions } = input;
  const probe = { location: null, bytes: null, hash: null, width: 640, height: 480, orientation: 1 };
  const made = ProjectSession.create(path.join(folder, 'planted.reticle'));
  const truth: Truth = {
    format: 'coco',
    hasOwnIds: true,
    images: imageIds.map((id) => ({ id, fileName: `${id}.jpg`, width: 640, height: 480, extra: null })),
    categories,
    annotations: { ...annotations, id: annotations.id.map((_, row) => row + 1) },
    subsets: [],
    extra: null,
  };
  made.import(
    {
      truth: { truth, imageRoot: null, probes: imageIds.map(() => probe) },
      run: { name: 'model', source: 'model.json', predictions },
      replace: false,
      author: 'test',
      label: 'Import',
    },
    NO_SCORES,
  );
  return made;
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-fixes-'));
  session = makeProject();
  run = session.runs[0]!.id;
  // A second label over the first one: a suspect that needs no model.
  const first = session.data.annotations.flat()[0]!;
  apply({ add: { image: first.image, category: first.category, box: [...first.box] } });
  ({ queue } = await makeFixQueue(session, run, 'coco', noProgress));
});
afterAll(() => {
  session.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('The fix queue of a project', () => {
  it('promises of each suspect what the score then does', () => {
    const place = placeOf(({ kind }) => kind === 'duplicated');
    const { annotation, gain, repeats, box } = queue.fixes[place]!;
    expect(repeats).toEqual(box);
    const { scores } = apply({ delete: { annotation: annotation! } });
    expect(scores[0]!.after! - scores[0]!.before!).toBe(gain);
    expect(states()[place]).toBe('done');
    undo();
    expect(states()[place]).toBe('open');
  });

  it('knows a missing label as added, by whatever box', () => {
    const place = placeOf(({ kind }) => kind === 'missing');
    const { image, category, box } = queue.fixes[place]!;
    apply({ add: { image, category, box: [box[0] + 1, box[1], box[2], box[3]] } });
    expect(states()[place]).toBe('done');
    undo();
    expect(states()[place]).toBe('open');
  });

  it('remembers what was dismissed, also for another run that sees the same', async () => {
    const place = placeOf(({ kind }) => kind === 'missing');
    const { seen, image, box } = queue.fixes[place]!;
    apply({ judge: { target: { run, prediction: seen!.prediction }, status: 'dismissed' } });
    expect(states()[place]).toBe('dismissed');
    const again = await makeFixQueue(session, run, 'coco', noProgress);
    expect(
      again.states[again.queue.fixes.findIndex((fix) => fix.seen?.prediction === seen!.prediction)],
    ).toBe('dismissed');

    const { columns } = session.data.predictions(run);
    const other: PredictionColumns = predictionRows(columns, [...columns.fileIndex.keys()]);
    session.import(
      {
        truth: null,
        run: { name: 'other', source: 'other.json', predictions: other },
        replace: false,
        author: 'test',
        label: 'Import',
      },
      NO_SCORES,
    );
    const second = session.runs[1]!.id;
    const made = await makeFixQueue(session, second, 'coco', noProgress);
    const same = made.queue.fixes.findIndex(
      (fix) => fix.kind === 'missing' && fix.image === image && fix.box.join() === box.join(),
    );
    expect(made.states[same]).toBe('dismissed');
    const [target] = dismissalsOf(session, second, made.queue.fixes[same]!);
    expect(target).toEqual({ run, prediction: seen!.prediction });
    apply({ judge: { target: target!, status: 'to-do' } });
    expect(fixStates(session, made.queue)[same]).toBe('open');
  });

  it('ends its thread when it is cancelled', async () => {
    const progress = {
      check: () => {
        throw new Cancelled();
      },
      report: () => undefined,
    };
    await expect(makeFixQueue(session, run, 'coco', progress)).rejects.toThrow(Cancelled);
  });
});
