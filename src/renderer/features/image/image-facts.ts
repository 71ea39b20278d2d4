/** Names and outcome counts of images beside the open one, read when they come into view and kept until they change. */
import type { ImageDetail, ImageKey, ReviewStatus, TileOutcome } from '../../../contract/view-types';
import { createScene, listFailures } from '../../editor/scene';

export interface ImageFacts {
  readonly name: string;
  readonly status: ReviewStatus;
  readonly isMissing: boolean;
  /** Failures by outcome, those that occur, in the order of the list. */
  readonly counts: readonly (readonly [outcome: TileOutcome, count: number])[];
}

export function factsOf(detail: ImageDetail): ImageFacts {
  const counts = new Map<TileOutcome, number>();
  for (const { outcome } of listFailures(createScene(detail)))
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return { name: detail.name, status: detail.status, isMissing: detail.isMissing, counts: [...counts] };
}

/** One image's facts are asked for once at a time; asking is cheap, so that a list can ask as it draws. */
export class ImageFactsCache {
  readonly #load: (image: ImageKey) => Promise<ImageDetail>;
  readonly #known = new Map<ImageKey, ImageFacts>();
  readonly #asked = new Set<ImageKey>();
  readonly #listeners = new Set<() => void>();
  /** Counts forgettings, so that an answer to an old question is not kept. */
  #age = 0;
  #version = 0;

  constructor(load: (image: ImageKey) => Promise<ImageDetail>) {
    this.#load = load;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Rises whenever something was learnt or forgotten. */
  readonly version = (): number => this.#version;

  /** What is known now; null until it has been read. */
  get(image: ImageKey): ImageFacts | null {
    return this.#known.get(image) ?? null;
  }

  /** Reads the facts unless they are known or on their way. */
  want(image: ImageKey): void {
    if (this.#asked.has(image)) return;
    this.#asked.add(image);
    const age = this.#age;
    this.#load(image).then(
      (detail) => {
        if (age !== this.#age) return;
        this.#known.set(image, factsOf(detail));
        this.#tell();
      },
      // Asked again the next time it comes into view; the image itself says what is wrong when it is opened.
      () => this.#asked.delete(image),
    );
  }

  /** What changed is read again; until then the old facts stay. */
  forget(images: readonly ImageKey[] | 'all'): void {
    this.#age++;
    const changed = images === 'all' ? [...this.#asked] : images.filter((image) => this.#asked.has(image));
    // Questions on their way are of the old age: they are put again.
    for (const image of this.#asked)
      if (!this.#known.has(image) && !changed.includes(image)) changed.push(image);
    for (const image of changed) this.#asked.delete(image);
    this.#tell();
  }

  #tell(): void {
    this.#version++;
    for (const listener of this.#listeners) listener();
  }
}
