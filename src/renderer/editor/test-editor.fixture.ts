/** An editor driven by events, without a browser. The view is 1:1, so image and screen coordinates are the same. */
import { expect } from 'vitest';
import type { AnnotationId, ImageDetail } from '../../contract/view-types';
import type { Edit } from './edits';
import type { EditorSnapshot } from './editor';
import { Editor } from './editor';
import { screenPoint } from './geometry';
import { createScene } from './scene';

export class TestEditor {
  readonly edits: Edit[] = [];
  readonly previews: (Edit | null)[] = [];
  readonly messages: string[] = [];
  /** How the next commits answer, in order; without an entry they add annotation 100. */
  readonly answers: (readonly AnnotationId[] | null)[] = [];
  /** Runs before a commit answers, as the host brings the scene up to date. */
  beforeAnswer: () => void = () => undefined;
  readonly editor: Editor;

  constructor(detail: ImageDetail) {
    this.editor = new Editor({
      commit: async (edit) => {
        this.edits.push(edit);
        await Promise.resolve();
        this.beforeAnswer();
        const answer = this.answers.shift();
        return answer === undefined ? [100] : answer;
      },
      preview: (edit) => this.previews.push(edit),
      className: (category) => `class ${category}`,
      tell: (message) => this.messages.push(message),
    });
    this.editor.setScreen({ width: detail.width, height: detail.height });
    this.editor.setNextCategory(1);
    this.show(detail);
    this.editor.zoomToScale(1);
  }

  get state(): EditorSnapshot {
    return this.editor.getSnapshot();
  }

  show(detail: ImageDetail): this {
    this.editor.setScene(createScene(detail));
    return this;
  }

  down(x: number, y: number): this {
    this.editor.pointerDown(screenPoint(x, y));
    return this;
  }

  pan(x: number, y: number): this {
    this.editor.pointerDown(screenPoint(x, y), true);
    return this;
  }

  move(x: number, y: number): this {
    this.editor.pointerMove(screenPoint(x, y));
    return this;
  }

  up(x: number, y: number): this {
    this.editor.pointerUp(screenPoint(x, y));
    return this;
  }

  click(x: number, y: number): this {
    return this.move(x, y).down(x, y).up(x, y);
  }

  drag(fromX: number, fromY: number, toX: number, toY: number): this {
    return this.down(fromX, fromY)
      .move((fromX + toX) / 2, (fromY + toY) / 2)
      .move(toX, toY)
      .up(toX, toY);
  }

  expectToBeIn(state: string): this {
    const { tool, mode } = this.state.tool;
    expect(`${tool}.${mode}`).toBe(state);
    return this;
  }

  expectSelected(key: string | null): this {
    expect(this.state.selection).toBe(key);
    return this;
  }

  operations(): unknown[] {
    return this.edits.flatMap((edit) => edit.operations);
  }

  /** Until every edit so far has been answered. */
  async settled(): Promise<void> {
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  }
}
