import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { detailOf, truthView } from '../../editor/detail.fixture';
import { TestEditor } from '../../editor/test-editor.fixture';
import { CanvasKeys } from './canvas-keys';

class KeyEvent extends Event {
  readonly ctrlKey = false;
  readonly metaKey = false;
  readonly altKey = false;
  constructor(
    type: 'keydown' | 'keyup',
    readonly key: string,
    readonly shiftKey = false,
    readonly repeat = false,
  ) {
    super(type, { cancelable: true });
  }
}

/** A page with an editor, its keys, and the shortcuts of the app listening after them. */
class TestPage {
  readonly test = new TestEditor(detailOf([truthView(1, [10, 10, 20, 20])]));
  readonly target = new EventTarget();
  readonly shortcuts: string[] = [];
  isBlocked = false;
  taps = 0;
  left = 0;
  readonly keys = new CanvasKeys({
    editor: this.test.editor,
    isBlocked: () => this.isBlocked,
    onTap: () => this.taps++,
    onLeave: () => this.left++,
  });
  readonly detach = this.keys.attach(this.target);

  constructor() {
    this.target.addEventListener(
      'keydown',
      (event) => event instanceof KeyEvent && this.shortcuts.push(event.key),
    );
  }

  down(key: string, shift = false, repeat = false): this {
    this.target.dispatchEvent(new KeyEvent('keydown', key, shift, repeat));
    return this;
  }

  up(key: string): this {
    this.target.dispatchEvent(new KeyEvent('keyup', key));
    return this;
  }
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('keys of the canvas', () => {
  it('Shift alone hides the overlays after a quarter of a second, until it is let go', () => {
    const page = new TestPage();
    page.down('Shift', true);
    vi.advanceTimersByTime(249);
    expect(page.test.state.isPeeking).toBe(false);
    vi.advanceTimersByTime(1);
    expect(page.test.state.isPeeking).toBe(true);
    page.up('Shift');
    expect(page.test.state.isPeeking).toBe(false);
  });

  it('any other key or press cancels that', () => {
    const page = new TestPage();
    page.down('Shift', true).down('ArrowRight', true);
    vi.advanceTimersByTime(500);
    expect(page.test.state.isPeeking).toBe(false);
    page.down('Shift', true);
    page.target.dispatchEvent(new Event('pointerdown'));
    vi.advanceTimersByTime(500);
    expect(page.test.state.isPeeking).toBe(false);
  });

  it('Space is a tap when let go, unless the picture was moved with it', () => {
    const page = new TestPage();
    page.down(' ');
    expect(page.keys.isPanKeyHeld()).toBe(true);
    page.up(' ');
    expect(page.taps).toBe(1);
    page.down(' ').down(' ', false, true);
    page.keys.onPanned();
    page.up(' ');
    expect(page.taps).toBe(1);
    expect(page.shortcuts).toEqual([]);
  });

  it('arrows nudge the selected box and write it when let go; else they are the app’s', () => {
    const page = new TestPage();
    page.down('ArrowRight').up('ArrowRight');
    expect(page.shortcuts).toEqual(['ArrowRight']);
    page.test.editor.select('truth:1');
    page.down('ArrowRight').down('ArrowRight', false, true).down('ArrowDown', true);
    expect(page.test.edits).toHaveLength(0);
    page.up('ArrowDown');
    expect(page.test.operations()).toEqual([{ change: { annotation: 1, box: [12, 20, 20, 20] } }]);
    expect(page.shortcuts).toEqual(['ArrowRight']);
  });

  it('leaves Shift and arrows to the walk through the failures', () => {
    const page = new TestPage();
    page.test.editor.select('truth:1', 'walked');
    page.down('ArrowRight', true);
    expect(page.shortcuts).toEqual(['ArrowRight']);
  });

  it('Escape peels the editor’s layers, then leaves', () => {
    const page = new TestPage();
    page.test.editor.fit();
    page.test.editor.select('truth:1');
    page.down('Escape').down('Escape');
    expect(page.test.state.selection).toBeNull();
    expect(page.left).toBe(1);
  });

  it('leaves every key to an open dialog', () => {
    const page = new TestPage();
    page.isBlocked = true;
    page.down('Escape').down(' ').up(' ');
    expect(page.left + page.taps).toBe(0);
    expect(page.shortcuts).toEqual(['Escape', ' ']);
  });

  it('writes what was nudged when the window loses the focus, and listens no more once detached', () => {
    const page = new TestPage();
    page.test.editor.select('truth:1');
    page.down('ArrowLeft');
    page.target.dispatchEvent(new Event('blur'));
    expect(page.test.edits).toHaveLength(1);
    page.detach();
    page.down('Escape');
    expect(page.test.state.selection).toBe('truth:1');
  });
});
