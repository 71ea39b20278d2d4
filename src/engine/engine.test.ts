import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sharedPath } from '../core/foundation/shared-data.fixture';
import type { FailureTile } from '../contract/view-types';
import type { ScoringInput } from '../core/metrics/evaluation';
import { createScorer } from '../core/metrics/scorer';
import type { Engine } from './engine';
import { RESOURCES, testEngine } from './engine.fixture';
import { ProjectSession } from './project/session';

const POINT = { iou: 0.5, score: 0.5 };
const ALL = { outcomes: null, categories: null, sizes: null, statuses: null, confidence: null, text: '' };

let folder = '';
let engine: Engine;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-engine-'));
  engine = testEngine(folder, RESOURCES);
});
afterEach(() => {
  engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const request = (...paths: string[]) => ({
  job: 'job',
  paths,
  exclude: [],
  subset: null,
  images: null,
  labelMap: null,
});
const coco = (...names: string[]) => ({
  images: names.map((file_name, i) => ({ id: i + 1, file_name, width: 40, height: 20 })),
  annotations: names.map((_, i) => ({
    id: i + 1,
    image_id: i + 1,
    category_id: 1,
    bbox: [2, 3, 10, 5],
    area: 50,
    iscrowd: 0,
    mood: 'kept',
  })),
  categories: [{ id: 1, name: 'thing', supercategory: 'kept' }],
  info: { year: 2026 },
});
function write(name: string, content: unknown): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(content));
  return file;
}

function withoutPrediction(input: ScoringInput, row: number): ScoringInput {
  const { count, image, category, box, score, fileIndex } = input.predictions;
  const isKept = (_: number, index: number): boolean => index !== row;
  return {
    ...input,
    predictions: {
      count: count - 1,
      image: image.filter(isKept),
      category: category.filter(isKept),
      box: box.filter((_, index) => index >> 2 !== row),
      score: score.filter(isKept),
      fileIndex: fileIndex.filter(isKept),
    },
  };
}

describe('the sample project', () => {
  it('opens, scores as a full evaluation does, and its tiles add up to its counts', async () => {
    const state = await engine.handlers['project.openSample']({ job: 'job' });
    expect([state.images, state.annotations, state.missingImages]).toEqual([120, 1794, 0]);
    const run = state.runs[0]!.id;
    const { value } = await engine.handlers['score.current']({ run, protocol: 'coco' });
    const counts = await engine.handlers['score.counts']({ run, protocol: 'coco', point: POINT });
    const { facets, matching } = await engine.handlers['gallery.query']({
      kind: 'failures',
      run,
      point: POINT,
      filter: ALL,
      sort: 'confidence',
      descending: true,
    });
    const { outcomes } = facets;
    expect(outcomes['true-positive']).toBe(counts.truePositives);
    expect(
      outcomes['false-positive'] + outcomes['wrong-class'] + outcomes['loose-box'] + outcomes.duplicate,
    ).toBe(counts.falsePositives);
    // A miss that a loose box or a wrong class shows is no tile of its own.
    expect(outcomes.miss).toBeLessThan(counts.misses);
    expect(matching).toBe(counts.falsePositives + outcomes.miss);
    engine.close();
    const session = ProjectSession.open(state.path);
    const input = session.scoringInput(session.data.predictions(run).columns);
    expect(value).toBe(createScorer(input, 'coco').headline());
    session.close();
  });

  it.each(['coco', 'voc2012'] as const)(
    'shows its failures by what each costs, under %s',
    async (protocol) => {
      const state = await engine.handlers['project.openSample']({ job: 'job' });
      const run = state.runs[0]!.id;
      const { query, facets } = await engine.handlers['gallery.query']({
        kind: 'failures',
        run,
        protocol,
        point: POINT,
        filter: ALL,
        sort: 'gain',
        descending: true,
      });
      const counts = await engine.handlers['score.counts']({ run, protocol, point: POINT });
      expect(facets.outcomes['true-positive']).toBe(counts.truePositives);
      const tiles = await engine.handlers['gallery.window']({ query, from: 0, count: 500 });
      const gains = tiles.map((tile) => (tile.kind === 'failure' ? tile.gain! : NaN));
      expect(gains[0]).toBeGreaterThan(0);
      expect(gains).toEqual([...gains].sort((a, b) => b - a));
      // A false positive that is taken away is worth what the score says without it.
      const at = tiles.findIndex((tile) => tile.kind === 'failure' && tile.outcome === 'false-positive');
      const tile = tiles[at] as FailureTile;
      engine.close();
      const session = ProjectSession.open(state.path);
      const input = session.scoringInput(session.data.predictions(run).columns);
      const without = withoutPrediction(input, session.data.predictionRow(run, tile.prediction!));
      const gain = createScorer(without, protocol).headline()! - createScorer(input, protocol).headline()!;
      expect(gains[at]).toBeCloseTo(gain, 10);
      session.close();
    },
  );

  it('is made once, also when two ask at the same time', async () => {
    const both = await Promise.all([
      engine.handlers['project.openSample']({ job: 'a' }),
      engine.handlers['project.openSample']({ job: 'b' }),
    ]);
    expect(both[0].path).toBe(both[1].path);
    expect(both[1].images).toBe(120);
  });
});

describe('pixels', () => {
  async function open(file: string, name: string): Promise<number> {
    const truth = write('truth.json', coco(name));
    mkdirSync(path.join(folder, 'images'), { recursive: true });
    renameSync(file, path.join(folder, 'images', name));
    await engine.handlers['import.run']({
      ...request(truth),
      project: path.join(folder, 'p.reticle'),
      runName: null,
      replace: false,
    });
    return (await engine.handlers['image.find']({ text: '', limit: 1 }))[0]!.image;
  }
  const made = (): string => path.join(folder, 'made');
  const grey = () => sharp({ create: { width: 40, height: 20, channels: 3, background: '#777' } });

  it('of an image with EXIF orientation are those that are stored', async () => {
    await grey().withMetadata({ orientation: 6 }).jpeg().toFile(made());
    const image = await open(made(), 'turned.jpg');
    const { width, height, orientation } = await sharp(
      (await engine.pixels({ kind: 'full', image, size: null })).bytes,
    ).metadata();
    expect([width, height, orientation ?? 1]).toEqual([40, 20, 1]);
    const detail = await engine.handlers['image.detail']({ image, run: null, point: POINT });
    expect([detail.width, detail.height, detail.orientation]).toEqual([40, 20, 6]);
  });

  it.each([
    ['16-bit.png', () => grey().toColourspace('rgb16').png().toFile(made())],
    ['cmyk.jpg', () => grey().toColourspace('cmyk').jpeg().toFile(made())],
    ['grey.png', () => grey().greyscale().png().toFile(made())],
    [
      'one.png',
      () =>
        sharp({ create: { width: 1, height: 1, channels: 3, background: '#fff' } })
          .png()
          .toFile(made()),
    ],
  ])('of %s can be shown, whole, small and in part', async (name, make) => {
    await make();
    const image = await open(made(), name);
    for (const ask of [
      { kind: 'full', image, size: null } as const,
      { kind: 'thumb', image, size: 16 } as const,
      { kind: 'crop', image, x: -5, y: -5, width: 12, height: 12, size: 24 } as const,
    ]) {
      const { type, bytes } = await engine.pixels(ask);
      expect(type).toMatch(/^image\/(png|webp)$/);
      expect((await sharp(bytes).metadata()).space).toMatch(/srgb|b-w/);
    }
  });

  it('of a broken or missing file are refused with a reason', async () => {
    writeFileSync(made(), 'no image at all');
    const image = await open(made(), 'broken.jpg');
    await expect(engine.pixels({ kind: 'full', image, size: null })).rejects.toThrow(/cannot be decoded/);
    rmSync(path.join(folder, 'images', 'broken.jpg'));
    await expect(engine.pixels({ kind: 'full', image, size: null })).rejects.toThrow(/not where it was/);
  });
});

describe('import and export', () => {
  it('keep what they do not understand: COCO in, COCO out is the same document', async () => {
    const truth = coco('a.jpg', 'sub/b.jpg');
    const file = write('in/truth.json', truth);
    await engine.handlers['import.run']({
      ...request(file),
      project: path.join(folder, 'p.reticle'),
      runName: null,
      replace: false,
    });
    const target = path.join(folder, 'out.json');
    await engine.handlers['export.run']({
      job: 'job',
      format: 'coco',
      path: target,
      allowLoss: false,
      copyImages: false,
    });
    expect(JSON.parse(readFileSync(target, 'utf8'))).toEqual(truth);
    await expect(
      engine.handlers['export.run']({
        job: 'job',
        format: 'coco',
        path: target,
        allowLoss: false,
        copyImages: false,
      }),
    ).rejects.toThrow(/already/);
  });

  it('never leave the folder of the images, whatever names say', async () => {
    const outside = path.join(folder, 'secret.jpg');
    writeFileSync(outside, 'secret');
    const file = write('set/truth.json', coco('../secret.jpg', '/etc/passwd', 'C:\\secret.jpg'));
    const state = await engine.handlers['import.run']({
      ...request(file),
      project: path.join(folder, 'p.reticle'),
      runName: null,
      replace: false,
    });
    expect(state.missingImages).toBe(3);
  });

  it('find images again that moved, by content', async () => {
    await engine.handlers['project.openSample']({ job: 'job' });
    const [first] = await engine.handlers['image.find']({ text: 'smear-001', limit: 1 });
    mkdirSync(path.join(folder, 'moved'));
    copyFileSync(
      path.join(RESOURCES, 'sample', 'images', 'smear-001.jpg'),
      path.join(folder, 'moved', 'renamed.jpg'),
    );
    expect(
      await engine.handlers['images.relink']({ job: 'job', directory: path.join(folder, 'moved') }),
    ).toEqual({ found: 1, missing: 119 });
    expect(engine.imagePath(first!.image)).toContain('renamed.jpg');
  });

  it('write nothing when they are cancelled', async () => {
    const file = write('truth.json', coco('a.jpg'));
    const project = path.join(folder, 'p.reticle');
    const running = engine.handlers['import.run']({
      ...request(file),
      project,
      runName: null,
      replace: false,
    });
    await engine.handlers['job.cancel']({ job: 'job' });
    await expect(running).rejects.toThrow(/Cancelled/);
    expect(() => readFileSync(project)).toThrow(/ENOENT/);
  });
});

const bccd = sharedPath('datasets/bccd');
it.skipIf(bccd === null)(
  'a folder, predictions and a label map in any order: the subset is told by the predictions (datasets/bccd)',
  async () => {
    const plan = await engine.handlers['import.examine']({
      ...request(sharedPath('models/bccd/predictions-val.json')!, bccd!, `${bccd ?? ''}/label_map.pbtxt`),
      into: false,
    });
    expect(plan).toMatchObject({
      subset: 'val',
      images: 87,
      imagesFound: 87,
      annotations: 1138,
      predictions: 8700,
      problem: null,
    });
  },
);
