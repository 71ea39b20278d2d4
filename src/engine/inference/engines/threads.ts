/** Threads that share one operation of a network on the processor. */
import { stat } from 'node:fs/promises';
import os from 'node:os';
import type { ModelFile } from '../model-file';

/** Bytes of all files of a model up to which its operations are short: the time to hand out their parts shows. */
const SMALL_MODEL = 4e6;

/** Of all files of a model. */
export async function modelBytes({ files }: Pick<ModelFile, 'files'>): Promise<number> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

const isSmall = async (file: Pick<ModelFile, 'files'>): Promise<boolean> =>
  (await modelBytes(file)) <= SMALL_MODEL;

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

/** Sessions side by side at most: decoding does not keep up with more. */
const MOST_SESSIONS = 4;

/** Threads of an operation (null: the engine's own choice, which is every core), and sessions that run side by side. */
export interface OnnxThreads {
  readonly threads: number | null;
  readonly sessions: number;
}

/**
 * For ONNX Runtime. A small model runs over several images at once, each in one thread: threads that share its operations
 * take four fifths more of the processors and gain nothing (4.8 ms an image, with one and with two). On two quiet cores two
 * sessions take a tenth less time than one (364 images in 2.1 s and 2.3 s, start included), on busy ones as much.
 */
export async function onnxThreads(
  file: Pick<ModelFile, 'files'>,
  wanted: number | null,
  cores = os.availableParallelism(),
): Promise<OnnxThreads> {
  if (wanted !== null || !(await isSmall(file))) return { threads: wanted, sessions: 1 };
  return { threads: 1, sessions: Math.min(cores, MOST_SESSIONS) };
}
