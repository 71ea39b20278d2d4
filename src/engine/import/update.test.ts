/** A second dataset, and the same files again, into a project with labels: what is shown first is what is done. */
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImportPlan } from '../../contract/import-view';
import { testEngine } from '../engine.fixture';
import type { Engine } from '../engine';
import { listBackups } from '../store/backups';
import type { ImportRequest } from './examine';

let folder = '';
let engine: Engine;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-update-'));
  engine = testEngine(folder);
});
afterEach(() => {
  engine.close();
  rmSync(folder, { recursive: true, force: true });
});

type Labels = Readonly<Record<string, readonly (readonly [name: string, ...box: number[]])[]>>;

const at = (...parts: string[]): string => path.join(folder, ...parts);

/** A COCO file and its pictures, each of another colour. */
async function dataset(place: string, labels: Labels, seed = 0): Promise<string> {
  mkdirSync(at(place), { recursive: true });
  const names = [...new Set(Object.values(labels).flatMap((list) => list.map(([name]) => name)))].sort();
  const images = Object.keys(labels);
  for (const [index, image] of images.entries()) {
    const background = { r: (seed * 31 + index * 17) % 256, g: (seed * 7) % 256, b: image.length % 256 };
    await sharp({ create: { width: 100, height: 80, channels: 3, background } })
      .png()
      .toFile(at(place, image));
  }
  const annotations = images.flatMap((image, index) =>
    labels[image]!.map(([name, ...bbox]) => ({
      image_id: index + 1,
      category_id: names.indexOf(name) + 1,
      bbox,
      area: bbox[2]! * bbox[3]!,
      iscrowd: 0,
    })),
  );
  const document = {
    images: images.map((file_name, index) => ({ id: index + 1, file_name, width: 100, height: 80 })),
    categories: names.map((name, index) => ({ id: index + 1, name })),
    annotations: annotations.map((annotation, index) => ({ id: index + 1, ...annotation })),
  };
  const file = at(place, 'truth.json');
  writeFileSync(file, JSON.stringify(document));
  return file;
}

const request = (paths: readonly string[], more: Partial<ImportRequest> = {}) => ({
  job: 'job',
  paths: [...paths],
  exclude: [],
  subset: null,
  images: null,
  labelMap: null,
  ...more,
});
type Update = NonNullable<ImportRequest['update']>;
const UPDATE: Update = { how: 'update', overwriteEdits: false, removeMissing: false };

const makeProject = (paths: readonly string[], more: Partial<ImportRequest> = {}) =>
  engine.handlers['import.run']({
    ...request(paths, more),
    project: at('p.reticle'),
    runName: null,
    replace: false,
  } as never);
const examine = (paths: readonly string[], update: Update | null, more: Partial<ImportRequest> = {}) =>
  engine.handlers['import.examine']({
    ...request(paths, more),
    update,
    into: update !== null,
  } as never);
const importInto = (paths: readonly string[], update: Update | null, more: Partial<ImportRequest> = {}) =>
  engine.handlers['import.run']({
    ...request(paths, more),
    update,
    project: null,
    runName: null,
    replace: update === null,
  } as never);

/** Labels of the open project by image, as `name x y w h`, sorted. */
async function labels(): Promise<Record<string, string[]>> {
  const target = at(`out-${Math.random().toString(36).slice(2)}.json`);
  await engine.handlers['export.run']({
    job: 'job',
    format: 'coco',
    path: target,
    allowLoss: true,
    copyImages: false,
  });
  const { images, annotations, categories } = JSON.parse(readFileSync(target, 'utf8')) as {
    images: { id: number; file_name: string }[];
    annotations: { image_id: number; category_id: number; bbox: number[] }[];
    categories: { id: number; name: string }[];
  };
  const nameOf = (id: number) => categories.find((category) => category.id === id)!.name;
  return Object.fromEntries(
    images.map(({ id, file_name }) => [
      file_name,
      annotations
        .filter(({ image_id }) => image_id === id)
        .map(({ category_id, bbox }) => `${nameOf(category_id)} ${bbox.join(' ')}`)
        .sort(),
    ]),
  );
}

async function detailOf(name: string) {
  const [found] = await engine.handlers['image.find']({ text: name, limit: 1 });
  return engine.handlers['image.detail']({ image: found!.image, run: null, point: { iou: 0.5, score: 0.5 } });
}

const FIRST: Labels = {
  'a.png': [
    ['cat', 1, 2, 30, 20],
    ['dog', 50, 10, 20, 20],
  ],
  'b.png': [['cat', 5, 5, 40, 30]],
};

describe('a second dataset', () => {
  it('adds its images, classes and pictures; an image of the same content is the one that is there', async () => {
    const first = await dataset('one', FIRST);
    await makeProject([first]);
    const second = await dataset(
      'two',
      { 'c.png': [['bird', 3, 3, 9, 9]], 'd.png': [['cat', 1, 1, 5, 5]] },
      9,
    );
    // A copy under another name, in the second set.
    writeFileSync(at('two', 'd.png'), readFileSync(at('one', 'b.png')));
    const add = { ...UPDATE, how: 'add' } as const;
    const { difference } = await examine([second], add);
    expect(difference?.images).toMatchObject({ added: 1, same: 2, changed: 0 });
    expect(difference?.boxes).toMatchObject({ added: 1, changed: 0, removed: 0 });
    const before = await labels();
    const state = await importInto([second], add);
    expect([state.images, state.annotations, state.missingImages]).toEqual([3, 4, 0]);
    expect(await labels()).toEqual({ ...before, 'c.png': ['bird 3 3 9 9'] });
    expect(state.categories.map(({ name }) => name)).toEqual(['cat', 'dog', 'bird']);
    expect(listBackups(at('p.reticle'))).toHaveLength(1);
    await engine.handlers['edit.undo']({ shown: null });
    expect(await labels()).toEqual(before);
    await engine.handlers['edit.redo']({ shown: null });
    expect(Object.keys(await labels())).toEqual(['a.png', 'b.png', 'c.png']);
  });

  it('may come at once with the first: several sources are one project', async () => {
    const first = await dataset('one', FIRST);
    const second = await dataset('two', { 'c.png': [['bird', 3, 3, 9, 9]] }, 9);
    const plan = await examine([first, second], null);
    expect(plan.problem).toBeNull();
    expect([plan.images, plan.annotations, plan.imagesFound]).toEqual([3, 4, 3]);
    const state = await makeProject([first, second]);
    expect([state.images, state.annotations, state.missingImages]).toEqual([3, 4, 0]);
  });
});

describe('the same files again', () => {
  /** Drawn, moved and deleted by the user; the files then change too. */
  async function withEdits(): Promise<string> {
    const file = await dataset('one', FIRST);
    await makeProject([file]);
    const a = await detailOf('a.png');
    const b = await detailOf('b.png');
    const [cat, dog] = a.annotations;
    await engine.handlers['edit.apply']({
      operations: [
        { change: { annotation: cat!.id, box: [2, 2, 30, 20] } },
        { delete: { annotation: dog!.id } },
        { add: { image: b.image, category: dog!.category, box: [60, 40, 10, 10] } },
      ],
      shown: null,
    });
    await dataset('one', {
      'a.png': [
        ['cat', 1, 2, 32, 20],
        ['dog', 50, 10, 21, 20],
        ['dog', 5, 50, 10, 10],
      ],
      'b.png': [['cat', 6, 5, 40, 30]],
    });
    return file;
  }
  const counts = ({ difference }: ImportPlan) => [difference!.images, difference!.boxes, difference!.edits];

  it('follow where the user did nothing, and leave what the user did', async () => {
    const file = await withEdits();
    const [images, boxes, edits] = counts(await examine([file], UPDATE));
    expect(images).toMatchObject({ added: 0, changed: 2, same: 0, missing: 0 });
    expect(boxes).toMatchObject({ added: 1, changed: 1, removed: 0 });
    expect(edits).toEqual({ kept: 3, overwritten: 0 });
    const edited = await labels();
    await importInto([file], UPDATE);
    const after = await labels();
    expect(after).toEqual({
      'a.png': ['cat 2 2 30 20', 'dog 5 50 10 10'],
      'b.png': ['cat 6 5 40 30', 'dog 60 40 10 10'],
    });
    // Once more: nothing is left to do, and the edits are still known as such.
    const [again, , stillEdits] = counts(await examine([file], UPDATE));
    expect(again).toMatchObject({ added: 0, changed: 0, same: 2 });
    expect(stillEdits).toEqual({ kept: 3, overwritten: 0 });
    await engine.handlers['edit.undo']({ shown: null });
    expect(await labels()).toEqual(edited);
  });

  it('take everything where the user says so', async () => {
    const file = await withEdits();
    const overwrite = { ...UPDATE, overwriteEdits: true };
    const [, , edits] = counts(await examine([file], overwrite));
    expect(edits).toEqual({ kept: 0, overwritten: 3 });
    await importInto([file], overwrite);
    expect(await labels()).toEqual({
      'a.png': ['cat 1 2 32 20', 'dog 5 50 10 10', 'dog 50 10 21 20'],
      'b.png': ['cat 6 5 40 30'],
    });
  });

  it('know an image under another name by its content: review and run stay with it', async () => {
    const file = await dataset('one', FIRST);
    await makeProject([file]);
    const { image } = await detailOf('b.png');
    await engine.handlers['edit.apply']({
      operations: [{ review: { image, status: 'done', note: 'seen' } }],
      shown: null,
    });
    renameSync(at('one', 'b.png'), at('one', 'z.png'));
    writeFileSync(file, readFileSync(file, 'utf8').replace('b.png', 'z.png'));
    const { difference } = await examine([file], UPDATE);
    expect(difference?.images).toMatchObject({ renamed: 1, added: 0, missing: 0, same: 2 });
    await importInto([file], UPDATE);
    expect(await detailOf('z.png')).toMatchObject({ image, status: 'done', note: 'seen', isMissing: false });
  });

  it('without an image leave it, or take it out where that is chosen', async () => {
    const file = await dataset('one', FIRST);
    await makeProject([file]);
    await dataset('one', { 'a.png': FIRST['a.png']! });
    expect((await examine([file], UPDATE)).difference?.images).toMatchObject({ missing: 1, removed: 0 });
    const remove = { ...UPDATE, removeMissing: true };
    const { difference } = await examine([file], remove);
    expect(difference?.images).toMatchObject({ missing: 1, removed: 1 });
    expect(difference?.boxes.removed).toBe(1);
    await importInto([file], remove);
    expect(Object.keys(await labels())).toEqual(['a.png']);
  });

  it('in place of all labels: they are exchanged, with a copy taken before', async () => {
    const file = await dataset('one', FIRST);
    await makeProject([file]);
    const other = await dataset('two', { 'c.png': [['bird', 3, 3, 9, 9]] }, 9);
    await importInto([other], null);
    expect(await labels()).toEqual({ 'c.png': ['bird 3 3 9 9'] });
    expect(listBackups(at('p.reticle')).map(({ step }) => step)).toEqual([1]);
  });
});

describe('the dry run', () => {
  it('shows pictures with their boxes as the chosen convention reads them, and classes as the files call them', async () => {
    const file = await dataset('one', FIRST);
    const plan = await examine([file], null, {
      conventions: { truth: { layout: 'xyxy' }, predictions: {} },
      classes: { cat: 'animal' },
    });
    // [50, 10, 20, 20] as two corners has them swapped, and is left out.
    expect(plan.classes.map(({ name, truth }) => [name, truth])).toEqual([
      ['cat', 2],
      ['dog', 0],
    ]);
    expect(plan.conventions.truth?.convention.layout).toBe('xyxy');
    const [shown] = plan.preview;
    expect(shown).toMatchObject({ name: 'a.png', width: 100, height: 80 });
    expect(shown!.picture).toMatch(/^data:image\/webp;base64,/);
    expect(shown!.boxes).toEqual([{ box: [1, 2, 29, 18], name: 'animal' }]);
  });

  it('maps classes of labels and predictions alike', async () => {
    const file = await dataset('one', FIRST);
    const results = at('results.json');
    writeFileSync(
      results,
      JSON.stringify([
        { image_id: 1, category_id: 2, bbox: [50, 10, 20, 20], score: 0.9 },
        { image_id: 1, category_id: 1, bbox: [1, 2, 30, 20], score: 0.8 },
      ]),
    );
    const state = await makeProject([file, results], { classes: { dog: 'animal', cat: 'animal' } });
    expect(state.categories).toMatchObject([{ name: 'animal', annotations: 3 }]);
    expect(state.runs[0]).toMatchObject({ predictions: 2 });
  });
});

describe('pictures that EXIF turns', () => {
  /** Stored 60 by 40, shown 40 by 60; the label is of the shown picture. */
  async function turned(): Promise<string> {
    mkdirSync(at('t'), { recursive: true });
    await sharp({ create: { width: 60, height: 40, channels: 3, background: '#888' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toFile(at('t', 'a.jpg'));
    const file = at('t', 'truth.json');
    writeFileSync(
      file,
      JSON.stringify({
        images: [{ id: 1, file_name: 'a.jpg', width: 40, height: 60 }],
        categories: [{ id: 1, name: 'cat' }],
        annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [5, 10, 20, 30], area: 600, iscrowd: 0 }],
      }),
    );
    return file;
  }

  it('come in as stored pixels and go out as they came', async () => {
    await makeProject([await turned()]);
    const { width, height, annotations } = await detailOf('a.jpg');
    expect([width, height, annotations[0]!.box]).toEqual([60, 40, [10, 15, 30, 20]]);
    expect(await labels()).toEqual({ 'a.jpg': ['cat 5 10 20 30'] });
  });

  it('are taken as stored where that is chosen', async () => {
    await makeProject([await turned()], {
      conventions: { truth: { pixels: 'stored' }, predictions: {} },
    });
    expect((await detailOf('a.jpg')).annotations[0]!.box).toEqual([5, 10, 20, 30]);
  });

  it('take their predictions along: both are of one picture', async () => {
    const file = await turned();
    const results = at('results.json');
    writeFileSync(
      results,
      JSON.stringify([{ image_id: 1, category_id: 1, bbox: [5, 10, 20, 30], score: 0.9 }]),
    );
    const { runs } = await makeProject([file, results]);
    const { value } = await engine.handlers['score.current']({ run: runs[0]!.id, protocol: 'coco' });
    expect(value).toBeCloseTo(1, 12);
  });
});
