/** A decoding thread: files in, prepared images out. */
import { parentPort, workerData } from 'node:worker_threads';
import type { DecodingAnswer, DecodingRole, DecodingTask } from './decoder-pool';
import { prepareImage } from './prepare-image';

/** Serves until the thread is ended. */
export function serveDecoding(): void {
  const { input, picture } = workerData as DecodingRole;
  parentPort!.on('message', ({ id, file }: DecodingTask) => {
    prepareImage(file, input, picture).then(
      (image) => {
        const answer: DecodingAnswer = { id, image, reason: null };
        parentPort!.postMessage(answer, [image.data.buffer as ArrayBuffer]);
      },
      (error: unknown) => {
        const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
        parentPort!.postMessage({ id, image: null, reason } satisfies DecodingAnswer);
      },
    );
  });
}
