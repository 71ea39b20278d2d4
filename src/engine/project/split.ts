/** One project as several, for several people; `merge.ts` brings them together again. */
import path from 'node:path';
import type { Operation } from '../../contract/engine-calls';
import type { AnnotationColumns, PredictionColumns, Truth } from '../../core/dataset/dataset';
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';
import { refuseTarget, writeFolderWhole } from '../export/atomic';
import { readMeta, writeMeta } from '../store/meta';
import type { ProbedImage } from './import-data';
import { ProjectSession } from './session';

/** Keys in `meta` of a part: the project it came from, and the part's last step that is not its own work. */
export const SPLIT_FROM = 'splitFrom';
export const SPLIT_STEP = 'splitStep';
/** Key in `meta`: what tells a project from others; given to it when it is first split. */
export const PROJECT_ID = 'projectId';

export interface Part {
  readonly path: string;
  readonly images: number;
  readonly annotations: number;
}

/** Rows of columns whose image is wanted, with the image's new index. */
function selectRows(image: Int32Array, count: number, newIndex: Int32Array): Int32Array {
  const rows: number[] = [];
  for (let row = 0; row < count; row++) if (newIndex[image[row]!]! >= 0) rows.push(row);
  return Int32Array.from(rows);
}

const pickBoxes = (box: Float64Array, rows: Int32Array): Float64Array => {
  const picked = new Float64Array(rows.length * 4);
  rows.forEach((row, at) => {
    picked.set(box.subarray(row * 4, row * 4 + 4), at * 4);
  });
  return picked;
};

function pickAnnotations(columns: AnnotationColumns, newIndex: Int32Array): AnnotationColumns {
  const rows = selectRows(columns.image, columns.count, newIndex);
  const extra = new Map<number, string>();
  rows.forEach((row, at) => {
    const text = columns.extra.get(row);
    if (text !== undefined) extra.set(at, text);
  });
  return {
    count: rows.length,
    id: Float64Array.from(rows, (row) => columns.id[row]!),
    image: rows.map((row) => newIndex[columns.image[row]!]!),
    category: rows.map((row) => columns.category[row]!),
    box: pickBoxes(columns.box, rows),
    area: Float64Array.from(rows, (row) => columns.area[row]!),
    flags: Uint8Array.from(rows, (row) => columns.flags[row]!),
    extra,
  };
}

function pickPredictions(columns: PredictionColumns, newIndex: Int32Array): PredictionColumns {
  const rows = selectRows(columns.image, columns.count, newIndex);
  return {
    count: rows.length,
    image: rows.map((row) => newIndex[columns.image[row]!]!),
    category: rows.map((row) => columns.category[row]!),
    box: pickBoxes(columns.box, rows),
    score: Float64Array.from(rows, (row) => columns.score[row]!),
    fileIndex: Uint32Array.from(rows, (row) => columns.fileIndex[row]!),
  };
}

function pickTruth(truth: Truth, indices: readonly number[], newIndex: Int32Array): Truth {
  return {
    ...truth,
    images: indices.map((index) => truth.images[index]!),
    annotations: pickAnnotations(truth.annotations, newIndex),
    subsets: truth.subsets.map(({ name, images }) => ({
      name,
      images: images.filter((index) => newIndex[index]! >= 0).map((index) => newIndex[index]!),
    })),
  };
}

/** What the project knows of its images' files, so that nothing has to be probed again. */
export function probesOf(session: ProjectSession): ProbedImage[] {
  const sizes = new Map(
    (
      session.db.prepare('SELECT key, bytes FROM images').all() as { key: number; bytes: number | null }[]
    ).map(({ key, bytes }) => [key, bytes]),
  );
  return session.data.images.map(({ key, location, hash, width, height, orientation }) => ({
    location,
    bytes: sizes.get(key) ?? null,
    hash,
    width,
    height,
    orientation,
  }));
}

/** The verdicts on failures of a part's images, as operations of the part. */
function verdictOperations(source: ProjectSession, part: ProjectSession): Operation[] {
  const runOf = new Map(part.runs.map(({ id, name }) => [name, id]));
  return [...source.data.verdicts].flatMap(([target, status]): Operation[] => {
    const [kind, first, second] = target.split(':');
    if (kind === 'a') {
      const annotation = Number(first);
      return part.data.annotation(annotation) ? [{ judge: { target: { annotation }, status } }] : [];
    }
    const name = source.runs.find(({ id }) => id === Number(first))?.name;
    const run = name === undefined ? undefined : runOf.get(name);
    const prediction = Number(second);
    return run === undefined || part.data.predictionRow(run, prediction) < 0
      ? []
      : [{ judge: { target: { run, prediction }, status } }];
  });
}

const NO_SCORES = { runs: [], protocols: [] } as const;

function writePart(
  source: ProjectSession,
  file: string,
  indices: readonly number[],
  author: string,
  progress: Progress,
): Part {
  const { data } = source;
  const newIndex = new Int32Array(data.images.length).fill(-1);
  indices.forEach((index, at) => (newIndex[index] = at));
  const probes = probesOf(source);
  const truth = pickTruth(data.asTruth(), indices, newIndex);
  const part = ProjectSession.create(file);
  try {
    part.import(
      {
        truth: {
          truth,
          imageRoot: source.imageRoot,
          imageFolders: source.sourceFolders,
          upright: source.upright,
          probes: indices.map((index) => probes[index]!),
          reviews: new Map(
            data.images.map(({ fileName, status, note }) => [fileName, { status, note }] as const),
          ),
        },
        run: null,
        moreRuns: source.runs.map(({ id, name, source: from }) => ({
          name,
          source: from,
          predictions: pickPredictions(data.predictions(id).columns, newIndex),
        })),
        replace: false,
        author,
        label: `Split from ${path.basename(source.path)}`,
      },
      NO_SCORES,
      progress,
    );
    const verdicts = verdictOperations(source, part);
    if (verdicts.length > 0) part.apply(verdicts, author, 'Verdicts of the whole project', NO_SCORES);
    writeMeta(part.db, 'lastAnnotationId', String(source.lastAnnotationId()));
    writeMeta(part.db, SPLIT_FROM, readMeta(source.db, PROJECT_ID));
    writeMeta(part.db, SPLIT_STEP, String(part.log.nextStep - 1));
    return { path: file, images: indices.length, annotations: truth.annotations.count };
  } finally {
    part.close();
  }
}

/**
 * Writes `count` projects into a new folder: the image whose place in the project, from 0, is K - 1 modulo `count` goes
 * into part K, with its labels, review and predictions. The project itself stays as it is.
 */
export async function splitProject(
  session: ProjectSession,
  count: number,
  target: string,
  author: string,
  progress: Progress,
): Promise<Part[]> {
  const { images } = session.data;
  if (!Number.isSafeInteger(count) || count < 1 || count > images.length) {
    throw new BadInput(
      'split-impossible',
      `A project of ${images.length} images cannot be split by ${count}.`,
      'Give a whole number from 1 to the number of images.',
    );
  }
  refuseTarget(target, session.sourceFolders);
  if (readMeta(session.db, PROJECT_ID) === null) writeMeta(session.db, PROJECT_ID, crypto.randomUUID());
  const stem = path.basename(session.path).replace(/\.reticle$/i, '');
  const nameOf = (part: number): string => `${stem}-${part}-of-${count}.reticle`;
  const parts: Part[] = [];
  await writeFolderWhole(target, (folder) => {
    for (let part = 1; part <= count; part++) {
      progress.check();
      const indices = images.map((_, index) => index).filter((index) => index % count === part - 1);
      parts.push(writePart(session, path.join(folder, nameOf(part)), indices, author, progress));
    }
    return Promise.resolve();
  });
  return parts.map((part, index) => ({ ...part, path: path.join(target, nameOf(index + 1)) }));
}
