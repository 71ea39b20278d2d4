/**
 * Formats without ids get them on reading: images 1, 2, ... by file name in byte order, annotations in that order and
 * then in file order, classes as in the label map, else by name in byte order.
 */
import { blankAnnotations } from '../dataset/blank-columns';
import type { Category, Truth, TruthFormat } from '../dataset/dataset';
import { FLAG_CROWD, FLAG_DIFFICULT } from '../dataset/dataset';
import { checkName } from './limits';
import { compareBytes } from './names';
import type { RecordReporter } from './reading';

export interface NamedObject {
  readonly className: string;
  readonly box: readonly [number, number, number, number];
  readonly isDifficult: boolean;
  readonly isCrowd?: boolean;
  readonly extra: string | null;
}

export interface NamedImage {
  readonly fileName: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly objects: readonly NamedObject[];
  readonly extra: string | null;
}

export interface LabelMapEntry {
  readonly id: number;
  readonly name: string;
}

/** Classes of the label map, then those that it lacks, by name above its highest id. */
function chooseCategories(
  images: readonly NamedImage[],
  labelMap: readonly LabelMapEntry[] | null,
  report: RecordReporter,
): Category[] {
  const names = [...new Set(images.flatMap(({ objects }) => objects.map(({ className }) => className)))].sort(
    compareBytes,
  );
  const known = (labelMap ?? []).map(({ id, name }) => ({ id, name, extra: null }));
  const missing = names.filter((name) => !known.some((category) => category.name === name));
  if (labelMap && missing.length > 0) {
    report.note(
      'class-not-in-label-map',
      'warning',
      `Classes that the label map lacks were given ids above its own: ${missing.slice(0, 20).join(', ')}.`,
      {},
      missing.length,
    );
  }
  const highest = known.reduce((most, { id }) => Math.max(most, id), 0);
  return [...known, ...missing.map((name, index) => ({ id: highest + 1 + index, name, extra: null }))].sort(
    (a, b) => a.id - b.id,
  );
}

/** A truth of images known by name. `subsets`: names to file names. */
export function truthWithGivenIds(
  format: TruthFormat,
  source: readonly NamedImage[],
  labelMap: readonly LabelMapEntry[] | null,
  subsets: ReadonlyMap<string, readonly string[]>,
  report: RecordReporter,
): Truth {
  for (const { fileName, objects } of source) {
    checkName(fileName);
    for (const { className } of objects) checkName(className);
  }
  const images = [...source].sort((a, b) => compareBytes(a.fileName, b.fileName));
  const categories = chooseCategories(images, labelMap, report);
  const indexOfClass = new Map(categories.map(({ name }, index) => [name, index]));
  const indexOfImage = new Map(images.map(({ fileName }, index) => [fileName, index]));
  const count = images.reduce((sum, { objects }) => sum + objects.length, 0);
  const columns = blankAnnotations(count);
  let row = 0;
  images.forEach(({ objects }, image) => {
    for (const { className, box, isDifficult, isCrowd, extra } of objects) {
      columns.id[row] = row + 1;
      columns.image[row] = image;
      columns.category[row] = indexOfClass.get(className)!;
      columns.box.set(box, row * 4);
      columns.area[row] = box[2] * box[3];
      columns.flags[row] = (isDifficult ? FLAG_DIFFICULT : 0) | (isCrowd ? FLAG_CROWD : 0);
      if (extra !== null) columns.extra.set(row, extra);
      row++;
    }
  });
  return {
    format,
    hasOwnIds: false,
    images: images.map(({ fileName, width, height, extra }, index) => ({
      id: index + 1,
      fileName,
      width,
      height,
      extra,
    })),
    categories,
    annotations: columns,
    subsets: [...subsets].map(([name, names]) => ({
      name,
      images: Int32Array.from(names.flatMap((fileName) => indexOfImage.get(fileName) ?? [])),
    })),
    extra: null,
  };
}
