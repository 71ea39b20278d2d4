/** Finds the files of a dataset's images below a folder: by relative path, then name, then stem, then without case. */
import { realpathSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { baseName, fileNameProblem, stemOf } from '../../core/formats/names';
import { IMAGE_NAME } from '../../core/formats/source';

const DEEPEST = 6;
/** Where images lie beside annotations, by convention. */
const CONVENTIONS = ['JPEGImages', 'images', 'Images', 'img', 'imgs', 'train', 'val', 'valid', 'test', '.'];

export interface ImageListing {
  readonly root: string;
  /** Paths below the root, with `/`. */
  readonly files: readonly string[];
}

async function listImages(root: string): Promise<ImageListing> {
  const files: string[] = [];
  const walk = async (below: string, depth: number): Promise<void> => {
    const entries = await readdir(path.join(root, below), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory() && depth < DEEPEST && !entry.name.startsWith('.')) await walk(name, depth + 1);
      else if (entry.isFile() && IMAGE_NAME.test(entry.name)) files.push(name);
    }
  };
  await walk('', 0);
  return { root, files };
}

/** Locates names in one listing. Several files that fit equally well are no answer. */
export class ImageLocator {
  readonly root: string;
  readonly files: readonly string[];
  readonly #paths: ReadonlySet<string>;
  readonly #byKey: readonly ReadonlyMap<string, string | null>[];

  constructor({ root, files }: ImageListing) {
    this.root = root;
    this.files = files;
    this.#paths = new Set(files);
    this.#byKey = KEYS.map((keyOf) => {
      const map = new Map<string, string | null>();
      for (const file of files) map.set(keyOf(file), map.has(keyOf(file)) ? null : file);
      return map;
    });
  }

  /** Path below the root; null where there is none. */
  find(name: string): string | null {
    if (fileNameProblem(name) === null && this.#paths.has(name)) return name;
    for (const [level, keyOf] of KEYS.entries()) {
      const found = this.#byKey[level]!.get(keyOf(name));
      if (found) return found;
    }
    return null;
  }
}

const KEYS: readonly ((name: string) => string)[] = [
  baseName,
  (name) => baseName(name).toLowerCase().normalize('NFC'),
  stemOf,
  (name) => stemOf(name).toLowerCase().normalize('NFC'),
];

/** The folder, of those given and the usual ones about `near`, where most of the names are found. */
export async function findImageRoot(
  names: readonly string[],
  near: string,
  given: string | null,
): Promise<ImageLocator | null> {
  // Beside the annotations' folder only what is called as images are: the rest of that folder is none of ours.
  const beside = CONVENTIONS.filter((name) => name !== '.');
  const usual = [
    ...CONVENTIONS.map((name) => path.join(near, name)),
    ...beside.map((name) => path.join(path.dirname(near), name)),
  ];
  const candidates = given === null ? usual : [given];
  const sample =
    names.length > 400 ? names.filter((_, index) => index % Math.ceil(names.length / 400) === 0) : names;
  let best: { locator: ImageLocator; found: number } | null = null;
  for (const folder of new Set(candidates)) {
    const locator = new ImageLocator(await listImages(folder));
    const found = sample.filter((name) => locator.find(name) !== null).length;
    if (found > (best?.found ?? 0)) best = { locator, found };
    if (best && best.found === sample.length) break;
  }
  return best?.locator ?? null;
}

/** Absolute path of a location below the root; null where it leads outside (links too) or is not there. */
export function resolveBelow(root: string, location: string): string | null {
  try {
    const realRoot = realpathSync(root);
    const real = realpathSync(path.join(realRoot, ...location.split('/')));
    const below = path.relative(realRoot, real);
    return below.startsWith('..') || path.isAbsolute(below) ? null : real;
  } catch {
    return null;
  }
}

export async function locatorOf(folder: string): Promise<ImageLocator> {
  return new ImageLocator(await listImages(folder));
}
