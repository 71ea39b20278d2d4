/** COCO results read by the kernels into the columns that the plain reader gives. */
import { closeSync, fstatSync, openSync } from 'node:fs';
import path from 'node:path';
import type { Progress } from '../../core/foundation/cancellation';
import type { RawImage, RawPredictions } from '../../core/formats/coco/read-results';
import { remarkEmptyBoxes } from '../../core/formats/coco/read-results';
import { RecordReporter } from '../../core/formats/reading';
import { decodeUtf8 } from '../../core/formats/text';
import { ENTRY_NAME, ENTRY_NAME_LENGTH, PREDICTION_BYTES } from '../../core/kernels/assembly/layout';
import { Crew } from './crew';
import { entriesOf } from './entries';
import type { Kernels } from './instance';
import type { Part } from './parts';
import { categoryTable, imageTable } from './parts';
import { NotForKernels } from './refusal';

/** Parts between two turns of others. */
const PARTS_A_TURN = 8;

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
    const crew = new Crew({ file: handle, size, extraBytes: 0, threads });
    try {
      crew.openPredictions();
      let read = 0;
      const parts = await crew.readPredictionsPausing(async (claimed) => {
        progress.check();
        progress.report(`Reading ${path.basename(file)}`, claimed, size);
        if (++read % PARTS_A_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
      });
      return columnsOf(crew.kernels, parts, file);
    } finally {
      await crew.dismiss();
    }
  } finally {
    closeSync(handle);
  }
}

function columnsOf(kernels: Kernels, parts: readonly Part[], file: string): RawPredictions {
  const count = parts.reduce((sum, { records }) => sum + records, 0);
  if (count >= 2 ** 31) throw new NotForKernels('more records than columns hold');
  const owners = [...new Set(parts.map(({ owner }) => owner))];
  const images = joinIds(owners.map((owner) => imagesOf(kernels, owner)));
  const categories = joinIds(
    owners.map((owner) =>
      entriesOf(kernels, categoryTable(owner)).map(({ id, first }) => ({ id, first, key: id, value: id })),
    ),
  );
  const columns = {
    count,
    image: new Int32Array(count),
    images: images.values,
    category: new Int32Array(count),
    categories: categories.values,
    box: new Float64Array(count * 4),
    score: new Float64Array(count),
    fileIndex: Int32Array.from({ length: count }, (_, row) => row),
    recordsInFile: count,
  };
  const report = new RecordReporter({ file });
  let row = 0;
  for (const part of parts) {
    const owner = owners.indexOf(part.owner);
    copyPart(kernels, part, columns, row, images.maps[owner]!, categories.maps[owner]!);
    if (part.emptyBoxes > 0) remarkEmptyBoxes(report, row + part.firstEmptyBox, part.emptyBoxes);
    row += part.records;
  }
  return { ...columns, findings: report.list() };
}

function copyPart(
  { doubles, words }: Kernels,
  { address, records }: Part,
  to: Pick<RawPredictions, 'box' | 'score' | 'image' | 'category'>,
  row: number,
  images: Int32Array,
  categories: Int32Array,
): void {
  const fields = PREDICTION_BYTES / 8;
  const first = address / 8;
  const imageColumn = (address + records * PREDICTION_BYTES) / 4;
  for (let index = 0; index < records; index++) {
    const record = first + index * fields;
    const box = (row + index) * 4;
    to.box[box] = doubles[record]!;
    to.box[box + 1] = doubles[record + 1]!;
    to.box[box + 2] = doubles[record + 2]!;
    to.box[box + 3] = doubles[record + 3]!;
    to.score[row + index] = doubles[record + 4]!;
    to.image[row + index] = images[words[imageColumn + index]!]!;
    to.category[row + index] = categories[words[imageColumn + records + index]!]!;
  }
}

interface Met<T> {
  readonly first: number;
  readonly id: number;
  /** Alike for what is the same. */
  readonly key: number | string;
  readonly value: T;
}

function imagesOf(kernels: Kernels, owner: number): Met<RawImage>[] {
  const { bytes, words } = kernels;
  return entriesOf(kernels, imageTable(owner)).map(({ id, first, entry }) => {
    const length = words[(entry + ENTRY_NAME_LENGTH) / 4]!;
    if (length === 0) return { id, first, key: id, value: { id, fileName: null } };
    const address = words[(entry + ENTRY_NAME) / 4]! >>> 0;
    const fileName = decodeUtf8(Uint8Array.from(bytes.subarray(address, address + length)));
    if (fileName === null) throw new NotForKernels('a name that is not UTF-8');
    return { id, first, key: `${id}\u0000${fileName}`, value: { id, fileName } };
  });
}

/** What the threads met, each once in the order of the file; and by thread where each of its entries stands. */
function joinIds<T>(lists: readonly (readonly Met<T>[])[]): { values: T[]; maps: Int32Array[] } {
  const all = lists.flat().sort((a, b) => a.first - b.first);
  const index = new Map<number | string, number>();
  const ids = new Set<number>();
  const values: T[] = [];
  for (const { id, key, value } of all) {
    if (index.has(key)) continue;
    // One id under two names: the plain reader tells them apart.
    if (ids.has(id)) throw new NotForKernels('an image with several names');
    ids.add(id);
    index.set(key, values.push(value) - 1);
  }
  return { values, maps: lists.map((list) => Int32Array.from(list, ({ key }) => index.get(key)!)) };
}
