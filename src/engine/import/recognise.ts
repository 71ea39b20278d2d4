/** Says what a path holds, from its content; names and extensions decide nothing. */
import path from 'node:path';
import type { PredictionsFormat, TruthFormat } from '../../core/dataset/dataset';
import type { FileHead } from '../../core/formats/format';
import { headOf } from '../../core/formats/head';
import { recogniseSource } from '../../core/formats/recognise';
import type { RecognisedFiles } from '../../core/formats/recognise';
import type { Source } from '../../core/formats/source';
import { IMAGE_NAME } from '../../core/formats/source';
import { unreadKind } from '../../core/formats/unread';
import { openSource } from './sources';
import { STANDARD_INPUT } from './standard-input';

export interface Recognised {
  readonly kind: 'truth' | 'predictions' | 'label-map' | 'images' | 'project' | 'unknown';
  readonly format: TruthFormat | PredictionsFormat | 'label-map' | 'reticle' | null;
  readonly why: string;
  /** The file or folder to read: within a folder, what was found there. */
  readonly path: string;
  /** The files that are ground truth or predictions; null for all else. */
  readonly files: { readonly source: Source; readonly recognised: RecognisedFiles } | null;
}

const LABEL_MAP = /^\s*(#[^\n]*\n\s*)*item\s*:?\s*[{<]/;

function nothing(kind: Recognised['kind'], why: string, at: string): Recognised {
  const format = kind === 'label-map' ? 'label-map' : kind === 'project' ? 'reticle' : null;
  return { kind, format, why, path: at, files: null };
}

const found = (source: Source, recognised: RecognisedFiles, at: string): Recognised => ({
  kind: recognised.kind,
  format: recognised.format.name,
  why: recognised.why,
  path: at,
  files: { source, recognised },
});

/** A file that is one of many of a dataset stands for its folder. */
function wholeOf(file: string, { format, kind }: RecognisedFiles): string | null {
  if (format.name === 'voc' && kind === 'truth' && file !== STANDARD_INPUT) return path.dirname(file);
  return null;
}

/** Files that describe a dataset, which lies around them: Ultralytics' `data.yaml` and Darknet's `obj.data`. */
const DESCRIPTIONS = [
  { format: 'yolo', extension: /\.ya?ml$/i, content: /^\s*["']?names["']?\s*:/m },
  { format: 'darknet', extension: /\.data$/i, content: /^\s*names\s*=/m },
] as const;

/** The dataset that a file describes; null where it describes none, or none lies there. */
async function describedBy(file: string, text: string): Promise<Recognised | null> {
  const kind = DESCRIPTIONS.find(({ extension, content }) => extension.test(file) && content.test(text));
  if (!kind) return null;
  const folder = path.dirname(path.resolve(file));
  // Of several descriptions in a folder the one that was given counts.
  const isOther = (name: string): boolean =>
    kind.extension.test(name) && !name.includes('/') && name !== path.basename(file);
  const { folderSource } = await import('./sources');
  const source = await folderSource(folder, (name) => !isOther(name));
  const dataset = (await recogniseSource(source)).find(({ format }) => format.name === kind.format);
  return dataset ? found(source, dataset, folder) : null;
}

async function recogniseFile(source: Source, file: string): Promise<Recognised> {
  const [name = ''] = source.paths;
  const head = await headOf(source, name);
  if (Buffer.from(head.bytes.subarray(0, 15)).toString('latin1') === 'SQLite format 3')
    return nothing('project', 'an SQLite file', file);
  if (IMAGE_NAME.test(file)) return nothing('images', 'an image', path.dirname(file));
  const [recognised] = await recogniseSource(source);
  if (recognised) {
    const folder = wholeOf(file, recognised);
    return folder === null ? found(source, recognised, file) : recognise(folder);
  }
  const described = await describedBy(file, head.text);
  if (described) return described;
  if (LABEL_MAP.test(head.text)) return nothing('label-map', 'items with name and id', file);
  return nothing('unknown', whyUnknown(head), file);
}

function whyUnknown(head: FileHead): string {
  if (head.bytes.length === 0) return 'an empty file';
  const kind = unreadKind(head);
  if (kind !== null) return kind;
  const start = head.text.trimStart();
  if (start.startsWith('[')) return 'a JSON list whose records have no image_id';
  if (start.startsWith('{')) return 'a JSON object without images, annotations or categories';
  return 'no format that is known here';
}

/** VOC's `Annotations` alone: its lists of subsets lie beside it. */
async function withNeighbours(
  folder: string,
  source: Source,
): Promise<{ source: Source; at: string } | null> {
  if (!/^annotations?$/i.test(path.basename(folder)) || !source.paths.some((file) => /\.xml$/i.test(file)))
    return null;
  const parent = path.dirname(path.resolve(folder));
  const { folderSource } = await import('./sources');
  return { source: await folderSource(parent), at: parent };
}

/** Files of a folder that are looked into to say what it is. */
const LOOKED_INTO = 16;
const ARCHIVE = /\.(?:zip|tar|tgz|tar\.gz|7z|rar)$/i;

/** What a folder or an archive holds that is known and not read; null where it is nothing of the kind. */
async function unreadIn(source: Source): Promise<string | null> {
  const others = source.paths.filter((file) => !IMAGE_NAME.test(file));
  const archive = others.find((file) => ARCHIVE.test(file));
  if (archive !== undefined)
    return source.isArchive
      ? `an archive within the archive, ${archive}: take it out, archives within archives are not opened`
      : `a folder with an archive, ${archive}: give the archive itself`;
  for (const file of others.slice(0, LOOKED_INTO)) {
    const kind = unreadKind(await headOf(source, file));
    if (kind !== null) return `${kind} in ${file}`;
  }
  return null;
}

async function recogniseFolder(source: Source, folder: string): Promise<Recognised> {
  const around = await withNeighbours(folder, source);
  if (around) {
    const [voc] = (await recogniseSource(around.source)).filter(({ format }) => format.name === 'voc');
    if (voc) return found(around.source, voc, around.at);
  }
  const all = await recogniseSource(source);
  const [first] = all;
  if (first) return found(source, first, inside(folder, first));
  const unread = await unreadIn(source);
  if (unread !== null) return nothing('unknown', unread, folder);
  const images = source.paths.filter((file) => IMAGE_NAME.test(file));
  if (images.length > 0)
    return nothing(
      'images',
      images.some((file) => !file.includes('/')) ? `${images.length} images` : 'folders of images',
      folder,
    );
  return nothing('unknown', 'a folder without annotations or images that are known here', folder);
}

/** One file within a folder is the source that people mean. */
const inside = (folder: string, { paths }: RecognisedFiles): string =>
  paths.length === 1 ? path.join(folder, ...paths[0]!.split('/')) : folder;

/** Throws `BadInput` where the path cannot be read. */
export async function recognise(file: string): Promise<Recognised> {
  const source = await openSource(file);
  return source.isSingle ? recogniseFile(source, file) : recogniseFolder(source, file);
}
