/** The project in memory: what queries and scoring read. Loaded from the file, patched by edits after their commit. */
import { blankAnnotations, sharedPredictions } from '../../core/dataset/blank-columns';
import type {
  AnnotationColumns,
  Category,
  ConventionsByFormat,
  PredictionColumns,
  RecordId,
  Subset,
  Truth,
  TruthFormat,
} from '../../core/dataset/dataset';
import type { ImageTruth } from '../../core/metrics/evaluation';
import type { ReviewStatus } from '../../contract/view-types';
import type { ProjectDatabase } from '../store/open';
import { readMeta } from '../store/meta';
import { unpackPredictions } from '../store/predictions';
import type { AnnotationRecord } from '../store/records';

export interface ProjectImage {
  readonly key: number;
  readonly id: RecordId;
  readonly fileName: string;
  readonly width: number;
  readonly height: number;
  readonly orientation: number;
  readonly hash: string | null;
  /** Below the image root; null where the file was not found. */
  location: string | null;
  status: ReviewStatus;
  note: string;
  readonly extra: string | null;
}

export interface ProjectRun {
  readonly id: number;
  name: string;
  readonly source: string;
  readonly importedAt: string;
  removed: boolean;
}

export interface RunPredictions {
  /** In file order; indices are those of `ProjectData.images` and `.categories`. */
  readonly columns: PredictionColumns;
  readonly imagesWithPredictions: number;
}

interface ImageRow extends Omit<ProjectImage, 'id'> {
  readonly record_id: string;
  readonly file_name: string;
}

interface AnnotationRow extends Omit<AnnotationRecord, 'box'> {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export class ProjectData {
  readonly images: ProjectImage[];
  readonly indexOfImage: ReadonlyMap<number, number>;
  /** By rising id. */
  readonly categories: (Category & { name: string })[];
  readonly indexOfCategory: ReadonlyMap<number, number>;
  /** Annotations of each image, by position. */
  readonly annotations: AnnotationRecord[][];
  readonly imageOfAnnotation = new Map<number, number>();
  readonly runs: ProjectRun[];
  readonly verdicts: Map<string, ReviewStatus>;
  readonly subsets: readonly { readonly name: string; readonly images: readonly number[] }[];
  readonly format: TruthFormat;
  readonly hasOwnIds: boolean;
  readonly extra: string | null;
  readonly conventions: ConventionsByFormat | null;
  lastPosition = 0;
  annotationCount = 0;
  readonly #db: ProjectDatabase;
  readonly #predictions = new Map<number, RunPredictions>();

  constructor(db: ProjectDatabase) {
    this.#db = db;
    this.images = (db.prepare('SELECT * FROM images ORDER BY key').all() as ImageRow[]).map((row) => ({
      key: row.key,
      id: JSON.parse(row.record_id) as RecordId,
      fileName: row.file_name,
      width: row.width,
      height: row.height,
      orientation: row.orientation,
      hash: row.hash,
      location: row.location,
      status: row.status,
      note: row.note,
      extra: row.extra,
    }));
    this.indexOfImage = new Map(this.images.map((image, index) => [image.key, index]));
    this.categories = db.prepare('SELECT id, name, extra FROM categories ORDER BY id').all() as (Category & {
      name: string;
    })[];
    this.indexOfCategory = new Map(this.categories.map((category, index) => [category.id, index]));
    this.annotations = this.images.map(() => []);
    for (const row of db
      .prepare('SELECT * FROM annotations ORDER BY image, position')
      .iterate() as Iterable<AnnotationRow>) {
      const { id, image, category, x, y, width, height, area, flags, position, extra } = row;
      this.#insert({ id, image, category, box: [x, y, width, height], area, flags, position, extra });
    }
    this.runs = (
      db.prepare('SELECT id, name, source, imported_at, removed FROM runs ORDER BY id').all() as {
        id: number;
        name: string;
        source: string;
        imported_at: string;
        removed: number;
      }[]
    ).map(({ imported_at, removed, ...run }) => ({
      ...run,
      importedAt: imported_at,
      removed: removed === 1,
    }));
    this.verdicts = new Map(
      (
        db.prepare('SELECT target, status FROM verdicts').all() as { target: string; status: ReviewStatus }[]
      ).map(({ target, status }) => [target, status]),
    );
    this.subsets = this.#readSubsets();
    this.format = (readMeta(db, 'format') ?? 'coco') as TruthFormat;
    this.hasOwnIds = readMeta(db, 'hasOwnIds') !== 'false';
    this.extra = readMeta(db, 'truthExtra');
    const conventions = readMeta(db, 'conventions');
    this.conventions = conventions === null ? null : (JSON.parse(conventions) as ConventionsByFormat);
  }

  #readSubsets(): { name: string; images: number[] }[] {
    const byName = new Map<string, number[]>();
    for (const { name, image } of this.#db
      .prepare('SELECT name, image FROM subsets ORDER BY name, image')
      .all() as { name: string; image: number }[]) {
      const images = byName.get(name) ?? [];
      images.push(image);
      byName.set(name, images);
    }
    return [...byName].map(([name, images]) => ({ name, images }));
  }

  #insert(record: AnnotationRecord): void {
    const list = this.annotations[this.indexOfImage.get(record.image)!]!;
    let at = list.length;
    while (at > 0 && list[at - 1]!.position > record.position) at--;
    list.splice(at, 0, record);
    this.imageOfAnnotation.set(record.id, record.image);
    this.lastPosition = Math.max(this.lastPosition, record.position);
    this.annotationCount++;
  }

  annotation(id: number): AnnotationRecord | null {
    const image = this.imageOfAnnotation.get(id);
    if (image === undefined) return null;
    return this.annotations[this.indexOfImage.get(image)!]!.find((record) => record.id === id) ?? null;
  }

  /** Follows a committed change. */
  setAnnotation(id: number, after: AnnotationRecord | null): void {
    const image = this.imageOfAnnotation.get(id);
    if (image !== undefined) {
      const list = this.annotations[this.indexOfImage.get(image)!]!;
      list.splice(
        list.findIndex((record) => record.id === id),
        1,
      );
      this.imageOfAnnotation.delete(id);
      this.annotationCount--;
    }
    if (after) this.#insert(after);
  }

  /** The annotations of an image as scoring takes them. */
  imageTruth(index: number, records: readonly AnnotationRecord[] = this.annotations[index]!): ImageTruth {
    const count = records.length;
    const truth = {
      count,
      id: new Float64Array(count),
      category: new Int32Array(count),
      box: new Float64Array(count * 4),
      area: new Float64Array(count),
      flags: new Uint8Array(count),
    };
    records.forEach((record, row) => {
      truth.id[row] = record.id;
      truth.category[row] = this.indexOfCategory.get(record.category)!;
      truth.box.set(record.box, row * 4);
      truth.area[row] = record.area;
      truth.flags[row] = record.flags;
    });
    return truth;
  }

  /** All annotations as columns: by image, each image's by position. */
  annotationColumns(keepExtra = false): AnnotationColumns {
    const count = this.annotationCount;
    const columns = blankAnnotations(count);
    let row = 0;
    this.annotations.forEach((records, image) => {
      for (const record of records) {
        columns.id[row] = record.id;
        columns.image[row] = image;
        columns.category[row] = this.indexOfCategory.get(record.category)!;
        columns.box.set(record.box, row * 4);
        columns.area[row] = record.area;
        columns.flags[row] = record.flags;
        if (keepExtra && record.extra !== null) columns.extra.set(row, record.extra);
        row++;
      }
    });
    return columns;
  }

  /** The project's ground truth as a dataset, for joining, exporting and scoring. */
  asTruth(): Truth {
    const subsets: Subset[] = this.subsets.map(({ name, images }) => ({
      name,
      images: Int32Array.from(images, (key) => this.indexOfImage.get(key)!),
    }));
    return {
      format: this.format,
      hasOwnIds: this.hasOwnIds,
      images: this.images.map(({ id, fileName, width, height, extra }) => ({
        id,
        fileName,
        width,
        height,
        extra,
      })),
      categories: this.categories,
      annotations: this.annotationColumns(true),
      subsets,
      ...(this.conventions ? { conventions: this.conventions } : {}),
      extra: this.extra,
    };
  }

  /** Predictions of a run, in file order. Those of images or classes that are no longer there are left out. */
  predictions(run: number): RunPredictions {
    const known = this.#predictions.get(run);
    if (known) return known;
    const rows = this.#db.prepare('SELECT image, count, data FROM predictions WHERE run = ?').all(run) as {
      image: number;
      count: number;
      data: Uint8Array;
    }[];
    const parts = rows.flatMap(({ image, count, data }) => {
      const index = this.indexOfImage.get(image);
      return index === undefined ? [] : [{ index, packed: unpackPredictions(count, data) }];
    });
    const loaded = { columns: this.#join(parts), imagesWithPredictions: parts.length };
    this.#predictions.set(run, loaded);
    return loaded;
  }

  #join(
    parts: readonly { index: number; packed: ReturnType<typeof unpackPredictions> }[],
  ): PredictionColumns {
    const places: { part: number; row: number; at: number }[] = [];
    parts.forEach(({ packed }, part) => {
      for (let row = 0; row < packed.count; row++) {
        if (this.indexOfCategory.has(packed.category[row]!))
          places.push({ part, row, at: packed.fileIndex[row]! });
      }
    });
    places.sort((a, b) => a.at - b.at);
    const count = places.length;
    const columns = sharedPredictions(count);
    places.forEach(({ part, row, at }, i) => {
      const { index, packed } = parts[part]!;
      columns.image[i] = index;
      columns.category[i] = this.indexOfCategory.get(packed.category[row]!)!;
      columns.box.set(packed.box.subarray(row * 4, row * 4 + 4), i * 4);
      columns.score[i] = packed.score[row]!;
      columns.fileIndex[i] = at;
    });
    return columns;
  }

  /** Row of a prediction, by its place in its file; -1 where there is none. */
  predictionRow(run: number, fileIndex: number): number {
    const places = this.predictions(run).columns.fileIndex;
    let low = 0;
    let high = places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (places[middle]! < fileIndex) low = middle + 1;
      else high = middle;
    }
    return places[low] === fileIndex ? low : -1;
  }
}
