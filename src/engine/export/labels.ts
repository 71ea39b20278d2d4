/** Labels in any format that is written here: losses first, then whole or not at all, then read back and compared. */
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import type { ExportFormat } from '../../contract/export-formats';
import type { ExportPlan } from '../../contract/view-types';
import type { Truth } from '../../core/dataset/dataset';
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';
import type { Finding } from '../../core/foundation/finding';
import { FindingCollector } from '../../core/foundation/finding';
import type { TargetFile, TruthWriter } from '../../core/formats/format';
import { normaliseFileName, safeRelativePath, stemOf } from '../../core/formats/names';
import { truthWriterOf } from '../../core/formats/registry';
import type { ImageFile } from '../images/image-file';
import { copyImage, readImage } from '../images/image-file';
import { resolveBelow } from '../images/locate';
import { refuseTarget, writeFileWhole, writeFolderWhole } from './atomic';
import type { UprightLabels } from '../project/import-data';
import { compareWithSource } from './compare';
import { withFieldsFor } from './foreign-fields';
import { inFrameOf } from './frame';
import { isLoss, lossText, lossesOf } from './plan';

export interface ExportSource {
  readonly truth: Truth;
  /** Where pixels are; null where unknown. */
  readonly imageRoot: string | null;
  /** Below the image root, by image; null where the file is missing. */
  readonly locations: readonly (string | null)[];
  /** EXIF's, by image; where they are not known boxes go out as they are. */
  readonly orientations?: readonly number[];
  /** How the labels came in. */
  readonly upright?: UprightLabels;
}

export interface ExportOptions {
  readonly allowLoss: boolean;
  readonly copyImages: boolean;
  /** Paths that are only read: the target may not lie within them. */
  readonly sources: readonly string[];
}

function writerOf(format: string): TruthWriter {
  const writer = truthWriterOf(format);
  if (writer) return writer;
  throw new BadInput('format-not-written', `“${format}” is not written here.`, 'Choose another format.');
}

/** What reading the export again would not give back. */
export function planExport(truth: Truth, format: ExportFormat): ExportPlan {
  const losses = lossesOf(truth, format, writerOf(format));
  return {
    format,
    images: truth.images.length,
    annotations: truth.annotations.count,
    losses,
    needsConsent: losses.some(isLoss),
    problem: null,
  };
}

async function writeFlushed(file: string, content: TargetFile['content']): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const handle = await open(file, 'wx');
  try {
    for await (const piece of content) await handle.appendFile(piece);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const imageFile = ({ imageRoot, locations }: ExportSource, image: number): ImageFile | null => {
  const location = locations[image] ?? null;
  return imageRoot === null || location === null ? null : resolveBelow(imageRoot, location);
};

async function copyImages(
  source: ExportSource,
  pathOf: (image: number) => string,
  progress: Progress,
): Promise<void> {
  const copied = new Set<string>();
  for (const index of source.locations.keys()) {
    progress.check();
    progress.report('Copying images', index + 1, source.locations.length);
    const from = imageFile(source, index);
    if (from === null) continue;
    const to = pathOf(index);
    // As of their labels.
    if (copied.has(to)) continue;
    copied.add(to);
    await mkdir(path.dirname(to), { recursive: true });
    await copyImage(from, to);
  }
}

/** Copies that are not called as the labels call them; formats that call images by their files say so before. */
function copiesRenamed({ truth, locations }: ExportSource, { expresses }: TruthWriter): Finding[] {
  if (expresses.namesArePaths) return [];
  const findings = new FindingCollector();
  for (const [index, { fileName }] of truth.images.entries())
    if (locations[index] && safeRelativePath(fileName) !== normaliseFileName(fileName))
      findings.add(
        'copies-renamed',
        'warning',
        'Images are copied under names that every system can hold: characters such as : and " become _, and the labels keep the names.',
        { image: fileName },
      );
  return findings.list();
}

/** Throws `BadInput` where something would be lost without consent, or the target is not free. */
export async function exportLabels(
  source: ExportSource,
  format: ExportFormat,
  target: string,
  options: ExportOptions,
  progress: Progress,
): Promise<ExportPlan> {
  const writer = writerOf(format);
  const plan = planExport(source.truth, format);
  const [first, ...more] = plan.losses.filter(isLoss);
  if (first && !options.allowLoss) {
    throw new BadInput(
      'export-would-lose',
      `The export would lose something: ${[first, ...more].map(lossText).join(' ')}`,
      'Allow the loss (--allow-loss), or export to another format.',
      first.where,
    );
  }
  refuseTarget(target, options.sources);
  const framed = inFrameOf(source.truth, source.orientations ?? [], source.upright ?? null, format);
  const truth = withFieldsFor(framed, format);
  const inFolder = writer.layout === 'folder';
  const beside = path.join(path.dirname(target), `${stemOf(path.basename(target))}-images`);
  if (options.copyImages && !inFolder && !writer.holdsImages) refuseTarget(beside, []);
  const files = writer.write(truth, {
    imageBytes: options.copyImages && writer.holdsImages ? (image) => bytesOf(source, image) : null,
    progress,
  });
  if (inFolder)
    await writeFolderWhole(target, async (folder) => {
      const written = new Set<string>();
      for await (const { path: relative, content } of files) {
        progress.check();
        // Of images whose names collide, which was said before, the first is written.
        if (written.has(relative)) continue;
        written.add(relative);
        await writeFlushed(path.join(folder, ...relative.split('/')), content);
      }
      const pathOf = (image: number): string =>
        path.join(folder, ...writer.imagePath(truth, image).split('/'));
      if (options.copyImages) await copyImages(source, pathOf, progress);
    });
  else {
    for await (const { content } of files) await writeFileWhole(target, content);
    if (options.copyImages && !writer.holdsImages)
      await writeFolderWhole(beside, (folder) =>
        copyImages(
          source,
          (image) => path.join(folder, ...safeRelativePath(truth.images[image]!.fileName).split('/')),
          progress,
        ),
      );
  }
  await compareWithSource(target, format, truth, plan.losses, progress);
  const renamed = options.copyImages && !writer.holdsImages ? copiesRenamed(source, writer) : [];
  return { ...plan, losses: [...plan.losses, ...renamed] };
}

async function bytesOf(source: ExportSource, image: number): Promise<Uint8Array | null> {
  const file = imageFile(source, image);
  if (file === null) return null;
  return readImage(file);
}
