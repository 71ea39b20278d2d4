/** Threads that share one operation of a network on the processor. */
import { stat } from 'node:fs/promises';
import os from 'node:os';
import type { ModelFile } from '../model-file';

/** Bytes of all files of a model up to which its operations are short: the time to hand out their parts shows. */
const SMALL_MODEL = 4e6;

async function isSmall({ files }: Pick<ModelFile, 'files'>): Promise<boolean> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((sum, size) => sum + size, 0) <= SMALL_MODEL;
}

/**
 * For TensorFlow; null: its own choice, which is every core. Measured on two quiet cores, two threads take twice as long
 * of the processors as one at 0.14 and 0.4 million weights and are slower by the clock too (9.7 and 6.4 ms, 16.9 and
 * 12.9 ms an image); at 4 million they are faster by a fifth.
 */
export async function tensorflowThreads(
  file: Pick<ModelFile, 'files'>,
  wanted: number | null,
): Promise<number | null> {
  return wanted ?? ((await isSmall(file)) ? 1 : null);
}

/**
 * For ONNX Runtime; null: its own choice, which is every core. Where there are two, a small model leaves one to decoding,
 * which takes about as long: the second thread takes four fifths more of the processors and gains nothing (4.8 ms an
 * image, with one thread and with two).
 */
export async function onnxThreads(
  file: Pick<ModelFile, 'files'>,
  wanted: number | null,
  cores = os.availableParallelism(),
): Promise<number | null> {
  return wanted ?? (cores <= 2 && (await isSmall(file)) ? 1 : null);
}
