import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Operation } from '../../contract/engine-calls';
import { createScorer } from '../../core/metrics/scorer';
import { ProjectSession } from './session';
import type { SmallProject } from './small-project.fixture';
import { COCO, makeSmallProject, NO_SCORES } from './small-project.fixture';

let project: SmallProject;
let session: ProjectSession;
beforeEach(() => {
  project = makeSmallProject();
  ({ session } = project);
});
afterEach(() => {
  session.close();
  project.remove();
});

const reopen = (): void => {
  session.close();
  session = ProjectSession.open(project.file);
};
const boxes = (): unknown =>
  session.data.annotations.map((list) =>
    list.map(({ id, category, box, flags }) => ({ id, category, box, flags })),
  );
const run = (): number => session.runs[0]!.id;
const image = (index: number): number => session.data.images[index]!.key;
const apply = (...operations: Operation[]) => session.apply(operations, 'test', 'Edit', COCO);

describe('edits', () => {
  it('previewed on several images give the number that doing them gives, and change nothing', () => {
    const operations: Operation[] = [
      { accept: { run: run(), prediction: 24 } },
      { delete: { annotation: 7 } },
      { accept: { run: run(), prediction: 26 } },
      { change: { annotation: 22, box: [1, 1, 9, 9] } },
    ];
    const before = session.scorer(run(), 'coco').headline();
    const previewed = session.preview(operations, run(), 'coco');
    expect(session.scorer(run(), 'coco').headline()).toBe(before);
    apply(...operations);
    expect(session.scorer(run(), 'coco').headline()).toBe(previewed);
    expect(previewed).not.toBe(before);
  });

  it('are on disk when they are acknowledged, and come back after reopening', () => {
    apply(
      { add: { image: image(0), category: 5, box: [1, 2, 3, 4], difficult: true } },
      { delete: { annotation: 2 } },
      { change: { annotation: 3, box: [5, 5, 5, 5] } },
    );
    const after = boxes();
    reopen();
    expect(boxes()).toEqual(after);
    expect(session.data.annotation(25)).toMatchObject({ category: 5, box: [1, 2, 3, 4], flags: 2 });
    expect(session.data.annotation(2)).toBeNull();
  });

  it('accept and replace take the box and class of the prediction', () => {
    apply(
      { accept: { run: run(), prediction: 24 } },
      { replace: { annotation: 2, run: run(), prediction: 1 } },
    );
    expect(session.data.annotation(25)).toMatchObject({
      image: image(0),
      category: 1,
      box: [60 + 3 * 0.7, 50, 20, 20],
    });
    expect(session.data.annotation(2)!.box).toEqual([30 + 0.7, 12, 16, 18]);
  });

  it('are undone and done again as whole steps, across a restart, and scores come back to the bit', () => {
    const start = boxes();
    const first = session.headlines(COCO)[0]!.value;
    const edited = apply({ accept: { run: run(), prediction: 24 } }, { delete: { annotation: 1 } });
    const after = boxes();
    expect(edited.scores[0]!.before).toBe(first);
    reopen();
    expect(session.undo('test', COCO)!.scores[0]!.after).toBe(first);
    expect(boxes()).toEqual(start);
    reopen();
    expect(session.redo('test', COCO)!.scores[0]!.after).toBe(edited.scores[0]!.after);
    expect(boxes()).toEqual(after);
  });

  it('end what could be redone, and never use an id again', () => {
    apply({ add: { image: image(0), category: 1, box: [1, 1, 2, 2] } });
    session.undo('test', NO_SCORES);
    const { changes } = apply({ add: { image: image(1), category: 1, box: [1, 1, 2, 2] } });
    expect(changes[0]!.key).toBe(26);
    expect(session.redo('test', NO_SCORES)).toBeNull();
    expect(session.log.all().map(({ action }) => action)).toEqual(['import', 'edit', 'undo', 'edit']);
  });

  it('that name something unknown change nothing', () => {
    const before = boxes();
    const wrong: Operation[] = [
      { add: { image: 999, category: 1, box: [0, 0, 1, 1] } },
      { add: { image: image(0), category: 2, box: [0, 0, 1, 1] } },
      { change: { annotation: 999 } },
      { accept: { run: run(), prediction: 999 } },
      { accept: { run: 9, prediction: 0 } },
    ];
    for (const operation of wrong) {
      expect(() => apply({ delete: { annotation: 1 } }, operation)).toThrow(/There is no/);
    }
    expect(boxes()).toEqual(before);
    expect(session.log.undoable).toHaveLength(1);
  });

  it('of review, verdicts, classes and runs are steps too', () => {
    apply(
      { review: { image: image(2), status: 'done', note: 'seen' } },
      { judge: { target: { run: run(), prediction: 24 }, status: 'dismissed' } },
    );
    apply({ renameCategory: { category: 5, name: 'c' } });
    session.changeRun(run(), { removed: true }, 'test', NO_SCORES);
    reopen();
    expect(session.data.images[2]).toMatchObject({ status: 'done', note: 'seen' });
    expect([...session.data.verdicts.values()]).toEqual(['dismissed']);
    expect(session.data.categories[1]!.name).toBe('c');
    expect(session.runs).toEqual([]);
    for (let step = 0; step < 3; step++) session.undo('test', NO_SCORES);
    expect(session.runs.map(({ name }) => name)).toEqual(['model']);
    expect(session.data.categories[1]!.name).toBe('b');
    expect(session.data.images[2]).toMatchObject({ status: 'to-do', note: '' });
    expect(session.data.verdicts.size).toBe(0);
  });
});

it('an import is undone and done again whole', () => {
  const before = boxes();
  session.undo('test', NO_SCORES);
  expect([session.data.images.length, session.runs.length]).toEqual([0, 0]);
  reopen();
  session.redo('test', NO_SCORES);
  expect(boxes()).toEqual(before);
  expect(session.data.predictions(run()).columns.count).toBe(30);
});

it('live scores equal a full evaluation of the reopened project, bit for bit, after any edits', () => {
  const protocols = ['coco', 'voc2012'] as const;
  const scored = { runs: null, protocols };
  const box = fc.tuple(
    fc.integer({ min: 0, max: 80 }),
    fc.integer({ min: 0, max: 60 }),
    fc.integer({ min: 1, max: 30 }),
    fc.integer({ min: 1, max: 30 }),
  );
  const operation = fc.oneof(
    fc.record({ kind: fc.constant('add' as const), at: fc.nat(5), category: fc.constantFrom(1, 5), box }),
    fc.record({ kind: fc.constant('change' as const), at: fc.nat(23), category: fc.constantFrom(1, 5), box }),
    fc.record({
      kind: fc.constantFrom('delete' as const, 'accept' as const, 'undo' as const, 'redo' as const),
      at: fc.nat(23),
      category: fc.constant(1),
      box,
    }),
  );
  const perform = ({
    kind,
    at,
    category,
    box: bounds,
  }: {
    kind: string;
    at: number;
    category: number;
    box: [number, number, number, number];
  }): void => {
    const ids = [...session.data.imageOfAnnotation.keys()];
    const annotation = ids[at % Math.max(1, ids.length)];
    if (kind === 'undo' && session.log.undoable.length > 1) session.undo('test', scored);
    else if (kind === 'redo') session.redo('test', scored);
    else if (kind === 'add') apply({ add: { image: image(at), category, box: bounds } });
    else if (kind === 'accept') apply({ accept: { run: run(), prediction: at } });
    else if (kind === 'change' && annotation !== undefined)
      apply({ change: { annotation, category, box: bounds } });
    else if (kind === 'delete' && annotation !== undefined) apply({ delete: { annotation } });
  };
  session.headlines(scored);
  fc.assert(
    fc.property(fc.array(operation, { minLength: 1, maxLength: 12 }), (operations) => {
      for (const one of operations) perform(one);
      const live = session.headlines(scored).map(({ value }) => value);
      reopen();
      const input = session.scoringInput(session.data.predictions(run()).columns);
      expect(live).toEqual(protocols.map((protocol) => createScorer(input, protocol).headline()));
      session.headlines(scored);
    }),
    { numRuns: 60 },
  );
});
