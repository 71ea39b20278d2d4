import { describe, expect, it } from 'vitest';
import { noProgress } from '../../foundation/cancellation';
import { memorySource, readFiles } from '../memory-source.fixture';
import { recogniseSource } from '../recognise';
import { formatNamed } from '../registry';
import { IMAGES, badInput, boxesOf, codes, read } from '../small-files.fixture';

describe('yolo', () => {
  const yaml = 'names: [cat, dog]\ntrain: images\nval: images\n';
  it('takes names as a list or by number, also words that YAML would turn into something else', async () => {
    for (const names of ['[no, 7]', '{0: no, 1: 7}', '\n  0: no\n  1: 7']) {
      const reading = await read('yolo', {
        'data.yaml': `names: ${names}\n`,
        'labels/a.txt': '1 0.5 0.5 0.2 0.4\n',
      });
      expect(reading.truth.categories.map(({ id, name }) => [id, name])).toEqual([
        [1, 'no'],
        [2, '7'],
      ]);
      expect(boxesOf(reading)).toEqual([['a.jpg', '7', 40, 15, 20, 20]]);
    }
  });

  it('takes polygons as boxes, and an empty file as an image without objects', async () => {
    const reading = await read('yolo', {
      'data.yaml': yaml,
      'labels/a.txt': '0 0.1 0.2 0.3 0.2 0.3 0.6\n',
      'labels/b.txt': '',
    });
    expect(boxesOf(reading)).toEqual([['a.jpg', 'cat', 10, 10, 20, 20]]);
    expect(reading.truth.images).toHaveLength(2);
    expect(codes(reading)).toEqual(['labels-empty', 'polygons-as-boxes']);
  });

  it('reports what Ultralytics refuses or drops', async () => {
    const lines = [
      '0 0.5 0.5 0.2 0.2',
      '0 0.5 0.5 0.2 0.2',
      '2 0.5 0.5 0.2 0.2',
      '0 50 25 10 10',
      '0 0.5 0.5',
      '0 nan 0.5 0.1 0.1',
      '0 0.5 0.5 -0.1 0.1',
    ];
    const reading = await read('yolo', { 'data.yaml': yaml, 'labels/a.txt': lines.join('\n') });
    expect(reading.truth.annotations.count).toBe(2);
    expect(codes(reading)).toEqual([
      'box-negative',
      'box-not-finite',
      'box-repeated',
      'category-unknown',
      'coordinates-not-normalised',
      'record-invalid',
    ]);
    await badInput(read('yolo', { 'data.yaml': yaml, 'labels/a.txt': lines.join('\n') }, { strict: true }));
  });

  it('never reads garbled labels as an image without objects', async () => {
    const files = {
      'data.yaml': yaml,
      'labels/a.txt': '0 0.5 0.5 0.2 0.2\n',
      'labels/b.txt': '0 0.5 0.\u0000\u0001',
    };
    expect(await badInput(read('yolo', files))).toBe('labels-invalid');
    expect(await badInput(read('yolo', { 'data.yaml': 'names: [a', 'labels/a.txt': '0 1 1 1 1' }))).toBe(
      'data-yaml-invalid',
    );
  });

  it('finds splits of Roboflow’s layout, by lists, and by folders alone', async () => {
    const label = '0 0.5 0.5 0.2 0.2\n';
    const roboflow = await read('yolo', {
      'data.yaml':
        'train: ../train/images\nval: ../valid/images\nnc: 1\nnames: [cat]\nroboflow:\n  version: 1\n',
      'train/labels/a.txt': label,
      'valid/labels/b.txt': label,
    });
    const lists = await read('yolo', {
      'data.yaml': 'path: ../set\ntrain: train.txt\nval: val.txt\nnames: [cat]\n',
      'train.txt': './images/a.jpg\n',
      'val.txt': './images/b.jpg\n',
      'labels/a.txt': label,
      'labels/b.txt': label,
    });
    const folders = await read('yolo', { 'labels/train/a.txt': label, 'labels/val/b.txt': label });
    for (const { truth } of [roboflow, lists, folders])
      expect(truth.subsets.map(({ name, images }) => [name, [...images]])).toEqual([
        ['train', [0]],
        ['val', [1]],
      ]);
    expect(roboflow.truth.extra).toBe('{"roboflow":{"version":1}}');
  });

  it('says what it needs where no image tells a size', async () => {
    const reading = readFiles(formatNamed('yolo')!, {
      'data.yaml': yaml,
      'labels/a.txt': '0 0.5 0.5 0.2 0.2\n',
    });
    expect(await badInput(reading)).toBe('sizes-needed');
  });

  it('predictions: confidence last, or second where only so the boxes fit', async () => {
    const predictions = async (text: string) => {
      const source = memorySource({ 'labels/a.txt': text });
      const [found] = await recogniseSource(source);
      expect(found).toMatchObject({ kind: 'predictions', format: { name: 'yolo' } });
      return found!.format.readPredictions!(source, found!.paths, {
        ...{ file: 'p', truth: null, progress: noProgress },
        sizeOf: (name) => IMAGES.sizeOf(name),
      });
    };
    const last = await predictions('0 0.5 0.5 0.2 0.4 0.9\n');
    expect([[...last.box], [...last.score], last.categories]).toEqual([[40, 15, 20, 20], [0.9], [1]]);
    const second = await predictions('0 0.3 0.95 0.95 0.1 0.1\n0 0.2 0.05 0.05 0.1 0.1\n');
    expect([...second.score]).toEqual([0.3, 0.2]);
  });
});
