/** TensorFlow's native part: where it may lie, and whether it is whole. It is installed by `install.ts`. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Of the wheel that the component is made from; part of its folder's name. */
export const TENSORFLOW_VERSION = '2.21.0';
/** Written last, so that a folder without it is not whole: sizes of all files by name. */
export const COMPONENT_LIST = 'component.json';
/** A folder that the user points at. */
export const FOLDER_VARIABLE = 'RETICLE_TENSORFLOW';

export interface TensorflowComponent {
  readonly folder: string;
  readonly version: string;
  readonly isGpu: boolean;
  /** The addon, `tfjs_binding.node`. */
  readonly binding: string;
}

/** What `component.json` holds. */
export interface ComponentList {
  readonly version: string;
  readonly isGpu: boolean;
  /** Relative to the folder. */
  readonly binding: string;
  readonly sizes: Readonly<Record<string, number>>;
}

/** Folder of caches, outside any checkout; the set-up scripts use the same. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const base =
    env['RETICLE_CACHE'] ??
    (process.platform === 'win32'
      ? path.join(env['LOCALAPPDATA'] ?? os.homedir(), 'reticle', 'cache')
      : path.join(env['XDG_CACHE_HOME'] || path.join(os.homedir(), '.cache'), 'reticle'));
  return path.resolve(base);
}

export const componentName = (isGpu: boolean): string =>
  `tensorflow${isGpu ? '-gpu' : ''}-${TENSORFLOW_VERSION}-${process.platform}-${process.arch}`;

/** Null where the folder holds no whole component. */
export function readComponent(folder: string): TensorflowComponent | null {
  try {
    const list = JSON.parse(readFileSync(path.join(folder, COMPONENT_LIST), 'utf8')) as ComponentList;
    const isWhole = Object.entries(list.sizes).every(
      ([name, size]) => statSync(path.join(folder, name)).size === size,
    );
    if (!isWhole) return null;
    const { version, isGpu, binding } = list;
    return { folder, version, isGpu, binding: path.join(folder, binding) };
  } catch {
    return null;
  }
}

/** Where it is looked for: what the user points at, the app's data folder, the cache; GPU before CPU. */
export function componentFolders(dataFolder: string | null): readonly string[] {
  const pointed = process.env[FOLDER_VARIABLE];
  const homes = [...(dataFolder === null ? [] : [path.join(dataFolder, 'components')]), cacheFolder()];
  return [
    ...(pointed ? [path.resolve(pointed)] : []),
    ...homes.flatMap((home) => [path.join(home, componentName(true)), path.join(home, componentName(false))]),
  ];
}

/** The first whole component of the wanted kind; null where there is none. */
export function findTensorflow(
  dataFolder: string | null,
  isFit: (component: TensorflowComponent) => boolean = () => true,
): TensorflowComponent | null {
  for (const folder of componentFolders(dataFolder)) {
    const component = existsSync(folder) ? readComponent(folder) : null;
    if (component && isFit(component)) return component;
  }
  return null;
}
