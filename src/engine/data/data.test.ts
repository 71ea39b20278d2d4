/** The data of a project beside its training set: shifts are named, pictures met again, bars open as many as they count. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataView } from '../../contract/data-view';
import { Random } from '../../core/foundation/random';
import type { Engine } from '../engine';
import { RESOURCES, testEngine } from '../engine.fixture';

const SIDE = { width: 96, height: 72 };
const COUNT = 30;
const POINT = { iou: 0.5, score: 0.5 };
const ALL = { outcomes: null, categories: null, sizes: null, statuses: null, confidence: null, text: '' };

let folder = '';
let engine: Engine;

/** Coarse patches, darker by a factor. */
async function picture(
  file: string,
  seed: number,
  light: number,
  change = (image: ReturnType<typeof sharp>) => image,
) {
  const random = new Random(seed);
  const pixels = Uint8Array.from({ length: 12 * 9 * 3 }, () => random.between(40, 250) * light);
  const large = await sharp(pixels, { raw: { width: 12, height: 9, channels: 3 } })
    .resize(SIDE.width, SIDE.height, { kernel: 'nearest' })
    .png()
    .toBuffer();
  mkdirSync(path.dirname(file), { recursive: true });
  await change(sharp(large)).toFile(file);
}

/** Two labels an image: at the left, of class 1, and elsewhere, of class 2. */
function truth(name: string, size: number): string {
  const images = Array.from({ length: COUNT }, (_, at) => ({
    id: at + 1,
    file_name: `${name}-${at}.png`,
    ...SIDE,
  }));
  const annotations = images.flatMap(({ id }) => [
    {
      id: id * 2,
      image_id: id,
      category_id: 1,
      bbox: [3, 10 + (id % 9), size, size],
      area: size ** 2,
      iscrowd: 0,
    },
    {
      id: id * 2 + 1,
      image_id: id,
      category_id: 2,
      bbox: [60, 20 + (id % 7), 18, 12],
      area: 216,
      iscrowd: 0,
    },
  ]);
  const categories = [
    { id: 1, name: 'left' },
    { id: 2, name: 'right' },
  ];
  return JSON.stringify({ images, annotations, categories });
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-data-'));
  const at = (...parts: string[]) => path.join(folder, ...parts);
  for (let image = 0; image < COUNT; image++) {
    await picture(at('val', 'images', `val-${image}.png`), image, 0.5);
    await picture(at('train', 'images', `train-${image}.png`), 1000 + image, 1);
  }
  // Two pictures of the evaluation set, larger, brighter and compressed, under another name.
  for (const image of [3, 7])
    await picture(at('train', 'images', `train-${image}.png`), image, 0.55, (own) =>
      own.resize(240, 180).jpeg({ quality: 50 }),
    );
  writeFileSync(at('val', 'val.json'), truth('val', 10));
  writeFileSync(at('train', 'train.json'), truth('train', 20));
  engine = testEngine(folder, RESOURCES);
  await engine.handlers['import.run']({
    job: 'job',
    paths: [at('val')],
    exclude: [],
    subset: null,
    images: null,
    labelMap: null,
    project: at('data.reticle'),
    runName: null,
    replace: false,
  });
});
afterAll(() => {
  engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const profile = (): Promise<DataView> =>
  Promise.resolve(engine.handlers['data.profile']({ job: 'job', run: null, protocol: 'coco', again: false }));

const imagesOf = async (data: Parameters<Engine['handlers']['gallery.query']>[0]['filter']['data']) => {
  const summary = await engine.handlers['gallery.query']({
    kind: 'images',
    run: null,
    point: POINT,
    filter: { ...ALL, data },
    sort: 'name',
    descending: false,
  });
  return summary.matching;
};

describe('The data of a project', () => {
  it('alone is counted and measured, and nothing is said to differ', async () => {
    const view = await profile();
    expect(view.profile.evaluation).toEqual({ images: 30, labels: 60, classes: 2, withoutLabels: 0 });
    expect(view.profile.training).toBeNull();
    expect(view.profile.lookedAt).toBe(30);
    expect(view.causes).toEqual([]);
    expect(view.training).toBeNull();
  });

  it('beside its training set: what differs is named, pictures are met again, the choice is remembered', async () => {
    const choice = { kind: 'path', path: path.join(folder, 'train', 'train.json') } as const;
    await engine.handlers['data.chooseTraining']({ job: 'job', choice });
    const view = await profile();
    expect(view.training).toMatchObject({ choice, name: 'train.json', subset: null });
    const named = view.causes.map(({ code, evidence }) => evidence.property ?? code);
    expect(named).toEqual(expect.arrayContaining(['brightness', 'train-evaluation-overlap']));
    const brightness = view.causes.find(({ evidence }) => evidence.property === 'brightness')!;
    expect(Number(brightness.evidence.evaluation) / Number(brightness.evidence.train)).toBeCloseTo(0.5, 1);
    expect(view.duplicates.map(({ name, twin }) => [name, twin])).toEqual([
      ['val-3.png', 'train-3.png'],
      ['val-7.png', 'train-7.png'],
    ]);
    const [sizes] = view.profile.measures;
    expect(sizes!.key).toBe('input-size');
    expect(sizes!.comparison).toMatchObject({ isDifferent: true });
  });

  it('opens behind a bar, a cell and a class as many images as they have', async () => {
    const { profile: own } = await profile();
    const brightness = own.measures.find(({ key }) => key === 'brightness')!;
    const { edges } = brightness.bins;
    const behind = {
      set: 'evaluation',
      ranges: [],
      category: null,
      source: null,
      resizer: null,
      words: 'x',
    } as const;
    for (const [bin, images] of brightness.evaluation.entries()) {
      const low = bin === 0 ? null : edges[bin]!;
      const high = bin === edges.length - 2 ? null : edges[bin + 1]!;
      const ranges = [{ measure: 'brightness', low, high }] as const;
      expect(await imagesOf({ ...behind, ranges })).toBe(images);
    }
    // Both labels of an image lie in the upper half, but only one of them at the left.
    const left = { measure: 'place-across', low: null, high: 0.5 } as const;
    expect(await imagesOf({ ...behind, ranges: [left] })).toBe(30);
    expect(await imagesOf({ ...behind, ranges: [left], category: 2 })).toBe(0);
    expect(await imagesOf({ ...behind, set: 'training' })).toBe(0);
  });

  it('is told without the training set where that is gone, and why', async () => {
    rmSync(path.join(folder, 'train', 'train.json'));
    const view = await profile();
    expect(view.training).toBeNull();
    expect(view.trainingProblem?.message).toContain('train.json');
    const choice = { kind: 'subset', name: 'nowhere' } as const;
    await expect(
      (async () => engine.handlers['data.chooseTraining']({ job: 'job', choice }))(),
    ).rejects.toMatchObject({ code: 'subset-unknown' });
  });
});
