/** What putting one truth into another changes, counted while it is done. */
import type { Truth } from './dataset';

export interface TruthDifference {
  readonly images: {
    readonly added: number;
    readonly changed: number;
    readonly same: number;
    /** Known by their content under another name. */
    readonly renamed: number;
    /** In the project and not in the files: they stay, or go. */
    readonly missing: number;
    readonly removed: number;
  };
  readonly boxes: {
    readonly added: number;
    readonly changed: number;
    readonly removed: number;
    readonly same: number;
  };
  /** Boxes that the user drew, changed or deleted, of which the files say otherwise. */
  readonly edits: { readonly kept: number; readonly overwritten: number };
  /** Images that change, the most changed first; not all of them. */
  readonly examples: readonly ChangedImage[];
}

export interface ChangedImage {
  readonly image: string;
  readonly isNew: boolean;
  readonly isRemoved: boolean;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly kept: number;
  readonly overwritten: number;
}

/** What became of the boxes of an image. */
export interface BoxCounts {
  added: number;
  changed: number;
  removed: number;
  same: number;
  /** Of the user's, where the files say otherwise. */
  kept: number;
  overwritten: number;
}

const MOST_EXAMPLES = 200;

export class Tally {
  readonly #mine: Truth;
  readonly #incoming: Truth;
  readonly #images = { added: 0, changed: 0, same: 0, renamed: 0, removed: 0 };
  readonly #boxes = { added: 0, changed: 0, removed: 0, same: 0 };
  readonly #edits = { kept: 0, overwritten: 0 };
  readonly #examples: ChangedImage[] = [];
  missing = 0;

  constructor(mine: Truth, incoming: Truth) {
    this.#mine = mine;
    this.#incoming = incoming;
  }

  /** Indices; -1 where it was not there, or where the image stays as it is. */
  add(before: number, after: number, counts: BoxCounts): void {
    const name = (after >= 0 ? this.#incoming : this.#mine).images[after >= 0 ? after : before]!.fileName;
    const isNew = before < 0;
    const isRenamed = !isNew && after >= 0 && this.#mine.images[before]!.fileName !== name;
    const { added, changed, removed, same, kept, overwritten } = counts;
    const isChanged = added + changed + removed > 0;
    this.#boxes.added += added;
    this.#boxes.changed += changed;
    this.#boxes.removed += removed;
    this.#boxes.same += same + kept;
    this.#edits.kept += kept;
    this.#edits.overwritten += overwritten;
    if (isRenamed) this.#images.renamed++;
    if (isNew) this.#images.added++;
    else if (isChanged) this.#images.changed++;
    else this.#images.same++;
    if (isNew || isChanged || kept > 0)
      this.#examples.push({
        image: name,
        isNew,
        isRemoved: false,
        added,
        changed,
        removed,
        kept,
        overwritten,
      });
  }

  remove(image: string, boxes: number): void {
    this.#images.removed++;
    this.#boxes.removed += boxes;
    const none = { added: 0, changed: 0, kept: 0, overwritten: 0 };
    this.#examples.push({ image, isNew: false, isRemoved: true, removed: boxes, ...none });
  }

  difference(): TruthDifference {
    const weight = ({ added, changed, removed, overwritten, isNew }: ChangedImage): number =>
      (isNew ? 0 : 1e6) + overwritten * 1e3 + added + changed + removed;
    return {
      images: { ...this.#images, missing: this.missing },
      boxes: this.#boxes,
      edits: this.#edits,
      examples: this.#examples.sort((a, b) => weight(b) - weight(a)).slice(0, MOST_EXAMPLES),
    };
  }
}
