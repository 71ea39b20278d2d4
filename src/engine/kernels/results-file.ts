/** COCO results read by the kernels into the columns that the plain reader gives. */
import { isAscii } from 'node:buffer';
import { closeSync, fstatSync, openSync } from 'node:fs';
import path from 'node:path';
import type { Progress } from '../../core/foundation/cancellation';
import type { RawImage, RawPredictions } from '../../core/formats/coco/read-results';
import { remarkEmptyBoxes } from '../../core/formats/coco/read-results';
import { RecordReporter } from '../../core/formats/reading';
import { decodeUtf8 } from '../../core/formats/text';
import { COLUMNS_BYTES, ENTRY_NAME, ENTRY_NAME_LENGTH } from '../../core/kernels/assembly/layout';
import { CopiedColumn } from './column-memory';
import { Crew } from './crew';
import { entriesOf } from './entries';
import type { Kernels } from './instance';
import type { Part } from './parts';
import { categoryTable, imageTable, MOST_RECORDS } from './parts';
import { NotForKernels } from './refusal';

/** Parts between two turns of others. */
const PARTS_A_TURN = 8;
/** Room beyond what the first part lets expect. */
const SPARE = 1.05;

/** Throws `NotForKernels` where the plain reader has to read the file. */
export async function readResultsFile(
  file: string,
  progress: Progress,
  threads: number | null,
): Promise<RawPredictions> {
  const handle = openSync(file, 'r');
  try {
    const entry = fstatSync(handle);
    if (!entry.isFile()) throw new NotForKernels('no file');
    const { size } = entry;
    const crew = Crew.of({ file: handle, size, extraBytes: 0, threads });
    let read = 0;
    const pause = async (done: number): Promise<void> => {
      progress.check();
      progress.report(`Reading ${path.basename(file)}`, done, size);
      if (++read % PARTS_A_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
    };
    try {
      return crew.isAlone ? await readAlone(crew, file, size, pause) : await readTogether(crew, file, pause);
    } finally {
      crew.release();
    }
  } finally {
    closeSync(handle);
  }
}

type Pause = (done: number) => Promise<void>;

/** One thread: each part's records go into the columns while they are in the processor's cache. */
async function readAlone(crew: Crew, file: string, size: number, pause: Pause): Promise<RawPredictions> {
  const columns = new ColumnWriter(crew, file);
  await crew.readColumnsOneByOne(columns.partAddress, async (part) => {
    if (columns.count === 0)
      columns.reserve(Math.ceil((size / (part.end - part.start)) * part.records * SPARE));
    columns.takePart(part);
    await pause(part.end);
  });
  return columns.end(namesOf(crew, [crew.own]));
}

/** Several threads: their indices become one set of indices when all is read. */
async function readTogether(crew: Crew, file: string, pause: Pause): Promise<RawPredictions> {
  crew.openPredictions();
  const parts = await crew.readPredictionsPausing(pause);
  const owners = [...new Set(parts.map(({ owner }) => owner))];
  const names = namesOf(crew, owners);
  const keep = (maps: readonly Int32Array[]): number[] =>
    maps.map((map) => {
      const address = crew.allocate(map.byteLength);
      crew.kernels.words.set(map, address / 4);
      return address;
    });
  const [images, categories] = [keep(names.images.maps), keep(names.categories.maps)];
  const columns = new ColumnWriter(crew, file);
  columns.reserve(parts.reduce((sum, { records }) => sum + records, 0));
  for (const part of parts) {
    const owner = owners.indexOf(part.owner);
    crew.kernels.exports.splitPart(
      part.address,
      part.records,
      images[owner]!,
      categories[owner]!,
      columns.partAddress,
    );
    columns.takePart(part);
  }
  return columns.end(names);
}

interface Names {
  readonly images: Joined<RawImage>;
  readonly categories: Joined<number>;
}

function namesOf({ kernels }: Crew, owners: readonly number[]): Names {
  return {
    images: joinIds(owners.map((owner) => imagesOf(kernels, owner))),
    categories: joinIds(
      owners.map((owner) =>
        entriesOf(kernels, categoryTable(owner)).map(({ id, first }) => ({
          id,
          first,
          name: null,
          value: id,
        })),
      ),
    ),
  };
}

/** The reader's columns, filled part by part. */
class ColumnWriter {
  readonly #kernels: Kernels;
  readonly #memory: Buffer;
  readonly #report: RecordReporter;
  /** In the kernels' memory: one part's columns, each with room for as many records as a part may have. */
  readonly partAddress: number;
  readonly #box = new CopiedColumn(Float64Array, 4);
  readonly #score = new CopiedColumn(Float64Array);
  readonly #image = new CopiedColumn(Int32Array);
  readonly #category = new CopiedColumn(Int32Array);
  readonly #fileIndex = new CopiedColumn(Int32Array);
  #room = 0;
  count = 0;

  constructor(crew: Crew, file: string) {
    this.#kernels = crew.kernels;
    this.#memory = Buffer.from(crew.kernels.bytes.buffer);
    this.partAddress = crew.allocate(MOST_RECORDS * COLUMNS_BYTES);
    this.#report = new RecordReporter({ file });
  }

  reserve(records: number): void {
    if (records <= this.#room) return;
    if (records >= 2 ** 31) throw new NotForKernels('more records than columns hold');
    this.#room = records;
    for (const column of [this.#box, this.#score, this.#image, this.#category, this.#fileIndex])
      column.reserve(records);
  }

  /** The part whose columns are at `partAddress`. */
  takePart({ records, emptyBoxes, firstEmptyBox }: Part): void {
    const row = this.count;
    if (row + records > this.#room) this.reserve(Math.ceil((row + records) * 1.5));
    const score = this.partAddress + MOST_RECORDS * 32;
    const image = score + MOST_RECORDS * 8;
    const category = image + MOST_RECORDS * 4;
    const fileIndex = category + MOST_RECORDS * 4;
    this.#kernels.exports.fillRising(fileIndex, row, records);
    this.#box.copy(this.#memory, this.partAddress, row, records);
    this.#score.copy(this.#memory, score, row, records);
    this.#image.copy(this.#memory, image, row, records);
    this.#category.copy(this.#memory, category, row, records);
    this.#fileIndex.copy(this.#memory, fileIndex, row, records);
    if (emptyBoxes > 0) remarkEmptyBoxes(this.#report, row + firstEmptyBox, emptyBoxes);
    this.count += records;
  }

  end({ images, categories }: Names): RawPredictions {
    const { count } = this;
    return {
      count,
      image: this.#image.of(count),
      images: images.values,
      category: this.#category.of(count),
      categories: categories.values,
      box: this.#box.of(count),
      score: this.#score.of(count),
      fileIndex: this.#fileIndex.of(count),
      recordsInFile: count,
      findings: this.#report.list(),
    };
  }
}

interface Met<T> {
  readonly first: number;
  readonly id: number;
  readonly name: string | null;
  readonly value: T;
}

interface Joined<T> {
  readonly values: T[];
  readonly maps: Int32Array[];
}

function imagesOf(kernels: Kernels, owner: number): Met<RawImage>[] {
  const entries = entriesOf(kernels, imageTable(owner));
  const names = namesAt(
    kernels,
    entries.map(({ entry }) => entry),
  );
  return entries.map(({ id, first }, index) => {
    const name = names[index]!;
    return { id, first, name, value: { id, fileName: name } };
  });
}

/** Names of the entries at these addresses, null where one has none. */
function namesAt({ bytes, words }: Kernels, entries: readonly number[]): (string | null)[] {
  const ends: number[] = [];
  let end = 0;
  for (const entry of entries) ends.push((end += words[(entry + ENTRY_NAME_LENGTH) / 4]!));
  // One buffer for all: decoders do not read shared memory.
  const all = Buffer.allocUnsafe(end);
  const nameOf = (index: number): Uint8Array => all.subarray(ends[index - 1] ?? 0, ends[index]);
  entries.forEach((entry, index) => {
    const from = words[(entry + ENTRY_NAME) / 4]! >>> 0;
    const at = ends[index - 1] ?? 0;
    all.set(bytes.subarray(from, from + ends[index]! - at), at);
  });
  const text = isAscii(all) ? all.toString('latin1') : null;
  return ends.map((to, index) => {
    const from = ends[index - 1] ?? 0;
    if (from === to) return null;
    const name = text === null ? decodeUtf8(nameOf(index)) : text.slice(from, to);
    if (name === null) throw new NotForKernels('a name that is not UTF-8');
    return name;
  });
}

/** What the threads met, each once in the order of the file; and by thread where each of its entries stands. */
function joinIds<T>(lists: readonly (readonly Met<T>[])[]): Joined<T> {
  // One thread's own are so already.
  if (lists.length === 1)
    return { values: lists[0]!.map(({ value }) => value), maps: [Int32Array.from(lists[0]!.keys())] };
  const all = lists.flat().sort((a, b) => a.first - b.first);
  const index = new Map<number, { readonly place: number; readonly name: string | null }>();
  const values: T[] = [];
  for (const { id, name, value } of all) {
    const known = index.get(id);
    if (!known) index.set(id, { place: values.push(value) - 1, name });
    // One id under two names: the plain reader tells them apart.
    else if (known.name !== name) throw new NotForKernels('an image with several names');
  }
  return { values, maps: lists.map((list) => Int32Array.from(list, ({ id }) => index.get(id)!.place)) };
}
