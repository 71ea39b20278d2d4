/** The model that only waits: a file with the signature of YOLOv8 at 640 x 640, and the run over images. */
import fs from 'node:fs';
import path from 'node:path';
import { noProgress } from '../../src/core/foundation/cancellation';
import { smallOnnx } from '../../src/engine/inference/decoding/small-onnx.fixture';
import { runImages } from '../../src/engine/inference/predict/run-images';
import { understandFile } from '../../src/engine/inference/predict/understand-file';
import { startChildProcess } from '../../src/engine/inference/session/child-process';
import { prepareImage } from '../../src/engine/inference/session/prepare-image';

export const OUTPUT = 'output0';
export const CHANNELS = 84;
export const ANCHORS = 8400;
const NAMES = Array.from({ length: CHANNELS - 4 }, (_, index) => `${index}: 'class ${index}'`);

function writeModel(folder: string): string {
  const file = path.join(folder, 'waiting.onnx');
  const model = smallOnnx({
    input: { name: 'images', shape: ['batch', 3, 640, 640] },
    outputs: [
      {
        name: OUTPUT,
        shape: [1, CHANNELS, 1],
        declared: ['batch', CHANNELS, ANCHORS],
        values: new Float32Array(CHANNELS),
      },
    ],
    metadata: {
      description: 'Ultralytics YOLOv8n model',
      task: 'detect',
      stride: '32',
      imgsz: '[640, 640]',
      names: `{${NAMES.join(', ')}}`,
    },
    isBlind: true,
  });
  fs.writeFileSync(file, model);
  return file;
}

export interface WaitingRun {
  /** Of an image, from the first result to the last. */
  readonly wall: number;
  readonly boxes: number;
}

/** `wait`: milliseconds of a run's image. */
export async function runWaiting(
  program: string,
  folder: string,
  files: readonly string[],
  wait: number,
  batch: number,
): Promise<WaitingRun> {
  const { file, plan } = await understandFile(writeModel(folder), null, null, {});
  process.env['WAIT_MS'] = String(wait);
  const times: number[] = [];
  let boxes = 0;
  await runImages({
    start: () => startChildProcess(program),
    request: {
      model: file.given,
      backend: 'webgpu',
      threads: null,
      dataFolder: null,
      plan,
      isSettled: false,
      limits: { scoreThreshold: 0.001, maxDetections: 100 },
      batch,
    },
    images: files.map((image, key) => ({ key, file: image })),
    progress: noProgress,
    stage: 'Running',
    isKept: false,
    opened: () => undefined,
    take: (event) => {
      if (event.kind !== 'results') return;
      times.push(...event.results.map(() => performance.now()));
      for (const { count } of event.results) boxes += count;
    },
  });
  if (times.length !== files.length) throw new Error(`${files.length - times.length} images failed`);
  // Starting and the first batch are not what is asked.
  return { wall: (times.at(-1)! - times[batch - 1]!) / (times.length - batch), boxes };
}

/** Milliseconds an image of decoding and preparing alone, so many at once. */
export async function prepareAlone(
  folder: string,
  files: readonly string[],
  threads: number,
): Promise<number> {
  const { plan } = await understandFile(writeModel(folder), null, null, {});
  const waiting = [...files];
  const start = performance.now();
  const work = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift())
      await prepareImage(file, plan.input, null);
  };
  await Promise.all(Array.from({ length: threads }, work));
  return (performance.now() - start) / files.length;
}
