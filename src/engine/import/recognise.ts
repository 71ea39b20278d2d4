/** Says what a path holds, from its content; names and extensions decide nothing. */
import path from 'node:path';
import { isTutorialHeader } from '../../core/formats/csv/read-csv';
import { decodeText } from '../../core/formats/text';
import { isFolder, namesIn, readHead } from './files';

export interface Recognised {
  readonly kind: 'truth' | 'predictions' | 'label-map' | 'images' | 'project' | 'unknown';
  readonly format: 'coco' | 'voc' | 'csv' | 'coco-results' | 'label-map' | 'reticle' | null;
  readonly why: string;
  /** The file or folder to read: within a folder, what was found there. */
  readonly path: string;
}

export const IMAGE_NAME = /\.(jpe?g|png|webp|tiff?|bmp|gif)$/i;

const unknownKind = (file: string, why: string): Recognised => ({
  kind: 'unknown',
  format: null,
  why,
  path: file,
});

/** What the head of a JSON file says of it. */
export function recogniseJson(head: string, file: string): Recognised {
  const start = head.trimStart();
  const found = (kind: Recognised['kind'], format: Recognised['format'], why: string): Recognised => ({
    kind,
    format,
    why,
    path: file,
  });
  const names = (key: string): boolean => new RegExp(`"${key}"\\s*:`).test(start);
  if (start.startsWith('[')) {
    if (/^\[\s*\]/.test(start)) return found('predictions', 'coco-results', 'an empty list of results');
    if (names('image_id') || names('category_id'))
      return found('predictions', 'coco-results', 'a list of records with image_id, category_id');
    return unknownKind(file, 'a JSON list whose records have no image_id');
  }
  if (!start.startsWith('{')) return unknownKind(file, 'no format that is known here');
  if (/"(images|annotations|categories)"\s*:\s*\[/.test(start))
    return found('truth', 'coco', 'an object with images, annotations, categories');
  if (names('image_id') && names('score'))
    return found('predictions', 'coco-results', 'one record with image_id and score a line');
  if (names('info') || names('licenses'))
    return found('truth', 'coco', 'an object with info and licenses, as COCO files start');
  return unknownKind(file, 'a JSON object without images, annotations or categories');
}

async function recogniseFile(file: string): Promise<Recognised> {
  const bytes = await readHead(file);
  if (Buffer.from(bytes.subarray(0, 15)).toString('latin1') === 'SQLite format 3') {
    return { kind: 'project', format: 'reticle', why: 'an SQLite file', path: file };
  }
  if (IMAGE_NAME.test(file))
    return { kind: 'images', format: null, why: 'an image', path: path.dirname(file) };
  const head = decodeText(bytes.subarray(0, bytes.length - (bytes.length % 2))).text.replace(/^\ufeff/, '');
  if (/^\s*[[{]/.test(head)) return recogniseJson(head, file);
  if (/^\s*<(\?xml|annotation)/.test(head) && head.includes('<annotation')) {
    return {
      kind: 'truth',
      format: 'voc',
      why: 'an XML file with an annotation root',
      path: path.dirname(file),
    };
  }
  if (
    isTutorialHeader(
      head
        .split(/\r?\n/, 1)[0]!
        .split(/[,;\t]/)
        .map((field) => field.replaceAll('"', '')),
    )
  ) {
    return {
      kind: 'truth',
      format: 'csv',
      why: 'a CSV that names filename, width, height, class, xmin, ymin, xmax, ymax',
      path: file,
    };
  }
  if (/^\s*(#[^\n]*\n\s*)*item\s*:?\s*[{<]/.test(head))
    return { kind: 'label-map', format: 'label-map', why: 'items with name and id', path: file };
  return unknownKind(file, 'no format that is known here');
}

async function hasAnnotationFiles(folder: string): Promise<boolean> {
  const first = (await namesIn(folder)).find(({ name, isFolder: below }) => !below && /\.xml$/i.test(name));
  if (!first) return false;
  return (await recogniseFile(path.join(folder, first.name))).format === 'voc';
}

async function recogniseFolder(folder: string): Promise<Recognised> {
  const names = await namesIn(folder);
  for (const inner of names.filter(({ isFolder: below, name }) => below && /^annotations?$/i.test(name))) {
    if (await hasAnnotationFiles(path.join(folder, inner.name))) {
      return {
        kind: 'truth',
        format: 'voc',
        why: `XML files with annotation roots in ${inner.name}`,
        path: folder,
      };
    }
  }
  if (await hasAnnotationFiles(folder))
    return { kind: 'truth', format: 'voc', why: 'XML files with annotation roots', path: folder };
  for (const { name } of names.filter(({ name, isFolder: below }) => !below && /\.(json|csv)$/i.test(name))) {
    const inner = await recogniseFile(path.join(folder, name));
    if (inner.kind === 'truth') return { ...inner, why: `${name}: ${inner.why}` };
  }
  for (const inner of names.filter(
    ({ isFolder: below, name }) => below && /^(annotations|coco)$/i.test(name),
  )) {
    for (const { name } of (await namesIn(path.join(folder, inner.name))).filter((entry) =>
      /\.json$/i.test(entry.name),
    )) {
      const found = await recogniseFile(path.join(folder, inner.name, name));
      if (found.kind === 'truth') return { ...found, why: `${inner.name}/${name}: ${found.why}` };
    }
  }
  const images = names.filter(({ name }) => IMAGE_NAME.test(name)).length;
  if (images > 0) return { kind: 'images', format: null, why: `${images} images`, path: folder };
  const deeper = await Promise.all(
    names
      .filter(({ isFolder: below }) => below)
      .map(async ({ name }) =>
        (await namesIn(path.join(folder, name))).some((entry) => IMAGE_NAME.test(entry.name)),
      ),
  );
  if (deeper.some(Boolean)) return { kind: 'images', format: null, why: 'folders of images', path: folder };
  return unknownKind(folder, 'a folder without annotations or images that are known here');
}

/** Throws `BadInput` where the path cannot be read. */
export async function recognise(file: string): Promise<Recognised> {
  return (await isFolder(file)) ? recogniseFolder(file) : recogniseFile(file);
}
