/** The project's labels as COCO JSON, Pascal VOC or the tutorial's CSV: losses first, then whole or not at all. */
import { copyFile, mkdir, open, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ExportFormat, ExportPlan } from '../../contract/view-types';
import type { Truth } from '../../core/dataset/dataset';
import { FLAG_CROWD, FLAG_DIFFICULT, FLAG_GROUP_OF, FLAG_IGNORE } from '../../core/dataset/dataset';
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';
import { FindingCollector } from '../../core/foundation/finding';
import { writeCocoTruth } from '../../core/formats/coco/write-truth';
import { writeCsvTruth } from '../../core/formats/csv/write-csv';
import { parseExtra } from '../../core/formats/extra';
import { safeRelativePath, stemOf } from '../../core/formats/names';
import { withCocoMembers } from '../../core/formats/voc/coco-members';
import { writeVocAnnotation } from '../../core/formats/voc/write-annotation';
import { resolveBelow } from '../images/locate';
import { loadTruth } from '../import/load';
import { refuseTarget, writeFileWhole, writeFolderWhole } from './atomic';

export interface ExportSource {
  readonly truth: Truth;
  /** Where pixels are; null where unknown. */
  readonly imageRoot: string | null;
  /** Below the image root, by image; null where the file is missing. */
  readonly locations: readonly (string | null)[];
}

const countFlag = (truth: Truth, flag: number): number =>
  truth.annotations.flags.reduce((sum, flags) => sum + (flags & flag ? 1 : 0), 0);

/** Kept fields that the format has no place for. COCO takes members of any name; VOC its own document. */
function keptExtras(truth: Truth, format: ExportFormat): number {
  if (format === 'coco' || truth.format === format || truth.format === 'csv') return 0;
  const inImages = truth.images.filter(({ extra }) => extra !== null).length;
  if (truth.format === 'voc') return inImages;
  const inCategories = truth.categories.filter(({ extra }) => extra !== null).length;
  return inImages + inCategories + truth.annotations.extra.size + (truth.extra === null ? 0 : 1);
}

/** Areas that are not width times height, which formats without an area cannot say. */
function ownAreas({ annotations: { count, box, area } }: Truth): number {
  let own = 0;
  for (let row = 0; row < count; row++) {
    const ofBox = box[row * 4 + 2]! * box[row * 4 + 3]!;
    if (Math.abs(area[row]! - ofBox) > 1e-9 * ofBox) own++;
  }
  return own;
}

/** What reading the export again would not give back. */
export function planExport(truth: Truth, format: ExportFormat): ExportPlan {
  const losses = new FindingCollector();
  const lose = (code: string, message: string, count: number): void => {
    if (count > 0) losses.add(code, 'warning', message, {}, count);
  };
  if (format !== 'coco') {
    lose('crowd-lost', `${format} cannot say that a box is a crowd.`, countFlag(truth, FLAG_CROWD));
    lose(
      'flags-lost',
      `${format} cannot say group-of or ignore.`,
      countFlag(truth, FLAG_GROUP_OF | FLAG_IGNORE),
    );
  }
  if (format === 'csv') {
    lose('difficult-lost', 'csv cannot say that a box is difficult.', countFlag(truth, FLAG_DIFFICULT));
  }
  if (format !== 'coco') {
    lose(
      'names-ambiguous',
      `${format} cannot hold classes of one name apart.`,
      truth.categories.length - new Set(truth.categories.map(({ name }) => name)).size,
    );
  }
  if (format === 'voc') {
    const stems = truth.images.map(({ fileName }) => stemOf(fileName));
    lose(
      'names-collide',
      'voc keeps one file a name: images of the same name in several folders collide.',
      stems.length - new Set(stems).size,
    );
  }
  if (format === 'csv') lose('subsets-lost', 'csv cannot hold subsets (splits).', truth.subsets.length);
  lose(
    'fields-lost',
    `Fields that were kept from the source have no place in ${format}.`,
    keptExtras(truth, format),
  );
  const used = new Set(truth.annotations.category);
  if (format !== 'coco')
    lose('areas-lost', `${format} cannot say an area other than width times height.`, ownAreas(truth));
  // VOC goes with a label map, which holds them.
  if (format === 'csv')
    lose(
      'classes-lost',
      'csv cannot hold classes without boxes.',
      truth.categories.filter((_, index) => !used.has(index)).length,
    );
  return { format, images: truth.images.length, annotations: truth.annotations.count, losses: losses.list() };
}

function rowsByImage(truth: Truth): number[][] {
  const rows = truth.images.map((): number[] => []);
  truth.annotations.image.forEach((image, row) => rows[image]!.push(row));
  return rows;
}

async function flushedFile(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const handle = await open(file, 'wx');
  try {
    await writeFile(handle, text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function fillVocFolder(folder: string, truth: Truth, progress: Progress): Promise<void> {
  const { annotations, categories, images } = truth;
  const rows = rowsByImage(truth);
  await mkdir(path.join(folder, 'Annotations'));
  for (const [index, image] of images.entries()) {
    progress.check();
    progress.report('Writing annotations', index + 1, images.length);
    const objects = rows[index]!.map((row) => ({
      className: categories[annotations.category[row]!]!.name,
      box: annotations.box.subarray(row * 4, row * 4 + 4) as unknown as readonly [
        number,
        number,
        number,
        number,
      ],
      isDifficult: (annotations.flags[row]! & FLAG_DIFFICULT) !== 0,
      place: truth.format === 'voc' && annotations.extra.has(row) ? Number(annotations.extra.get(row)) : null,
    }));
    const isVoc = truth.format === 'voc' && 'xml' in parseExtra(image.extra);
    const text = writeVocAnnotation({ ...image, extra: isVoc ? image.extra : null }, objects);
    await flushedFile(
      path.join(folder, 'Annotations', `${stemOf(safeRelativePath(image.fileName))}.xml`),
      text,
    );
  }
  for (const { name, images: members } of truth.subsets) {
    const lines = [...members].map((index) => `${stemOf(images[index]!.fileName)}\n`).join('');
    await flushedFile(
      path.join(folder, 'ImageSets', 'Main', `${stemOf(safeRelativePath(`${name}.txt`))}.txt`),
      lines,
    );
  }
  const items = categories
    .map(({ id, name }) => `item {\n  id: ${id}\n  name: ${JSON.stringify(name)}\n}\n`)
    .join('');
  await flushedFile(path.join(folder, 'label_map.pbtxt'), items);
}

/** Truth with what the target can hold of another format's documents. */
function withoutForeignExtras(truth: Truth, format: ExportFormat): Truth {
  if (truth.format === format) return truth;
  if (truth.format === 'voc' && format === 'coco') return withCocoMembers(truth);
  return {
    ...truth,
    images: truth.images.map((image) => ({ ...image, extra: null })),
    annotations: { ...truth.annotations, extra: new Map<number, string>() },
    extra: null,
  };
}

async function copyImages(
  { truth, imageRoot, locations }: ExportSource,
  folder: string,
  progress: Progress,
): Promise<void> {
  for (const [index, location] of locations.entries()) {
    progress.check();
    progress.report('Copying images', index + 1, locations.length);
    const from = imageRoot === null || location === null ? null : resolveBelow(imageRoot, location);
    if (from === null) continue;
    const to = path.join(folder, ...safeRelativePath(truth.images[index]!.fileName).split('/'));
    await mkdir(path.dirname(to), { recursive: true });
    await copyFile(from, to);
  }
}

/** Reads the export back: what it says has to be what was written. */
async function verify(target: string, truth: Truth): Promise<void> {
  const { truth: again } = await loadTruth(target, {});
  if (again.annotations.count !== truth.annotations.count || again.images.length !== truth.images.length) {
    throw new Error(
      `The export reads back as ${again.images.length} images and ${again.annotations.count} boxes.`,
    );
  }
}

/** Throws `BadInput` where something would be lost without consent, or the target is not free. */
export async function exportLabels(
  source: ExportSource,
  format: ExportFormat,
  target: string,
  options: { readonly allowLoss: boolean; readonly copyImages: boolean },
  progress: Progress,
): Promise<ExportPlan> {
  const plan = planExport(source.truth, format);
  if (plan.losses.length > 0 && !options.allowLoss) {
    const [first] = plan.losses;
    throw new BadInput(
      'export-would-lose',
      `The export would lose something: ${plan.losses.map(({ message, count }) => `${message} (${count})`).join(' ')}`,
      'Allow the loss (--allow-loss), or export to another format.',
      first!.where,
    );
  }
  refuseTarget(target, source.imageRoot === null ? [] : [source.imageRoot]);
  const truth = withoutForeignExtras(source.truth, format);
  if (format === 'voc') {
    await writeFolderWhole(target, async (folder) => {
      await fillVocFolder(folder, truth, progress);
      if (options.copyImages) await copyImages(source, path.join(folder, 'JPEGImages'), progress);
    });
  } else {
    await writeFileWhole(target, format === 'coco' ? writeCocoTruth(truth) : [writeCsvTruth(truth)]);
    if (options.copyImages)
      await writeFolderWhole(
        path.join(path.dirname(target), `${stemOf(path.basename(target))}-images`),
        (folder) => copyImages(source, folder, progress),
      );
  }
  await verify(target, truth);
  return plan;
}
