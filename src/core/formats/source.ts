/**
 * Files of a dataset, wherever they lie: a folder, one file, an archive, standard input. Readers see names and bytes
 * and nothing else, so they read from all of these alike.
 */
import type { Progress } from '../foundation/cancellation';

export interface Source {
  /** As the user named it. */
  readonly name: string;
  /** One file rather than a folder or an archive. */
  readonly isSingle: boolean;
  readonly isArchive: boolean;
  /** Relative paths of the files, with `/`, ordered by bytes. */
  readonly paths: readonly string[];
  /** A file as findings name it. */
  nameOf(path: string): string;
  /** The first bytes of a file; `HEAD_LENGTH` of them where no number is given. */
  head(path: string, length?: number): Promise<Uint8Array>;
  /** Throws `BadInput` where the file cannot be read or is larger than `LARGEST_TEXT`. */
  whole(path: string): Promise<Uint8Array>;
  /**
   * Files in the order given, several at once: whole, or only their first `length` bytes. Where many small files lie, that
   * is several times as fast as one by one. The bytes are good until the next batch is asked for. Throws as `whole` does.
   */
  inBatches?(paths: readonly string[], length?: number): AsyncIterable<readonly Uint8Array[]>;
  /** A piece is good until the next one is asked for. Throws `BadInput` where the file cannot be read. */
  pieces(path: string, progress: Progress): AsyncIterable<Uint8Array>;
}

/** Text files (and members of archives that are read whole) larger than this are not what they claim to be. */
export const LARGEST_TEXT = 512 * 1024 * 1024;
/** Bytes from which a file is recognised. */
export const HEAD_LENGTH = 65536;

export const IMAGE_NAME = /\.(jpe?g|jpe|png|webp|tiff?|bmp|gif)$/i;

/** Feeds whole files to `take`, in order; their bytes are good until it returns. */
export async function readEach(
  source: Source,
  paths: readonly string[],
  progress: Progress,
  take: (bytes: Uint8Array, path: string) => void,
): Promise<void> {
  let done = 0;
  for await (const batch of batchesOf(source, paths)) {
    for (const bytes of batch) {
      take(bytes, paths[done++]!);
      progress.check();
      progress.report('Reading annotations', done, paths.length);
    }
  }
}

/** As `Source.inBatches`, of any source. */
export async function* batchesOf(
  source: Source,
  paths: readonly string[],
  length?: number,
): AsyncGenerator<readonly Uint8Array[]> {
  if (source.inBatches) yield* source.inBatches(paths, length);
  else
    for (const path of paths)
      yield [length === undefined ? await source.whole(path) : await source.head(path, length)];
}
