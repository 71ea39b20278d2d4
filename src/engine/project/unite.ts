/** Puts images of unrelated projects, with their labels and predictions, into one. */
import type {
  AnnotationColumns,
  Category,
  ImageRecord,
  PredictionColumns,
  RecordId,
  Truth,
} from '../../core/dataset/dataset';
import { BadInput } from '../../core/foundation/bad-input';
import type { Finding, FindingCollector } from '../../core/foundation/finding';
import type { ReviewRecord } from '../store/records';
import type { ProbedImage, RunImport } from './import-data';
import type { ProjectSession, Scored, StepOutcome } from './session';
import { probesOf } from './split';

const NO_SUBSET_YET: readonly number[] = [];

/** Rows of columns as they are gathered; typed arrays when all are there. */
class Gathered {
  readonly categories: Category[] = [];
  readonly images: ImageRecord[] = [];
  readonly probes: ProbedImage[] = [];
  readonly reviews = new Map<string, ReviewRecord>();
  readonly indexOfName = new Map<string, number>();
  readonly subsets = new Map<string, number[]>();
  readonly #annotations: Omit<AnnotationColumns, 'count' | 'extra'>[] = [];
  readonly #extra = new Map<number, string>();
  readonly #usedIds = new Set<number>();
  #lastId: number;
  #count = 0;

  constructor(lastId: number) {
    this.#lastId = lastId;
  }

  /** Index of the class of that name, added where it is new. */
  category({ id, name, ...rest }: Category): number {
    const known = this.categories.findIndex((other) => other.name === name);
    if (known >= 0) return known;
    const isTaken = this.categories.some((other) => other.id === id);
    const highest = Math.max(0, ...this.categories.map((other) => other.id));
    this.categories.push({ ...rest, name, id: isTaken ? highest + 1 : id });
    return this.categories.length - 1;
  }

  /** Index of a new image; an id that is taken is given anew. */
  image(record: ImageRecord, probe: ProbedImage, review: ReviewRecord): number {
    const index = this.images.length;
    this.images.push({ ...record, id: this.#freeImageId(record) });
    this.probes.push(probe);
    this.reviews.set(record.fileName, review);
    this.indexOfName.set(record.fileName, index);
    return index;
  }

  #freeImageId({ id, fileName }: ImageRecord): RecordId {
    if (!this.images.some((other) => other.id === id)) return id;
    const numbers = this.images.flatMap((other) => (typeof other.id === 'number' ? [other.id] : []));
    return typeof id === 'number' ? Math.max(0, ...numbers) + 1 : fileName;
  }

  /** `imageOf`, `categoryOf`: indices here by those of the source; -1 leaves an image's labels out. */
  annotations(columns: AnnotationColumns, imageOf: Int32Array, categoryOf: readonly number[]): void {
    const rows: number[] = [];
    for (let row = 0; row < columns.count; row++) if (imageOf[columns.image[row]!]! >= 0) rows.push(row);
    rows.forEach((row, at) => {
      const text = columns.extra.get(row);
      if (text !== undefined) this.#extra.set(this.#count + at, text);
    });
    this.#annotations.push({
      id: Float64Array.from(rows, (row) => this.#freeId(columns.id[row]!)),
      image: Int32Array.from(rows, (row) => imageOf[columns.image[row]!]!),
      category: Int32Array.from(rows, (row) => categoryOf[columns.category[row]!]!),
      box: Float64Array.from(
        { length: rows.length * 4 },
        (_, i) => columns.box[rows[i >> 2]! * 4 + (i & 3)]!,
      ),
      area: Float64Array.from(rows, (row) => columns.area[row]!),
      flags: Uint8Array.from(rows, (row) => columns.flags[row]!),
    });
    this.#count += rows.length;
  }

  #freeId(id: number): number {
    const free = this.#usedIds.has(id) ? this.#lastId + 1 : id;
    this.#usedIds.add(free);
    this.#lastId = Math.max(this.#lastId, free);
    return free;
  }

  truth(of: Truth): Truth {
    const parts = this.#annotations;
    const order = this.categories
      .map((_, index) => index)
      .sort((a, b) => this.categories[a]!.id - this.categories[b]!.id);
    const placeOf = new Int32Array(order.length);
    order.forEach((index, place) => (placeOf[index] = place));
    return {
      format: of.format,
      hasOwnIds: of.hasOwnIds,
      ...(of.conventions ? { conventions: of.conventions } : {}),
      extra: of.extra,
      images: this.images,
      categories: order.map((index) => this.categories[index]!),
      annotations: {
        count: this.#count,
        id: Float64Array.from(parts.flatMap(({ id }) => [...id])),
        image: Int32Array.from(parts.flatMap(({ image }) => [...image])),
        category: Int32Array.from(
          parts.flatMap(({ category }) => [...category].map((index) => placeOf[index]!)),
        ),
        box: Float64Array.from(parts.flatMap(({ box }) => [...box])),
        area: Float64Array.from(parts.flatMap(({ area }) => [...area])),
        flags: Uint8Array.from(parts.flatMap(({ flags }) => [...flags])),
        extra: this.#extra,
      },
      subsets: [...this.subsets].map(([name, images]) => ({ name, images: Int32Array.from(images) })),
    };
  }

  /** Index of a class in `truth().categories`, by its index here. */
  placeOfCategory(index: number): number {
    const { id } = this.categories[index]!;
    return this.categories.filter((other) => other.id < id).length;
  }
}

interface Source {
  readonly session: ProjectSession;
  readonly imageOf: Int32Array;
  readonly categoryOf: readonly number[];
}

const labelsOf = ({ data }: ProjectSession, index: number): string =>
  JSON.stringify(
    data.annotations[index]!.map(({ category, box, flags }) =>
      JSON.stringify([data.categories[data.indexOfCategory.get(category)!]!.name, box, flags]),
    ).sort(),
  );

/** Predictions of one run of several projects in one list, by rising place in their files. */
function unitePredictions(
  sources: readonly Source[],
  name: string,
  placeOf: (index: number) => number,
): PredictionColumns {
  const rows: { columns: PredictionColumns; row: number; image: number; category: number; at: number }[] = [];
  const used = new Set<number>();
  let highest = -1;
  for (const { session, imageOf, categoryOf } of sources) {
    const run = session.runs.find((one) => one.name === name);
    if (!run) continue;
    const { columns } = session.data.predictions(run.id);
    const wanted = Array.from({ length: columns.count }, (_, row) => row).filter(
      (row) => imageOf[columns.image[row]!]! >= 0,
    );
    const isTaken = wanted.some((row) => used.has(columns.fileIndex[row]!));
    const offset = isTaken ? highest + 1 : 0;
    for (const row of wanted) {
      const at = columns.fileIndex[row]! + offset;
      used.add(at);
      highest = Math.max(highest, at);
      rows.push({
        columns,
        row,
        image: imageOf[columns.image[row]!]!,
        category: placeOf(categoryOf[columns.category[row]!]!),
        at,
      });
    }
  }
  rows.sort((a, b) => a.at - b.at);
  return {
    count: rows.length,
    image: Int32Array.from(rows, ({ image }) => image),
    category: Int32Array.from(rows, ({ category }) => category),
    box: Float64Array.from({ length: rows.length * 4 }, (_, i) => {
      const { columns, row } = rows[i >> 2]!;
      return columns.box[row * 4 + (i & 3)]!;
    }),
    score: Float64Array.from(rows, ({ columns, row }) => columns.score[row]!),
    fileIndex: Uint32Array.from(rows, ({ at }) => at),
  };
}

/** Takes a project's images that are not there yet; the same image with other labels is refused. */
function gather(
  into: Gathered,
  session: ProjectSession,
  earlier: readonly Source[],
  root: string | null,
  findings: FindingCollector,
): Source {
  const { data } = session;
  const truth = data.asTruth();
  const probes = probesOf(session);
  const categoryOf = truth.categories.map((category) => into.category(category));
  const isElsewhere = session.imageRoot !== root;
  const imageOf = Int32Array.from(truth.images, (record, index) => {
    const known = into.indexOfName.get(record.fileName);
    if (known !== undefined) {
      assertSameLabels(session, index, earlier, known);
      return -1;
    }
    const probe = probes[index]!;
    if (isElsewhere && probe.location !== null)
      findings.add(
        'images-elsewhere',
        'warning',
        'Images lie in another folder than this project’s; find them with “Find moved images”.',
        { file: session.path, image: record.fileName },
      );
    const { status, note } = data.images[index]!;
    return into.image(record, isElsewhere ? { ...probe, location: null } : probe, { status, note });
  });
  for (const { name, images } of truth.subsets) {
    const subset = into.subsets.get(name) ?? [...NO_SUBSET_YET];
    subset.push(...[...images].flatMap((index) => (imageOf[index]! < 0 ? [] : [imageOf[index]!])));
    into.subsets.set(name, subset);
  }
  into.annotations(truth.annotations, imageOf, categoryOf);
  return { session, imageOf, categoryOf };
}

function assertSameLabels(
  session: ProjectSession,
  index: number,
  earlier: readonly Source[],
  known: number,
): void {
  const first = earlier.find(({ imageOf }) => imageOf.includes(known))!;
  if (labelsOf(session, index) === labelsOf(first.session, first.imageOf.indexOf(known))) return;
  const { fileName } = session.data.images[index]!;
  throw new BadInput(
    'merge-impossible',
    `The image ${fileName} has different labels in two projects that do not come from one split.`,
    'Merge parts of one split, or take the image out of one of them. Nothing was changed.',
    { file: session.path, image: fileName },
  );
}

/** One step: all images of all projects. Runs of the same name become one. */
export function unite(
  whole: ProjectSession,
  parts: readonly ProjectSession[],
  author: string,
  label: string,
  scored: Scored,
  findings: FindingCollector,
): { outcome: StepOutcome | null; findings: readonly Finding[] } {
  const gathered = new Gathered(whole.lastAnnotationId());
  const isEmpty = whole.data.images.length === 0;
  const { imageRoot: root, sourceFolders: imageFolders } = isEmpty ? parts[0]! : whole;
  const sources: Source[] = [];
  for (const session of isEmpty ? parts : [whole, ...parts])
    sources.push(gather(gathered, session, sources, root, findings));
  const isNew = sources.some(
    ({ session, imageOf }) => session !== whole && imageOf.some((index) => index >= 0),
  );
  if (!isNew) return { outcome: null, findings: findings.list() };
  const runs = new Map<string, string>();
  for (const { session } of sources)
    for (const { name, source } of session.runs) runs.set(name, runs.get(name) ?? source);
  const truth = gathered.truth(sources[0]!.session.data.asTruth());
  const moreRuns: RunImport[] = [...runs].map(([name, source]) => ({
    name,
    source,
    predictions: unitePredictions(sources, name, (index) => gathered.placeOfCategory(index)),
  }));
  const outcome = whole.import(
    {
      truth: {
        truth,
        imageRoot: root,
        imageFolders,
        upright: sources[0]!.session.upright,
        probes: gathered.probes,
        reviews: gathered.reviews,
      },
      run: null,
      moreRuns,
      replace: true,
      author,
      label,
      action: 'merge',
    },
    scored,
  );
  return { outcome, findings: findings.list() };
}
