import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FLAG_CROWD, FLAG_DIFFICULT, FLAG_GROUP_OF, FLAG_IGNORE } from '../../dataset/dataset';
import { BadInput } from '../../foundation/bad-input';
import { sharedPath } from '../../foundation/shared-data.fixture';
import { annotation, codes, dataset, truthOf } from './coco.fixture';
import { CocoTruthReader } from './read-truth';
import { writeCocoTruth } from './write-truth';

const images = (...members: object[]): object =>
  dataset({
    images: members.map((member, index) => ({
      id: index + 1,
      file_name: `${index}.jpg`,
      width: 100,
      height: 50,
      ...member,
    })),
    annotations: [],
  });
const annotations = (...members: object[]): object =>
  dataset({ annotations: members.map((member, index) => annotation({ id: index + 1, ...member })) });

describe('COCO ground truth', () => {
  it('keeps ids apart that a double does not tell apart', () => {
    const long = 'x'.repeat(200_000);
    const id = (last: number): string => `900719925474099${last}`;
    const text = `{"images":[{"id":${id(2)},"file_name":"a.jpg","more":{"id":7}},{"id":1,"id":${id(3)},"file_name":"b.jpg","more":"${long}"}],
      "annotations":[{"id":1e300,"image_id":${id(3)},"category_id":1,"bbox":[1,2,3,4]},{"id":${id(5)},"image_id":${id(2)},"category_id":1,"bbox":[1,2,3,4]}],
      "categories":[{"id":1,"name":"cat"}]}`;
    const reader = new CocoTruthReader({ file: 't.json' });
    reader.push(Buffer.from(text));
    const { truth } = reader.end();
    expect(truth.images.map((image) => image.id)).toEqual([id(2), id(3)]);
    expect([...truth.annotations.image]).toEqual([1, 0]);
    expect([...truth.annotations.id]).toEqual([1, 2]);
    expect(truth.writtenIds).toEqual(new Map([[2, id(5)]]));
  });

  it('reads images, classes by rising id, annotations and the rest, in pieces of any size', () => {
    const source = dataset({
      info: { year: 2020 },
      categories: [
        { id: 9, name: 'dog' },
        { id: 3, name: 'cat', supercategory: 'animal' },
      ],
      annotations: [
        annotation({ category_id: 9, segmentation: [[1, 2]] }),
        annotation({ id: 2, category_id: 3 }),
      ],
    });
    const { truth, findings } = truthOf(source, { keepExtra: true });
    expect(findings).toEqual([]);
    expect(truth).toMatchObject({
      format: 'coco',
      hasOwnIds: true,
      subsets: [],
      extra: '{"info":{"year":2020}}',
    });
    expect(truth.categories).toEqual([
      { id: 3, name: 'cat', extra: '{"supercategory":"animal"}' },
      { id: 9, name: 'dog', extra: null },
    ]);
    expect([...truth.annotations.category]).toEqual([1, 0]);
    expect([...truth.annotations.extra]).toEqual([[0, '{"segmentation":[[1,2]]}']]);
    for (const piece of [1, 7, 100])
      expect(truthOf(source, { keepExtra: true, piece })).toEqual({ truth, findings });
    expect(truthOf(source).truth.annotations.extra.size).toBe(0);
  });

  it('takes the files that addresses of Label Studio stand for', () => {
    const { truth, findings } = truthOf(
      images(
        { file_name: '/data/local-files/?d=x%2Fa.jpg' },
        { file_name: '/data/upload/3/0a1b2c3d-b.jpg' },
        { file_name: 'data/upload.jpg' },
      ),
    );
    expect(truth.images.map(({ fileName }) => fileName)).toEqual(['x/a.jpg', 'b.jpg', 'data/upload.jpg']);
    expect(codes({ findings })).toEqual(['name-from-address']);
  });

  it('takes members in any order', () => {
    const { images, annotations, categories } = dataset() as Record<string, unknown>;
    expect(truthOf({ annotations, categories, images }).truth).toEqual(truthOf(dataset()).truth);
  });

  it('reads crowd, difficult, group_of and ignore, as numbers or booleans', () => {
    const { truth } = truthOf(
      annotations(
        { iscrowd: 1 },
        { difficult: true },
        { group_of: 1 },
        { ignore: 1, difficult: 0 },
        { iscrowd: false },
      ),
    );
    expect([...truth.annotations.flags]).toEqual([FLAG_CROWD, FLAG_DIFFICULT, FLAG_GROUP_OF, FLAG_IGNORE, 0]);
  });

  it.each([
    ['box-invalid', { bbox: [] }],
    ['box-invalid', { bbox: undefined, segmentation: [] }],
    ['box-negative', { bbox: [1, 1, -5, 5] }],
    ['image-unknown', { image_id: 99 }],
    ['category-unknown', { category_id: 99 }],
    ['annotation-invalid', { image_id: undefined }],
  ])('leaves out and reports: %s', (code, member) => {
    const source = annotations({}, member, {});
    const { truth, findings } = truthOf(source);
    expect([...truth.annotations.id]).toEqual([1, 3]);
    expect(findings).toEqual([
      expect.objectContaining({
        code,
        severity: 'error',
        count: 1,
        where: { file: 'truth.json', record: 1 },
      }),
    ]);
    expect(() => truthOf(source, { strict: true })).toThrow(BadInput);
  });

  it('leaves out records with NaN or Infinity, wherever they stand', () => {
    const text = JSON.stringify(annotations({}, { bbox: ['@', 1, 1, 1] }, { area: '@' }, { note: ['@'] }));
    for (const literal of ['NaN', 'Infinity', '-Infinity']) {
      const reading = truthOf(text.replaceAll('"@"', literal), { keepExtra: true });
      expect([...reading.truth.annotations.id]).toEqual([1]);
      expect(reading.findings.map(({ code, count }) => [code, count])).toEqual([
        ['box-not-finite', 1],
        ['not-a-number', 2],
      ]);
    }
    const outside = truthOf(JSON.stringify(dataset({ info: { mean: '@' } })).replace('"@"', 'NaN'), {
      keepExtra: true,
    });
    expect(outside.truth.extra).toBe('{"info":{"mean":null}}');
  });

  it.each([
    ['annotation-id-zero', { id: 0 }, [1, 0]],
    ['annotation-id-repeated', { id: 1 }, [1, 1]],
    ['annotation-id-given', { id: 'x7' }, [1, 2]],
    ['annotation-id-given', { id: undefined }, [1, 2]],
    ['box-without-area', { bbox: [1, 1, 0, 5] }, [1, 2]],
    ['box-outside-image', { bbox: [90, 1, 20, 5] }, [1, 2]],
    ['box-outside-image', { bbox: [-3, 1, 20, 5] }, [1, 2]],
    ['iscrowd-missing', { iscrowd: undefined }, [1, 2]],
    ['area-missing', { area: undefined }, [1, 2]],
    ['area-negative', { area: -1 }, [1, 2]],
  ])('keeps and reports: %s', (code, member, ids) => {
    const { truth, findings } = truthOf(annotations({}, member), { strict: true });
    expect([...truth.annotations.id]).toEqual(ids);
    expect(codes({ findings })).toEqual([code]);
  });

  it('takes width times height where there is no area', () => {
    const { truth } = truthOf(annotations({ area: undefined, bbox: [1, 1, 3, 5] }, { area: 7 }));
    expect([...truth.annotations.area]).toEqual([15, 7]);
  });

  it.each([
    ['image-id-repeated', [{}, { id: 1 }], 1],
    ['image-id-invalid', [{}, { id: null }], 1],
    ['name-missing', [{ file_name: undefined }], 1],
    ['name-missing', [{ file_name: '.\\' }], 1],
    ['name-repeated', [{ file_name: 'a.jpg' }, { file_name: 'a.jpg' }], 2],
    ['name-differs-by-case', [{ file_name: 'a.jpg' }, { file_name: 'A.JPG' }], 2],
    ['name-with-backslash', [{ file_name: 'train\\a.jpg' }], 1],
    ['name-unsafe', [{ file_name: '../a.jpg' }], 1],
    ['name-unsafe', [{ file_name: 'https://example.org/a.jpg' }], 1],
    ['name-unsafe', [{ file_name: '/etc/a.jpg' }], 1],
    ['image-without-size', [{ width: undefined }], 1],
    ['image-without-size', [{ height: 0 }], 1],
  ])('reports of images: %s', (code, members, count) => {
    const { truth, findings } = truthOf(images(...members));
    expect(codes({ findings })).toContain(code);
    expect(truth.images).toHaveLength(count);
    for (const { fileName } of truth.images) expect(fileName).not.toBe('');
  });

  it('turns backslashes and gives null for missing sizes', () => {
    const { truth } = truthOf(images({ file_name: 'train\\a.jpg', width: 'wide' }));
    expect(truth.images[0]).toMatchObject({ fileName: 'train/a.jpg', width: null, height: 50 });
  });

  it('reads ids that are text, of images, classes and annotations', () => {
    const { truth, findings } = truthOf(
      dataset({
        images: [{ id: 'img', file_name: 'a.jpg', width: 100, height: 50 }],
        categories: [
          { id: 'k', name: 'cat' },
          { id: '4', name: 'dog' },
          { id: 2, name: 'cow' },
        ],
        annotations: [
          annotation({ image_id: 'img', category_id: 'k' }),
          annotation({ id: 2, image_id: 'img', category_id: 4 }),
        ],
      }),
    );
    expect(truth.images[0]!.id).toBe('img');
    expect(truth.categories.map(({ id, name }) => [id, name])).toEqual([
      [2, 'cow'],
      [4, 'dog'],
      [5, 'cat'],
    ]);
    expect([...truth.annotations.category]).toEqual([2, 1]);
    expect(codes({ findings })).toEqual(['category-id-text']);
  });

  it('reports classes that repeat an id or a name, or have none', () => {
    const reading = truthOf(
      dataset({
        categories: [{ id: 1, name: 'cat' }, { id: 1, name: 'dog' }, { id: 2, name: 'cat' }, { id: 3 }],
      }),
    );
    expect(codes(reading)).toEqual([
      'category-id-repeated',
      'category-name-repeated',
      'category-without-name',
    ]);
    expect(reading.truth.categories.map(({ name }) => name)).toEqual(['cat', 'cat', '3']);
  });

  it('keeps names that are members of every object', () => {
    const text = JSON.stringify(dataset({ annotations: [] })).replace(
      '"a.jpg"',
      '"a.jpg","__proto__":{"x":1}',
    );
    const { truth } = truthOf(text, { keepExtra: true });
    expect(truth.images[0]!.extra).toBe('{"__proto__":{"x":1}}');
    expect([...writeCocoTruth(truth)].join('')).toContain('"__proto__":{"x":1}');
  });

  it('a file that is cut, garbled, empty or something else is bad input, never a dataset without objects', () => {
    const full = JSON.stringify(dataset());
    for (let end = 0; end < full.length; end++)
      expect(() => truthOf(full.slice(0, end), { piece: 11 })).toThrow(BadInput);
    for (const source of [
      `${full}{}`,
      '[]',
      'null',
      '{}',
      dataset({ annotations: undefined }),
      dataset({ categories: undefined }),
      dataset({ images: [] }),
      dataset({ images: {} }),
      full.replace('},{', '} {'),
    ])
      expect(() => truthOf(source)).toThrow(BadInput);
    expect(() => truthOf(full.slice(0, 99))).toThrow(
      expect.objectContaining({ code: 'json-truncated', where: { file: 'truth.json', byte: 99 } }),
    );
  });

  it('of a list that repeats the last counts, as for any JSON reader', () => {
    const text = `{"annotations":[${JSON.stringify(annotation())}],${JSON.stringify(dataset({ annotations: [] })).slice(1)}`;
    const reading = truthOf(text);
    expect(reading.truth.annotations.count).toBe(0);
    expect(codes(reading)).toEqual(['member-repeated']);
  });
});

describe('writing COCO', () => {
  const written = (source: object): unknown =>
    JSON.parse([...writeCocoTruth(truthOf(source, { keepExtra: true }).truth)].join(''));

  it('gives an unchanged dataset back, with all that was not understood', () => {
    const source = dataset({
      info: { description: 'x', nested: [{ a: null }] },
      licenses: [],
      images: [{ id: 1, file_name: 'sub/a.jpg', width: 100, height: 50, license: 3, date: null }],
      annotations: [
        annotation({ segmentation: [[0.1, 2, 3.5, 4, 5, 6]], attributes: { occluded: false } }),
        annotation({ id: 7, bbox: [0.1, 0.2, 0.30000000000000004, 1e-7], area: 12.5, iscrowd: 1 }),
      ],
      categories: [{ id: 1, name: 'cät', supercategory: 'animal' }],
    });
    expect(written(source)).toEqual(source);
  });

  it('read(write(x)) is x', () => {
    const finite = fc.double({ min: -100, max: 1e5, noNaN: true }).map((value) => value + 0);
    const length = fc.double({ min: 0, max: 1e5, noNaN: true });
    const box = fc.tuple(finite, finite, length, length);
    const bit = fc.constantFrom(0, 1);
    const extra = fc.option(
      fc.dictionary(
        fc.string().map((name) => `x${name}`),
        fc.jsonValue(),
        { maxKeys: 2 },
      ),
      { nil: {} },
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.record({
            id: fc.nat(),
            file_name: fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('.\\', './', '././/', '..')),
            width: fc.integer({ min: 1 }),
            height: fc.integer({ min: 1 }),
            extra,
          }),
          { selector: ({ id }) => id, minLength: 1, maxLength: 5 },
        ),
        fc.uniqueArray(fc.record({ id: fc.nat(), name: fc.string() }), {
          selector: ({ id }) => id,
          minLength: 1,
          maxLength: 3,
        }),
        fc.array(
          fc.record({
            id: fc.nat(),
            image: fc.nat(),
            category: fc.nat(),
            bbox: box,
            area: length,
            iscrowd: bit,
            difficult: bit,
            group_of: bit,
            ignore: bit,
            extra,
          }),
          { maxLength: 10 },
        ),
        (imageList, categories, rows) => {
          const source = {
            info: {},
            images: imageList.map(({ extra: members, ...image }) => ({ ...members, ...image })),
            categories,
            annotations: rows.map(({ extra: members, image, category, ...row }) => ({
              ...members,
              ...row,
              image_id: imageList[image % imageList.length]!.id,
              category_id: categories[category % categories.length]!.id,
            })),
          };
          const { truth } = truthOf(source, { keepExtra: true });
          expect(truth.annotations.count).toBe(rows.length);
          expect(truthOf([...writeCocoTruth(truth)].join(''), { keepExtra: true }).truth).toEqual(truth);
        },
      ),
    );
  });
});

for (const name of ['bccd/coco/val.json', 'bccd/coco/train.json', 'raccoon/coco/all.json']) {
  const file = sharedPath(`datasets/${name}`);
  describe.skipIf(file === null)(`${name} (skipped without the shared data)`, () => {
    it('is read as it stands, and written as it was', () => {
      const bytes = readFileSync(file!);
      const parsed = JSON.parse(bytes.toString()) as { annotations: { bbox: number[]; area: number }[] };
      const { truth } = truthOf(bytes, { keepExtra: true, piece: 4096 });
      expect([...truth.annotations.box]).toEqual(parsed.annotations.flatMap(({ bbox }) => bbox));
      expect([...truth.annotations.area]).toEqual(parsed.annotations.map(({ area }) => area));
      expect(JSON.parse([...writeCocoTruth(truth)].join(''))).toEqual(parsed);
    });
  });
}
