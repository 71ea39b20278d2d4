/** Where label files, images and splits of a YOLO dataset lie. */
import { folderOf, normaliseFileName, stemOf } from '../names';
import type { Source } from '../source';
import { IMAGE_NAME } from '../source';

/** Text files that are no labels. */
const NO_LABELS =
  /(?:^|\/)(?:classes|obj|names|labels|readme[^/]*|license[^/]*|train|val|valid|test|trainval)\.txt$/i;

export const withoutExtension = (path: string): string => folderOf(path) + stemOf(path);

/** `Images/Train/a.jpg` as `images/Train/a.jpg`: many tools capitalise the two folders that mean something. */
export const withPlainFolders = (path: string): string =>
  /[A-Z]/.test(path)
    ? path.replace(/(?<=^|\/)(?:images|labels)(?=\/|$)/gi, (name) => name.toLowerCase())
    : path;

/** The folder's path with its last part of the name `from` called `to`; as it is where it has none. */
export function exchanged(path: string, from: string, to: string): string {
  const parts = path.split('/');
  const at = parts.lastIndexOf(from);
  if (at < 0) return path;
  parts[at] = to;
  return parts.join('/');
}

/**
 * A change of paths that concerns their folders alone, made once a folder. A stem that is itself called `images` or `labels`
 * is no folder; its path is changed by itself.
 */
export function changedByFolder(change: (path: string) => string): (path: string) => string {
  const folders = new Map<string, string>();
  return (path) => {
    const folder = folderOf(path);
    const base = path.slice(folder.length);
    if (/^(?:images|labels)(?:\.|$)/i.test(base)) return change(path);
    let changed = folders.get(folder);
    if (changed === undefined) {
      changed = change(`${folder}x`).slice(0, -1);
      folders.set(folder, changed);
    }
    return changed + base;
  };
}

/** The ends of a written path, the longest first, without `.` and `..`: of an absolute one, what may lie in the source. */
export function endsOf(written: string): string[] {
  const parts = normaliseFileName(written)
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..');
  return parts.map((_, from) => parts.slice(from).join('/'));
}

export const labelPaths = (source: Source): string[] => {
  const texts = source.paths.filter((path) => /\.txt$/i.test(path) && !/roboflow\.txt$/i.test(path));
  const inLabels = texts.filter((path) => /(?:^|\/)labels\//i.test(path));
  return inLabels.length > 0 ? inLabels : texts.filter((path) => !NO_LABELS.test(path));
};

/** Paths of images by their path without extension, with plain folders. */
export function imagesByStem(paths: readonly string[]): Map<string, string> {
  const images = new Map<string, string>();
  const plain = changedByFolder(withPlainFolders);
  for (const path of paths) if (IMAGE_NAME.test(path)) images.set(plain(withoutExtension(path)), path);
  return images;
}

/** A place as `data.yaml` says it, as a path within the source: the longest end of it that is there. */
export function placeIn(folders: ReadonlySet<string>, written: string): string | null {
  return [...endsOf(withPlainFolders(written)), ''].find((place) => folders.has(place)) ?? null;
}

/** All folders of the source, plain, and those that labels make likely: images may lie elsewhere. */
export function foldersOf(source: Source): Set<string> {
  const folders = new Set<string>(['']);
  const addAll = (path: string): void => {
    let folder = folderOf(path).replace(/\/$/, '');
    while (folder !== '' && !folders.has(folder)) {
      folders.add(folder);
      folder = folderOf(folder).replace(/\/$/, '');
    }
  };
  for (const folder of new Set(source.paths.map(folderOf))) {
    const path = withPlainFolders(folder);
    addAll(path);
    if (/(?:^|\/)labels\//.test(path))
      addAll(`${exchanged(folderOf(path).replace(/\/$/, ''), 'labels', 'images')}/x`);
  }
  return folders;
}
