/** The sample's own model: what is committed finds what is stated, and says itself how it is run. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadTruth } from '../import/load';
import { classIds } from '../../core/inference/class-names';
import { evaluateProtocol } from '../../core/metrics/protocol-evaluation';
import { ROOT } from '../../../scripts/bootstrap/paths.mjs';
import { readPixels, runModel } from './decoding/run-model.fixture';
import { openOnnxSession } from './engines/onnx';
import type { PredictedBox } from './predict/run-for-results';
import { predictionColumns } from './predict/run-for-results';
import { understandFile } from './predict/understand-file';

const SAMPLE = path.join(ROOT, 'resources', 'sample');
const MODEL = path.join(SAMPLE, 'model', 'smear-detector.onnx');
/** COCO's AP on the sample's images against what was rendered, as `npm run sample:model` prints it. */
const STATED_AP = 0.77;
const LIMITS = { scoreThreshold: 0.001, maxDetections: 100 };

describe('the sample’s own model', () => {
  it('is small, and its AP is what is stated', async () => {
    expect(statSync(MODEL).size).toBeLessThan(3e6);
    const { truth } = await loadTruth(path.join(SAMPLE, 'truth-exact.json'), {});
    const names = truth.categories.map(({ name }) => name);
    const { file, plan, labelMap } = await understandFile(MODEL, null, names, {});
    expect(plan).toMatchObject({
      decoder: { name: 'tf2-object-detection-api' },
      classNames: names,
      assumed: [],
    });
    const { idOf } = classIds(plan, labelMap, truth.categories);
    const session = await openOnnxSession(file, 'onnx', 1, null);
    const rows: PredictedBox[] = [];
    for (const [image, { fileName }] of truth.images.entries()) {
      const pixels = await readPixels(path.join(SAMPLE, 'images', fileName));
      const { detections } = await runModel(session, plan, pixels, LIMITS);
      for (let row = 0; row < detections.count; row++) {
        const category = truth.categories.findIndex(({ id }) => id === idOf(detections.classIndex[row]!));
        const box = [...detections.box.subarray(row * 4, row * 4 + 4)];
        rows.push({ image, category, box, score: detections.score[row]! });
      }
    }
    await session.close();
    const { metrics } = evaluateProtocol(
      {
        imageIds: truth.images.map(({ id }) => id),
        categories: truth.categories,
        annotations: truth.annotations,
        predictions: predictionColumns(rows),
      },
      'coco',
      {},
    ).result(0.5);
    expect(Math.abs(metrics['AP']! - STATED_AP)).toBeLessThan(0.01);
  });

  it('was trained on images that are not the sample’s', () => {
    const script = readFileSync(path.join(ROOT, 'scripts', 'sample', 'model', 'render-training.mjs'), 'utf8');
    const seed = Number(/SEED = ([\d_]+)/.exec(script)![1]!.replaceAll('_', ''));
    const { seed: own } = JSON.parse(readFileSync(path.join(SAMPLE, 'planted.json'), 'utf8')) as {
      seed: number;
    };
    const seeds = (from: number, count: number) => Array.from({ length: count }, (_, at) => from + at * 7919);
    const trained = new Set(seeds(seed, 320));
    expect(seeds(own, 120).filter((one) => trained.has(one))).toEqual([]);
  });
});
