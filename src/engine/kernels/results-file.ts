/** COCO results read by the kernels into the columns that the plain reader gives. */
import { closeSync, fstatSync, openSync } from 'node:fs';
import path from 'node:path';
import type { Progress } from '../../core/foundation/cancellation';
import type { RawImage, RawPredictions } from '../../core/formats/coco/read-results';
import { remarkEmptyBoxes } from '../../core/formats/coco/read-results';
import { RecordReporter } from '../../core/formats/reading';
import { decodeUtf8 } from '../../core/formats/text';
import { ENTRY_NAME, ENTRY_NAME_LENGTH, PREDICTION_TOTAL_BYTES } from '../../core/kernels/assembly/layout';
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
  await crew.readPredictionsOneByOne(async (part) => {
    if (columns.count === 0)
      columns.reserve(Math.ceil((size / (part.end - part.start)) * part.records * SPARE));
    columns.add(part, 0, 0);
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
    columns.add(part, images[owner]!, categories[owner]!);
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
  readonly #report: RecordReporter;
  /** In the kernels' memory: one part's columns. */
  readonly #split: number;
  #box = new Float64Array();
  #score = new Float64Array();
  #image = new Int32Array();
  #category = new Int32Array();
  count = 0;

  constructor(crew: Crew, file: string) {
    this.#kernels = crew.kernels;
    this.#split = crew.allocate(MOST_RECORDS * PREDICTION_TOTAL_BYTES);
    this.#report = new RecordReporter({ file });
  }

  reserve(records: number): void {
    if (records <= this.#score.length) return;
    if (records >= 2 ** 31) throw new NotForKernels('more records than columns hold');
    this.#box = moved(this.#box, new Float64Array(records * 4));
    this.#score = moved(this.#score, new Float64Array(records));
    this.#image = moved(this.#image, new Int32Array(records));
    this.#category = moved(this.#category, new Int32Array(records));
  }

  /** `images` and `categories`: addresses of maps from the thread's indices, 0 where they are the columns'. */
  add({ address, records, emptyBoxes, firstEmptyBox }: Part, images: number, categories: number): void {
    const { exports, doubles, words } = this.#kernels;
    const row = this.count;
    if (row + records > this.#score.length) this.reserve(Math.ceil((row + records) * 1.5));
    exports.splitPart(address, records, images, categories, this.#split);
    const scores = this.#split / 8 + records * 4;
    const imageColumn = this.#split / 4 + records * 10;
    this.#box.set(doubles.subarray(this.#split / 8, scores), row * 4);
    this.#score.set(doubles.subarray(scores, scores + records), row);
    this.#image.set(words.subarray(imageColumn, imageColumn + records), row);
    this.#category.set(words.subarray(imageColumn + records, imageColumn + 2 * records), row);
    if (emptyBoxes > 0) remarkEmptyBoxes(this.#report, row + firstEmptyBox, emptyBoxes);
    this.count += records;
  }

  end({ images, categories }: Names): RawPredictions {
    const { count } = this;
    const fileIndex = new Int32Array(count);
    for (let row = 0; row < count; row++) fileIndex[row] = row;
    return {
      count,
      image: this.#image.subarray(0, count),
      images: images.values,
      category: this.#category.subarray(0, count),
      categories: categories.values,
      box: this.#box.subarray(0, count * 4),
      score: this.#score.subarray(0, count),
      fileIndex,
      recordsInFile: count,
      findings: this.#report.list(),
    };
  }
}

function moved<T extends Float64Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
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
  const { words } = kernels;
  const entries = entriesOf(kernels, imageTable(owner));
  const lengths = entries.map(({ entry }) => words[(entry + ENTRY_NAME_LENGTH) / 4]!);
  // One buffer for all names: decoders do not read shared memory.
  const buffer = new Uint8Array(lengths.reduce((most, length) => Math.max(most, length), 0));
  return entries.map(({ id, first, entry }, index) => {
    const length = lengths[index]!;
    const name =
      length === 0 ? null : nameAt(kernels, words[(entry + ENTRY_NAME) / 4]! >>> 0, length, buffer);
    return { id, first, name, value: { id, fileName: name } };
  });
}

function nameAt({ bytes }: Kernels, address: number, length: number, buffer: Uint8Array): string {
  buffer.set(bytes.subarray(address, address + length));
  const name = decodeUtf8(buffer.subarray(0, length));
  if (name === null) throw new NotForKernels('a name that is not UTF-8');
  return name;
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
