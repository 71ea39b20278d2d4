import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../contract/engine-calls';
import type { EditAcknowledged, ImageDetail, ImageKey } from '../../../contract/view-types';
import { detailOf, predictionView, truthView } from '../../editor/detail.fixture';
import { ImageController } from './image-controller';

const point = { iou: 0.5, score: 0.3 };
const categories = [
  { id: 3, name: 'RBC', annotations: 10 },
  { id: 5, name: 'WBC', annotations: 40 },
];

function acknowledged(more: Partial<EditAcknowledged> = {}): EditAcknowledged {
  const ids = { added: [], changed: [], deleted: [], images: [] };
  return {
    step: 1,
    savedAt: '2026-01-01T12:00:00Z',
    ...ids,
    label: '',
    score: null,
    canUndo: 1,
    canRedo: 0,
    undoEmpties: false,
    ...more,
  };
}

/** A session of three images, kept in memory. */
class TestSession {
  readonly details = new Map<ImageKey, ImageDetail>([
    [
      1,
      detailOf(
        [truthView(11, [0, 0, 20, 20], { category: 3, partner: 1 })],
        [
          predictionView(0, [50, 50, 20, 20], { category: 5 }),
          predictionView(1, [5, 0, 20, 20], { category: 3, outcome: 'loose-box', annotation: 11, iou: 0.4 }),
        ],
        { image: 1 },
      ),
    ],
    [2, detailOf([], [], { image: 2 })],
    [3, detailOf([truthView(31, [0, 0, 9, 9], { category: 3 })], [], { image: 3 })],
  ]);
  readonly applied: { operations: Operation[]; label: string }[] = [];
  readonly opened: ImageKey[] = [];
  left = 0;
  problem = 'gone';
  answer: (operations: Operation[]) => EditAcknowledged | null = () => acknowledged();
  readonly controller = new ImageController({
    loadDetail: ({ image }) => {
      const detail = this.details.get(image);
      return detail ? Promise.resolve(detail) : Promise.reject(new Error(this.problem));
    },
    apply: (operations, label) => {
      this.applied.push({ operations, label });
      return Promise.resolve(this.answer(operations));
    },
    preview: () => Promise.resolve(),
    categories: () => categories,
    imageQueue: () => [1, 2, 3],
    isGone: (error) => error instanceof Error && error.message === 'no such image',
    leaveImage: () => this.left++,
    openImage: (image) => {
      this.opened.push(image);
      void this.controller.show({ image, run: 9, protocol: 'coco', point });
    },
  });

  get selection(): string | null {
    return this.controller.editor.getSnapshot().selection;
  }

  get operations(): Operation[] {
    return this.applied.flatMap((edit) => edit.operations);
  }

  async settled(): Promise<void> {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  }
}

async function open(image: ImageKey = 1): Promise<TestSession> {
  const session = new TestSession();
  session.controller.editor.setScreen({ width: 200, height: 100 });
  await session.controller.show({ image, run: 9, protocol: 'coco', point });
  return session;
}

describe('image controller', () => {
  it('accepts the selected prediction, selects what was added, and remembers what it was', async () => {
    const session = await open();
    session.answer = () => {
      const before = session.details.get(1);
      if (before)
        session.details.set(1, {
          ...before,
          annotations: [
            ...before.annotations,
            truthView(12, [50, 50, 20, 20], { category: 5, outcome: 'matched', partner: 0 }),
          ],
        });
      return acknowledged({ added: [12] });
    };
    session.controller.editor.select('prediction:0');
    session.controller.accept();
    await session.settled();
    expect(session.applied).toEqual([
      { operations: [{ accept: { run: 9, prediction: 0 } }], label: 'Accept WBC' },
    ]);
    expect(session.selection).toBe('truth:12');
    expect(session.controller.getState().changes.get('truth:12')).toMatchObject({
      verb: 'added',
      was: 'false-positive',
    });
  });

  it('replaces the truth that a prediction points at, from either of the two', async () => {
    for (const key of ['prediction:1', 'truth:11'] as const) {
      const session = await open();
      session.controller.editor.select(key);
      session.controller.replace();
      expect(session.operations).toEqual([{ replace: { annotation: 11, run: 9, prediction: 1 } }]);
      expect(session.selection).toBe('truth:11');
    }
  });

  it('says why it does nothing', async () => {
    const session = await open();
    const { controller } = session;
    const said = (act: () => void): string => {
      act();
      return controller.getState().message;
    };
    expect(said(() => controller.accept())).toContain('Select a prediction');
    controller.editor.select('prediction:0');
    expect(said(() => controller.remove())).toContain('Predictions are not edited');
    expect(said(() => controller.replace())).toContain('No ground truth');
    expect(said(() => controller.setCategoryByPlace(7))).toContain('no class 7');
    controller.editor.select('truth:11');
    expect(said(() => controller.accept())).toContain('ground truth already');
    expect(session.applied).toEqual([]);
  });

  it('relabels by place in the list, and keeps the class for the next box', async () => {
    const session = await open();
    expect(session.controller.editor.getSnapshot().nextCategory).toBe(5);
    session.controller.editor.select('truth:11');
    session.controller.setCategoryByPlace(2);
    session.controller.setCategoryByPlace(1);
    expect(session.operations[0]).toEqual({ change: { annotation: 11, category: 5 } });
    expect(session.controller.editor.getSnapshot().nextCategory).toBe(3);
    expect(session.controller.getState().recentCategories).toEqual([3, 5]);
  });

  it('deletes, duplicates with flags, marks and dismisses', async () => {
    const session = await open();
    const { controller } = session;
    controller.editor.fit();
    controller.editor.zoomToScale(1);
    controller.editor.select('truth:11');
    controller.toggleFlag('difficult');
    controller.judge('dismissed');
    controller.duplicate();
    controller.remove();
    expect(session.operations).toEqual([
      { change: { annotation: 11, difficult: true } },
      { judge: { target: { annotation: 11 }, status: 'dismissed' } },
      { add: { image: 1, category: 3, box: [12, 12, 20, 20], difficult: true, crowd: false } },
      { delete: { annotation: 11 } },
    ]);
  });

  it('takes a failed edit back and says so', async () => {
    const session = await open();
    session.answer = () => null;
    session.controller.editor.select('truth:11');
    session.controller.remove();
    expect(session.controller.editor.getSnapshot().scene?.byKey.has('truth:11')).toBe(false);
    await session.settled();
    expect(session.controller.editor.getSnapshot().scene?.byKey.has('truth:11')).toBe(true);
    expect(session.controller.getState().message).toBe('Not saved: Delete RBC.');
  });

  it('walks over images without failures, there and back, and says where it ends', async () => {
    const session = await open();
    const { controller } = session;
    for (const key of ['prediction:0', 'prediction:1', 'truth:31']) {
      await controller.stepFailure(1);
      await session.settled();
      expect(session.selection).toBe(key);
    }
    expect(session.opened).toEqual([3]);
    await controller.stepFailure(1);
    expect(controller.getState().message).toContain('No failure after');
    await controller.stepFailure(-1);
    await session.settled();
    expect(session.opened).toEqual([3, 1]);
    expect(session.selection).toBe('prediction:1');
    expect(controller.editor.canNudge()).toBe(false);
  });

  it('steps through the queue and stops at its ends', async () => {
    const session = await open();
    session.controller.stepImage(-1);
    expect(session.controller.getState().message).toBe('This is the first image.');
    session.controller.stepImage(1);
    expect(session.opened).toEqual([2]);
    expect(session.controller.neighbours(2)).toEqual([3, 1]);
  });

  it('leaves an image that the project has no more (its import was undone)', async () => {
    const session = await open();
    session.details.delete(1);
    session.problem = 'no such image';
    await session.controller.refresh();
    expect(session.left).toBe(1);
    expect(session.controller.getState().detail).toBeNull();
  });

  it('keeps the boxes and says what is wrong when the image cannot be read again', async () => {
    const session = await open();
    session.details.delete(1);
    await session.controller.refresh();
    expect(session.controller.getState()).toMatchObject({ problem: 'gone', detail: { image: 1 } });
  });

  it('copies the boxes of the image before, but for those that are there, cut to this one', async () => {
    const session = await open(2);
    const { controller, applied, details } = session;
    details.set(
      1,
      detailOf([
        truthView(11, [190, 90, 20, 20], { category: 3 }),
        truthView(12, [1, 1, 5, 5]),
        truthView(13, [300, 0, 5, 5]),
      ]),
    );
    details.set(2, detailOf([truthView(21, [1, 1, 5, 5])], [], { image: 2 }));
    await controller.refresh();
    await controller.copyPrevious();
    await session.settled();
    const kept = { category: 3, box: [190, 90, 10, 10], difficult: false, crowd: false };
    expect(applied.map(({ operations }) => operations)).toEqual([[{ add: { image: 2, ...kept } }]]);
    expect(applied[0]!.label).toBe('Copy 1 box of image-7.png');
    await controller.show({ image: 1, run: 9, protocol: 'coco', point });
    await controller.copyPrevious();
    expect(controller.getState().message).toBe('There is no image before this one.');
  });
});
