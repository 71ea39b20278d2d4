/** Threads that decode and prepare the next images while the network works on the last ones. */
import { Worker } from 'node:worker_threads';
import type { PictureChange } from '../../../core/inference/change/picture-change';
import type { InputPlan } from '../../../core/inference/model';
import type { ImageFile } from '../../images/image-file';
import type { PreparedImage } from './prepare-image';

/** The start of such a thread. */
export interface DecodingRole extends Preparation {
  readonly role: 'decode';
}

export interface DecodingTask {
  readonly id: number;
  readonly file: ImageFile;
}
export type DecodingAnswer =
  | { readonly id: number; readonly image: PreparedImage; readonly reason: null }
  | { readonly id: number; readonly image: null; readonly reason: string };

/** How every image is prepared. */
export interface Preparation {
  readonly input: InputPlan;
  readonly picture: PictureChange | null;
}

interface Waiting {
  readonly resolve: (image: PreparedImage) => void;
  readonly reject: (error: Error) => void;
}

/** Why an image could not be prepared, in the decoder's words. */
export class Undecodable extends Error {
  override readonly name = 'Undecodable';
}

export class DecoderPool {
  readonly #workers: Worker[];
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;

  /** `program`: the file that calls `serveDecoding` in such a thread. */
  constructor(program: string, threads: number, preparation: Preparation) {
    this.#workers = Array.from({ length: threads }, () => {
      const worker = new Worker(program, {
        workerData: { role: 'decode', ...preparation } satisfies DecodingRole,
      });
      worker.on('message', (answer: DecodingAnswer) => this.#settle(answer));
      worker.on('error', (error) => this.#failAll(error));
      return worker;
    });
  }

  /** Throws `Undecodable` where the file is no image. */
  prepare(file: ImageFile): Promise<PreparedImage> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#workers[id % this.#workers.length]!.postMessage({ id, file } satisfies DecodingTask);
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #settle({ id, image, reason }: DecodingAnswer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (image === null) waiting?.reject(new Undecodable(reason));
    else waiting?.resolve(image);
  }

  #failAll(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
