/** Finds the files of a dataset's images below a folder: by relative path, then name, then stem, then without case. */
import { realpathSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';
import { noProgress } from '../../core/foundation/cancellation';
import type { Finding } from '../../core/foundation/finding';
import { FindingCollector } from '../../core/foundation/finding';
import { baseName, fileNameProblem, folderOf, stemOf } from '../../core/formats/names';
import { IMAGE_NAME } from '../../core/formats/source';
import type { HeldImages, HolderKind } from './held-images';
import { heldImages, holderKind } from './held-images';
import type { ImageFile } from './image-file';
import { locationOf, readLocation } from './image-file';

const DEEPEST = 6;
/** Where images lie beside annotations, by convention. */
const CONVENTIONS = ['JPEGImages', 'images', 'Images', 'img', 'imgs', 'train', 'val', 'valid', 'test', '.'];

export interface ImageListing {
  readonly root: string;
  /** Names of images: paths below the root, or names within what holds them; with `/`. */
  readonly files: readonly string[];
  /** Locations below the root, by name, of images that are held in other files; null: the names are the locations. */
  readonly locations: ReadonlyMap<string, string> | null;
  /** Files that hold the images; none for files of their own. */
  readonly holders: readonly string[];
  readonly findings: readonly Finding[];
}

/** Paths below the root, with `/`. */
async function listFiles(root: string, isWanted: (name: string) => boolean): Promise<string[]> {
  const files: string[] = [];
  const walk = async (below: string, depth: number): Promise<void> => {
    const entries = await readdir(path.join(root, below), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory() && depth < DEEPEST && !entry.name.startsWith('.')) await walk(name, depth + 1);
      else if (entry.isFile() && isWanted(entry.name)) files.push(name);
    }
  };
  await walk('', 0);
  return files;
}

async function listImages(root: string): Promise<ImageListing> {
  const files = await listFiles(root, (name) => IMAGE_NAME.test(name));
  return { root, files, locations: null, holders: [], findings: [] };
}

/** Locates names in one listing. Several files that fit equally well are no answer. */
export class ImageLocator {
  readonly root: string;
  readonly files: readonly string[];
  readonly holders: readonly string[];
  /** What of the listing cannot be shown, and why. */
  readonly findings: readonly Finding[];
  readonly #locations: ImageListing['locations'];
  readonly #paths: ReadonlySet<string>;
  readonly #byKey: readonly ReadonlyMap<string, string | null>[];

  constructor({ root, files, locations, holders, findings }: ImageListing) {
    this.root = root;
    this.files = files;
    this.holders = holders;
    this.findings = findings;
    this.#locations = locations;
    this.#paths = new Set(files);
    this.#byKey = KEYS.map((keyOf) => {
      const map = new Map<string, string | null>();
      for (const file of files) map.set(keyOf(file), map.has(keyOf(file)) ? null : file);
      return map;
    });
  }

  /** Location below the root; null where there is none. */
  find(name: string): string | null {
    const file = this.#fileOf(name);
    return file === null ? null : this.locationOf(file);
  }

  /** Where one of `files` lies below the root. */
  locationOf(file: string): string {
    return this.#locations?.get(file) ?? file;
  }

  #fileOf(name: string): string | null {
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

/** Files that hold images, by their paths below a folder. */
export interface Holders {
  readonly root: string;
  readonly files: readonly string[];
}

async function listHeld({ root, files }: Holders, progress: Progress): Promise<ImageListing> {
  const locations = new Map<string, string>();
  const findings = new FindingCollector();
  const holders: string[] = [];
  for (const below of files) {
    const holder = path.resolve(root, below);
    const kind = await holderKind(holder);
    const held = kind && (await listOrFinding(holder, kind, progress, findings));
    if (!held || held.places.size === 0) continue;
    holders.push(holder);
    // Records of several files may have one name: the folder tells them apart, as it does in their labels.
    const before = kind === 'records' ? folderOf(below) : '';
    for (const [name, place] of held.places) {
      const known = `${before}${name}`;
      if (!locations.has(known)) locations.set(known, locationOf(below, place));
    }
  }
  return { root, files: [...locations.keys()], locations, holders, findings: findings.list() };
}

/** A holder that cannot be read through is no reason to have no labels. */
async function listOrFinding(
  holder: string,
  kind: HolderKind,
  progress: Progress,
  findings: FindingCollector,
): Promise<HeldImages | null> {
  try {
    const held = await heldImages(holder, kind, progress);
    findings.addAll(held.findings);
    return held;
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    findings.add(error.code, 'warning', `${error.message} Its images are not shown.`, { file: holder });
    return null;
  }
}

/** What of a listing lies below a folder of it, named from there. */
function partOf({ files, locations, ...listing }: ImageListing, folder: string): ImageListing {
  if (folder === '.') return { ...listing, files, locations };
  const inside = files.filter((file) => file.startsWith(`${folder}/`));
  const short = (file: string): string => file.slice(folder.length + 1);
  return {
    ...listing,
    files: inside.map(short),
    locations: new Map(inside.map((file) => [short(file), locations?.get(file) ?? file])),
  };
}

/** Where images may be: in folders, each listed when it is its turn, or in files that hold them. */
async function* listings(
  near: string,
  given: string | null,
  own: Holders | null,
  progress: Progress,
): AsyncGenerator<ImageListing> {
  if (given !== null) {
    yield* await aboutPath(given, progress);
    return;
  }
  if (own) yield* partsOf(await listHeld(own, progress));
  // Beside the annotations' folder only what is called as images are: the rest of that folder is none of ours.
  const beside = CONVENTIONS.filter((name) => name !== '.');
  const usual = [
    ...CONVENTIONS.map((name) => path.join(near, name)),
    ...beside.map((name) => path.join(path.dirname(near), name)),
  ];
  for (const folder of new Set(usual)) yield await listImages(folder);
}

const partsOf = (listing: ImageListing): ImageListing[] => CONVENTIONS.map((name) => partOf(listing, name));

/** A folder of images, or a file that holds them. */
async function aboutPath(given: string, progress: Progress): Promise<ImageListing[]> {
  const isFile = await stat(given).then(
    (entry) => entry.isFile(),
    () => false,
  );
  if (!isFile) return [await listImages(given)];
  const holders = { root: path.dirname(path.resolve(given)), files: [path.basename(given)] };
  return partsOf(await listHeld(holders, progress));
}

/**
 * Where most of the names are found: in what the user gave (a folder, or an archive), else in the files that the labels
 * came from (`own`), else in the usual folders about `near`. Null where there are none; of none that can be shown, a
 * locator that finds nothing says why.
 */
export async function findImageRoot(
  names: readonly string[],
  near: string,
  given: string | null,
  own: Holders | null = null,
  progress: Progress = noProgress,
): Promise<ImageLocator | null> {
  const sample =
    names.length > 400 ? names.filter((_, index) => index % Math.ceil(names.length / 400) === 0) : names;
  let best: { locator: ImageLocator; found: number } | null = null;
  let explained: ImageLocator | null = null;
  for await (const listing of listings(near, given, own, progress)) {
    const locator = new ImageLocator(listing);
    const found = sample.filter((name) => locator.find(name) !== null).length;
    if (found > (best?.found ?? 0)) best = { locator, found };
    if (best && best.found === sample.length) break;
    if (listing.findings.length > 0) explained = new ImageLocator({ ...listing, files: [] });
  }
  return best?.locator ?? explained;
}

/** A location below the root, as a file; null where it leads outside (links too) or is not there. */
export function resolveBelow(root: string, location: string): ImageFile | null {
  const held = readLocation(location);
  const file = fileBelow(root, held?.holder ?? location);
  return file !== null && held ? { ...held, holder: file } : file;
}

function fileBelow(root: string, location: string): string | null {
  try {
    const realRoot = realpathSync(root);
    const real = realpathSync(path.join(realRoot, ...location.split('/')));
    const below = path.relative(realRoot, real);
    return below.startsWith('..') || path.isAbsolute(below) ? null : real;
  } catch {
    return null;
  }
}

/** Images of a folder, or of a file that holds them. */
export async function locatorOf(given: string, progress: Progress = noProgress): Promise<ImageLocator> {
  const [listing] = (await aboutPath(given, progress)).slice(-1);
  return new ImageLocator(listing!);
}

/** Images held by files of these names, wherever they lie below a folder. */
export async function heldBelow(
  folder: string,
  names: ReadonlySet<string>,
  progress: Progress,
): Promise<ImageLocator> {
  const files = names.size === 0 ? [] : await listFiles(folder, (name) => names.has(name));
  return new ImageLocator(await listHeld({ root: folder, files }, progress));
}
