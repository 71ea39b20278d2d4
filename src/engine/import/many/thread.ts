/** A thread that reads files in their order into the buffers that it is sent, and sends them back filled. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Ends } from './batch';
import { fillBatch } from './batch';

export interface ReadingTask {
  readonly files: readonly string[];
  /** Bytes of each. */
  readonly most: number;
}

export interface FilledBatch {
  readonly buffer: Uint8Array<ArrayBuffer>;
  readonly ends: Ends;
}

const port = parentPort!;
const { files, most } = workerData as ReadingTask;
let next = 0;
port.on('message', (buffer: Uint8Array<ArrayBuffer>) => {
  const ends = fillBatch(files, next, buffer, most);
  next += ends.length;
  port.postMessage({ buffer, ends } satisfies FilledBatch, [buffer.buffer]);
  if (next >= files.length) port.close();
});
