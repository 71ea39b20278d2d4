/** Pictures decoded off the interface's thread, with the last few kept, so that a prefetched neighbour shows at once. */

/** The open image, two on each side and the one just left. */
const KEPT = 6;

export class DecodedImages {
  readonly #byUrl = new Map<string, Promise<HTMLImageElement>>();
  readonly #decode: (url: string) => Promise<HTMLImageElement>;

  constructor(decode: (url: string) => Promise<HTMLImageElement> = decodeImage) {
    this.#decode = decode;
  }

  /** The decoded picture; rejects where there is none or it cannot be decoded. A failure is not remembered. */
  load(url: string): Promise<HTMLImageElement> {
    const known = this.#byUrl.get(url);
    this.#byUrl.delete(url);
    const image = known ?? this.#decode(url);
    this.#byUrl.set(url, image);
    if (!known) image.catch(() => this.#forget(url, image));
    for (const oldest of this.#byUrl.keys()) {
      if (this.#byUrl.size <= KEPT) break;
      this.#byUrl.delete(oldest);
    }
    return image;
  }

  #forget(url: string, image: Promise<HTMLImageElement>): void {
    if (this.#byUrl.get(url) === image) this.#byUrl.delete(url);
  }
}

async function decodeImage(url: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = url;
  await image.decode();
  return image;
}
