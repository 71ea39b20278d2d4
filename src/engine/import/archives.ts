/**
 * Datasets in zip and tar archives (tar also gzipped), read without unpacking to disk. Names that lead outside, links and
 * archives that would grow beyond reason are refused; images are looked into for their size and not kept.
 */
import { createReadStream } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import tar from 'tar-stream';
import yauzl from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';
import { Cancelled } from '../../core/foundation/cancellation';
import { imageSize } from '../../core/formats/image-size';
import { compareBytes, fileNameProblem } from '../../core/formats/names';
import type { Source } from '../../core/formats/source';
import { HEAD_LENGTH, IMAGE_NAME, LARGEST_TEXT } from '../../core/formats/source';
import { compressionOf, inflateHead, inflatePieces, inflateWhole } from './compressed';
import { unreadable } from './files';
import { TarEnd } from './tar-end';

const MOST_MEMBERS = 2_000_000;
/** Of all members together; and how often more than the archive itself, from a size on. */
const LARGEST_TOTAL = 2 ** 40;
const LARGEST_RATIO = 200;
const RATIO_FROM = 2 ** 28;
/** Of a tar archive, whose members can be reached in order only: what is kept in memory. */
const LARGEST_KEPT = 2 ** 30;
/** Folders that mean something: all else at the top is the archive's own. */
const MEANING = /^(annotations?|labels?|images?|imagesets|jpegimages|train|val|valid|test|coco|label_2)$/i;
const LINK = 0o120000;
const KIND = 0o170000;

export const damagedArchive = (file: string, reason: string): BadInput =>
  new BadInput('archive-damaged', `The archive cannot be read: ${reason}.`, 'Get it again.', { file });

const tooLarge = (file: string): BadInput =>
  new BadInput(
    'archive-too-large',
    'The archive would grow beyond all that is reasonable to read so.',
    'Check where it comes from; unpack it yourself if you trust it.',
    { file },
  );

export type ArchiveKind = 'zip' | 'tar';

/** By the first bytes: zip's mark, or tar's, which may be gzipped. */
export function archiveKind(head: Uint8Array): ArchiveKind | null {
  if (head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4) return 'zip';
  const start = inflateHead(head, compressionOf(head), 512);
  const isMarked = Buffer.from(start.subarray(257, 262)).toString('latin1') === 'ustar';
  return isMarked || hasTarChecksum(start) ? 'tar' : null;
}

/** Headers without a mark are headers still; the package's types do not know the option. */
const WITHOUT_MARKS_TOO: object = { allowUnknownFormat: true };

const TAR_BLOCK = 512;
const TAR_CHECKSUM = { start: 148, end: 156 };

/** Archives of before 1988 have no mark; their first header's bytes add up to the number that it tells, as in all others. */
function hasTarChecksum(start: Uint8Array): boolean {
  if (start.length < TAR_BLOCK) return false;
  const told = Buffer.from(start.subarray(TAR_CHECKSUM.start, TAR_CHECKSUM.end)).toString('latin1');
  if (!/^ *[0-7]{1,7}[ \0]*$/.test(told)) return false;
  // The checksum's own place counts as spaces.
  const sum = start
    .subarray(0, TAR_BLOCK)
    .reduce((all, byte, at) => all + (at >= TAR_CHECKSUM.start && at < TAR_CHECKSUM.end ? 32 : byte), 0);
  return sum === parseInt(told, 8);
}

/** Hidden files, and what macOS adds. */
const isUseful = (name: string): boolean => !name.endsWith('/') && !/(?:^|\/)(?:\.|__MACOSX\/)/.test(name);

/** Members by their names without a folder that all have and that means nothing. */
export function withoutCommonFolder<T>(members: ReadonlyMap<string, T>): Map<string, T> {
  const [first] = members.keys();
  const folder = first?.includes('/') ? first.slice(0, first.indexOf('/')) : '';
  const isCommon = folder !== '' && [...members.keys()].every((name) => name.startsWith(`${folder}/`));
  if (!isCommon || MEANING.test(folder)) return new Map(members);
  return withoutCommonFolder(
    new Map([...members].map(([name, member]) => [name.slice(folder.length + 1), member])),
  );
}

abstract class ArchiveSource<T> implements Source {
  readonly name: string;
  readonly isSingle = false;
  readonly isArchive = true;
  readonly paths: readonly string[];
  protected readonly members: ReadonlyMap<string, T>;

  constructor(file: string, members: ReadonlyMap<string, T>) {
    this.name = file;
    this.members = withoutCommonFolder(members);
    this.paths = [...this.members.keys()].sort(compareBytes);
  }

  nameOf(path: string): string {
    return `${this.name}/${path}`;
  }

  protected member(path: string): T {
    const member = this.members.get(path);
    if (member === undefined)
      throw new BadInput('file-unreadable', `${this.nameOf(path)} is not there.`, 'Check the archive.', {
        file: this.nameOf(path),
      });
    return member;
  }

  protected abstract raw(path: string): AsyncIterable<Uint8Array>;
  protected abstract sizeOf(path: string): number;

  async head(path: string, length = HEAD_LENGTH): Promise<Uint8Array> {
    const bytes = await firstBytes(this.raw(path), length);
    return inflateHead(bytes, compressionOf(bytes), length);
  }

  async whole(path: string): Promise<Uint8Array> {
    const file = this.nameOf(path);
    if (this.sizeOf(path) > LARGEST_TEXT) throw tooLarge(file);
    const bytes = await buffer(this.raw(path));
    return inflateWhole(bytes, compressionOf(bytes), file);
  }

  async *pieces(path: string, progress: Progress): AsyncGenerator<Uint8Array> {
    const start = await firstBytes(this.raw(path), 2);
    const total = this.sizeOf(path);
    let done = 0;
    for await (const piece of inflatePieces(this.raw(path), compressionOf(start), this.nameOf(path))) {
      done += piece.length;
      progress.check();
      progress.report(`Reading ${path}`, Math.min(done, total), total);
      yield piece;
    }
  }
}

async function firstBytes(pieces: AsyncIterable<Uint8Array>, length: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let known = 0;
  for await (const piece of pieces) {
    parts.push(piece);
    known += piece.length;
    if (known >= length) break;
  }
  return Buffer.concat(parts).subarray(0, length);
}

class ZipSource extends ArchiveSource<Entry> {
  readonly #zip: ZipFile;

  constructor(file: string, zip: ZipFile, members: ReadonlyMap<string, Entry>) {
    super(file, members);
    this.#zip = zip;
  }

  protected override sizeOf(path: string): number {
    return this.member(path).uncompressedSize;
  }

  protected override async *raw(path: string): AsyncGenerator<Uint8Array> {
    const entry = this.member(path);
    const file = this.nameOf(path);
    if (entry.isEncrypted()) throw damagedArchive(file, 'it needs a password');
    const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
      this.#zip.openReadStream(entry, (error, opened) =>
        error ? reject(damagedArchive(file, error.message)) : resolve(opened),
      );
    });
    let checksum = 0;
    try {
      for await (const piece of stream) {
        const bytes = piece as unknown as Uint8Array;
        checksum = crc32(bytes, checksum);
        yield bytes;
      }
    } catch (error) {
      if (error instanceof BadInput) throw error;
      throw damagedArchive(file, error instanceof Error ? error.message : String(error));
    }
    if (checksum !== entry.crc32) throw damagedArchive(file, 'a checksum does not fit');
  }
}

export interface ZipMembers {
  /** Open: whoever asked closes it. */
  readonly zip: ZipFile;
  readonly members: ReadonlyMap<string, Entry>;
}

/** The list of a zip archive's files. Throws `BadInput` where it is damaged, hostile or too large. */
export async function listZip(file: string, size: number): Promise<ZipMembers> {
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    yauzl.open(file, { lazyEntries: true, autoClose: false }, (error, opened) =>
      error ? reject(damagedArchive(file, error.message)) : resolve(opened),
    );
  });
  const members = new Map<string, Entry>();
  let total = 0;
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: BadInput): void => {
      zip.close();
      reject(error);
    };
    zip.on('error', (error: Error) => refuse(damagedArchive(file, error.message)));
    zip.on('end', resolve);
    zip.on('entry', (entry: Entry) => {
      total += entry.uncompressedSize;
      if (
        members.size >= MOST_MEMBERS ||
        total > LARGEST_TOTAL ||
        (total > RATIO_FROM && total > size * LARGEST_RATIO)
      ) {
        refuse(tooLarge(file));
        return;
      }
      const isLink = ((entry.externalFileAttributes >>> 16) & KIND) === LINK;
      if (!isLink && isUseful(entry.fileName)) members.set(entry.fileName, entry);
      zip.readEntry();
    });
    zip.readEntry();
  });
  return { zip, members };
}

/** A zip archive as files. Throws `BadInput` where it is damaged, hostile or too large. */
export async function openZip(file: string, size: number): Promise<Source> {
  const { zip, members } = await listZip(file, size);
  return new ZipSource(file, zip, members);
}

interface TarMember {
  /** All of it, or of an image the start that tells its size. */
  readonly bytes: Uint8Array;
  readonly isImage: boolean;
}

class TarSource extends ArchiveSource<TarMember> {
  protected override sizeOf(path: string): number {
    return this.member(path).bytes.length;
  }

  protected override async *raw(path: string): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(this.member(path).bytes);
  }
}

/** As much of an image as tells its size. */
function startOfImage(bytes: Uint8Array): Uint8Array {
  for (const length of [512, 4096])
    if (bytes.length > length && imageSize(bytes.subarray(0, length)) !== 'beyond')
      return bytes.slice(0, length);
  return bytes.slice();
}

export interface TarFile {
  readonly name: string;
  /** First byte within the (inflated) archive. */
  readonly offset: number;
  readonly size: number;
  /** To be read to its end: what follows in the archive comes after it. */
  readonly content: AsyncIterable<Uint8Array>;
}

export interface TarReader {
  file(member: TarFile): Promise<void>;
  /** A hard link: another name of a file that came before it. */
  link(name: string, earlier: string): void;
}

const plainName = (name: string): string => name.replace(/^(?:\.\/)+/, '');

/** Reads a tar archive through, file by file. Throws `BadInput` where it is damaged or hostile, and what `reader` throws. */
export async function readTar(file: string, reader: TarReader, progress?: Progress): Promise<void> {
  const extract = tar.extract(WITHOUT_MARKS_TOO);
  const pieces = createReadStream(file, { highWaterMark: 1 << 20 });
  const head = await firstBytes(createReadStream(file, { end: 1 }), 2);
  const end = new TarEnd();
  const feeding = feed(inflatePieces(pieces, compressionOf(head), file), extract, end, progress);
  let count = 0;
  try {
    for await (const entry of extract) {
      const { name, type, size } = entry.header;
      const { linkname, byteOffset } = entry.header as object as PlacedHeader;
      const plain = plainName(name);
      const problem = fileNameProblem(plain);
      if (problem === 'leaves its folder' || problem === 'is an absolute path')
        throw damagedArchive(file, `a name in it ${problem}`);
      if ((type !== 'file' && type !== 'link') || !isUseful(plain)) {
        entry.resume();
        continue;
      }
      if (++count > MOST_MEMBERS) throw tooLarge(file);
      if (type === 'link') {
        entry.resume();
        reader.link(plain, plainName(linkname ?? ''));
        continue;
      }
      const content = entry as AsyncIterable<Uint8Array>;
      await reader.file({ name: plain, offset: byteOffset, size, content });
    }
    await feeding;
    if (!end.isReached) throw damagedArchive(file, 'it was cut off');
  } catch (error) {
    pieces.destroy();
    if (error instanceof BadInput || error instanceof Cancelled) throw error;
    if (error instanceof Error && 'syscall' in error) throw unreadable(error, file);
    throw damagedArchive(file, error instanceof Error ? error.message : String(error));
  }
}

/** What the reader says of a member beyond its types: where it lies, and that a link may name nothing. */
interface PlacedHeader {
  readonly byteOffset: number;
  readonly linkname: string | null;
}

/** A tar archive as files: text is kept, of images their start. */
export async function openTar(file: string, progress?: Progress): Promise<Source> {
  const members = new Map<string, TarMember>();
  let kept = 0;
  const reader: TarReader = {
    async file({ name, content }) {
      const isImage = IMAGE_NAME.test(name);
      const bytes = isImage ? startOfImage(await headOfEntry(content)) : await wholeEntry(content, file);
      kept += bytes.length;
      if (kept > LARGEST_KEPT) throw tooLarge(file);
      members.set(name, { bytes, isImage });
    },
    link(name, earlier) {
      const member = members.get(earlier);
      if (member) members.set(name, member);
    },
  };
  await readTar(file, reader, progress);
  return new TarSource(file, members);
}

type Sink = NodeJS.WritableStream & { destroy(error: Error): void };

async function feed(
  pieces: AsyncIterable<Uint8Array>,
  into: Sink,
  end: TarEnd,
  progress: Progress | undefined,
): Promise<void> {
  try {
    for await (const piece of pieces) {
      progress?.check();
      end.push(piece);
      if (!into.write(piece)) await new Promise<void>((resolve) => into.once('drain', () => resolve()));
    }
    into.end();
  } catch (error) {
    into.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

async function headOfEntry(entry: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let known = 0;
  // To its end: what follows in the archive comes after it.
  for await (const piece of entry) {
    if (known < HEAD_LENGTH) parts.push(piece);
    known += piece.length;
  }
  return Buffer.concat(parts).subarray(0, HEAD_LENGTH);
}

async function wholeEntry(entry: AsyncIterable<Uint8Array>, file: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let known = 0;
  for await (const piece of entry) {
    known += piece.length;
    if (known > LARGEST_TEXT) throw tooLarge(file);
    parts.push(piece);
  }
  return Buffer.concat(parts);
}
