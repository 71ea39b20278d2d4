/** Real exports of other libraries against the boxes that those libraries compute (models/exports/README.md). */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { noProgress } from '../../../core/foundation/cancellation';
import { sharedPath } from '../../../core/foundation/shared-data.fixture';
import type { PlanOverrides } from '../../../core/inference/model';
import type { StartProcess } from '../session/client';
import type { ImageResult } from '../session/messages';
import { sessionProgram } from '../session/session-program.fixture';
import { runImages } from './run-images';
import { understandFile } from './understand-file';

const exported = sharedPath('models/exports');

interface Expected {
  readonly class_base: 0 | 1;
  readonly images: readonly {
    readonly file_name: string;
    readonly note?: string;
    readonly boxes: readonly {
      readonly xyxy: readonly number[];
      readonly score: number;
      readonly class: number;
    }[];
  }[];
}

let start: StartProcess;
beforeAll(async () => {
  if (exported !== null) start = await sessionProgram();
});

async function run(model: string, names: readonly string[], overrides: PlanOverrides) {
  const { file, plan } = await understandFile(`${exported!}/${model}/model.onnx`, null, null, overrides);
  const results = new Map<string, ImageResult>();
  await runImages({
    start,
    request: {
      model: file.given,
      backend: 'onnx',
      threads: 1,
      dataFolder: null,
      plan,
      isSettled: false,
      limits: { scoreThreshold: 0.001, maxDetections: 100 },
      batch: null,
    },
    images: names.map((name, key) => ({ key, file: `${exported!}/images/${name}` })),
    progress: noProgress,
    stage: 'test',
    isKept: false,
    opened: () => undefined,
    take: (event) => {
      if (event.kind === 'results')
        for (const result of event.results) results.set(names[result.key]!, result);
      else expect(event.kind).toBe('settled');
    },
  });
  return { plan, results };
}

/** Boxes that have a partner: same class, corners within a pixel, score within 5e-3; each used once. */
function partners(expected: Expected['images'][number], base: number, actual: ImageResult): number {
  const used = new Set<number>();
  let found = 0;
  for (const { xyxy, score, class: number } of expected.boxes) {
    for (let row = 0; row < actual.count; row++) {
      const [x, y, width, height] = actual.box.subarray(row * 4, row * 4 + 4) as unknown as number[];
      const corners = [x!, y!, x! + width!, y! + height!];
      const isPartner =
        !used.has(row) &&
        actual.classIndex[row] === number - base &&
        Math.abs(actual.score[row]! - score) <= 5e-3 &&
        corners.every((value, at) => Math.abs(value - xyxy[at]!) <= 1);
      if (!isPartner) continue;
      used.add(row);
      found++;
      break;
    }
  }
  return found;
}

describe.skipIf(exported === null)('exports of other libraries', () => {
  it.each([
    ['ssdlite320_mobilenet_v3_large', 'torchvision', {}],
    ['fasterrcnn_mobilenet_v3_small_320_fpn', 'torchvision', {}],
    ['ssdlite320-raw', 'ssd', {}],
    ['rtdetrv2', 'rt-detr', {}],
    ['detr', 'detr', {}],
  ] as const)('%s', async (model, decoder, overrides) => {
    const expected = JSON.parse(readFileSync(`${exported!}/${model}/expected.json`, 'utf8')) as Expected;
    const images = expected.images.filter(({ note }) => note === undefined);
    const { plan, results } = await run(
      model,
      images.map(({ file_name: name }) => name),
      overrides,
    );
    expect(plan.decoder.name).toBe(decoder);
    let boxes = 0;
    let found = 0;
    for (const image of images) {
      const count = partners(image, expected.class_base, results.get(image.file_name)!);
      if (image.file_name.includes('320x320')) expect(count, image.file_name).toBe(image.boxes.length);
      boxes += image.boxes.length;
      found += count;
    }
    expect(found / boxes).toBeGreaterThanOrEqual(0.97);
  });
});
