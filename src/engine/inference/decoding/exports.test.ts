/** Real exports of other libraries: understood without a flag, and the boxes that those libraries compute. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sharedPath } from '../../../core/foundation/shared-data.fixture';
import { readLabelMap } from '../../../core/formats/label-map/read-label-map';
import { classIds } from '../../../core/inference/class-names';
import type { Detections } from '../../../core/inference/model';
import { understandModel } from '../../../core/inference/understand';
import { openSession } from '../engines/open';
import { openModelFile } from '../model-file';
import { readPixels, runModel } from './run-model.fixture';

interface ExpectedBox {
  readonly xyxy: readonly [number, number, number, number];
  readonly score: number;
  readonly class: number;
}
interface Expected {
  readonly class_base: number;
  readonly images: readonly {
    readonly file_name: string;
    readonly note?: string;
    readonly boxes: readonly ExpectedBox[];
  }[];
}

const folder = sharedPath('models/exports');

/** Largest differences to a partner, and how many expected boxes have a partner within a pixel and 5e-3. */
function compare(detections: Detections, expected: readonly ExpectedBox[], classBase: number) {
  const used = new Set<number>();
  let close = 0;
  let worstScore = 0;
  let worstPixels = 0;
  for (const { xyxy, score, class: number } of expected) {
    let partner = -1;
    let least = Infinity;
    for (let row = 0; row < detections.count; row++) {
      if (used.has(row) || detections.classIndex[row] !== number - classBase) continue;
      const [x, y, width, height] = detections.box.subarray(row * 4, row * 4 + 4);
      const corners = [x!, y!, x! + width!, y! + height!];
      const distance = Math.max(...corners.map((value, at) => Math.abs(value - xyxy[at]!)));
      const both = distance + 100 * Math.abs(detections.score[row]! - score);
      if (both < least) {
        least = both;
        partner = row;
      }
    }
    if (partner < 0) continue;
    const at = partner * 4;
    const [x, y, width, height] = detections.box.subarray(at, at + 4);
    const pixels = Math.max(
      ...[x!, y!, x! + width!, y! + height!].map((value, index) => Math.abs(value - xyxy[index]!)),
    );
    const difference = Math.abs(detections.score[partner]! - score);
    if (pixels > 1 || difference > 5e-3) continue;
    used.add(partner);
    close++;
    worstScore = Math.max(worstScore, difference);
    worstPixels = Math.max(worstPixels, pixels);
  }
  return { close, worstScore, worstPixels };
}

const MODELS = [
  ['ssdlite320_mobilenet_v3_large', 'torchvision'],
  ['fasterrcnn_mobilenet_v3_small_320_fpn', 'torchvision'],
  ['ssdlite320-raw', 'ssd'],
  ['rtdetrv2', 'rt-detr'],
  ['detr', 'detr'],
] as const;

describe.skipIf(folder === null)('exports of other libraries (skipped without the shared data)', () => {
  it.each(MODELS)(
    '%s is understood by its file and gives the boxes of its library',
    async (name, decoder) => {
      const file = await openModelFile(`${folder!}/${name}/model.onnx`);
      const text = readFileSync(`${folder!}/${name}/label_map.pbtxt`, 'utf8');
      const labelMap = readLabelMap(text, 'label_map.pbtxt');
      const context = {
        labelMap,
        classNames: null,
        pipelineConfig: null,
        transformers: null,
        paddle: null,
        mmdeploy: null,
      };
      const plan = understandModel(file.signature, context);
      expect(plan.decoder.name).toBe(decoder);
      // Nothing beside the file: still the same, from the graph's own operations.
      const bare = understandModel(file.signature, { ...context, labelMap: null });
      expect(bare.decoder).toEqual(plan.decoder);
      expect(plan.classNames).toEqual(['RBC', 'WBC', 'Platelets']);
      expect([0, 1, 2].map(classIds(plan, labelMap, null).idOf)).toEqual([1, 2, 3]);

      const expected = JSON.parse(readFileSync(`${folder!}/${name}/expected.json`, 'utf8')) as Expected;
      const { session } = await openSession(file, { backend: 'onnx', threads: 1, dataFolder: null });
      let boxes = 0;
      let close = 0;
      for (const image of expected.images) {
        if (image.note !== undefined) continue;
        const pixels = await readPixels(`${folder!}/images/${image.file_name}`);
        const limits = { scoreThreshold: 0.001, maxDetections: Math.max(100, image.boxes.length) };
        const { detections } = await runModel(session, plan, pixels, limits);
        expect(detections.count).toBe(image.boxes.length);
        const result = compare(detections, image.boxes, expected.class_base);
        boxes += image.boxes.length;
        close += result.close;
        if (image.file_name.includes('320x320')) {
          expect(result.close).toBe(image.boxes.length);
          expect(result.worstScore).toBeLessThan(1e-5);
          expect(result.worstPixels).toBeLessThan(0.01);
        }
      }
      await session.close();
      expect(close / boxes).toBeGreaterThanOrEqual(0.97);
    },
  );
});
