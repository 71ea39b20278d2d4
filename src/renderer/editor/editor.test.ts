import { describe, expect, it } from 'vitest';
import { detailOf, predictionView, truthView } from './detail.fixture';
import { deleteEdit } from './edits';
import { createScene } from './scene';
import { TestEditor } from './test-editor.fixture';

const big = truthView(1, [20, 10, 100, 80]);
const small = truthView(2, [40, 30, 20, 20]);
const guess = predictionView(0, [35, 25, 40, 40]);
const open = (): TestEditor => new TestEditor(detailOf([big, small], [guess]));

describe('selecting', () => {
  it('takes the smallest box under the cursor, and the next one on a click at the same place', () => {
    const test = open().click(50, 40).expectSelected('truth:2');
    test.click(50, 40).expectSelected('prediction:0').click(51, 41).expectSelected('truth:1');
    test.click(50, 40).expectSelected('truth:2').expectToBeIn('select.idle');
  });

  it('starts again with the smallest after a click elsewhere, and clears on empty ground', () => {
    const test = open().click(50, 40).click(50, 40).click(110, 80).expectSelected('truth:1');
    test.click(50, 40).expectSelected('truth:2').click(5, 5).expectSelected(null);
  });

  it('does not take boxes of a hidden layer', () => {
    const test = open();
    test.editor.setLayers({ groundTruth: false, predictions: true });
    test.click(50, 40).expectSelected('prediction:0').click(50, 40).expectSelected('prediction:0');
  });

  it('walks the list with wrap-around, failures first', () => {
    const test = open();
    for (const key of ['prediction:0', 'truth:1', 'truth:2', 'prediction:0']) {
      test.editor.selectNeighbour(1);
      test.expectSelected(key);
    }
    test.editor.selectNeighbour(-1);
    test.expectSelected('truth:2');
  });
});

describe('moving and resizing', () => {
  it('moves a selected truth by dragging, previews on the way and writes on release', async () => {
    const test = open().click(50, 40).down(50, 40).expectToBeIn('select.pressing').move(60, 45);
    test.expectToBeIn('select.moving');
    expect(test.edits).toHaveLength(0);
    expect(test.previews.at(-1)?.operations).toEqual([{ change: { annotation: 2, box: [50, 35, 20, 20] } }]);
    test.up(60, 45).expectToBeIn('select.idle');
    expect(test.edits[0]).toMatchObject({
      label: 'Move class 1',
      operations: [{ change: { annotation: 2, box: [50, 35, 20, 20] } }],
    });
    expect(test.previews.at(-1)).toBeNull();
    await test.settled();
    test.expectSelected('truth:2');
  });

  it('draws the change until it is saved, and goes back where saving failed', async () => {
    const test = open();
    test.answers.push(null);
    test.click(50, 40).drag(50, 40, 60, 45);
    expect(test.state.scene?.byKey.get('truth:2')?.box).toEqual([50, 35, 20, 20]);
    await test.settled();
    expect(test.state.scene?.byKey.get('truth:2')?.box).toEqual([40, 30, 20, 20]);
  });

  it('pans, and moves nothing, when the drag begins on a box that is not selected', () => {
    const test = open().down(50, 40).move(70, 40).expectToBeIn('select.panning').up(70, 40);
    expect(test.state.view.x).toBeCloseTo(20);
    expect(test.edits).toHaveLength(0);
    test.expectSelected(null);
  });

  it('never moves or resizes a prediction', () => {
    const test = open()
      .click(50, 40)
      .click(50, 40)
      .expectSelected('prediction:0')
      .drag(50, 40, 60, 45)
      .drag(35, 25, 10, 10);
    test.editor.nudge(1, 0);
    test.editor.settle();
    expect(test.edits).toHaveLength(0);
  });

  it('resizes by each of the eight handles on whole pixels', () => {
    const expected = {
      nw: [10, 0, 110, 90],
      n: [20, 0, 100, 90],
      ne: [20, 0, 110, 90],
      e: [20, 10, 110, 80],
      se: [20, 10, 110, 90],
      s: [20, 10, 100, 90],
      sw: [10, 10, 110, 90],
      w: [10, 10, 110, 80],
    } as const;
    const starts = {
      nw: [20, 10],
      n: [70, 10],
      ne: [120, 10],
      e: [120, 50],
      se: [120, 90],
      s: [70, 90],
      sw: [20, 90],
      w: [20, 50],
    };
    for (const [handle, [x, y]] of Object.entries(starts) as [keyof typeof expected, [number, number]][]) {
      const test = open();
      test.editor.select('truth:1');
      const dx = handle.includes('w') ? -10 : 10.3;
      const dy = handle.includes('n') ? -10 : 10.3;
      test.drag(x, y, x + dx, y + dy);
      expect(test.operations(), handle).toEqual([{ change: { annotation: 1, box: expected[handle] } }]);
      expect(test.edits[0]?.label).toBe('Resize class 1');
    }
  });

  it('keeps boxes inside the image and at least a pixel wide', () => {
    const test = open();
    test.editor.select('truth:2');
    test.drag(50, 40, -500, 400);
    expect(test.operations()).toEqual([{ change: { annotation: 2, box: [0, 80, 20, 20] } }]);
    const other = open();
    other.editor.select('truth:2');
    other.drag(60, 50, 10, 10);
    expect(other.operations()).toEqual([{ change: { annotation: 2, box: [40, 30, 1, 1] } }]);
  });

  it('writes nothing when a drag ends where it began or is cancelled', () => {
    const test = open().click(50, 40);
    test.down(50, 40).move(60, 40).move(50, 40).up(50, 40).expectToBeIn('select.idle');
    test.down(50, 40).move(70, 40);
    expect(test.editor.escape()).toBe(true);
    test.expectToBeIn('select.idle').up(70, 40).expectSelected('truth:2');
    test.down(50, 40).move(70, 40);
    test.editor.pointerCancel();
    test.expectToBeIn('select.idle');
    expect(test.edits).toHaveLength(0);
  });
});

describe('nudging', () => {
  it('gathers steps into one edit', () => {
    const test = open();
    test.editor.select('truth:2');
    test.editor.nudge(1, 0);
    test.editor.nudge(10, -1);
    test.expectToBeIn('select.nudging');
    expect(test.edits).toHaveLength(0);
    test.editor.settle();
    expect(test.operations()).toEqual([{ change: { annotation: 2, box: [51, 29, 20, 20] } }]);
  });

  it('is written before the next selection, tool or image', () => {
    for (const leave of [
      (test: TestEditor) => test.editor.select(null),
      (test: TestEditor) => test.editor.setTool('draw'),
      (test: TestEditor) => test.show(detailOf([], [], { image: 8 })),
      (test: TestEditor) => test.down(5, 5),
    ]) {
      const test = open();
      test.editor.select('truth:2');
      test.editor.nudge(1, 0);
      leave(test);
      expect(test.operations()).toEqual([{ change: { annotation: 2, box: [41, 30, 20, 20] } }]);
    }
  });

  it('works beside the draw tool, which goes on afterwards', () => {
    const test = open();
    test.editor.select('truth:2');
    test.editor.setTool('draw');
    test.editor.nudge(0, 2);
    test.expectToBeIn('draw.nudging');
    test.editor.settle();
    test.expectToBeIn('draw.idle');
    expect(test.operations()).toEqual([{ change: { annotation: 2, box: [40, 32, 20, 20] } }]);
  });

  it('is not for boxes that the walk through the failures came to', () => {
    const test = open();
    test.editor.select('truth:2', 'walked');
    expect(test.editor.canNudge()).toBe(false);
    test.click(50, 40);
    expect(test.editor.canNudge()).toBe(true);
  });
});

describe('drawing', () => {
  it('draws by dragging, stays in the tool, and selects what was drawn once it is saved', async () => {
    const test = open();
    test.beforeAnswer = () => test.show(detailOf([big, small, truthView(100, [150, 20, 30, 40])], [guess]));
    test.editor.setTool('draw');
    test.drag(150.4, 20.2, 180.3, 59.8).expectToBeIn('draw.idle');
    expect(test.edits[0]).toMatchObject({
      label: 'Add class 1',
      operations: [{ add: { image: 7, category: 1, box: [150, 20, 30, 40] } }],
    });
    expect(test.state.scene?.boxes.at(-1)).toMatchObject({ box: [150, 20, 30, 40], id: -1 });
    await test.settled();
    test.expectSelected('truth:100').expectToBeIn('draw.idle');
    expect(test.state.scene?.boxes).toHaveLength(4);
  });

  it('draws by two clicks, backwards too, and clamps to the image', () => {
    const test = open();
    test.editor.setTool('draw');
    test
      .click(180, 60)
      .expectToBeIn('draw.anchored')
      .move(300, -20)
      .click(300, -20)
      .expectToBeIn('draw.idle');
    expect(test.operations()).toEqual([{ add: { image: 7, category: 1, box: [180, 0, 20, 60] } }]);
  });

  it('does not grab existing boxes', () => {
    const test = open();
    test.editor.select('truth:2');
    test.editor.setTool('draw');
    test.drag(50, 40, 70, 60);
    expect(test.operations()).toEqual([{ add: { image: 7, category: 1, box: [50, 40, 20, 20] } }]);
  });

  it('keeps no box from a slip, and says so', () => {
    const test = open();
    test.editor.setTool('draw');
    test.drag(50, 40, 80, 41).click(10, 10).click(11, 11);
    expect(test.edits).toHaveLength(0);
    expect(test.messages).toHaveLength(2);
  });

  it('draws on an image of one pixel', () => {
    const test = new TestEditor(detailOf([], [], { width: 1, height: 1 }));
    test.editor.setScreen({ width: 400, height: 300 });
    test.editor.fit();
    test.editor.setTool('draw');
    test.drag(10, 10, 390, 290);
    expect(test.operations()).toEqual([{ add: { image: 7, category: 1, box: [0, 0, 1, 1] } }]);
  });
});

describe('another image', () => {
  it('is shown whole, or at the zoom of the one before where that is kept', () => {
    const test = open();
    const { editor } = test;
    const scene = (image: number) => createScene(detailOf([], [], { image }));
    editor.zoomToScale(3);
    editor.setScene(scene(8));
    expect(editor.getSnapshot().isFitted).toBe(true);
    editor.setKeepsZoom(true);
    editor.setScene(scene(9));
    expect(editor.getSnapshot().isFitted).toBe(true);
    editor.zoomToScale(3);
    const { view } = editor.getSnapshot();
    editor.setScene(scene(10));
    expect(editor.getSnapshot()).toMatchObject({ isFitted: false, view });
  });
});

describe('escape', () => {
  it('peels one layer at a time: drawing, tool, selection, zoom', () => {
    const test = open();
    test.editor.select('truth:1');
    test.editor.setTool('draw');
    test.click(150, 20).expectToBeIn('draw.anchored');
    expect(test.editor.escape()).toBe(true);
    test.expectToBeIn('draw.idle');
    expect(test.editor.escape()).toBe(true);
    test.expectToBeIn('select.idle').expectSelected('truth:1');
    expect(test.editor.escape()).toBe(true);
    test.expectSelected(null);
    expect(test.state.isFitted).toBe(false);
    expect(test.editor.escape()).toBe(true);
    expect(test.state.isFitted).toBe(true);
    expect(test.editor.escape()).toBe(false);
  });
});

describe('images and edits', () => {
  it('keeps view and selection when the same image comes again, and drops both with another', () => {
    const test = open();
    test.editor.select('truth:2');
    const { view } = test.state;
    test.show(detailOf([small])).expectSelected('truth:2');
    expect(test.state.view).toBe(view);
    test.show(detailOf([], [], { image: 8 })).expectSelected(null);
    expect(test.state.isFitted).toBe(true);
  });

  it('takes a deleted box away at once and keeps edits of the other image off this one', async () => {
    const test = open();
    test.editor.select('truth:2');
    const saved = test.editor.perform(deleteEdit(2, 'class 1'));
    test.expectSelected(null);
    expect(test.state.scene?.byKey.has('truth:2')).toBe(false);
    test.show(detailOf([truthView(2, [0, 0, 9, 9])], [], { image: 8 }));
    expect(test.state.scene?.byKey.has('truth:2')).toBe(true);
    expect(await saved).toBe(true);
  });

  it('pans with the pan tool and with a panning press in any tool', () => {
    const test = open();
    test.editor.setTool('pan');
    test.drag(50, 40, 60, 30).expectToBeIn('pan.idle');
    test.editor.setTool('draw');
    test.pan(50, 40).move(55, 45).up(55, 45).expectToBeIn('draw.idle');
    expect(test.state.view.x).toBeCloseTo(15);
    expect(test.state.view.y).toBeCloseTo(-5);
  });
});
