/**
 * A session's process as the application's, with a graphics card that is not there: a run holds its thread for so many
 * milliseconds an image (WAIT_MS), takes no processor meanwhile, and gives outputs of YOLOv8's size.
 */
import { isMainThread, workerData } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import type { ModelOutputs } from '../../src/core/inference/model';
import type { InputTensor, ModelSession } from '../../src/engine/inference/engines/session';
import type { FromSession, ToSession } from '../../src/engine/inference/session/messages';
import { serveDecoding } from '../../src/engine/inference/session/serve-decoding';
import { serveRuns } from '../../src/engine/inference/session/serve-runs';
import { SessionHost } from '../../src/engine/inference/session/session-host';
import { ANCHORS, CHANNELS, OUTPUT } from './waiting-model';

/** Of one image: five hundred candidates over the usual threshold of 0.001, the rest below. */
function candidates(): Float32Array {
  const values = new Float32Array(CHANNELS * ANCHORS);
  let state = 1;
  const random = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
  for (let channel = 0; channel < CHANNELS; channel++)
    for (let anchor = 0; anchor < ANCHORS; anchor++)
      values[channel * ANCHORS + anchor] =
        channel < 2 ? random() * 640 : channel < 4 ? 10 + random() * 100 : random() * 1e-4;
  for (let count = 0; count < 500; count++) {
    const [channel, anchor] = [4 + Math.floor(random() * (CHANNELS - 4)), Math.floor(random() * ANCHORS)];
    values[channel * ANCHORS + anchor] = random() ** 3;
  }
  return values;
}

class WaitingSession implements ModelSession {
  readonly backend = 'webgpu';
  readonly device = 'a wait';
  readonly sessions = 1;
  readonly #one = candidates();
  readonly #clock = new Int32Array(new SharedArrayBuffer(4));

  /** The outputs are copied into new memory, as a runtime hands them out; that is part of the wait. */
  run(inputs: readonly InputTensor[]): Promise<ModelOutputs> {
    const [batch = 1] = inputs[0]!.shape;
    const end = performance.now() + batch * Number(process.env['WAIT_MS']);
    const data = new Float32Array(batch * this.#one.length);
    for (let image = 0; image < batch; image++) data.set(this.#one, image * this.#one.length);
    Atomics.wait(this.#clock, 0, 0, Math.max(0, end - performance.now()));
    return Promise.resolve(new Map([[OUTPUT, { shape: [batch, CHANNELS, ANCHORS], data }]]));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

if (isMainThread) {
  const host = new SessionHost(fileURLToPath(import.meta.url), (message: FromSession) =>
    process.send!(message),
  );
  process.on('message', (message: ToSession) => host.receive(message));
  process.on('disconnect', () => process.exit(0));
} else if ((workerData as { role: string }).role === 'decode') serveDecoding();
else serveRuns(() => Promise.resolve({ session: new WaitingSession(), fallback: null, rival: null }));
