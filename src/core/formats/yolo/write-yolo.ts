import type { Category, PredictionColumns, Truth } from '../../dataset/dataset';
import type { BoxConvention } from '../conventions/box-convention';
import { conventionFor, conventionOf } from '../conventions/convention';
import { textsOfBox } from '../conventions/read-box';
import { parseExtra } from '../extra';
import type { TargetFile } from '../format';
import { safeRelativePath } from '../names';
import type { Box } from '../named-truth';
import { withoutExtension } from './layout';

const folderName = (subset: string): string => safeRelativePath(subset).replaceAll('/', '_');

const knownHomes = new WeakMap<Truth, (string | null)[]>();

/** For each image the smallest subset that it is in; null where it is in none. A folder holds an image once. */
export function homesOf(truth: Truth): (string | null)[] {
  const known = knownHomes.get(truth);
  if (known) return known;
  const homes = new Array<string | null>(truth.images.length).fill(null);
  const bySize = [...truth.subsets].sort((a, b) => a.images.length - b.images.length);
  for (const { name, images } of bySize) for (const image of images) homes[image] ??= name;
  knownHomes.set(truth, homes);
  return homes;
}

/** `train/sub/a.jpg` below `images/` or `labels/`. */
export const placeOf = (home: string | null, fileName: string): string =>
  `${home === null ? '' : `${folderName(home)}/`}${safeRelativePath(fileName)}`;

/** Lines of one image; rows without its size have none. */
export function linesOf(
  columns: Pick<PredictionColumns, 'box' | 'category'>,
  rows: readonly number[],
  { width, height }: { readonly width: number | null; readonly height: number | null },
  convention: BoxConvention,
  tail: (row: number) => string = () => '',
): string {
  if (convention.units === 'shares' && !(width && height)) return '';
  return rows
    .map((row) => {
      const box = columns.box.subarray(row * 4, row * 4 + 4) as unknown as Box;
      const texts = textsOfBox(box, convention, { width: width ?? 1, height: height ?? 1 });
      return `${columns.category[row]} ${texts.join(' ')}${tail(row)}\n`;
    })
    .join('');
}

export function rowsByImage(image: Int32Array, images: number): number[][] {
  const rows = Array.from({ length: images }, (): number[] => []);
  image.forEach((index, row) => rows[index]!.push(row));
  return rows;
}

/** Flow lists and strings of JSON are YAML too. */
const yamlLine = (name: string, value: unknown): string => `${name}: ${JSON.stringify(value)}\n`;
const namesOf = (categories: readonly Category[]): string => {
  const names = categories.map(({ name }) => name);
  // Plain words as people write them; anything else in quotes.
  const isPlain = names.every(
    (name) =>
      /^[A-Za-z][\w-]*(?: [\w-]+)*$/.test(name) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(name),
  );
  return isPlain ? `names: [${names.join(', ')}]\n` : yamlLine('names', names);
};

/** Subsets as folders where folders say them, else as lists of images. */
function* splits(
  truth: Truth,
  homes: readonly (string | null)[],
): Generator<{ line: string; list: TargetFile | null }> {
  for (const { name, images } of truth.subsets) {
    const inside = new Set(images);
    const folders = new Set([...images].map((image) => homes[image]!));
    const isWhole = homes.every((home, image) => home === null || !folders.has(home) || inside.has(image));
    if (isWhole && folders.size > 0) {
      const places = [...folders].map((home) => `images/${folderName(home)}`);
      yield { line: `${name}: ${places.length === 1 ? places[0] : JSON.stringify(places)}\n`, list: null };
      continue;
    }
    const lines = [...images].map(
      (image) => `./images/${placeOf(homes[image]!, truth.images[image]!.fileName)}\n`,
    );
    const path = `${folderName(name)}.txt`;
    yield { line: `${name}: ${path}\n`, list: { path, content: [lines.join('')] } };
  }
}

export function* writeYolo(truth: Truth): Generator<TargetFile> {
  const homes = homesOf(truth);
  let yaml = 'path: .\n';
  if (truth.subsets.length === 0) yaml += 'train: images\nval: images\n';
  for (const { line, list } of splits(truth, homes)) {
    yaml += line;
    if (list) yield list;
  }
  yaml += `nc: ${truth.categories.length}\n${namesOf(truth.categories)}`;
  for (const [name, value] of Object.entries(parseExtra(truth.extra))) yaml += yamlLine(name, value);
  yield { path: 'data.yaml', content: [yaml] };
  const rows = rowsByImage(truth.annotations.image, truth.images.length);
  for (const [index, image] of truth.images.entries())
    yield {
      path: `labels/${withoutExtension(placeOf(homes[index]!, image.fileName))}.txt`,
      content: [linesOf(truth.annotations, rows[index]!, image, conventionOf(truth, 'yolo'))],
    };
}

/** Label files with the score in a sixth column, as `save_txt save_conf` writes them. */
export function* writeYoloPredictions(truth: Truth, predictions: PredictionColumns): Generator<TargetFile> {
  const rows = rowsByImage(predictions.image, truth.images.length);
  const score = (row: number): string => ` ${predictions.score[row]}`;
  for (const [index, image] of truth.images.entries())
    yield {
      path: `labels/${withoutExtension(safeRelativePath(image.fileName))}.txt`,
      content: [linesOf(predictions, rows[index]!, image, conventionFor('yolo'), score)],
    };
  const names = truth.categories.map(({ name }) => JSON.stringify(name)).join(', ');
  yield { path: 'data.yaml', content: [`nc: ${truth.categories.length}\nnames: [${names}]\n`] };
}
