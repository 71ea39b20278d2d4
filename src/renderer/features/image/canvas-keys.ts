/**
 * Keys that are more than one press: Space (tapped: reviewed; held: pan), Shift held alone (hide what is drawn), arrows
 * that nudge the selected box until they are let go, and the layered Escape. Everything else is an action.
 */
import { useEffect } from 'react';
import type { Editor } from '../../editor/editor';

/** Shift alone hides the overlays after this long; any other key or press cancels it. */
const PEEK_AFTER_MS = 250;
const NUDGE = 1;
const NUDGE_WITH_SHIFT = 10;

const ARROWS: Readonly<Record<string, readonly [dx: number, dy: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export interface CanvasKeyHost {
  readonly editor: Editor;
  /** Space was tapped. */
  readonly onTap: () => void;
  /** A dialog or menu has the keys to itself. */
  readonly isBlocked: () => boolean;
  /** Escape had nothing left to take back. */
  readonly onLeave: () => void;
}

/** The window itself can be the target; it has no `closest`. */
const isElement = (target: EventTarget | null): target is Element => target !== null && 'closest' in target;

/** Where the keys belong to something else: fields, open menus and dialogs, the list of boxes. */
function isElsewhere(target: EventTarget | null): boolean {
  if (!isElement(target)) return false;
  return (
    target.closest(
      'input, textarea, select, [contenteditable], [role=dialog], [role=menu], [role=listbox]',
    ) !== null
  );
}

const isControl = (target: EventTarget | null): boolean =>
  isElement(target) && target.closest('button, a[href], summary, [role=tab]') !== null;

export class CanvasKeys {
  readonly #host: CanvasKeyHost;
  #peek: ReturnType<typeof setTimeout> | null = null;
  #isSpaceHeld = false;
  #hasPanned = false;

  constructor(host: CanvasKeyHost) {
    this.#host = host;
  }

  readonly isPanKeyHeld = (): boolean => this.#isSpaceHeld;

  /** The held Space has moved the picture, so letting it go is no tap. */
  readonly onPanned = (): void => {
    this.#hasPanned = true;
  };

  /** Listens before the shortcuts of the app do; returns the end of it. */
  attach(target: EventTarget = window): () => void {
    const { signal, abort } = controls();
    target.addEventListener('keydown', (event) => this.#down(event as KeyboardEvent), {
      capture: true,
      signal,
    });
    target.addEventListener('keyup', (event) => this.#up(event as KeyboardEvent), { capture: true, signal });
    target.addEventListener('pointerdown', () => this.#endPeek(), { capture: true, signal });
    target.addEventListener('blur', () => this.#release(), { signal });
    return () => {
      this.#release();
      abort();
    };
  }

  #down(event: KeyboardEvent): void {
    if (event.key !== 'Shift') this.#endPeek();
    if (event.defaultPrevented || isElsewhere(event.target) || this.#host.isBlocked()) return;
    const hasModifier = event.ctrlKey || event.metaKey || event.altKey;
    if (event.key === 'Shift') {
      if (!event.repeat && !hasModifier) this.#startPeek();
    } else if (event.key === ' ' && !hasModifier && !event.shiftKey && !isControl(event.target)) {
      this.#take(event);
      if (!event.repeat) this.#hasPanned = false;
      this.#isSpaceHeld = true;
    } else if (event.key === 'Escape') {
      this.#take(event);
      if (!this.#host.editor.escape()) this.#host.onLeave();
    } else if (event.key in ARROWS && !hasModifier) {
      this.#nudge(event);
    }
  }

  #nudge(event: KeyboardEvent): void {
    const direction = ARROWS[event.key];
    if (!direction || !this.#host.editor.canNudge()) return;
    this.#take(event);
    const step = event.shiftKey ? NUDGE_WITH_SHIFT : NUDGE;
    this.#host.editor.nudge(direction[0] * step, direction[1] * step);
  }

  #up(event: KeyboardEvent): void {
    if (event.key === 'Shift') this.#endPeek();
    if (event.key in ARROWS) this.#host.editor.settle();
    if (event.key !== ' ' || !this.#isSpaceHeld) return;
    this.#isSpaceHeld = false;
    this.#take(event);
    if (!this.#hasPanned) this.#host.onTap();
  }

  #take(event: KeyboardEvent): void {
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  #startPeek(): void {
    this.#peek = setTimeout(() => this.#host.editor.setPeeking(true), PEEK_AFTER_MS);
  }

  #endPeek(): void {
    if (this.#peek !== null) clearTimeout(this.#peek);
    this.#peek = null;
    this.#host.editor.setPeeking(false);
  }

  #release(): void {
    this.#isSpaceHeld = false;
    this.#endPeek();
    this.#host.editor.settle();
  }
}

function controls(): { readonly signal: AbortSignal; readonly abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

/** Keys work for as long as the page is shown. */
export function useCanvasKeys(keys: CanvasKeys): void {
  useEffect(() => keys.attach(), [keys]);
}
