/** A model over a project's images, with the real model and the program that users run. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EngineEvents } from '../../contract/engine-calls';
import { sharedPath } from '../../core/foundation/shared-data.fixture';
import type { Engine } from '../engine';
import { createEngine } from '../engine';
import type { SessionProcess, StartProcess } from '../inference/session/client';
import { sessionProgram } from '../inference/session/session-program.fixture';

const bccd = sharedPath('models/bccd');
const dataset = sharedPath('datasets/bccd');
const isAbsent = bccd === null || dataset === null;
const IMAGES = 12;
const settings = {
  path: `${bccd ?? ''}/model.onnx`,
  labelMap: null,
  overrides: null,
  backend: 'auto',
  scoreThreshold: 0.001,
  maxDetections: 100,
  batch: null,
} as const;

let folder = '';
let engine: Engine;
let start: StartProcess;
let started: SessionProcess[];
let onProgress: (data: EngineEvents['job.progressed']) => void;

beforeAll(async () => {
  if (!isAbsent) start = await sessionProgram();
});

/** `copies`: the image folder holds each image so many times, so that a run lasts. */
async function openProject(copies = 1): Promise<void> {
  interface Coco {
    images: { id: number; file_name: string; width: number; height: number }[];
    annotations: { image_id: number }[];
    categories: object[];
  }
  const all = JSON.parse(readFileSync(`${dataset!}/coco/val.json`, 'utf8')) as Coco;
  mkdirSync(path.join(folder, 'images'));
  const chosen = all.images.slice(0, IMAGES);
  const images = Array.from({ length: copies }, (_, copy) =>
    chosen.map((image) => ({
      ...image,
      id: copy * 1000 + image.id,
      file_name: `${copy}-${image.file_name}`,
    })),
  ).flat();
  for (const { file_name: name } of images)
    copyFileSync(
      `${dataset!}/JPEGImages/${name.slice(name.indexOf('-') + 1)}`,
      path.join(folder, 'images', name),
    );
  const known = new Set(images.map(({ id }) => id));
  const truth = { ...all, images, annotations: all.annotations.filter(({ image_id: id }) => known.has(id)) };
  writeFileSync(path.join(folder, 'truth.json'), JSON.stringify(truth));
  await engine.handlers['import.run']({
    job: 'import',
    paths: [path.join(folder, 'truth.json')],
    exclude: [],
    subset: null,
    images: path.join(folder, 'images'),
    labelMap: null,
    project: path.join(folder, 'p.reticle'),
    runName: null,
    replace: false,
  });
}

function makeEngine(): Engine {
  return createEngine({
    userData: path.join(folder, 'data'),
    resources: path.join(folder, 'none'),
    author: 'test',
    version: '0',
    startSession: () => {
      const process = start();
      started.push(process);
      return process;
    },
    emit: (name, data) => {
      if (name === 'job.progressed') onProgress(data as EngineEvents['job.progressed']);
    },
    log: (text) => {
      throw new Error(text);
    },
  });
}

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-models-'));
  started = [];
  onProgress = () => undefined;
  engine = makeEngine();
});
afterEach(() => {
  engine.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(isAbsent)('a model over the project’s images', () => {
  it('is understood, estimated, tried on one image and becomes a run with scores', async () => {
    await openProject();
    const asked = { path: settings.path, labelMap: null, overrides: null };
    const known = await engine.handlers['model.understand'](asked);
    expect(known).toMatchObject({ isRemembered: false, overrides: {}, problem: null });
    expect(known.backends).toContain('onnx');
    const estimate = await engine.handlers['models.estimate']({ job: 'e', ...settings, images: 'all' });
    expect(estimate).toMatchObject({ images: IMAGES, device: expect.any(String) as string });
    expect(estimate.secondsPerImage).toBeGreaterThan(0);
    const [found] = await engine.handlers['image.find']({ text: 'Blood', limit: 1 });
    const preview = await engine.handlers['models.preview']({ job: 'p', ...settings, image: found!.image });
    expect(preview.boxes[0]).toMatchObject({ name: 'RBC' });

    const done = await engine.handlers['models.run']({ job: 'r', ...settings, images: 'all', name: null });
    expect(done.findings).toEqual([]);
    expect(done.project.runs).toMatchObject([
      { name: 'model', source: 'model.onnx', predictions: IMAGES * 100, images: IMAGES },
    ]);
    const score = await engine.handlers['score.current']({ run: done.run, protocol: 'coco' });
    expect(score.value).toBeGreaterThan(0.4);
    // The run is a step like any other.
    await engine.handlers['edit.undo']({ shown: null });
    expect((await engine.handlers['project.state']({}))?.runs).toEqual([]);
    await engine.handlers['edit.redo']({ shown: null });
    const rest = { job: 'r', ...settings, images: { without: done.run }, name: 'rest' } as const;
    await expect(engine.handlers['models.run'](rest)).rejects.toMatchObject({ code: 'nothing-to-run' });
    expect(await engine.handlers['models.unfinished']({})).toEqual([]);
  });

  it('is resumed after its process was killed, with no image run twice', async () => {
    await openProject(20);
    let most = 0;
    onProgress = ({ stage, done }) => {
      if (!stage.startsWith('Running')) return;
      most = Math.max(most, done);
      if (done >= 30 && started.length === 1) {
        started.push(started[0]!);
        started[0]!.kill();
      }
    };
    const request = { job: 'r', ...settings, images: 'all', name: 'first' } as const;
    await expect(engine.handlers['models.run'](request)).rejects.toMatchObject({
      code: 'model-out-of-memory',
    });
    expect((await engine.handlers['project.state']({}))?.runs).toEqual([]);
    // As after a restart of the app.
    engine.close();
    onProgress = () => undefined;
    engine = makeEngine();
    await engine.handlers['project.open']({ path: path.join(folder, 'p.reticle') });
    const [unfinished] = await engine.handlers['models.unfinished']({});
    expect(unfinished).toMatchObject({ name: 'first', total: IMAGES * 20 });
    expect(unfinished!.done).toBeGreaterThanOrEqual(30);
    const done = await engine.handlers['models.resume']({ job: 'again', id: unfinished!.id });
    expect(done.project.runs).toMatchObject([
      { name: 'first', predictions: IMAGES * 2000, images: IMAGES * 20 },
    ]);
    expect(await engine.handlers['models.unfinished']({})).toEqual([]);
  });

  it('is paused, goes on, and is cancelled; several wait for each other', async () => {
    // More images than are under way at once: some are left when the pause ends.
    await openProject(16);
    const estimate = await engine.handlers['models.estimate']({ job: 'e', ...settings, images: 'all' });
    expect(estimate.seconds).toBeCloseTo(IMAGES * 16 * estimate.secondsPerImage!, 9);
    expect(estimate.secondsPerImage).toBeGreaterThan(0);
    const stages: string[] = [];
    let resumed = false;
    onProgress = ({ job, stage, done }) => {
      stages.push(`${job} ${stage.split(' ')[0]!}`);
      if (job === 'a' && stage.startsWith('Running') && done > 5 && !resumed) {
        resumed = true;
        void engine.handlers['models.pause']({ job: 'a', paused: true });
        setTimeout(() => void engine.handlers['models.pause']({ job: 'a', paused: false }), 300);
      }
      if (job === 'b' && stage.startsWith('Running')) void engine.handlers['job.cancel']({ job: 'b' });
    };
    const request = { ...settings, images: 'all' } as const;
    const first = engine.handlers['models.run']({ job: 'a', ...request, name: 'a' });
    const second = engine.handlers['models.run']({ job: 'b', ...request, name: 'b' });
    const isCancelled = expect(second).rejects.toMatchObject({ name: 'Cancelled' });
    expect((await first).project.runs).toMatchObject([{ name: 'a', images: IMAGES * 16 }]);
    await isCancelled;
    expect(resumed).toBe(true);
    expect(stages.indexOf('a Paused')).toBeGreaterThan(stages.indexOf('a Running'));
    expect(stages.lastIndexOf('a Paused')).toBeLessThan(stages.lastIndexOf('a Running'));
    expect(stages.lastIndexOf('a Running')).toBeLessThan(stages.indexOf('b Running'));
    const [left] = await engine.handlers['models.unfinished']({});
    expect(left).toMatchObject({ name: 'b' });
    await engine.handlers['models.discard']({ id: left!.id });
    expect(await engine.handlers['models.unfinished']({})).toEqual([]);
  });

  it('is run with changes: one image beside itself, and a sample that a run remembers', async () => {
    await openProject();
    const run = await engine.handlers['models.run']({ job: 'r', ...settings, images: 'all', name: null });
    const [found] = await engine.handlers['image.find']({ text: 'Blood', limit: 1 });
    const asked = {
      ...settings,
      job: 't',
      image: found!.image,
      protocol: 'coco',
      point: { iou: 0.5, score: 0.3 },
    } as const;
    const flipped = await engine.handlers['models.tryChange']({ ...asked, change: { flip: 'horizontal' } });
    expect(flipped.words).toBe('flipped left to right');
    // Boxes come back to where the objects are: most stay what they were.
    expect(flipped.before.truePositives).toBeGreaterThan(5);
    expect(Math.abs(flipped.after.truePositives - flipped.before.truePositives)).toBeLessThan(4);
    const strong = flipped.before.boxes.filter(({ score }) => score > 0.5).length;
    expect(flipped.pairs.filter(([before]) => before < strong).length).toBeGreaterThan(strong * 0.8);
    const cut = await engine.handlers['models.tryChange']({ ...asked, change: { scoreThreshold: 0.5 } });
    expect(cut.after.boxes).toEqual(cut.before.boxes.filter(({ score }) => score >= 0.5));
    expect(cut.after.score).toBeLessThan(cut.before.score!);

    const stages: string[] = [];
    onProgress = ({ stage, done, total }) => stages.push(`${stage} ${done} ${total}`);
    const changes = [{ channels: 'bgr' }, { shift: { x: 0.25, y: 0 } }] as const;
    const wanted = { job: 'm', ...settings, images: 6, changes, protocol: 'coco' } as const;
    const measured = await engine.handlers['models.measure'](wanted);
    expect(measured).toMatchObject({ images: 6, total: IMAGES, runs: [run.run] });
    const [blueFirst, shifted] = measured.changes;
    expect(blueFirst!.gain).toBeLessThan(-0.05);
    expect(blueFirst!.gainInterval![1]).toBeLessThan(0);
    expect(shifted!.recallAfter).toBeGreaterThan(0.5);
    expect(shifted!.moved.length).toBeGreaterThan(2);
    expect(stages).toContain('Running the model with changes 18 18');

    onProgress = () => void engine.handlers['job.cancel']({ job: 'm' });
    await expect(engine.handlers['models.measure'](wanted)).rejects.toMatchObject({ name: 'Cancelled' });
  });

  it('is told by its own runs that it was run with the wrong channel order', async () => {
    await openProject();
    const wrong = { ...settings, overrides: { channels: 'bgr' } } as const;
    const { run } = await engine.handlers['models.run']({ job: 'r', ...wrong, images: 'all', name: null });
    const changes = [{ channels: 'rgb' }] as const;
    const wanted = { job: 'm', ...wrong, images: IMAGES, changes, protocol: 'coco' } as const;
    await engine.handlers['models.measure'](wanted);
    const asked = { job: 'd', run, protocol: 'coco', category: null, again: false } as const;
    const { causes, heldBack } = await engine.handlers['causes.diagnose'](asked);
    expect(heldBack).toEqual([]);
    const cause = causes.find(({ code }) => code === 'preprocessing-differs');
    expect(cause).toMatchObject({ confidence: 'measured', action: expect.stringContaining('RGB') as string });
    expect(cause!.gain).toBeGreaterThan(0.1);
    expect(cause!.gainInterval![0]).toBeGreaterThan(0);
  });

  it('remembers what was decided about a model, by its content', async () => {
    await openProject();
    const overrides = { classBase: 0 } as const;
    await engine.handlers['models.run']({ job: 'r', ...settings, overrides, images: 'all', name: null });
    const copy = path.join(folder, 'renamed');
    mkdirSync(copy);
    copyFileSync(settings.path, path.join(copy, 'model.onnx'));
    const asked = { path: path.join(copy, 'model.onnx'), labelMap: null };
    const known = await engine.handlers['model.understand']({ ...asked, overrides: null });
    expect(known).toMatchObject({ isRemembered: true, overrides, labelMap: null });
    expect(known.plan?.decoder.classBase).toBe(0);
    const forgotten = await engine.handlers['model.understand']({ ...asked, overrides: {} });
    expect(forgotten).toMatchObject({ isRemembered: false, overrides: {} });
  });
});
