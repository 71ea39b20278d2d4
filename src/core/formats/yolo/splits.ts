/** Splits of a YOLO dataset: what `data.yaml` says of them, else folders that are called so. */
import { folderOf, normaliseFileName } from '../names';
import type { Source } from '../source';
import { decodeText } from '../text';
import type { DataYaml } from './data-yaml';
import {
  endsOf,
  exchanged,
  foldersOf,
  imagesByStem,
  labelPaths,
  placeIn,
  withPlainFolders,
  withoutExtension,
} from './layout';

/** Name to the images' folders (relative, plain, without `/` at the end) and single images without extension. */
export interface Split {
  readonly name: string;
  readonly folders: readonly string[];
  readonly images: ReadonlySet<string>;
}

export const isIn = ({ folders, images }: Split, imageStem: string): boolean =>
  images.has(imageStem) || folders.some((folder) => folder === '' || imageStem.startsWith(`${folder}/`));

/** Stems of the images that a list names: relative to the list (`./`), to the dataset, or absolute on another machine. */
async function listedImages(
  source: Source,
  list: string,
  images: ReadonlyMap<string, string>,
  folders: ReadonlySet<string>,
): Promise<string[]> {
  const { text } = decodeText(await source.whole(list));
  return text.split(/\r\n|\n|\r/).flatMap((line) => {
    const written = withPlainFolders(withoutExtension(normaliseFileName(line.trim())));
    if (written === '') return [];
    const stems = [...endsOf(folderOf(list) + written), ...endsOf(written)];
    const known = stems.find((stem) => images.has(stem));
    if (known !== undefined) return [known];
    const folder = placeIn(folders, folderOf(written));
    return folder === null ? [] : [`${folder === '' ? '' : `${folder}/`}${stems.at(-1)!}`];
  });
}

/** The splits; empty where the dataset is in one piece. */
export async function splitsOf(
  source: Source,
  found: { path: string; yaml: DataYaml } | null,
): Promise<Split[]> {
  if (!found) return splitsByFolder(source);
  const folders = foldersOf(source);
  let known: ReadonlyMap<string, string> | null = null;
  const base = folderOf(found.path);
  const splits: Split[] = [];
  for (const [name, places] of found.yaml.splits) {
    const within: string[] = [];
    const images = new Set<string>();
    for (const written of places) {
      if (/\.txt$/i.test(written)) {
        const list = endsOf(written).flatMap(
          (end) => source.paths.find((path) => isEndOf(end, path)) ?? [],
        )[0];
        if (list === undefined) continue;
        known ??= imagesByStem(source.paths);
        for (const stem of await listedImages(source, list, known, folders)) images.add(stem);
        continue;
      }
      const place = placeIn(folders, base + normaliseFileName(written)) ?? placeIn(folders, written);
      if (place !== null) within.push(place);
    }
    if (within.length > 0 || images.size > 0) splits.push({ name, folders: within, images });
  }
  // A dataset that is not split names one place for all.
  const isOnePlace =
    new Set(splits.map(({ folders: inside, images }) => JSON.stringify([inside, [...images]]))).size < 2;
  return splits.length > 1 && isOnePlace ? [] : splits;
}

const isEndOf = (end: string, path: string): boolean => path === end || path.endsWith(`/${end}`);

/** `labels/train/`, `train/labels/`: folders beside or below `labels` are splits; and `train/`, where labels lie beside images. */
function splitsByFolder(source: Source): Split[] {
  const folders = new Map<string, string>();
  for (const labels of new Set(labelPaths(source).map(folderOf))) {
    const path = withPlainFolders(labels);
    const below = /^(?:.*\/)?labels\/([^/]+)\//.exec(path);
    const above = /^(?:.*\/)?([^/]+)\/labels\/[^/]*$/.exec(path);
    const beside = /^(?:.*\/)?(train|valid|val|test)\/[^/]*$/i.exec(path);
    const name = below?.[1] ?? above?.[1] ?? beside?.[1];
    if (name === undefined) continue;
    const folder = below
      ? path.slice(0, path.indexOf(`labels/${name}/`) + `labels/${name}`.length)
      : folderOf(path).replace(/\/$/, '');
    folders.set(exchanged(folder, 'labels', 'images'), name);
  }
  return [...folders].map(([folder, name]) => ({ name, folders: [folder], images: new Set<string>() }));
}
