/** The images that a file holds: members of a zip or tar archive, records of a TFRecord. Archives within are not opened. */
import { open, stat } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';
import type { Progress } from '../../core/foundation/cancellation';
import type { Finding } from '../../core/foundation/finding';
import { FindingCollector } from '../../core/foundation/finding';
import { readRecordImages } from '../../core/formats/tfrecord/record-images';
import { shardSets } from '../../core/formats/tfrecord/records';
import { tfrecordFormat } from '../../core/formats/tfrecord/format';
import { baseName, folderOf } from '../../core/formats/names';
import type { Source } from '../../core/formats/source';
import { IMAGE_NAME } from '../../core/formats/source';
import type { TarReader } from '../import/archives';
import { archiveKind, listZip, readTar, withoutCommonFolder } from '../import/archives';
import { compressionOf, inflateHead } from '../import/compressed';
import { openSource } from '../import/sources';
import { kernelChecksum } from '../kernels/checksum';
import type { HeldImage } from './image-file';
import { LARGEST_HELD } from './image-file';
import { LARGEST_INFLATED } from './inflated-holder';

/** Without the holder: it may be moved. */
export type Place = Omit<HeldImage, 'holder'>;

export interface HeldImages {
  /** By their names below the holder. */
  readonly places: ReadonlyMap<string, Place>;
  /** What of it cannot be shown, and why. */
  readonly findings: readonly Finding[];
}

export type HolderKind = 'zip' | 'tar' | 'records';

/** Enough of a file to tell what it is, also gzipped. */
const HEAD = 65536;
/** Lists that are kept: the same file is asked for again with every change of an import. */
const MOST_KEPT = 4;
const STORED = 0;
const DEFLATED = 8;

async function headOf(file: string): Promise<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** What a file may hold images as, by its content; null where it is none of these, or not there. */
export async function holderKind(file: string): Promise<HolderKind | null> {
  const head = await headOf(file).catch(() => null);
  if (head === null) return null;
  const archive = archiveKind(head);
  if (archive) return archive;
  const bytes = inflateHead(head, compressionOf(head), HEAD);
  return tfrecordFormat.sniff({ path: baseName(file), bytes, text: '', isWhole: false }) ? 'records' : null;
}

class Collection {
  readonly #places = new Map<string, Place>();
  readonly #findings = new FindingCollector();
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** The first of a name counts, as it does for the labels. */
  add(name: string, place: Place): void {
    if (!this.#places.has(name)) this.#places.set(name, place);
  }

  /** Another name of what has been found. */
  addLink(name: string, earlier: string): void {
    const place = this.#places.get(earlier);
    if (place) this.add(name, { ...place, name });
  }

  passOver(code: string, message: string, count = 1): void {
    this.#findings.add(code, 'warning', message, { file: this.#file }, count);
  }

  passOverTooLarge(): void {
    this.passOver('image-too-large', 'Images in the archive are larger than 512 MiB and are not shown.');
  }

  done(): HeldImages {
    return { places: withoutCommonFolder(this.#places), findings: this.#findings.list() };
  }
}

/** First byte of a member; null where what stands before it is damaged. */
const startInZip = (zip: ZipFile, entry: Entry): Promise<number | null> =>
  zip.readLocalFileHeaderPromise(entry, { minimal: true }).then(
    ({ fileDataStart }) => fileDataStart,
    () => null,
  );

async function zipImages(file: string, size: number, progress: Progress): Promise<HeldImages> {
  const found = new Collection(file);
  const { zip, members } = await listZip(file, size);
  const records = new Map<string, number>();
  try {
    let done = 0;
    for (const [name, entry] of members) {
      progress.check();
      progress.report('Finding images', ++done, members.size);
      const isImage = IMAGE_NAME.test(name);
      if (!isImage && !isRecords(name)) continue;
      if (entry.isEncrypted()) {
        found.passOver('images-encrypted', 'Images in the archive need a password and are not shown.');
      } else if (entry.compressionMethod !== STORED && (!isImage || entry.compressionMethod !== DEFLATED)) {
        if (isImage)
          found.passOver(
            'images-packed-otherwise',
            'Images in the archive are compressed in a way that is not read here, so they are not shown.',
          );
        else found.passOver('records-compressed', RECORDS_COMPRESSED);
      } else if (isImage && Math.max(entry.uncompressedSize, entry.compressedSize) > LARGEST_HELD) {
        found.passOverTooLarge();
      } else {
        const offset = await startInZip(zip, entry);
        if (offset === null)
          found.passOver('images-damaged', 'Images in the archive are damaged and are not shown.');
        else if (!isImage) records.set(name, offset);
        else
          found.add(name, {
            packing: entry.compressionMethod === STORED ? 'stored' : 'deflated',
            offset,
            length: entry.compressedSize,
            bytes: entry.uncompressedSize,
            checksum: entry.crc32,
            name,
          });
      }
    }
  } finally {
    zip.close();
  }
  await addRecordsWithin(found, file, records, 'stored', progress);
  return found.done();
}

const RECORDS_COMPRESSED =
  'TFRecords in the archive are compressed, so the images in them cannot be reached; unpack the archive to see them.';

const isRecords = (name: string): boolean => /\.(tf)?records?(-\d{5}-of-\d{5})?$/i.test(name);

async function tarImages(file: string, isGzip: boolean, progress: Progress): Promise<HeldImages> {
  const found = new Collection(file);
  const packing = isGzip ? 'gzip' : 'stored';
  const records = new Map<string, number>();
  let end = 0;
  const reader: TarReader = {
    async file({ name, offset, size, content }) {
      let checksum = 0;
      for await (const piece of content) checksum = crc32(piece, checksum);
      end = offset + size;
      if (isRecords(name)) records.set(name, offset);
      if (!IMAGE_NAME.test(name)) return;
      if (size > LARGEST_HELD) found.passOverTooLarge();
      else found.add(name, { packing, offset, length: size, bytes: size, checksum, name });
    },
    link: (name, earlier) => found.addLink(name, earlier),
  };
  await readTar(file, reader, progress);
  if (isGzip && end > LARGEST_INFLATED) return tooLargeForGzip(file);
  await addRecordsWithin(found, file, records, packing, progress);
  return found.done();
}

function tooLargeForGzip(file: string): HeldImages {
  const found = new Collection(file);
  found.passOver(
    'images-in-gzip',
    'The file is compressed as a whole and inflates to more than 256 MiB, so its images are not shown. Unpack it with gunzip, or make it a zip archive, to see them.',
  );
  return found.done();
}

/** TFRecords within an archive, where they lie in it as they are. `records`: by name, their first bytes. */
async function addRecordsWithin(
  found: Collection,
  file: string,
  records: ReadonlyMap<string, number>,
  packing: 'stored' | 'gzip',
  progress: Progress,
): Promise<void> {
  if (records.size === 0) return;
  const source = await openSource(file);
  const offsets = withoutCommonFolder(records);
  const paths = source.paths.filter((name) => offsets.has(name));
  for (const path of paths) {
    if (compressionOf(await source.head(path, 2)) !== null) {
      found.passOver('records-compressed', RECORDS_COMPRESSED);
      return;
    }
  }
  await addRecords(found, source, paths, (path) => offsets.get(path)!, packing, progress);
}

async function recordFileImages(file: string, isGzip: boolean, progress: Progress): Promise<HeldImages> {
  const found = new Collection(file);
  if (isGzip) {
    let inflated = 0;
    const source = await openSource(file);
    for await (const piece of source.pieces(source.paths[0]!, progress)) inflated += piece.length;
    if (inflated > LARGEST_INFLATED) return tooLargeForGzip(file);
  }
  const source = await openSource(file);
  await addRecords(found, source, source.paths, () => 0, isGzip ? 'gzip' : 'stored', progress);
  return found.done();
}

async function addRecords(
  found: Collection,
  source: Source,
  paths: readonly string[],
  offsetOf: (path: string) => number,
  packing: 'stored' | 'gzip',
  progress: Progress,
): Promise<void> {
  for (const { paths: shards } of shardSets(source, paths)) {
    let records = 0;
    for (const path of shards) {
      const start = offsetOf(path);
      const context = { progress, checksum: kernelChecksum };
      records += await readRecordImages(source, path, records, context, ({ name, offset, bytes }) => {
        const { length } = bytes;
        const checksum = crc32(bytes);
        if (length > LARGEST_HELD) found.passOverTooLarge();
        // Where two files have images of one name, labels are told apart by the files' folders.
        else
          found.add(`${folderOf(path)}${name}`, {
            packing,
            offset: start + offset,
            length,
            bytes: length,
            checksum,
            name,
          });
      });
    }
  }
}

/** By path, size and time of change. */
const kept = new Map<string, HeldImages>();

/** Throws `BadInput` where the file is damaged or hostile. */
export async function heldImages(file: string, kind: HolderKind, progress: Progress): Promise<HeldImages> {
  const { size, mtimeMs } = await stat(file);
  const key = `${file}\n${size}\n${mtimeMs}`;
  const known = kept.get(key);
  if (known) return known;
  const isCompressed = compressionOf(await headOf(file)) !== null;
  const found = await (kind === 'zip'
    ? zipImages(file, size, progress)
    : kind === 'tar'
      ? tarImages(file, isCompressed, progress)
      : recordFileImages(file, isCompressed, progress));
  kept.set(key, found);
  for (const [oldest] of kept) {
    if (kept.size <= MOST_KEPT) break;
    kept.delete(oldest);
  }
  return found;
}
