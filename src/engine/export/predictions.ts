/** Predictions in another format, whole or not at all. */
import path from 'node:path';
import { mkdir, writeFile } from 'node:fs/promises';
import type { PredictionColumns, Truth } from '../../core/dataset/dataset';
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';
import type { Finding } from '../../core/foundation/finding';
import { FindingCollector } from '../../core/foundation/finding';
import { safeRelativePath, stemOf } from '../../core/formats/names';
import { predictionsWriterOf } from '../../core/formats/registry';
import { refuseTarget, writeFileWhole, writeFolderWhole } from './atomic';
import { lossText } from './plan';

interface Options {
  readonly allowLoss: boolean;
  readonly sources: readonly string[];
}

function lossesOf(truth: Truth, predictions: PredictionColumns, format: string): Finding[] {
  const { needsSizes, layout } = predictionsWriterOf(format)!;
  const losses = new FindingCollector();
  const isUnsized = (image: number): boolean => !truth.images[image]!.width || !truth.images[image]!.height;
  const unsized = predictions.image.filter(isUnsized).length;
  if (needsSizes && unsized > 0)
    losses.add(
      'sizes-missing',
      'warning',
      `${format} writes shares of the image, and the size of some images is not known: their boxes are left out.`,
      {},
      unsized,
    );
  const stems = truth.images.map(({ fileName }) => stemOf(safeRelativePath(fileName)));
  const collisions = stems.length - new Set(stems).size;
  if (layout === 'folder' && collisions > 0)
    losses.add(
      'names-collide',
      'warning',
      `${format} keeps one file a name: images of the same name in several folders collide.`,
      {},
      collisions,
    );
  return losses.list();
}

/** Throws `BadInput` where something would be lost without consent, or the target is not free. */
export async function exportPredictions(
  truth: Truth,
  predictions: PredictionColumns,
  format: string,
  target: string,
  { allowLoss, sources }: Options,
  progress: Progress,
): Promise<Finding[]> {
  const losses = lossesOf(truth, predictions, format);
  if (losses.length > 0 && !allowLoss)
    throw new BadInput(
      'export-would-lose',
      `The export would lose something: ${losses.map(lossText).join(' ')}`,
      'Allow the loss (--allow-loss), or export to another format.',
    );
  refuseTarget(target, sources);
  const writer = predictionsWriterOf(format)!;
  const files = writer.write(truth, predictions);
  if (writer.layout === 'folder')
    await writeFolderWhole(target, async (folder) => {
      for (const { path: relative, content } of files) {
        progress.check();
        const file = path.join(folder, ...relative.split('/'));
        await mkdir(path.dirname(file), { recursive: true });
        await writeFile(file, content, { flag: 'wx', flush: true });
      }
    });
  else for (const { content } of files) await writeFileWhole(target, content);
  return losses;
}
