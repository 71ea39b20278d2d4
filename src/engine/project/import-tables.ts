/** Writes what an import read, inside the caller's transaction. */
import path from 'node:path';
import type { PredictionColumns } from '../../core/dataset/dataset';
import type { Progress } from '../../core/foundation/cancellation';
import { writeMeta } from '../store/meta';
import type { ProjectDatabase } from '../store/open';
import { packPredictions } from '../store/predictions';
import { clearTruth } from '../store/truth-tables';
import type { RunImport, TruthImport } from './import-data';

const CHECK_EVERY = 1000;

export interface WrittenTruth {
  /** Keys of the images, by their index in the truth. */
  readonly keys: readonly number[];
  readonly lastAnnotationId: number;
}

interface Kept {
  readonly key: number;
  readonly status: string;
  readonly note: string;
}

/**
 * Exchanges the ground truth. Images that were there (those named by `keys`, else of the same name) keep their key, status
 * and note, so that runs stay joined.
 * Repeated annotation ids after the first get new ones above `lastId`.
 */
export function writeTruth(
  db: ProjectDatabase,
  source: TruthImport,
  project: string,
  lastId: number,
  progress: Progress,
): WrittenTruth {
  const { truth } = source;
  const rows = db.prepare('SELECT key, file_name AS name, status, note FROM images').all() as (Kept & {
    name: string;
  })[];
  const byName = new Map(rows.map((row) => [row.name, row]));
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const { keys: given } = source;
  const kept = truth.images.map(({ fileName }, index) =>
    given ? byKey.get(given[index] ?? -1) : byName.get(fileName),
  );
  // Keys of images of removed runs stay taken too: a key never means another image.
  const lastKey = Math.max(
    0,
    db.prepare('SELECT COALESCE(MAX(key), 0) FROM images').pluck().get() as number,
    db.prepare('SELECT COALESCE(MAX(image), 0) FROM predictions').pluck().get() as number,
  );
  clearTruth(db);
  writeMeta(db, 'format', truth.format);
  writeMeta(db, 'hasOwnIds', String(truth.hasOwnIds));
  writeMeta(db, 'truthExtra', truth.extra);
  writeMeta(db, 'conventions', truth.conventions ? JSON.stringify(truth.conventions) : null);
  writeMeta(db, 'uprightLabels', source.upright ?? null);
  writeImageRoot(db, source.imageRoot, project);
  writeMeta(db, 'labelSource', source.source ? JSON.stringify(source.source) : null);
  const { imageFolders: folders = [] } = source;
  const isRoot = folders.length === 0 || (folders.length === 1 && folders[0] === source.imageRoot);
  writeMeta(db, 'imageFolders', isRoot ? null : JSON.stringify(folders));
  const category = db.prepare('INSERT INTO categories (id, name, extra) VALUES (?, ?, ?)');
  for (const { id, name, extra } of truth.categories) category.run(id, name, extra);
  const keys = writeImages(db, source, kept, lastKey, progress);
  const subset = db.prepare('INSERT INTO subsets (name, image) VALUES (?, ?)');
  for (const { name, images } of truth.subsets)
    for (const index of new Set(images)) subset.run(name, keys[index]!);
  return { keys, lastAnnotationId: writeAnnotations(db, source, keys, lastId, progress) };
}

function writeImageRoot(db: ProjectDatabase, root: string | null, project: string): void {
  const folder = path.dirname(project);
  const below = root === null ? null : path.relative(folder, root);
  const isBelow = below !== null && !below.startsWith('..') && !path.isAbsolute(below);
  writeMeta(db, 'imageRoot', isBelow ? below : root);
  writeMeta(db, 'imageRootIsRelative', root === null ? null : String(isBelow));
}

function writeImages(
  db: ProjectDatabase,
  { truth, probes, reviews }: TruthImport,
  kept: readonly (Kept | undefined)[],
  lastKey: number,
  progress: Progress,
): number[] {
  const insert = db.prepare(
    `INSERT INTO images (key, record_id, file_name, width, height, orientation, bytes, hash, location, status, note, extra)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  let next = lastKey + 1;
  return truth.images.map((image, index) => {
    if (index % CHECK_EVERY === 0) progress.check();
    const probe = probes[index];
    const old = kept[index];
    const key = old?.key ?? next++;
    const review = old ?? reviews?.get(image.fileName);
    insert.run(
      key,
      JSON.stringify(image.id),
      image.fileName,
      probe?.width ?? image.width ?? 0,
      probe?.height ?? image.height ?? 0,
      probe?.orientation ?? 1,
      probe?.bytes ?? null,
      probe?.hash ?? null,
      probe?.location ?? null,
      review?.status ?? 'to-do',
      review?.note ?? '',
      image.extra,
    );
    return key;
  });
}

function writeAnnotations(
  db: ProjectDatabase,
  { truth }: TruthImport,
  keys: readonly number[],
  lastId: number,
  progress: Progress,
): number {
  const { annotations, categories } = truth;
  const insert = db.prepare(
    `INSERT INTO annotations (id, image, category, x, y, width, height, area, flags, position, extra)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  let highest = lastId;
  for (let row = 0; row < annotations.count; row++) highest = Math.max(highest, annotations.id[row]!);
  const used = new Set<number>();
  for (let row = 0; row < annotations.count; row++) {
    if (row % CHECK_EVERY === 0) {
      progress.check();
      progress.report('Writing annotations', row, annotations.count);
    }
    const given = annotations.id[row]!;
    const id = used.has(given) ? ++highest : given;
    used.add(id);
    const [x, y, width, height] = annotations.box.subarray(row * 4, row * 4 + 4);
    insert.run(
      id,
      keys[annotations.image[row]!]!,
      categories[annotations.category[row]!]!.id,
      x,
      y,
      width,
      height,
      annotations.area[row]!,
      annotations.flags[row]!,
      row + 1,
      annotations.extra.get(row) ?? null,
    );
  }
  return highest;
}

/** Rows of the predictions by image, file order kept. */
function rowsByImage(predictions: PredictionColumns): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  for (let row = 0; row < predictions.count; row++) {
    const image = predictions.image[row]!;
    const list = rows.get(image);
    if (list) list.push(row);
    else rows.set(image, [row]);
  }
  return rows;
}

/** Adds a run, marked as removed until its step's change shows it; returns its id. `imageKeys`: by the predictions' image index. */
export function writeRun(
  db: ProjectDatabase,
  { name, source, predictions }: RunImport,
  imageKeys: readonly number[],
  progress: Progress,
): number {
  const categories = db.prepare('SELECT id FROM categories ORDER BY id').pluck().all() as number[];
  const { lastInsertRowid } = db
    .prepare('INSERT INTO runs (name, source, imported_at, removed) VALUES (?, ?, ?, 1)')
    .run(name, source, new Date().toISOString());
  const run = Number(lastInsertRowid);
  const insert = db.prepare('INSERT INTO predictions (run, image, count, data) VALUES (?, ?, ?, ?)');
  let done = 0;
  for (const [image, rows] of rowsByImage(predictions)) {
    progress.check();
    progress.report('Writing predictions', done, predictions.count);
    const packed = {
      count: rows.length,
      fileIndex: Uint32Array.from(rows, (row) => predictions.fileIndex[row]!),
      category: Int32Array.from(rows, (row) => categories[predictions.category[row]!]!),
      score: Float64Array.from(rows, (row) => predictions.score[row]!),
      box: new Float64Array(rows.length * 4),
    };
    rows.forEach((row, i) => {
      packed.box.set(predictions.box.subarray(row * 4, row * 4 + 4), i * 4);
    });
    insert.run(run, imageKeys[image]!, rows.length, packPredictions(packed));
    done += rows.length;
  }
  return run;
}
