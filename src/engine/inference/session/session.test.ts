import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sharedPath } from '../../../core/foundation/shared-data.fixture';
import type { ModelPlan } from '../../../core/inference/model';
import { smallOnnx } from '../decoding/small-onnx.fixture';
import { understandFile } from '../predict/understand-file';
import type { SessionEvent, StartProcess } from './client';
import { SessionClient } from './client';
import { sessionProgram } from './session-program.fixture';

const bccd = sharedPath('models/bccd');
const images = sharedPath('datasets/bccd');

describe.skipIf(bccd === null || images === null)('a session', () => {
  const model = `${bccd!}/model.onnx`;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'reticle-session-'));
  let start: StartProcess;
  let plan: ModelPlan;
  let files: string[];

  beforeAll(async () => {
    start = await sessionProgram();
    ({ plan } = await understandFile(model, null, null, {}));
    const all = readdirSync(`${images!}/JPEGImages`).sort();
    files = all.slice(0, 56).map((name) => `${images!}/JPEGImages/${name}`);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20 }));

  /** The model opened; `all` is what comes until the last of so many images. */
  async function open(threads: number | null, expected: number, of = { model, plan }) {
    const limits = { scoreThreshold: 0.001, maxDetections: 100 };
    const request = { ...of, backend: 'onnx', threads, dataFolder: null, isSettled: false } as const;
    const { client } = await SessionClient.open(start, { ...request, limits, batch: null }, false);
    const events: SessionEvent[] = [];
    const all = new Promise<SessionEvent[]>((resolve, reject) => {
      let left = expected;
      client.listen((event) => {
        events.push(event);
        left -= event.kind === 'results' ? event.results.length : event.kind === 'failed' ? 1 : 0;
        if (left === 0) resolve(events);
      }, reject);
    });
    return { client, events, all };
  }

  async function run(
    threads: number | null,
    given: readonly string[],
    of = { model, plan },
  ): Promise<SessionEvent[]> {
    const { client, all } = await open(threads, given.length, of);
    client.send(given.map((file, key) => ({ key, file })));
    client.flush();
    const events = await all;
    client.close();
    return events;
  }

  const results = (events: readonly SessionEvent[]) =>
    events.flatMap((event) => (event.kind === 'results' ? event.results : []));

  it('tells of images in their order and with the same boxes, however many it runs side by side', async () => {
    const broken = path.join(folder, 'broken.jpg');
    writeFileSync(broken, 'no image');
    const given = [...files.slice(0, 5), broken, ...files.slice(5)];
    const several = await run(null, given);
    const keys = several.flatMap((event) =>
      event.kind === 'results'
        ? event.results.map(({ key }) => key)
        : event.kind === 'failed'
          ? [event.key]
          : [],
    );
    expect(keys).toEqual(given.map((_, key) => key));
    expect(several).toContainEqual(
      expect.objectContaining({ kind: 'failed', key: 5, code: 'image-undecodable' }),
    );
    expect(results(several)).toEqual(results(await run(1, given)));
  });

  it('runs images one by one where a batch fails, and loses none', async () => {
    const file = path.join(folder, 'one-mask.onnx');
    const bytes = smallOnnx({
      input: { name: 'pixel_values', shape: ['batch', 3, 64, 64] },
      // Of one image, whatever the other input declares.
      moreInputs: [{ name: 'pixel_mask', shape: [1, 64, 64] }],
      outputs: [
        { name: 'logits', shape: [1, 1, 4], values: Float32Array.of(0, 9, 0, 0) },
        { name: 'pred_boxes', shape: [1, 1, 4], values: Float32Array.of(0.5, 0.5, 0.25, 0.5) },
      ],
    });
    writeFileSync(file, bytes);
    const of = { model: file, plan: (await understandFile(file, null, null, {})).plan };
    const given = files.slice(0, 20);
    const events = await run(null, given, of);
    expect(events.filter(({ kind }) => kind === 'single')).toHaveLength(1);
    expect(results(events).map(({ key, count }) => [key, count])).toEqual(given.map((_, key) => [key, 1]));
  });

  it('that is held begins no run, whatever was sent to it, and goes on with all of it', async () => {
    const { client, events, all } = await open(null, files.length);
    client.hold(true);
    client.send(files.map((file, key) => ({ key, file })));
    client.flush();
    // Long enough to run many, where it would.
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(events).toEqual([]);
    client.hold(false);
    expect(results(await all).map(({ key }) => key)).toEqual(files.map((_, key) => key));
    client.close();
  });
});
