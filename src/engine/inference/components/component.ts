/** Parts that are installed for themselves: where they lie, and whether they are whole. `install.ts` makes them. */
import { readFileSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Written last, so that a folder without it is not whole: sizes of all files by name. */
export const COMPONENT_LIST = 'component.json';

export interface InstalledComponent {
  readonly folder: string;
  readonly version: string;
  /** For graphics cards. */
  readonly isGpu: boolean;
  /** What is loaded of it. */
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

/** Where components are installed and downloads kept until they have served. */
export interface ComponentPlace {
  readonly home: string;
  readonly downloads: string;
}

/** Below the app's data folder; on the command line of a checkout, which has none, the cache outside it. */
export function componentPlace(dataFolder: string | null): ComponentPlace {
  const cache = cacheFolder();
  const home = dataFolder === null ? cache : path.join(dataFolder, 'components');
  return { home, downloads: path.join(cache, 'downloads') };
}

/** Where components are looked for: one that a set-up from a checkout made serves the app too. */
export const componentHomes = (dataFolder: string | null): readonly string[] => [
  ...new Set([componentPlace(dataFolder).home, cacheFolder()]),
];

/** Null where the folder holds no whole component. */
export function readComponent(folder: string): InstalledComponent | null {
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
