import { describe, expect, it } from 'vitest';
import { annotation, codes, dataset, truthOf } from './coco/coco.fixture';
import { mergeTruths, subsetNameOf } from './merge-truths';

const options = { file: 'set' };
const image = (id: number, name: string) => ({ id, file_name: name, width: 100, height: 50 });
const part = (name: string, members: object) => ({ name, reading: truthOf(dataset(members)) });

describe('a dataset of several files', () => {
  it('keeps ids that do not clash, and has a subset a file', () => {
    const { truth, findings } = mergeTruths(
      [
        part('train', { images: [image(1, 'a.jpg')], annotations: [annotation()] }),
        part('val', { images: [image(7, 'b.jpg')], annotations: [annotation({ id: 9, image_id: 7 })] }),
      ],
      ['', ''],
      null,
      options,
    );
    expect(findings).toEqual([]);
    expect(truth).toMatchObject({ hasOwnIds: true, annotations: { count: 2 } });
    expect([...truth.annotations.id]).toEqual([1, 9]);
    expect(truth.images.map(({ id }) => id)).toEqual([1, 7]);
    expect(truth.subsets.map(({ name, images }) => [name, [...images]])).toEqual([
      ['train', [0]],
      ['val', [1]],
    ]);
  });

  it('numbers anew what clashes, and takes an image that two files hold alike once', () => {
    const { truth, findings } = mergeTruths(
      [part('all', {}), part('train', { images: [image(1, 'a.jpg')] })],
      ['', ''],
      null,
      options,
    );
    expect(findings.map(({ code }) => code)).toEqual(['ids-given']);
    expect(truth).toMatchObject({ hasOwnIds: false, annotations: { count: 1 } });
    expect(truth.subsets.map(({ name, images }) => [name, images.length])).toEqual([
      ['all', 2],
      ['train', 1],
    ]);
    expect(truth.categories.map(({ id, name }) => [id, name])).toEqual([
      [1, 'cat'],
      [2, 'dog'],
    ]);
  });

  it('holds images of one name in several folders apart, and reports those that differ in one', () => {
    const parts = [
      part('train', { images: [image(1, 'a.jpg')] }),
      part('valid', { images: [image(1, 'a.jpg')], annotations: [annotation({ bbox: [1, 1, 2, 2] })] }),
    ];
    const apart = mergeTruths(parts, ['train/', 'valid/'], null, options);
    expect(apart.truth.images.map(({ fileName }) => fileName)).toEqual(['a.jpg', 'valid/a.jpg']);
    const together = mergeTruths(parts, ['', ''], null, options);
    expect(codes(together)).toContain('image-repeated');
    expect([...together.truth.annotations.box]).toEqual([10, 10, 20, 20]);
  });

  it.each([
    ['instances_val2017.json', 'val2017'],
    ['train/_annotations.coco.json', 'train'],
    ['train_labels.csv', 'train'],
    ['annotations/test.json', 'test'],
    ['x.record-00001-of-00004', 'x'],
  ])('%s is the subset %s', (path, name) => {
    expect(subsetNameOf(path)).toBe(name);
  });
});
