/** Output layouts written in the terms of a network's input, run for real, and the boxes that come back. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect } from 'vitest';
import type { ModelContext, PlanOverrides } from '../../../core/inference/model';
import { NOTHING } from '../../../core/inference/model-context.fixture';
import type { RgbImage } from '../../../core/inference/resample';
import { understandModel } from '../../../core/inference/understand';
import { openSession } from '../engines/open';
import { openModelFile } from '../model-file';
import { runModel } from './run-model.fixture';
import { type SmallModel, smallOnnx } from './small-onnx.fixture';

const folder = mkdtempSync(path.join(tmpdir(), 'reticle-layouts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const THREE = "{0: 'RBC', 1: 'WBC', 2: 'Platelets'}";
export const NAMES = ['RBC', 'WBC', 'Platelets'];

/** As `yolo export` writes it. */
export const ultralytics = (more: Readonly<Record<string, string>> = {}) => ({
  description: 'Ultralytics YOLOv8n model trained on bccd.yaml',
  author: 'Ultralytics',
  stride: '32',
  task: 'detect',
  batch: '1',
  imgsz: '[320, 320]',
  names: THREE,
  end2end: 'False',
  args: "{'batch': 1, 'half': False, 'nms': False, 'device': None}",
  ...more,
});

/** A box of the image: x, y, width, height, score, class index. */
export type Box = readonly [number, number, number, number, number, number];

export const BOXES: readonly Box[] = [
  [100, 50, 80, 60, 0.9, 0],
  [300, 200, 41, 33, 0.75, 2],
  [20.5, 300.25, 120, 90.5, 0.5, 1],
];

/** 640 x 425, the size whose half is rounded to even: 212 rows. */
export const IMAGE: RgbImage = { width: 640, height: 425, data: new Uint8Array(640 * 425 * 3).fill(200) };
const GAIN_X = 0.5;
const GAIN_Y = 212 / 425;
const TOP = 54;

/** Corners in a 320 x 320 letterbox. */
export const letterboxed = ([x, y, width, height]: Box): readonly number[] => [
  x * GAIN_X,
  y * GAIN_Y + TOP,
  (x + width) * GAIN_X,
  (y + height) * GAIN_Y + TOP,
];

export const centred = ([left, top, right, bottom]: readonly number[]): readonly number[] => [
  (left! + right!) / 2,
  (top! + bottom!) / 2,
  right! - left!,
  bottom! - top!,
];

/** Values for `[count, width]`: `row` at each of these places, 0 elsewhere. */
export function rows(
  count: number,
  width: number,
  filled: readonly (readonly [number, readonly number[]])[],
) {
  const values = new Float32Array(count * width);
  for (const [place, row] of filled) values.set(row, place * width);
  return values;
}

export function transposed(values: Float32Array, count: number, width: number): Float32Array {
  return values.map((_, at) => values[(at % count) * width + Math.floor(at / count)]!);
}

export const oneHot = (index: number, classes: number, score: number): number[] =>
  Array.from({ length: classes }, (_, at) => (at === index ? score : 0));

let files = 0;

export async function run(
  model: SmallModel,
  image: RgbImage,
  context: ModelContext = NOTHING,
  overrides: PlanOverrides = {},
) {
  const file = path.join(folder, `${files++}.onnx`);
  writeFileSync(file, smallOnnx(model));
  const opened = await openModelFile(file);
  const understood = understandModel(opened.signature, context, overrides);
  const { session } = await openSession(opened, { backend: 'onnx', threads: 1, dataFolder: null });
  const result = await runModel(session, understood, image, { scoreThreshold: 0.001, maxDetections: 100 });
  await session.close();
  return result;
}

export type Result = Awaited<ReturnType<typeof run>>;

/** Every box where it was written, by falling score; float32 on the way leaves 1e-4 pixels. */
export function expectBoxes({ detections }: Result, expected: readonly Box[] = BOXES): void {
  expect(detections.count).toBe(expected.length);
  expected.forEach(([x, y, width, height, score, classIndex], row) => {
    const at = row * 4;
    [x, y, width, height].forEach((value, index) =>
      expect(Math.abs(detections.box[at + index]! - value)).toBeLessThan(1e-4),
    );
    expect(detections.score[row]).toBeCloseTo(score, 6);
    expect(detections.classIndex[row]).toBe(classIndex);
  });
}

export const INPUT = { name: 'images', shape: [1, 3, 320, 320] };
/** Places of a grid of strides 8, 16 and 32 over 320 x 320. */
export const CELLS = 2100;
