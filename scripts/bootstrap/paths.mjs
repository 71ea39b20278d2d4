// Where things are: the checkout, and the cache outside it.
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const NODE_MODULES = path.join(ROOT, 'node_modules');
/** Says which lock file the packages were installed from. */
export const PACKAGES_STAMP = path.join(NODE_MODULES, '.reticle-lock');
export const PLATFORM = `${process.platform}-${process.arch}`;

/** Caches live outside the checkout, keyed by version and platform. */
export function cacheFolder() {
  const base =
    process.env.RETICLE_CACHE ??
    (process.platform === 'win32'
      ? path.join(process.env.LOCALAPPDATA ?? os.homedir(), 'reticle', 'cache')
      : path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'reticle'));
  return path.resolve(base);
}

/** The Node that the project pins (its own package), else the one that runs now. */
export function projectNode() {
  return process.platform === 'darwin'
    ? process.execPath
    : path.join(NODE_MODULES, '.bin', process.platform === 'win32' ? 'node.exe' : 'node');
}
