/** A dataset given as several files of one kind: each file is a subset, and images of one name are one image. */
import { BadInput } from '../foundation/bad-input';
import { blankAnnotations } from '../dataset/blank-columns';
import type { Truth } from '../dataset/dataset';
import type { LabelMapEntry } from './given-ids';
import { NamedTruth } from './named-truth';
import type { Box } from './named-truth';
import { baseName, folderOf, stemOf } from './names';
import type { ReadOptions, TruthReading } from './reading';
import { RecordReporter, withConventions } from './reading';
import type { Source } from './source';

export interface TruthPart {
  /** Of the subset. */
  readonly name: string;
  readonly reading: TruthReading;
}

/** What a file's name says of its subset: `train` of `train/_annotations.coco.json`, `val2017` of `instances_val2017.json`. */
export function subsetNameOf(path: string): string {
  const stem = stemOf(path)
    .replace(/\.(coco|createml|record|tfrecords?)$/i, '')
    .replace(/^_?(instances|annotations?|labels?)(?=_|$)_?/i, '')
    .replace(/[_-](labels?|annotations?(-bbox)?|instances)$/i, '');
  const folder = baseName(folderOf(path).replace(/\/$/, ''));
  return stem !== '' && stem !== '_annotations' ? stem : folder || stemOf(path);
}

const boxOf = ({ annotations }: Truth, row: number): Box =>
  annotations.box.subarray(row * 4, row * 4 + 4) as unknown as Box;

function rowsByImage(truth: Truth): number[][] {
  const rows = truth.images.map((): number[] => []);
  truth.annotations.image.forEach((image, row) => rows[image]!.push(row));
  return rows;
}

/** What an image says, to tell whether two files say the same of it. */
function contentOf(truth: Truth, rows: readonly number[]): string {
  return JSON.stringify(
    rows
      .map((row) => [
        truth.categories[truth.annotations.category[row]!]!.name,
        ...boxOf(truth, row),
        truth.annotations.flags[row],
      ])
      .sort(),
  );
}

/** Whether ids of all parts can be kept: numbers or texts that no two different images share, classes that agree. */
function idsAreOne(parts: readonly TruthPart[]): boolean {
  const images = new Map<string, string>();
  const classes = new Map<number, string>();
  const annotations = new Set<number>();
  for (const { reading } of parts) {
    const { truth } = reading;
    if (!truth.hasOwnIds) return false;
    for (const { id, fileName } of truth.images) {
      if (images.has(String(id))) return false;
      images.set(String(id), fileName);
    }
    for (const { id, name } of truth.categories) {
      if ((classes.get(id) ?? name) !== name) return false;
      classes.set(id, name);
    }
    for (const id of truth.annotations.id) {
      if (annotations.has(id)) return false;
      annotations.add(id);
    }
  }
  return true;
}

/** One truth of all parts, whose ids agree: everything is kept as it stands. */
function joined(parts: readonly TruthPart[]): Truth {
  const [first] = parts;
  const classes = new Map(
    parts.flatMap(({ reading: { truth } }) => truth.categories.map((category) => [category.id, category])),
  );
  const categories = [...classes.values()].sort((a, b) => a.id - b.id);
  const classIndex = new Map(categories.map(({ id }, index) => [id, index]));
  const truths = parts.map(({ reading }) => reading.truth);
  const count = truths.reduce((sum, { annotations }) => sum + annotations.count, 0);
  const columns = blankAnnotations(count);
  const images: Truth['images'][number][] = [];
  const subsets = [];
  let row = 0;
  for (const [at, truth] of truths.entries()) {
    const start = images.length;
    images.push(...truth.images);
    subsets.push({
      name: parts[at]!.name,
      images: Int32Array.from(truth.images, (_, index) => start + index),
    });
    const { annotations } = truth;
    columns.id.set(annotations.id, row);
    columns.box.set(annotations.box, row * 4);
    columns.area.set(annotations.area, row);
    columns.flags.set(annotations.flags, row);
    for (let from = 0; from < annotations.count; from++) {
      columns.image[row + from] = start + annotations.image[from]!;
      columns.category[row + from] = classIndex.get(truth.categories[annotations.category[from]!]!.id)!;
    }
    for (const [from, extra] of annotations.extra) columns.extra.set(row + from, extra);
    row += annotations.count;
  }
  return { ...first!.reading.truth, images, categories, annotations: columns, subsets };
}

/**
 * Several files of one kind as one truth. Of several, one that is whole and holds no image (the test split of a small set)
 * is passed over with a word. Throws `BadInput` where none holds any, and what `read` throws.
 */
export async function mergeFiles(
  source: Source,
  paths: readonly string[],
  context: ReadOptions & { readonly labelMap: readonly LabelMapEntry[] | null },
  read: (path: string) => Promise<TruthReading>,
): Promise<TruthReading> {
  if (paths.length === 1) return read(paths[0]!);
  const report = new RecordReporter(context);
  const parts: TruthPart[] = [];
  const folders: string[] = [];
  let empty: BadInput | null = null;
  for (const path of paths) {
    try {
      parts.push({ name: subsetNameOf(path), reading: await read(path) });
      folders.push(folderOf(path));
    } catch (error) {
      if (context.strict || !(error instanceof BadInput && error.code === 'truth-without-images'))
        throw error;
      empty = error;
      report.note(
        'file-without-images',
        'warning',
        'Of several files one holds no image that can be used; it adds nothing.',
        { file: source.nameOf(path) },
      );
    }
  }
  if (parts.length === 0 && empty) throw empty;
  const { truth, findings } = mergeSeveral(parts, folders, context.labelMap, context);
  const reading = { truth, findings: [...findings, ...report.list()] };
  const conventions = parts[0]?.reading.conventions;
  return conventions ? withConventions(reading, conventions) : reading;
}

/** `names`: the parts' files; an image whose name several differing images share is called by its file's folder too. */
export function mergeTruths(
  parts: readonly TruthPart[],
  folders: readonly string[],
  labelMap: readonly LabelMapEntry[] | null,
  options: ReadOptions,
): TruthReading {
  const [only] = parts;
  if (only && parts.length === 1) return only.reading;
  const reading = mergeSeveral(parts, folders, labelMap, options);
  const conventions = only?.reading.conventions;
  return conventions ? withConventions(reading, conventions) : reading;
}

function mergeSeveral(
  parts: readonly TruthPart[],
  folders: readonly string[],
  labelMap: readonly LabelMapEntry[] | null,
  options: ReadOptions,
): TruthReading {
  const report = new RecordReporter(options);
  const findings = parts.flatMap(({ reading }) => reading.findings);
  if (idsAreOne(parts)) return { truth: joined(parts), findings };
  const merged = new NamedTruth();
  const contents = new Map<number, string>();
  const ids = new Map<number, string>();
  for (const { reading } of parts)
    for (const { id, name } of reading.truth.categories) ids.set(id, ids.get(id) ?? name);
  const agree = parts.every(({ reading }) =>
    reading.truth.categories.every(({ id, name }) => ids.get(id) === name),
  );
  parts.forEach(({ name: subset, reading: { truth } }, part) => {
    const rows = rowsByImage(truth);
    const classes = truth.categories.map(({ id, name, extra }) =>
      merged.classOf(name, agree ? id : null, extra),
    );
    truth.images.forEach(({ fileName, width, height, extra }, index) => {
      const content = contentOf(truth, rows[index]!);
      let name = fileName;
      const known = merged.indexOf(name);
      if (known !== undefined && contents.get(known) !== content && folders[part] !== '')
        name = `${folders[part]}${fileName}`;
      const image = merged.image(name, width, height, extra);
      merged.putInto(subset, image);
      const before = contents.get(image);
      contents.set(image, content);
      if (before !== undefined) {
        if (before !== content)
          report.note(
            'image-repeated',
            'warning',
            'Several files hold an image of the same name with different boxes; the first is taken.',
            { image: name },
          );
        return;
      }
      for (const row of rows[index]!) {
        merged.add(
          image,
          classes[truth.annotations.category[row]!]!,
          boxOf(truth, row),
          truth.annotations.flags[row],
          truth.annotations.extra.get(row) ?? null,
          truth.annotations.area[row],
        );
      }
    });
  });
  report.note(
    'ids-given',
    'info',
    'Several files were read as one set whose ids clash or are given: images, boxes and classes were numbered anew.',
    {},
  );
  const truth = merged.finish(parts[0]!.reading.truth.format, labelMap, report);
  return { truth, findings: [...findings, ...report.list()] };
}
