/** Many small files in their order, batch by batch: where there are enough of them, a thread reads on meanwhile. */
import { on } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { readingThread } from 'virtual:reading-thread';
import { BATCH_BYTES, fillBatch } from './batch';
import type { FilledBatch, ReadingTask } from './thread';

/** A thread takes as long to start as this many files to read. */
const WORTH_A_THREAD = 4096;
/** Batches that are read ahead. */
const AHEAD = 4;

/** `most`: bytes of each file. A batch is good until the next one is asked for. Each holds at least one file. */
export function readMany(
  files: readonly string[],
  most: number,
  threads = availableParallelism(),
): AsyncGenerator<FilledBatch> {
  return files.length >= WORTH_A_THREAD && threads > 1 ? byThread({ files, most }) : here(files, most);
}

async function* here(files: readonly string[], most: number): AsyncGenerator<FilledBatch> {
  const buffer = new Uint8Array(BATCH_BYTES);
  for (let next = 0; next < files.length;) {
    const ends = fillBatch(files, next, buffer, most);
    next += ends.length;
    yield { buffer, ends };
    if (next < files.length) await new Promise((resolve) => setImmediate(resolve));
  }
}

async function* byThread(workerData: ReadingTask): AsyncGenerator<FilledBatch> {
  const thread = new Worker(readingThread, { eval: true, workerData });
  try {
    const send = (buffer: Uint8Array<ArrayBuffer>): void => thread.postMessage(buffer, [buffer.buffer]);
    const filled = on(thread, 'message', { close: ['exit'] }) as AsyncIterable<[FilledBatch]>;
    for (let batch = 0; batch < AHEAD; batch++) send(new Uint8Array(BATCH_BYTES));
    let left = workerData.files.length;
    for await (const [batch] of filled) {
      left -= batch.ends.length;
      yield batch;
      if (left === 0) return;
      send(batch.buffer);
    }
    throw new Error(`The thread that reads files ended with ${left} of them unread.`);
  } finally {
    await thread.terminate();
  }
}
