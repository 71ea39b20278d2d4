/**
 * The editor of one image at a time, without any framework: it takes pointer and key events, holds what the canvas
 * shows as one immutable snapshot, and hands edits to its host. The canvas draws the snapshot and decides nothing.
 */
import type { AnnotationId, Box, CategoryId, ImageKey } from '../../contract/view-types';
import { assertNever } from '../../core/foundation/assert-never';
import type { Edit, Overlay } from './edits';
import { addEdit, changeBoxEdit, isUnsaved, overlaid } from './edits';
import type { Handle, ImagePoint, ScreenPoint, Size } from './geometry';
import { boxContains, screenDistance, screenPoint } from './geometry';
import type { Picker } from './picking';
import { createPicker, handleAt } from './picking';
import type { BoxKey, Layers, Scene, SceneBox } from './scene';
import { listBoxes, listedKey, truthKey } from './scene';
import type { Tool, ToolEffect, ToolEvent, ToolState } from './tools';
import { draftOf, idle, isBusy, transition } from './tools';
import type { Viewport } from './viewport';
import { bringIntoView, fitImage, panBy, toImage, zoomAt, zoomTo, zoomToBox } from './viewport';

/**
 * How a box came to be selected. A `picked` one (click, list, J and K, drawing) is nudged by the arrows; one that the
 * walk through the failures has `walked` to is not, so that walking on never moves a label.
 */
export type SelectionOrigin = 'picked' | 'walked';

export interface EditorSnapshot {
  /** With unsaved edits drawn in; null until an image is open. */
  readonly scene: Scene | null;
  readonly view: Viewport;
  readonly screen: Size;
  readonly isFitted: boolean;
  readonly tool: ToolState;
  readonly layers: Layers;
  /** Overlays hidden for as long as a key is held. */
  readonly isPeeking: boolean;
  readonly selection: BoxKey | null;
  readonly origin: SelectionOrigin;
  readonly hover: BoxKey | null;
  readonly hoverHandle: Handle | null;
  readonly pointer: ScreenPoint | null;
  /** Class of the next box drawn. */
  readonly nextCategory: CategoryId | null;
}

export interface EditorHost {
  /**
   * Writes an edit and brings the scene up to date (`setScene`). Resolves with the ids of added annotations once it is
   * on disk, with null where it failed (the host has told the user).
   */
  commit(edit: Edit): Promise<readonly AnnotationId[] | null>;
  /** The score as it would be, while a box is dragged; null: no longer. */
  preview(edit: Edit | null): void;
  className(category: CategoryId): string;
  /** A sentence for the user that needs no answer. */
  tell(message: string): void;
}

/** A second click within so many screen pixels takes the next box there. */
const SAME_PLACE = 4;
/** Boxes are picked this far outside their edges, in screen pixels. */
const PICK_MARGIN = 4;

const NO_PICKER: Picker = { at: () => [], within: () => [] };

export class Editor {
  readonly #host: EditorHost;
  readonly #listeners = new Set<() => void>();
  #snapshot: EditorSnapshot = {
    scene: null,
    view: { scale: 1, x: 0, y: 0 },
    screen: { width: 0, height: 0 },
    isFitted: true,
    tool: idle('select'),
    layers: { groundTruth: true, predictions: true },
    isPeeking: false,
    selection: null,
    origin: 'picked',
    hover: null,
    hoverHandle: null,
    pointer: null,
    nextCategory: null,
  };
  #savedScene: Scene | null = null;
  #unsaved: readonly { readonly image: ImageKey; readonly overlays: readonly Overlay[] }[] = [];
  #picker: Picker = NO_PICKER;
  #keepsZoom = false;
  #click: { readonly at: ScreenPoint; readonly key: BoxKey } | null = null;

  constructor(host: EditorHost) {
    this.#host = host;
  }

  readonly getSnapshot = (): EditorSnapshot => this.#snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Boxes that touch the rectangle of image pixels, in drawing order; hidden layers are left out. */
  boxesWithin(minX: number, minY: number, maxX: number, maxY: number): readonly SceneBox[] {
    const boxes = this.#snapshot.scene?.boxes ?? [];
    return this.#picker.within(minX, minY, maxX, maxY).flatMap((index) => boxes[index] ?? []);
  }

  /** Whether another image is shown at the zoom of the one before, where that was not shown whole. */
  setKeepsZoom(keepsZoom: boolean): void {
    this.#keepsZoom = keepsZoom;
  }

  /** Another image is fitted and has nothing selected; the same one again keeps view and selection. */
  setScene(scene: Scene): void {
    const isNew = this.#savedScene?.image !== scene.image;
    // What the arrows moved on the image that is left is written, never lost.
    if (isNew) this.#dispatch({ kind: 'settle' });
    this.#savedScene = scene;
    if (isNew) {
      const { scene: before, view, screen, isFitted } = this.#snapshot;
      const { tool } = this.#snapshot.tool;
      const keeps = this.#keepsZoom && before !== null && !isFitted;
      this.#host.preview(null);
      this.#click = null;
      this.#update({
        tool: idle(tool),
        selection: null,
        hover: null,
        hoverHandle: null,
        isFitted: !keeps,
        view: keeps ? panBy(view, 0, 0, scene.size, screen) : fitImage(scene.size, screen),
      });
    }
    this.#refreshScene();
  }

  setScreen(screen: Size): void {
    const { scene, view, isFitted, screen: before } = this.#snapshot;
    if (!scene) {
      this.#update({ screen });
      return;
    }
    const moved = {
      ...view,
      x: view.x + (screen.width - before.width) / 2,
      y: view.y + (screen.height - before.height) / 2,
    };
    this.#update({
      screen,
      view: isFitted ? fitImage(scene.size, screen) : panBy(moved, 0, 0, scene.size, screen),
    });
  }

  setTool(tool: Tool): void {
    this.#dispatch({ kind: 'tool', tool });
  }

  setNextCategory(nextCategory: CategoryId | null): void {
    this.#update({ nextCategory });
  }

  setLayers(layers: Layers): void {
    this.#update({ layers });
    this.#refreshScene();
  }

  setPeeking(isPeeking: boolean): void {
    if (isPeeking !== this.#snapshot.isPeeking) this.#update({ isPeeking });
  }

  /** The selected box as it stands on the scene. */
  selected(): SceneBox | null {
    const { scene, selection } = this.#snapshot;
    return selection === null ? null : (scene?.byKey.get(selection) ?? null);
  }

  select(key: BoxKey | null, origin: SelectionOrigin = 'picked'): void {
    this.#dispatch({ kind: 'settle' });
    const { scene, view, screen } = this.#snapshot;
    const box = key === null ? undefined : scene?.byKey.get(key);
    if (!scene || !box) {
      this.#update({ selection: null });
      return;
    }
    const shown = bringIntoView(view, box.box, scene.size, screen);
    this.#update({
      selection: box.key,
      origin,
      view: shown,
      isFitted: this.#snapshot.isFitted && shown === view,
    });
  }

  /** The next (+1) or previous (-1) box of the list, around its ends. */
  selectNeighbour(step: 1 | -1): void {
    const { scene, selection } = this.#snapshot;
    if (!scene) return;
    const list = listBoxes(scene).filter((box) => !isUnsaved(box));
    if (list.length === 0) return;
    const at = selection === null ? -1 : list.findIndex((box) => box.key === listedKey(scene, selection));
    const next = at < 0 ? (step > 0 ? 0 : list.length - 1) : (at + step + list.length) % list.length;
    this.select(list[next]?.key ?? null);
  }

  /** Whether arrows move the selected box (else they change the image). */
  canNudge(): boolean {
    return this.#editable() !== null && this.#snapshot.origin === 'picked';
  }

  nudge(dx: number, dy: number): void {
    if (this.canNudge()) this.#dispatch({ kind: 'nudge', dx, dy });
  }

  /** Writes what the arrows have moved. */
  settle(): void {
    this.#dispatch({ kind: 'settle' });
  }

  pointerDown(at: ScreenPoint, pans = false): void {
    this.#track(at);
    this.#dispatch({ kind: 'press', at, pans });
  }

  pointerMove(at: ScreenPoint): void {
    this.#track(at);
    this.#dispatch({ kind: 'move', at });
  }

  pointerUp(at: ScreenPoint): void {
    this.#dispatch({ kind: 'release', at });
    this.#track(at);
  }

  pointerLeave(): void {
    this.#update({ pointer: null, hover: null, hoverHandle: null });
  }

  /** The pointer was taken away (another window, a lost capture): nothing is written. */
  pointerCancel(): void {
    const { mode, tool } = this.#snapshot.tool;
    if (mode === 'anchored' || mode === 'idle' || mode === 'nudging') return;
    this.#dispatch({ kind: 'cancel' });
    this.#dispatch({ kind: 'tool', tool });
  }

  /** Takes back one thing: a drag or drawing, the tool, the selection, the zoom. False where nothing is left. */
  escape(): boolean {
    if (isBusy(this.#snapshot.tool)) this.#dispatch({ kind: 'cancel' });
    else if (this.#snapshot.selection !== null) this.#update({ selection: null });
    else if (!this.#snapshot.isFitted) this.fit();
    else return false;
    return true;
  }

  fit(): void {
    const { scene, screen } = this.#snapshot;
    if (scene) this.#update({ view: fitImage(scene.size, screen), isFitted: true });
  }

  zoomToSelection(): void {
    const { scene, screen } = this.#snapshot;
    const box = this.selected();
    if (scene && box) this.#update({ view: zoomToBox(box.box, scene.size, screen), isFitted: false });
  }

  /** By a factor at a screen point (default: the middle of the canvas). */
  zoomBy(factor: number, at: ScreenPoint = this.#middle()): void {
    const { scene, screen, view } = this.#snapshot;
    if (scene) this.#update({ view: zoomAt(view, at, factor, scene.size, screen), isFitted: false });
  }

  /** To so many screen pixels for an image pixel, about the middle of the canvas. */
  zoomToScale(scale: number): void {
    const { scene, screen, view } = this.#snapshot;
    if (scene)
      this.#update({ view: zoomTo(view, this.#middle(), scale, scene.size, screen), isFitted: false });
  }

  panBy(dx: number, dy: number): void {
    const { scene, screen, view } = this.#snapshot;
    if (scene) this.#update({ view: panBy(view, dx, dy, scene.size, screen), isFitted: false });
  }

  /** The middle of the canvas shows this image point. */
  centreOn(point: ImagePoint): void {
    const { view, screen } = this.#snapshot;
    this.panBy(
      screen.width / 2 - (point.x * view.scale + view.x),
      screen.height / 2 - (point.y * view.scale + view.y),
    );
  }

  /** Draws an edit at once and writes it; where it fails the drawing goes back. Resolves with whether it was saved. */
  async perform(edit: Edit): Promise<boolean> {
    const scene = this.#savedScene;
    if (!scene) return false;
    const unsaved = { image: scene.image, overlays: edit.overlays };
    this.#unsaved = [...this.#unsaved, unsaved];
    this.#refreshScene();
    const added = await this.#host.commit(edit);
    this.#unsaved = this.#unsaved.filter((other) => other !== unsaved);
    this.#refreshScene();
    if (!added || this.#savedScene?.image !== scene.image) return added !== null;
    const [first] = added;
    if (first !== undefined && edit.selects === 'added')
      this.#update({ selection: truthKey(first), origin: 'picked' });
    if (first !== undefined && edit.selects === 'accepted')
      this.#update({ selection: truthKey(first), origin: 'walked' });
    if (edit.selects === 'nothing') this.#update({ selection: null });
    return true;
  }

  #dispatch(event: ToolEvent): void {
    const { scene, view, tool } = this.#snapshot;
    if (!scene) return;
    const context = { view, image: scene.size, editable: this.#editable() };
    const next = transition(tool, event, context);
    if (next.state !== tool) this.#update({ tool: next.state });
    for (const effect of next.effects) this.#run(effect, scene);
  }

  #run(effect: ToolEffect, scene: Scene): void {
    switch (effect.kind) {
      case 'click': {
        this.#pick(effect.at, scene);
        return;
      }
      case 'pan': {
        this.panBy(effect.dx, effect.dy);
        return;
      }
      case 'preview-change': {
        this.#withTruth(effect.key, (box) => this.#host.preview(changeBoxEdit(box.id, effect.box, '')));
        return;
      }
      case 'preview-add': {
        this.#withNextCategory((category) =>
          this.#host.preview(addEdit(scene.image, category, effect.box, '')),
        );
        return;
      }
      case 'drop-preview': {
        this.#host.preview(null);
        return;
      }
      case 'commit-change':
        this.#host.preview(null);
        {
          this.#withTruth(effect.key, (box) => {
            const label = `${effect.verb} ${this.#host.className(box.category)}`;
            void this.perform(changeBoxEdit(box.id, effect.box, label));
          });
          return;
        }
      case 'commit-add':
        this.#host.preview(null);
        {
          this.#withNextCategory((category) => {
            void this.perform(addEdit(scene.image, category, effect.box, this.#host.className(category)));
          });
          return;
        }
      case 'too-small': {
        this.#host.tell('That box is too small to keep; zoom in to draw a smaller one.');
        return;
      }
      default:
        return assertNever(effect);
    }
  }

  #pick(at: ScreenPoint, scene: Scene): void {
    const { view, isPeeking } = this.#snapshot;
    const found = isPeeking ? [] : this.#picker.at(toImage(view, at), PICK_MARGIN / view.scale);
    const keys = found.filter((key) => !isUnsavedKey(scene, key));
    const isRepeated = this.#click !== null && screenDistance(this.#click.at, at) <= SAME_PLACE;
    const last = isRepeated && this.#click ? keys.indexOf(this.#click.key) : -1;
    const key = keys[(last + 1) % Math.max(keys.length, 1)] ?? null;
    this.#click = key === null ? null : { at, key };
    this.#update({ selection: key, origin: 'picked' });
  }

  #track(at: ScreenPoint): void {
    const { scene, view, tool, isPeeking } = this.#snapshot;
    if (!scene) return;
    const canHover = tool.tool === 'select' && tool.mode === 'idle' && !isPeeking;
    const point = toImage(view, at);
    const editable = this.#editable();
    const hoverHandle = canHover && editable ? handleAt(editable.box, view, at) : null;
    const hover = canHover ? (this.#picker.at(point, PICK_MARGIN / view.scale)[0] ?? null) : null;
    this.#update({ pointer: at, hover, hoverHandle });
  }

  #editable(): SceneBox | null {
    const box = this.selected();
    const { layers, isPeeking } = this.#snapshot;
    return box?.kind === 'truth' && layers.groundTruth && !isPeeking ? box : null;
  }

  #withTruth(key: BoxKey, act: (box: SceneBox) => void): void {
    const box = this.#snapshot.scene?.byKey.get(key);
    if (box?.kind === 'truth') act(box);
  }

  #withNextCategory(act: (category: CategoryId) => void): void {
    const { nextCategory } = this.#snapshot;
    if (nextCategory === null) this.#host.tell('There is no class to draw a box of: import labels first.');
    else act(nextCategory);
  }

  #middle(): ScreenPoint {
    const { screen } = this.#snapshot;
    return screenPoint(screen.width / 2, screen.height / 2);
  }

  #refreshScene(): void {
    const saved = this.#savedScene;
    if (!saved) return;
    const overlays = this.#unsaved
      .filter((edit) => edit.image === saved.image)
      .flatMap((edit) => edit.overlays);
    const scene = overlaid(saved, overlays);
    this.#picker = createPicker(scene.boxes, this.#snapshot.layers);
    const { selection, hover } = this.#snapshot;
    this.#update({
      scene,
      selection: selection !== null && scene.byKey.has(selection) ? selection : null,
      hover: hover !== null && scene.byKey.has(hover) ? hover : null,
    });
  }

  #update(changes: Partial<EditorSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...changes };
    for (const listener of this.#listeners) listener();
  }
}

function isUnsavedKey(scene: Scene, key: BoxKey): boolean {
  const box = scene.byKey.get(key);
  return box === undefined || isUnsaved(box);
}

/** The box being drawn, moved or resized; else null. Its key is null where it is new. */
export function draftOfSnapshot(
  snapshot: EditorSnapshot,
): { readonly key: BoxKey | null; readonly box: Box } | null {
  return draftOf(snapshot.tool);
}

/** The pointer in image pixels where it is over the image; else null. */
export function pointerOnImage(snapshot: EditorSnapshot): ImagePoint | null {
  const { pointer, scene, view } = snapshot;
  if (!pointer || !scene) return null;
  const point = toImage(view, pointer);
  return boxContains([0, 0, scene.size.width, scene.size.height], point, 0) ? point : null;
}
