import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Truth } from '../dataset/dataset';
import { BadInput } from '../foundation/bad-input';
import { sharedPath } from '../foundation/shared-data.fixture';
import { codes, dataset, results, truthOf } from './coco/coco.fixture';
import type { JoinOptions, Joined } from './join';
import { joinPredictions } from './join';

const record = (members: object): object => ({
  image_id: 1,
  category_id: 1,
  bbox: [1, 1, 2, 2],
  score: 0.5,
  ...members,
});

const named = (...fileNames: string[]): Truth =>
  truthOf(
    dataset({
      images: fileNames.map((name, index) => ({
        id: (index + 1) * 10,
        file_name: name,
        width: 9,
        height: 9,
      })),
      annotations: [],
    }),
  ).truth;
/** As a format that gives ids on reading. */
const unnumbered = (truth: Truth, subsets: Truth['subsets'] = []): Truth => ({
  ...truth,
  hasOwnIds: false,
  images: truth.images.map((image, index) => ({ ...image, id: index + 1 })),
  subsets,
});

const join = (truth: Truth, records: readonly object[], options: Partial<JoinOptions> = {}): Joined =>
  joinPredictions(truth, results(records), { file: 'results.json', ...options });
const imagesOf = ({ predictions }: Joined): number[] => [...predictions.image];

describe('predictions find their images', () => {
  it('by id, where every id is known', () => {
    const joined = join(named('a.jpg', 'b.jpg'), [record({ image_id: 20 }), record({ image_id: 10 })]);
    expect(joined).toMatchObject({
      join: { by: 'id', images: 2, total: 2, predictions: 2, left: 0 },
      findings: [],
    });
    expect(imagesOf(joined)).toEqual([1, 0]);
  });

  it('by id that is text, on either side', () => {
    const truth = truthOf(dataset({ images: [{ id: '7', file_name: 'a.jpg' }], annotations: [] })).truth;
    expect(join(truth, [record({ image_id: 7 })]).join.by).toBe('id');
    expect(join(named('a.jpg'), [record({ image_id: '10' })]).join.by).toBe('id');
  });

  it('by id with file names that agree by path, name or stem', () => {
    const truth = named('val/a.jpg', 'b.jpg');
    const records = [
      record({ image_id: 10, file_name: 'a.jpg' }),
      record({ image_id: 20, file_name: 'C:\\x\\b.jpg' }),
      record({ image_id: 20, file_name: 'b.png' }),
      record({ image_id: 10 }),
    ];
    expect(join(truth, records).join).toMatchObject({ by: 'id', predictions: 4 });
  });

  it('by name where one name contradicts the id', () => {
    const joined = join(named('a.jpg', 'b.jpg'), [
      record({ image_id: 10, file_name: 'b.jpg' }),
      record({ image_id: 20, file_name: 'a.jpg' }),
    ]);
    expect(joined.join.by).toBe('file-name');
    expect(imagesOf(joined)).toEqual([1, 0]);
  });

  it('never by id against names that are all of another set', () => {
    expect(() => join(named('a.jpg'), [record({ image_id: 10, file_name: 'other.jpg' })])).toThrow(BadInput);
  });

  it('by relative path, then name, then stem, where unique, case as written', () => {
    const truth = named('x/a.jpg', 'y/a.jpg', 'b.jpg', 'scan.001.jpg', 'C.jpg');
    const find = (fileName: string): number | undefined => {
      const joined = join(truth, [
        record({ image_id: 1, file_name: 'b.jpg' }),
        record({ image_id: 1, file_name: fileName }),
      ]);
      return imagesOf(joined)[1];
    };
    expect(find('y/a.jpg')).toBe(1);
    expect(find('y\\a.jpg')).toBe(1);
    expect(find('./x/a.jpg')).toBe(0);
    expect(find('a.jpg')).toBeUndefined();
    expect(find('anything/b.png')).toBe(2);
    expect(find('scan.001')).toBe(3);
    expect(find('c.jpg')).toBeUndefined();
    expect(find('__proto__')).toBeUndefined();
  });

  it('by text ids as names', () => {
    expect(join(named('a.jpg', 'b.jpg'), [record({ image_id: 'b' })]).join.by).toBe('file-name');
  });

  it('by text ids of the truth’s own, of which one is unknown and none is a name', () => {
    const truth = truthOf(
      dataset({ images: ['p', 'q'].map((id) => ({ id, file_name: `${id}0.jpg` })), annotations: [] }),
    ).truth;
    const joined = join(truth, [record({ image_id: 'q' }), record({ image_id: 'nowhere' })]);
    expect(joined.join).toMatchObject({ by: 'id', images: 1, predictions: 1, left: 1 });
    expect(imagesOf(joined)).toEqual([1]);
  });

  it('leaves out what does not join, and says so', () => {
    const joined = join(named('a.jpg'), [
      record({ image_id: 10 }),
      record({ image_id: 11 }),
      record({ image_id: 12 }),
    ]);
    expect(joined.join).toMatchObject({ by: 'id', predictions: 1, left: 2 });
    expect(joined.findings).toEqual([
      expect.objectContaining({
        code: 'images-not-joined',
        count: 2,
        where: { file: 'results.json', record: 1, image: '11' },
      }),
    ]);
    expect([...joined.predictions.fileIndex]).toEqual([0]);
    expect(() =>
      join(named('a.jpg'), [record({ image_id: 10 }), record({ image_id: 11 })], { strict: true }),
    ).toThrow(BadInput);
  });

  it('counts records that were left out on reading', () => {
    expect(join(named('a.jpg'), [record({ image_id: 10 }), record({ bbox: [] })]).join.left).toBe(1);
  });

  it('nothing joined is bad input; no predictions at all are not', () => {
    expect(() => join(named('a.jpg'), [record({ image_id: 99 })])).toThrow(
      expect.objectContaining({ code: 'nothing-joined' }),
    );
    expect(join(named('a.jpg'), []).join).toMatchObject({ by: 'id', images: 0, predictions: 0 });
    expect(join(unnumbered(named('a.jpg')), []).findings).toEqual([]);
  });

  it('by rank only against a truth without ids, with a warning', () => {
    const truth = unnumbered(named('a.jpg', 'b.jpg'));
    const joined = join(truth, [record({ image_id: 2 }), record({ image_id: 3 }), record({ image_id: 0 })]);
    expect(joined.join).toMatchObject({ by: 'rank', predictions: 1, left: 2 });
    expect(imagesOf(joined)).toEqual([1]);
    expect(codes(joined)).toEqual(['joined-by-rank', 'images-not-joined']);
    expect(joined.findings[0]!.severity).toBe('warning');
  });

  it('not by rank where several subsets are there and none is chosen: they are named with their sizes', () => {
    const subsets = [
      { name: 'train', images: Int32Array.of(0, 1) },
      { name: 'val', images: Int32Array.of(2) },
    ];
    const truth = unnumbered(named('a.jpg', 'b.jpg', 'c.jpg'), subsets);
    expect(() => join(truth, [record({})], { hasUnchosenSubsets: true })).toThrow(/train \(2\), val \(1\)/);
    expect(join(truth, [record({ file_name: 'a.jpg' })], { hasUnchosenSubsets: true }).join.by).toBe(
      'file-name',
    );
  });
});

describe('predictions find their classes', () => {
  it('by the id of the truth, by name where it is text', () => {
    const joined = join(named('a.jpg'), [
      record({ image_id: 10, category_id: 2 }),
      record({ image_id: 10, category_id: 'dog' }),
    ]);
    expect([...joined.predictions.category]).toEqual([1, 1]);
  });

  it('through a label map of their own, by name', () => {
    const labelMap = [
      { id: 1, name: 'dog' },
      { id: 2, name: 'bird' },
    ];
    const joined = join(
      named('a.jpg'),
      [record({ image_id: 10 }), record({ image_id: 10, category_id: 2 })],
      { labelMap },
    );
    expect([...joined.predictions.category]).toEqual([1]);
    expect(joined.findings).toEqual([
      expect.objectContaining({ code: 'category-unknown', severity: 'error', count: 1 }),
    ]);
  });

  it('unknown ones are left out, counted by class', () => {
    const truth = named('a.jpg');
    const unknown = [record({ image_id: 10, category_id: 8 }), record({ image_id: 10, category_id: 8 })];
    expect(join(truth, [record({ image_id: 10 }), ...unknown]).findings).toEqual([
      expect.objectContaining({
        code: 'category-unknown',
        count: 2,
        where: { file: 'results.json', record: 1 },
      }),
    ]);
    expect(() => join(truth, [record({ image_id: 10 }), ...unknown], { strict: true })).toThrow(BadInput);
  });
});

const val = sharedPath('datasets/bccd/coco/val.json');
const predictions = sharedPath('models/bccd/predictions-val.json');
describe.skipIf(val === null || predictions === null)('BCCD val (skipped without the shared data)', () => {
  it('joins whole, by id', () => {
    const { truth } = truthOf(readFileSync(val!));
    const joined = joinPredictions(truth, results(readFileSync(predictions!)), { file: 'predictions' });
    expect(joined.findings).toEqual([]);
    expect(joined.join).toMatchObject({ by: 'id', images: 87, total: 87, left: 0 });
  });
});
