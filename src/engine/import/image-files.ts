/** Images that lie with a dataset, or in the folder given for them: their names, and sizes read from their heads. */
import type { Progress } from '../../core/foundation/cancellation';
import { imageFinder } from '../../core/formats/join';
import type { ImageFiles, ImageSize } from '../../core/formats/format';
import { imageSize } from '../../core/formats/image-size';
import type { Source } from '../../core/formats/source';
import { batchesOf, HEAD_LENGTH, IMAGE_NAME } from '../../core/formats/source';
import { openSource } from './sources';

/** Enough of most images; a long EXIF block can push the size of a JPEG far back. */
const FIRST_LOOK = 4096;

interface Opened {
  readonly source: Source;
  readonly names: readonly string[];
}

class SourceImages implements ImageFiles {
  readonly isGiven: boolean;
  readonly #source: () => Promise<Source>;
  #opened: Promise<Opened> | null = null;
  #find: ((name: string) => number | undefined) | null = null;

  constructor(source: () => Promise<Source>, isGiven: boolean) {
    this.#source = source;
    this.isGiven = isGiven;
  }

  #open(): Promise<Opened> {
    this.#opened ??= this.#source().then((source) => ({
      source,
      names: source.paths.filter((path) => IMAGE_NAME.test(path)),
    }));
    return this.#opened;
  }

  async names(): Promise<readonly string[]> {
    return (await this.#open()).names;
  }

  async sizeOf(name: string): Promise<ImageSize | null> {
    const { source, names } = await this.#open();
    this.#find ??= imageFinder({
      images: names.map((fileName) => ({ id: 0, fileName, width: null, height: null, extra: null })),
    });
    const index = this.#find(name);
    if (index === undefined) return null;
    const size = imageSize(await source.head(names[index]!, FIRST_LOOK));
    return size === 'beyond' ? sizeFurtherOn(source, names[index]!) : size;
  }

  async sizesOf(names: readonly string[], progress: Progress): Promise<(ImageSize | null)[]> {
    const { source } = await this.#open();
    const sizes: ReturnType<typeof imageSize>[] = [];
    for await (const heads of batchesOf(source, names, FIRST_LOOK))
      for (const head of heads) {
        sizes.push(imageSize(head));
        progress.check();
      }
    const known: (ImageSize | null)[] = [];
    for (const [index, size] of sizes.entries())
      known.push(size === 'beyond' ? await sizeFurtherOn(source, names[index]!) : size);
    return known;
  }
}

async function sizeFurtherOn(source: Source, path: string): Promise<ImageSize | null> {
  const size = imageSize(await source.head(path, HEAD_LENGTH));
  if (size !== 'beyond') return size;
  const last = imageSize(await source.whole(path));
  return last === 'beyond' ? null : last;
}

/** `given`: a folder or an archive of the user's choice; else the images among the source's own files. */
export const imageFilesOf = (source: Source, given: string | null): ImageFiles =>
  given === null
    ? new SourceImages(() => Promise.resolve(source), false)
    : new SourceImages(() => openSource(given), true);
