/** A session's images in their order: they wait, are prepared, run, and are told of, each when all before it are. */
import type { DecoderPool } from './decoder-pool';
import { Undecodable } from './decoder-pool';
import type { FromSession, ImageResult, SessionImage } from './messages';
import type { PreparedImage } from './prepare-image';

type Failure = FromSession & { readonly kind: 'failed' };

/** An image that was given to a thread; prepared from when `image` is there, done from when `answer` is. */
interface Slot {
  readonly key: number;
  image: PreparedImage | null;
  answer: ImageResult | Failure | null;
  isRunning: boolean;
}

export type ReadySlot = Slot & { readonly image: PreparedImage };

export interface ImageLineOptions {
  readonly pool: DecoderPool;
  readonly post: (message: FromSession) => void;
  /** Called when an image is ready, or failed. */
  readonly changed: () => void;
  readonly refused: (error: unknown) => void;
}

export class ImageLine {
  readonly #options: ImageLineOptions;
  /** Not yet given to a thread. */
  readonly #waiting: SessionImage[] = [];
  /** Given to a thread and not yet told of. */
  readonly #slots: Slot[] = [];
  /** Of these, the ones that no run has taken. */
  #ahead = 0;
  /** No more images come: the last batch need not be full. */
  isFlushing = false;

  constructor(options: ImageLineOptions) {
    this.#options = options;
  }

  /** Images that no run has taken. */
  get left(): number {
    return this.#waiting.length + this.#ahead;
  }

  add(images: readonly SessionImage[]): void {
    this.#waiting.push(...images);
  }

  /** Keeps the threads busy until so many images are ahead of the runs. */
  refill(most: number): void {
    while (this.#waiting.length > 0 && this.#ahead < most) this.#prepare(this.#waiting.shift()!);
  }

  /** The next images to run together, alike in size, in the order of all; null where it is too early. */
  take(batch: number): readonly ReadySlot[] | null {
    const chosen: ReadySlot[] = [];
    let isWhole = false;
    for (const slot of this.#slots) {
      if (slot.isRunning || slot.answer !== null) continue;
      // It may join: wait for it.
      if (slot.image === null) return null;
      if (!isAlike(slot.image, chosen[0]?.image)) isWhole = true;
      else chosen.push(slot as ReadySlot);
      isWhole ||= chosen.length === batch;
      if (isWhole) break;
    }
    if (chosen.length === 0 || (!isWhole && (this.#waiting.length > 0 || !this.isFlushing))) return null;
    for (const slot of chosen) slot.isRunning = true;
    this.#ahead -= chosen.length;
    return chosen;
  }

  /** For images whose run failed, to be taken again. */
  giveBack(slots: readonly ReadySlot[]): void {
    for (const slot of slots) slot.isRunning = false;
    this.#ahead += slots.length;
  }

  /** What became of an image that was taken. */
  answer(slot: ReadySlot, answer: ImageResult | Omit<Failure, 'key'>): void {
    slot.answer = { ...answer, key: slot.key };
    (slot as Slot).image = null;
  }

  /** Tells of every image that all before it were told of. */
  tell(): void {
    const { post } = this.#options;
    let results: ImageResult[] = [];
    const flush = (): void => {
      if (results.length > 0) post({ kind: 'results', results });
      results = [];
    };
    while (this.#slots.length > 0 && this.#slots[0]!.answer !== null) {
      const answer = this.#slots.shift()!.answer!;
      if (!('kind' in answer)) results.push(answer);
      else {
        flush();
        post(answer);
      }
    }
    flush();
  }

  #prepare({ key, file }: SessionImage): void {
    const { pool, changed, refused } = this.#options;
    const slot: Slot = { key, image: null, answer: null, isRunning: false };
    this.#slots.push(slot);
    this.#ahead += 1;
    pool
      .prepare(file)
      .then(
        (image) => {
          slot.image = image;
        },
        (error: unknown) => {
          if (!(error instanceof Undecodable)) throw error;
          slot.answer = { kind: 'failed', key, code: 'image-undecodable', reason: error.message };
          this.#ahead -= 1;
          this.tell();
        },
      )
      .then(changed)
      .catch(refused);
  }
}

const isAlike = ({ placement: a }: PreparedImage, first: PreparedImage | undefined): boolean =>
  first === undefined ||
  (a.inputWidth === first.placement.inputWidth && a.inputHeight === first.placement.inputHeight);
