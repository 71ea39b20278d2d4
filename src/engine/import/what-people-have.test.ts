/** Exports as they are found in practice, in folders and in archives. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { Truth } from '../../core/dataset/dataset';
import { joinPredictions } from '../../core/formats/join';
import type { Members } from './hostile/archives.fixture';
import { tarOf, zipOf } from './hostile/archives.fixture';
import { seedCorpus } from './hostile/seeds.fixture';
import { loadPredictions, loadTruth } from './load';

const folder = mkdtempSync(path.join(tmpdir(), 'reticle-practice-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The same files as a folder, a zip, a tar and a gzipped tar, below a folder that means nothing. */
async function everyWay(name: string, files: Members): Promise<string[]> {
  for (const [file, content] of Object.entries(files)) {
    const place = path.join(folder, name, file);
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(place, content);
  }
  const below = Object.fromEntries(
    Object.entries(files).map(([file, content]) => [`my export/${file}`, content]),
  );
  const packed = await tarOf(below);
  const archives = {
    zip: zipOf(below, { isDeflated: true }),
    tar: packed,
    'tar.gz': gzipSync(packed),
  };
  const paths = Object.entries(archives).map(([extension, content]) => {
    const file = path.join(folder, `${name}.${extension}`);
    writeFileSync(file, content);
    return file;
  });
  return [path.join(folder, name), ...paths];
}

const said = ({ images, categories, annotations, subsets }: Truth): unknown => ({
  images: images.map(({ fileName }) => fileName),
  classes: categories.map(({ name }) => name),
  boxes: [...annotations.box],
  subsets: subsets.map(({ name, images: members }) => [name, members.length]),
});

const roboflow = (file: string, id: number): string =>
  JSON.stringify({
    info: {
      year: '2024',
      contributor: 'roboflow',
      url: 'https://public.roboflow.ai/object-detection/undefined',
    },
    licenses: [{ id: 1, url: '', name: 'Unknown' }],
    // The class 0 is a supercategory without boxes.
    categories: [
      { id: 0, name: 'cells', supercategory: 'none' },
      { id: 1, name: 'RBC', supercategory: 'cells' },
    ],
    images: [
      { id: 0, license: 1, file_name: file, height: 480, width: 640, extra: { name: `own-${id}.jpg` } },
    ],
    annotations: [
      {
        id: 0,
        image_id: 0,
        category_id: 1,
        bbox: [id, 2, 30, 40.5],
        area: 1215,
        segmentation: [],
        iscrowd: 0,
      },
    ],
  });

describe('exports as they are found', () => {
  it('Roboflow’s COCO: a file a split, ids that start anew in each, a class without boxes', async () => {
    const files = Object.fromEntries(
      ['train', 'valid', 'test'].map((split, id) => [
        `${split}/_annotations.coco.json`,
        roboflow(`${split}_jpg.rf.1${id}.jpg`, id),
      ]),
    );
    for (const way of await everyWay('roboflow', {
      ...files,
      'README.roboflow.txt': 'Exported by Roboflow\n',
    })) {
      const { truth, findings } = await loadTruth(way, { keepExtra: true });
      expect(said(truth), way).toEqual({
        images: ['test_jpg.rf.12.jpg', 'train_jpg.rf.10.jpg', 'valid_jpg.rf.11.jpg'],
        classes: ['cells', 'RBC'],
        boxes: [2, 2, 30, 40.5, 0, 2, 30, 40.5, 1, 2, 30, 40.5],
        subsets: [
          ['test', 1],
          ['train', 1],
          ['valid', 1],
        ],
      });
      expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    }
  });

  it('VIA and VoTT, the project or a file an image', async () => {
    for (const seed of (await seedCorpus()).filter(({ format }) => format === 'via' || format === 'vott')) {
      const [plain, ...archives] = await everyWay(seed.name, seed.files);
      const { truth } = await loadTruth(plain!);
      expect(truth.annotations.count).toBe(seed.boxes);
      for (const archive of archives) expect(said((await loadTruth(archive)).truth)).toEqual(said(truth));
    }
  });

  it('Ultralytics’ predictions.json: image_id is the number or the text that the file is called by', async () => {
    const truth = {
      images: ['000000000139.jpg', 'street-7.jpg'].map((file_name, at) => ({
        ...{ id: at + 1, file_name, width: 640, height: 480 },
      })),
      annotations: [],
      categories: [{ id: 1, name: 'person' }],
    };
    const file = path.join(folder, 'truth.json');
    writeFileSync(file, JSON.stringify(truth));
    const loaded = (await loadTruth(file)).truth;
    const records = [139, 'street-7'].map((image_id, at) => ({
      ...{ image_id, file_name: truth.images[at]!.file_name, category_id: 1 },
      ...{ bbox: [at, 276.1, 86.9, 192], score: 0.92134 },
    }));
    for (const way of await everyWay('predictions', { 'predictions.json': JSON.stringify(records) })) {
      const { raw } = await loadPredictions(way, { truth: loaded });
      const options = { file: way, labelMap: null, hasUnchosenSubsets: false };
      const { predictions } = joinPredictions(loaded, raw, options);
      expect([...predictions.image]).toEqual([0, 1]);
      expect([...predictions.box]).toEqual([0, 276.1, 86.9, 192, 1, 276.1, 86.9, 192]);
    }
  });
});
