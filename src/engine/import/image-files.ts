/** Images that lie with a dataset, or in the folder given for them: their names, and sizes read from their heads. */
import { imageFinder } from '../../core/formats/join';
import type { ImageFiles, ImageSize } from '../../core/formats/format';
import { imageSize } from '../../core/formats/image-size';
import type { Source } from '../../core/formats/source';
import { HEAD_LENGTH, IMAGE_NAME } from '../../core/formats/source';
import { openSource } from './sources';

class SourceImages implements ImageFiles {
  readonly isGiven: boolean;
  readonly #source: () => Promise<Source>;
  #opened: Promise<{
    source: Source;
    names: readonly string[];
    find: (name: string) => number | undefined;
  }> | null = null;

  constructor(source: () => Promise<Source>, isGiven: boolean) {
    this.#source = source;
    this.isGiven = isGiven;
  }

  #open() {
    this.#opened ??= this.#source().then((source) => {
      const names = source.paths.filter((path) => IMAGE_NAME.test(path));
      const find = imageFinder({
        images: names.map((fileName) => ({ id: 0, fileName, width: null, height: null, extra: null })),
      });
      return { source, names, find };
    });
    return this.#opened;
  }

  async names(): Promise<readonly string[]> {
    return (await this.#open()).names;
  }

  async sizeOf(name: string): Promise<ImageSize | null> {
    const { source, names, find } = await this.#open();
    const index = find(name);
    if (index === undefined) return null;
    const path = names[index]!;
    // A long EXIF block can push the size of a JPEG far back.
    for (const length of [4096, HEAD_LENGTH]) {
      const size = imageSize(await source.head(path, length));
      if (size !== 'beyond') return size;
    }
    return sizeOrNull(imageSize(await source.whole(path)));
  }
}

const sizeOrNull = (size: ReturnType<typeof imageSize>): ImageSize | null =>
  size === 'beyond' ? null : size;

/** `given`: a folder or an archive of the user's choice; else the images among the source's own files. */
export const imageFilesOf = (source: Source, given: string | null): ImageFiles =>
  given === null
    ? new SourceImages(() => Promise.resolve(source), false)
    : new SourceImages(() => openSource(given), true);
