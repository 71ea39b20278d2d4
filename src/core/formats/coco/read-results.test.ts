import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../foundation/bad-input';
import { sharedPath } from '../../foundation/shared-data.fixture';
import { codes, results } from './coco.fixture';

const record = (members: object = {}): object => ({
  image_id: 1,
  category_id: 2,
  bbox: [1, 2, 3, 4],
  score: 0.5,
  ...members,
});

describe('COCO results', () => {
  it('reads columns', () => {
    const raw = results([record(), record({ image_id: 7, score: 0.25 }), record()]);
    expect(raw).toMatchObject({ count: 3, recordsInFile: 3, categories: [2], findings: [] });
    expect(raw.images).toEqual([
      { id: 1, fileName: null },
      { id: 7, fileName: null },
    ]);
    expect([...raw.image]).toEqual([0, 1, 0]);
    expect([...raw.box.subarray(0, 4)]).toEqual([1, 2, 3, 4]);
    expect([...raw.score]).toEqual([0.5, 0.25, 0.5]);
    expect([...raw.fileIndex]).toEqual([0, 1, 2]);
  });

  it('reads the same in pieces of any size, with any white space and order of members', () => {
    const text = ` [\n${JSON.stringify(record({ file_name: 'ä "1".jpg', extra: { a: [1, '}]'] } }), null, 2)} ,\r\n\t{"score":1e-1,"bbox":[ 0 , 1.5,2e0,3 ],"category_id":"cat","image_id":"x"} ] `;
    const whole = results(text);
    expect(whole.count).toBe(2);
    expect(whole.images).toEqual([
      { id: 1, fileName: 'ä "1".jpg' },
      { id: 'x', fileName: null },
    ]);
    for (let piece = 1; piece < 40; piece++) expect(results(text, { piece })).toEqual(whole);
  });

  it('reads a record a line', () => {
    const text = `${JSON.stringify(record())}\n${JSON.stringify(record())}\r\n\n`;
    expect(results(text).count).toBe(2);
    expect(results(text, { piece: 3 }).count).toBe(2);
  });

  it('gives the boxes and scores of JSON.parse', () => {
    const finite = fc.double({ min: 0, max: 5000, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(finite, finite, finite, finite, fc.double({ min: 0, max: 1, noNaN: true })), {
          minLength: 1,
        }),
        (rows) => {
          const records = rows.map(([x, y, w, h, score]) => record({ bbox: [x, y, w, h], score }));
          const parsed = JSON.parse(JSON.stringify(records)) as { bbox: number[]; score: number }[];
          const raw = results(records, { piece: 50 });
          expect([...raw.box]).toEqual(parsed.flatMap(({ bbox }) => bbox));
          expect([...raw.score]).toEqual(parsed.map(({ score }) => score));
        },
      ),
    );
  });

  it.each([
    ['box-not-finite', '{"image_id":1,"category_id":1,"bbox":[NaN,1,2,3],"score":1}'],
    ['box-not-finite', '{"image_id":1,"category_id":1,"bbox":[1,1,1e999,3],"score":1}'],
    ['box-negative', '{"image_id":1,"category_id":1,"bbox":[1,1,-2,3],"score":1}'],
    ['box-invalid', '{"image_id":1,"category_id":1,"bbox":[],"score":1}'],
    ['box-invalid', '{"image_id":1,"category_id":1,"bbox":[1,2,"3",4],"score":1}'],
    ['box-invalid', '{"image_id":1,"category_id":1,"bbox":null,"score":1}'],
    ['score-invalid', '{"image_id":1,"category_id":1,"bbox":[1,1,2,3],"score":-Infinity}'],
    ['score-invalid', '{"image_id":1,"category_id":1,"bbox":[1,1,2,3]}'],
    ['not-a-number', '{"image_id":1,"category_id":1,"bbox":[1,1,2,3],"score":1,"other":[NaN]}'],
    ['image-id-invalid', '{"image_id":null,"category_id":1,"bbox":[1,1,2,3],"score":1}'],
    ['category-id-invalid', '{"image_id":1,"bbox":[1,1,2,3],"score":1}'],
    ['record-invalid', '17'],
  ])('leaves out and reports: %s', (code, text) => {
    const list = `[${JSON.stringify(record())},${text},${JSON.stringify(record())}]`;
    const raw = results(list);
    expect(raw).toMatchObject({ count: 2, recordsInFile: 3 });
    expect([...raw.fileIndex]).toEqual([0, 2]);
    expect(raw.findings).toEqual([
      expect.objectContaining({
        code,
        severity: 'error',
        count: 1,
        where: { file: 'results.json', record: 1 },
      }),
    ]);
    expect(() => results(list, { strict: true })).toThrow(BadInput);
  });

  it('keeps boxes without area, with a finding', () => {
    const raw = results([record({ bbox: [1, 1, 0, 5] })]);
    expect(raw.count).toBe(1);
    expect(codes(raw)).toEqual(['box-without-area']);
  });

  it('takes the last of members that repeat, and members written with escapes', () => {
    const raw = results(
      '[{"image_id":1,"image_id":2,"category_id":1,"\\u0062box":[1,2,3,4],"score":0.1,"score":0.2}]',
    );
    expect(raw.images).toEqual([{ id: 2, fileName: null }]);
    expect([...raw.score]).toEqual([0.2]);
  });

  it('refuses masks and keypoints alone, and reports them among boxes', () => {
    const mask = { image_id: 1, category_id: 1, segmentation: { counts: 'abc', size: [1, 1] }, score: 1 };
    expect(() => results([mask, mask])).toThrow(/only masks or keypoints/);
    expect(() => results([{ image_id: 1, category_id: 1, keypoints: [1, 2, 2], score: 1 }])).toThrow(
      BadInput,
    );
    expect(results([mask, record(), mask]).findings).toEqual([
      expect.objectContaining({
        code: 'record-without-box',
        count: 2,
        where: { file: 'results.json', record: 0 },
      }),
    ]);
    expect(() => results([mask, record()], { strict: true })).toThrow(BadInput);
  });

  it('an empty list is a set of predictions; an empty file, a cut or garbled one and a dataset are not', () => {
    expect(results('[]')).toMatchObject({ count: 0, recordsInFile: 0 });
    const full = JSON.stringify([record(), record()]);
    for (let end = 0; end < full.length; end++) {
      expect(() => results(full.slice(0, end), { piece: 7 })).toThrow(BadInput);
    }
    for (const text of [
      ' \n',
      `${full}x`,
      `${full}[]`,
      '[{]',
      `[${JSON.stringify(record())},]`,
      `[${JSON.stringify(record())} {}]`,
      '"a"',
    ])
      expect(() => results(text)).toThrow(BadInput);
    expect(() => results({ images: [], annotations: [], categories: [] })).toThrow(/is a dataset/);
  });

  it('reads past a byte order mark, and refuses UTF-16 by name', () => {
    expect(results(`\ufeff${JSON.stringify([record()])}`, { piece: 1 }).count).toBe(1);
    expect(() => results(Buffer.from('\ufeff[]', 'utf16le'))).toThrow(/UTF-16/);
    expect(() => results(Buffer.from('[]', 'utf16le'))).toThrow(/UTF-16/);
  });

  it('keeps names that are members of every object apart', () => {
    const raw = results(
      '[{"__proto__":{"score":1},"image_id":"__proto__","category_id":"constructor","bbox":[1,1,1,1],"score":0.5}]',
    );
    expect(raw.images).toEqual([{ id: '__proto__', fileName: null }]);
    expect(raw.categories).toEqual(['constructor']);
  });

  it('never holds more than a record: long members come in pieces', () => {
    const raw = results(`[${JSON.stringify(record({ note: 'x'.repeat(3_000_000) }))}]`, { piece: 1000 });
    expect(raw.count).toBe(1);
  });
});

const real = sharedPath('models/bccd/predictions-val.json');
describe.skipIf(real === null)('real results (skipped without the shared data)', () => {
  it('are those of JSON.parse', () => {
    const bytes = readFileSync(real!);
    const parsed = JSON.parse(bytes.toString()) as { image_id: number; bbox: number[]; score: number }[];
    const raw = results(bytes, { piece: 4096 });
    expect(raw.count).toBe(parsed.length);
    expect([...raw.box]).toEqual(parsed.flatMap(({ bbox }) => bbox));
    expect([...raw.score]).toEqual(parsed.map(({ score }) => score));
    expect([...raw.image].map((at) => raw.images[at]!.id)).toEqual(parsed.map(({ image_id: id }) => id));
  });
});
