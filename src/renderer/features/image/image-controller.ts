/**
 * What the image view does: it loads the image that the session has open, hands edits to the session, and walks from
 * failure to failure. It lives as long as the window, so that leaving the page and coming back finds everything as it
 * was. No React, no Electron: the session comes in as ports.
 */
import type { Operation } from '../../../contract/engine-calls';
import type {
  AnnotationId,
  CategoryId,
  CategorySummary,
  EditAcknowledged,
  ImageDetail,
  ImageKey,
  ReviewStatus,
  RunId,
  TileOutcome,
} from '../../../contract/view-types';
import type { LiveProtocol, OperatingPoint } from '../../../core/metrics/evaluation';
import type { Edit } from '../../editor/edits';
import * as edits from '../../editor/edits';
import { Editor } from '../../editor/editor';
import { moveBox } from '../../editor/geometry';
import type { BoxKey, SceneBox } from '../../editor/scene';
import { createScene, isQuiet, truthKey } from '../../editor/scene';
import { STATUS_WORDS } from './outcome-words';
import { PreviewQueue } from './preview-queue';
import type { WalkStep } from './failure-walk';
import { enterFailures, indexOfFailure, stepThroughFailures } from './failure-walk';

/** What identifies the shown detail: it is loaded again when one of them changes. */
export interface ImageRequest {
  readonly image: ImageKey;
  readonly run: RunId | null;
  /** Whose matching decides outcomes. */
  readonly protocol: LiveProtocol;
  readonly point: OperatingPoint;
}

export interface ImagePorts {
  loadDetail(request: ImageRequest): Promise<ImageDetail>;
  /** Resolves once on disk; null where it failed (the session has told the user). */
  apply(operations: Operation[], label: string): Promise<EditAcknowledged | null>;
  preview(operations: Operation[] | null): Promise<void>;
  categories(): readonly CategorySummary[];
  imageQueue(): readonly ImageKey[];
  openImage(image: ImageKey): void;
  /** Whether a failed load says that the project has no such image (any more). */
  isGone(error: unknown): boolean;
  leaveImage(): void;
}

/** What an edit of this session did to a box. */
export interface BoxChange {
  readonly verb: 'added' | 'changed';
  readonly savedAt: string;
  readonly was: TileOutcome | null;
}

export interface ImageState {
  readonly detail: ImageDetail | null;
  /** Why the image's boxes could not be read; null while all is well. */
  readonly problem: string | null;
  /** The last thing that happened, for the screen reader and the status bar. */
  readonly message: string;
  /** Most recently used first. */
  readonly recentCategories: readonly CategoryId[];
  readonly changes: ReadonlyMap<BoxKey, BoxChange>;
  /** Label of the last saved edit of the shown image. */
  readonly lastEdit: string | null;
}

/** Screen pixels by which a duplicate stands beside its original. */
const DUPLICATE_OFFSET = 12;
const MOST_RECENT = 5;

const NOTHING: ImageState = {
  detail: null,
  problem: null,
  message: '',
  recentCategories: [],
  changes: new Map(),
  lastEdit: null,
};

export class ImageController {
  readonly editor: Editor;
  readonly #ports: ImagePorts;
  readonly #previews: PreviewQueue;
  readonly #listeners = new Set<() => void>();
  #state: ImageState = NOTHING;
  #project: string | null = null;
  #request: ImageRequest | null = null;
  /** Counts loads, so that a late answer never replaces a newer one. */
  #asked = 0;
  #latestLoad: Promise<void> = Promise.resolve();
  #walkIndex: number | null = null;
  /** What to select once the image that is being opened is there. */
  #arrival: { readonly image: ImageKey; readonly key: BoxKey } | null = null;

  constructor(ports: ImagePorts) {
    this.#ports = ports;
    this.#previews = new PreviewQueue((operations) => ports.preview(operations));
    this.editor = new Editor({
      commit: (edit) => this.#commit(edit),
      preview: (edit) => this.#previews.show(edit?.operations ?? null),
      className: (category) => this.className(category),
      tell: (message) => this.tell(message),
    });
  }

  readonly getState = (): ImageState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly className = (category: CategoryId): string =>
    this.#ports.categories().find((other) => other.id === category)?.name ?? `class ${category}`;

  tell(message: string): void {
    this.#update({ message });
  }

  /** Shows an image; `focus` is selected once it is there. The same image again is brought up to date. */
  async show(request: ImageRequest, focus: BoxKey | null = null): Promise<void> {
    const isOther = this.#request?.image !== request.image;
    if (isOther) {
      this.editor.settle();
      this.#walkIndex = null;
    }
    this.#request = request;
    if (focus !== null) this.#arrival = { image: request.image, key: focus };
    await this.refresh();
  }

  /** With another project (by path) everything of the one before is forgotten. */
  belongTo(project: string | null): void {
    if (project === this.#project) return;
    this.#project = project;
    this.#request = null;
    this.#asked++;
    this.#arrival = null;
    this.#update(NOTHING);
    this.editor.setNextCategory(null);
  }

  /** Reads the shown image again (after an edit, an undo, a move of the sliders). Resolves with the newest answer in place. */
  async refresh(): Promise<void> {
    let load = this.#load();
    this.#latestLoad = load;
    await load;
    while (this.#latestLoad !== load) {
      load = this.#latestLoad;
      await load;
    }
  }

  async #load(): Promise<void> {
    const request = this.#request;
    if (!request) return;
    const ask = ++this.#asked;
    try {
      const detail = await this.#ports.loadDetail(request);
      if (ask === this.#asked) this.#receive(detail);
    } catch (error) {
      if (ask !== this.#asked) return;
      if (this.#ports.isGone(error)) {
        // The import that brought it was undone.
        this.#request = null;
        this.#update({ ...NOTHING });
        this.#ports.leaveImage();
        return;
      }
      const isSame = this.#state.detail?.image === request.image;
      this.#update({ problem: messageOf(error), detail: isSame ? this.#state.detail : null });
    }
  }

  accept(): void {
    const { box, run } = this.#selection();
    if (!box) {
      this.tell('Select a prediction to accept.');
      return;
    }
    if (box.kind !== 'prediction' || run === null) {
      this.tell('This is ground truth already.');
      return;
    }
    if (box.outcome === 'true-positive') {
      this.tell('It matches ground truth already; Shift+Enter replaces that by it.');
      return;
    }
    this.#perform(edits.acceptEdit(run, box, this.className(box.category)));
  }

  /** The ground truth that the selected prediction matches or points at takes its place (or the other way about). */
  replace(): void {
    const { box, run } = this.#selection();
    const partner = this.#partnerOf(box);
    const truth = box?.kind === 'truth' ? box : partner;
    const prediction = box?.kind === 'prediction' ? box : partner;
    if (!truth || !prediction || run === null) {
      this.tell('No ground truth is matched or pointed at here.');
      return;
    }
    this.#perform(edits.replaceEdit(truth.id, run, prediction, this.className(truth.category)));
    this.editor.select(truth.key, this.editor.getSnapshot().origin);
  }

  remove(): void {
    const box = this.#selectedTruth('Predictions are not edited: only ground truth can be deleted.');
    if (box) this.#perform(edits.deleteEdit(box.id, this.className(box.category)));
  }

  duplicate(): void {
    const box = this.#selectedTruth('Accept the prediction (Enter) to make it ground truth.');
    const { scene, view } = this.editor.getSnapshot();
    if (!box || !scene) return;
    const offset = Math.max(1, Math.round(DUPLICATE_OFFSET / view.scale));
    const moved = moveBox(box.box, offset, offset, scene.size);
    this.#perform(edits.duplicateEdit(scene.image, box, moved, this.className(box.category)));
  }

  /** Ground truth of the image before this one, where this one has none of that class and box and has pixels there. */
  async copyPrevious(): Promise<void> {
    this.editor.settle();
    const request = this.#request;
    const { scene } = this.editor.getSnapshot();
    const previous = this.#neighbour(request?.image ?? null, -1);
    if (!request || !scene || previous === null) {
      this.tell('There is no image before this one.');
      return;
    }
    const detail = await this.#ports.loadDetail({ ...request, image: previous }).catch(() => null);
    // The user has gone elsewhere meanwhile.
    if (!detail || this.#request?.image !== request.image) return;
    const missing = edits.copyable(createScene(detail), scene);
    if (missing.length === 0) this.tell(`There is nothing to copy from ${detail.name}.`);
    else this.#perform(edits.copyEdit(scene.image, missing, detail.name));
  }

  /** The class of the selected ground truth; with none selected, of the next box drawn. */
  setCategory(category: CategoryId): void {
    this.#useCategory(category);
    const { box } = this.#selection();
    if (!box) {
      this.tell(`The next box is ${this.className(category)}.`);
      return;
    }
    if (box.kind === 'prediction') {
      this.tell('Predictions keep their class; accept it first (Enter).');
      return;
    }
    if (box.category === category) {
      this.tell(`It is ${this.className(category)} already.`);
      return;
    }
    this.#perform(
      edits.relabelEdit(box.id, category, this.className(box.category), this.className(category)),
    );
  }

  /** `place` from 1: the class by its place in the project's list. */
  setCategoryByPlace(place: number): void {
    const category = this.#ports.categories()[place - 1];
    if (category) this.setCategory(category.id);
    else this.tell(`There is no class ${place}.`);
  }

  toggleFlag(flag: 'difficult' | 'crowd'): void {
    const box = this.#selectedTruth(`Only ground truth can be marked as ${flag}.`);
    if (box) this.#perform(edits.flagEdit(box, flag, !box[flag], this.className(box.category)));
  }

  /** The verdict on the selected failure. */
  judge(status: 'dismissed' | 'to-do'): void {
    const { box, run } = this.#selection();
    const { detail } = this.#state;
    if (!box) {
      if (status === 'to-do' && detail) void this.review('to-do');
      else this.tell('Select a failure to dismiss.');
      return;
    }
    if (status === 'dismissed' && isQuiet(box.outcome)) {
      this.tell('This is no failure: there is nothing to dismiss.');
      return;
    }
    const verb = status === 'dismissed' ? 'Dismiss' : 'Clear the status of';
    const edit = edits.judgeEdit(box, run, status, `${verb} ${this.className(box.category)}`);
    if (edit) this.#perform(edit);
  }

  /** Resolves with whether it was saved. */
  async review(status: ReviewStatus): Promise<boolean> {
    const { detail } = this.#state;
    if (!detail) return false;
    const label =
      status === 'done' ? `Mark ${detail.name} as reviewed` : `Set ${detail.name} to ${STATUS_WORDS[status]}`;
    return this.editor.perform(edits.reviewEdit(detail.image, status, label));
  }

  writeNote(note: string): void {
    const { detail } = this.#state;
    if (detail && note !== detail.note) this.#perform(edits.noteEdit(detail.image, note));
  }

  stepImage(step: WalkStep): void {
    const next = this.#neighbour(this.#request?.image ?? null, step);
    if (next === null) this.tell(step > 0 ? 'This is the last image.' : 'This is the first image.');
    else this.#open(next);
  }

  /** To the next failure here, else to the first one of the next image that has any. */
  async stepFailure(step: WalkStep): Promise<void> {
    const { scene, selection } = this.editor.getSnapshot();
    if (!scene) return;
    const target = stepThroughFailures(scene, selection, this.#walkIndex, step);
    if (target) {
      this.#walkIndex = target.index;
      this.editor.select(target.box.key, 'walked');
      return;
    }
    await this.#walkToImage(scene.image, step);
  }

  async #walkToImage(from: ImageKey, step: WalkStep): Promise<void> {
    const request = this.#request;
    for (
      let image = this.#neighbour(from, step);
      request && image !== null;
      image = this.#neighbour(image, step)
    ) {
      const detail = await this.#ports.loadDetail({ ...request, image }).catch(() => null);
      // The user has gone elsewhere meanwhile.
      if (this.#request !== request) return;
      const target = detail ? enterFailures(createScene(detail), step) : null;
      if (!target) continue;
      this.#arrival = { image, key: target.box.key };
      this.#open(image);
      return;
    }
    this.tell(step > 0 ? 'No failure after this one.' : 'No failure before this one.');
  }

  /** Images before and after the shown one, nearest first. */
  neighbours(reach: number): readonly ImageKey[] {
    const queue = this.#ports.imageQueue();
    const at = queue.indexOf(this.#request?.image ?? -1);
    if (at < 0) return [];
    return Array.from({ length: reach }, (_, distance) => [
      queue[at + distance + 1],
      queue[at - distance - 1],
    ])
      .flat()
      .filter((image) => image !== undefined);
  }

  #neighbour(image: ImageKey | null, step: WalkStep): ImageKey | null {
    const queue = this.#ports.imageQueue();
    const at = image === null ? -1 : queue.indexOf(image);
    return at < 0 ? null : (queue[at + step] ?? null);
  }

  #open(image: ImageKey): void {
    this.editor.settle();
    this.#ports.openImage(image);
  }

  #receive(detail: ImageDetail): void {
    const isOther = this.#state.detail?.image !== detail.image;
    this.editor.setScene(createScene(detail));
    this.#update({ detail, problem: null, ...(isOther ? { lastEdit: null, message: '' } : {}) });
    if (this.editor.getSnapshot().nextCategory === null) this.#chooseFirstCategory();
    const arrival = this.#arrival;
    if (arrival?.image !== detail.image) return;
    this.#arrival = null;
    this.editor.select(arrival.key, 'walked');
    const { scene } = this.editor.getSnapshot();
    this.#walkIndex = scene && indexOfFailure(scene, arrival.key);
  }

  #chooseFirstCategory(): void {
    const most = [...this.#ports.categories()].sort((a, b) => b.annotations - a.annotations)[0];
    if (most) this.editor.setNextCategory(most.id);
  }

  async #commit(edit: Edit): Promise<readonly AnnotationId[] | null> {
    const { scene } = this.editor.getSnapshot();
    const before = new Map(this.#state.detail ? createScene(this.#state.detail).byKey : []);
    const acknowledged = await this.#ports.apply(edit.operations, edit.label);
    if (!acknowledged) {
      await this.refresh();
      this.tell(`Not saved: ${edit.label}.`);
      return null;
    }
    this.#remember(edit, acknowledged, before);
    if (this.#request?.image === scene?.image) await this.refresh();
    this.#update({ message: `${edit.label}: saved.`, lastEdit: edit.label });
    return acknowledged.added;
  }

  #remember(
    edit: Edit,
    { added, changed, savedAt }: EditAcknowledged,
    before: ReadonlyMap<BoxKey, SceneBox>,
  ): void {
    const changes = new Map(this.#state.changes);
    const accepted = edit.operations.flatMap((operation) =>
      'accept' in operation ? [operation.accept.prediction] : [],
    );
    added.forEach((id, index) => {
      const was =
        accepted[index] === undefined ? null : (before.get(`prediction:${accepted[index]}`)?.outcome ?? null);
      changes.set(truthKey(id), { verb: 'added', savedAt, was });
    });
    for (const id of changed) {
      const key = truthKey(id);
      changes.set(key, { verb: 'changed', savedAt, was: before.get(key)?.outcome ?? null });
    }
    this.#update({ changes });
  }

  #useCategory(category: CategoryId): void {
    this.editor.setNextCategory(category);
    const others = this.#state.recentCategories.filter((other) => other !== category);
    this.#update({ recentCategories: [category, ...others].slice(0, MOST_RECENT) });
  }

  #selection(): { readonly box: SceneBox | null; readonly run: RunId | null } {
    this.editor.settle();
    return { box: this.editor.selected(), run: this.#request?.run ?? null };
  }

  #partnerOf(box: SceneBox | null): SceneBox | null {
    const { scene } = this.editor.getSnapshot();
    return box?.partner ? (scene?.byKey.get(box.partner) ?? null) : null;
  }

  #selectedTruth(otherwise: string): SceneBox | null {
    const { box } = this.#selection();
    if (box?.kind === 'truth') return box;
    this.tell(box ? otherwise : 'Select a box first.');
    return null;
  }

  #perform(edit: Edit): void {
    void this.editor.perform(edit);
  }

  #update(changes: Partial<ImageState>): void {
    this.#state = { ...this.#state, ...changes };
    for (const listener of this.#listeners) listener();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
