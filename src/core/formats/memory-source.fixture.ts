/** A dataset in memory, as readers see it, and what writers write into one. */
import type { Truth } from '../dataset/dataset';
import { noProgress } from '../foundation/cancellation';
import type { Format, ImageFiles, TargetFile, TruthContext } from './format';
import { imageFinder } from './join';
import { compareBytes } from './names';
import { recogniseSource } from './recognise';
import type { ReadOptions, TruthReading } from './reading';
import type { Source } from './source';
import { HEAD_LENGTH } from './source';
import { encodeUtf8 } from './text';

export type Files = Readonly<Record<string, string | Uint8Array>>;

export function memorySource(files: Files, isSingle = false, name = 'set'): Source {
  const bytesOf = (path: string): Uint8Array => {
    const content = files[path];
    if (content === undefined) throw new Error(`no file ${path}`);
    return typeof content === 'string' ? encodeUtf8(content) : content;
  };
  return {
    name,
    isSingle,
    isArchive: false,
    paths: Object.keys(files).sort(compareBytes),
    nameOf: (path) => path,
    head: (path, length = HEAD_LENGTH) => Promise.resolve(bytesOf(path).slice(0, length)),
    whole: (path) => Promise.resolve(bytesOf(path)),
    async *pieces(path) {
      const bytes = bytesOf(path);
      // Small pieces: nothing may depend on where they end.
      for (let from = 0; from < bytes.length; from += 1000)
        yield await Promise.resolve(bytes.slice(from, from + 1000));
    },
  };
}

/** Sizes of images by name, as files beside the labels would say them. */
export function imagesOf(truth: Pick<Truth, 'images'>): ImageFiles {
  const find = imageFinder(truth);
  return {
    isGiven: true,
    names: () => Promise.resolve(truth.images.map(({ fileName }) => fileName)),
    sizeOf(name) {
      const { width, height } = truth.images[find(name) ?? -1] ?? { width: null, height: null };
      return Promise.resolve(width && height ? { width, height } : null);
    },
  };
}

const NO_IMAGES: ImageFiles = {
  isGiven: false,
  names: () => Promise.resolve([]),
  sizeOf: () => Promise.resolve(null),
};

/** Reads as the format that is recognised, which has to be the one named. */
export async function readFiles(
  format: Format,
  files: Files,
  {
    images = NO_IMAGES,
    isSingle = false,
    ...options
  }: Partial<ReadOptions> & {
    images?: ImageFiles;
    isSingle?: boolean;
    labelMap?: TruthContext['labelMap'];
  } = {},
): Promise<TruthReading> {
  const source = memorySource(files, isSingle);
  const [found] = await recogniseSource(source);
  if (found?.format !== format) throw new Error(`recognised as ${found?.format.name ?? 'nothing'}`);
  const context = { file: 'set', labelMap: null, images, progress: noProgress, ...options };
  return format.readTruth!(source, found.paths, context);
}

export async function filesOf(
  written: AsyncIterable<TargetFile> | Iterable<TargetFile>,
): Promise<Record<string, Uint8Array>> {
  const files: Record<string, Uint8Array> = {};
  for await (const { path, content } of written) {
    const parts: Uint8Array[] = [];
    for await (const piece of content) parts.push(typeof piece === 'string' ? encodeUtf8(piece) : piece);
    const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    files[path === '' ? 'labels' : path] = bytes;
  }
  return files;
}
