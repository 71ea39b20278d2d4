import { describe, expect, it } from 'vitest';
import { sharedPath } from '../../../core/foundation/shared-data.fixture';
import { decodeRun, settlePlan } from '../../../core/inference/decode';
import type { Detections } from '../../../core/inference/model';
import type { Backend } from '../engines/session';
import { openSession } from '../engines/open';
import { understandFile } from '../predict/understand-file';
import { prepareImage } from './prepare-image';
import type { Candidate } from './trial';
import { findTheSame, whyProcessor, whySlower } from './trial';

const bccd = sharedPath('models/bccd');
const images = sharedPath('datasets/bccd');
const LIMITS = { scoreThreshold: 0.001, maxDetections: 100 };

async function candidate(model: string, backend: Backend): Promise<Candidate> {
  const { file, plan } = await understandFile(`${bccd!}/${model}`, null, [], {});
  const options = { backend, threads: null, dataFolder: null };
  const { session } = await openSession(file, options);
  const image = await prepareImage(`${images!}/JPEGImages/BloodImage_00000.jpg`, plan.input, null);
  const { name, dtype } = plan.input;
  const shape = [1, image.height, image.width, 3];
  return {
    session,
    inputs: [{ name, dtype, shape, data: image.data }],
    images: 1,
    detections: (outputs) => decodeRun(settlePlan(plan, outputs), outputs, [image.placement], LIMITS)[0]!,
  };
}

describe.skipIf(bccd === null || images === null)('a trial between two engines', () => {
  it('takes either where both find the same, and then says the times of both', async () => {
    const one = await candidate('tfjs', 'wasm');
    const other = await candidate('model.onnx', 'onnx');
    // Which is the faster one is for the machine to say.
    const times = /^(|\d+(\.\d)? ms an image, \d+(\.\d)? ms an image on the processor.*)$/;
    expect((await whyProcessor(one, other, 640)) ?? '').toMatch(times);
    expect((await whyProcessor(other, one, 640)) ?? '').toMatch(times);
  });

  it('takes the faster one', () => {
    expect(whySlower(64.4, 17.7, 'processor')).toBe('64 ms an image, 18 ms an image on the processor');
    expect(whySlower(9.7, 11, 'processor')).toBeNull();
    expect(whySlower(9.7, 9.7, 'processor')).toBeNull();
  });

  it('takes no engine whose boxes differ, however fast', async () => {
    const slow = await candidate('tfjs', 'wasm');
    const fast = await candidate('model.onnx', 'onnx');
    const [{ data, ...input }] = fast.inputs as [(typeof fast.inputs)[0]];
    const upsideDown = {
      ...fast,
      inputs: [{ ...input, data: Uint8Array.from(data as Uint8Array).reverse() }],
    };
    expect(await whyProcessor(upsideDown, slow, 640)).toBe(
      `other boxes in the first image than on the ${slow.session.device}`,
    );
  });

  it('takes the processor where the card fails, with the card’s words', async () => {
    const fast = await candidate('model.onnx', 'onnx');
    const [input] = fast.inputs as [(typeof fast.inputs)[0]];
    const data = (input.data as Uint8Array).subarray(0, 640 * 480);
    const failing = { ...fast, inputs: [{ ...input, shape: [1, 480, 640, 1], data }] };
    expect(await whyProcessor(failing, fast, 640)).toMatch(/^it fails there: .*[^.]$/);
  });
});

describe('boxes of two engines', () => {
  const detections = (
    ...rows: readonly (readonly [x: number, score: number, classIndex: number])[]
  ): Detections => ({
    count: rows.length,
    box: Float64Array.from(rows.flatMap(([x]) => [x, 10, 50, 40])),
    score: Float64Array.from(rows, ([, score]) => score),
    classIndex: Int32Array.from(rows, ([, , classIndex]) => classIndex),
  });
  const one = detections([100, 0.9, 1]);

  it('are the same in any order, but for rounding and for what is not shown', () => {
    expect(findTheSame(one, detections([7, 0.04, 0], [101, 0.91, 1]), 640)).toBe(true);
  });

  it('are not the same at another place, of another class or score, or where one finds more', () => {
    for (const other of [
      detections([110, 0.9, 1]),
      detections([100, 0.9, 2]),
      detections([100, 0.8, 1]),
      detections([100, 0.9, 1], [300, 0.5, 1]),
      detections(),
    ]) {
      expect(findTheSame(one, other, 640)).toBe(false);
      expect(findTheSame(other, one, 640)).toBe(false);
    }
  });
});
