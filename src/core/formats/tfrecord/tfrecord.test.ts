import { describe, expect, it } from 'vitest';
import { FLAG_CROWD, FLAG_DIFFICULT } from '../../dataset/dataset';
import type { Files } from '../memory-source.fixture';
import { readFiles } from '../memory-source.fixture';
import type { TruthReading } from '../reading';
import { formatNamed } from '../registry';
import { badInput, boxesOf, codes } from '../small-files.fixture';
import { encodeUtf8 } from '../text';
import type { Feature } from './example';
import { readExample, writeExample } from './example';
import { bytesOfDoubles, coordinateOf } from './float-shares';
import { writeFrame } from './frames';
import { KEYS } from './keys';

const bytes = (...values: string[]): Feature => ({ kind: 'bytes', values: values.map(encodeUtf8) });
const floats = (...values: number[]): Feature => ({ kind: 'float', values: values.map(Math.fround) });
const integers = (...values: number[]): Feature => ({ kind: 'int64', values });

const example = (members: Record<string, Feature> = {}): Map<string, Feature> =>
  new Map(
    Object.entries({
      [KEYS.filename]: bytes('a.jpg'),
      [KEYS.width]: integers(100),
      [KEYS.height]: integers(50),
      [KEYS.xmin]: floats(0.1),
      [KEYS.ymin]: floats(0.2),
      [KEYS.xmax]: floats(0.3),
      [KEYS.ymax]: floats(0.6),
      [KEYS.classText]: bytes('cat'),
      [KEYS.classLabel]: integers(3),
      ...members,
    }),
  );

const joined = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));
const record = (members: Record<string, Feature> = {}): Uint8Array =>
  writeFrame(writeExample(example(members)));
const read = (file: Uint8Array | Files, options: object = {}): Promise<TruthReading> =>
  readFiles(formatNamed('tfrecord')!, file instanceof Uint8Array ? { 'a.record': file } : file, {
    isSingle: file instanceof Uint8Array,
    ...options,
  });

describe('tf.train.Example', () => {
  it('packed and unpacked lists say the same', () => {
    const unpacked = Uint8Array.of(
      // Example { features { feature { key "n" value { int64_list { value: 3 value: -1 } } } } }
      ...[0x0a, 0x17, 0x0a, 0x15, 0x0a, 0x01, 0x6e, 0x12, 0x10, 0x1a, 0x0e],
      ...[0x08, 0x03, 0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0x18],
    );
    unpacked[unpacked.length - 1] = 0x08;
    expect(() => readExample(unpacked)).toThrow('cut off');
    const whole = joined(
      Uint8Array.of(0x0a, 0x16, 0x0a, 0x14, 0x0a, 0x01, 0x6e, 0x12, 0x0f, 0x1a, 0x0d),
      unpacked.slice(11, -1),
    );
    expect(readExample(whole)).toEqual(new Map([['n', integers(3, -1)]]));
    expect(readExample(writeExample(new Map([['n', integers(3, -1)]])))).toEqual(readExample(whole));
  });

  it('no length is believed beyond the end', () => {
    for (const broken of [
      [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f],
      [0x0a],
      [0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
      [0x07],
    ])
      expect(() => readExample(Uint8Array.from(broken))).toThrow();
  });
});

describe('shares of 32 bits', () => {
  it('stand for the coordinate with the fewest decimals', () => {
    for (const [value, size] of [
      [193, 640],
      [0.5, 333],
      [12.25, 4000],
      [0, 10],
    ] as const)
      expect(coordinateOf(Math.fround(value / size), size)).toBe(value);
  });
});

describe('a TFRecord', () => {
  it('has numbers of its own for classes, which a label map’s names overrule', async () => {
    const reading = await read(record({ [KEYS.difficult]: integers(1), [KEYS.crowd]: integers(1) }));
    expect(boxesOf(reading)).toEqual([['a.jpg', 'cat', 10, 10, 20, 20]]);
    expect(reading.truth.categories).toMatchObject([{ id: 3, name: 'cat' }]);
    expect([...reading.truth.annotations.flags]).toEqual([FLAG_DIFFICULT | FLAG_CROWD]);
    const mapped = await read(record(), { labelMap: [{ id: 7, name: 'cat' }] });
    expect(mapped.truth.categories).toMatchObject([{ id: 7, name: 'cat' }]);
    const numbered = await read(record({ [KEYS.classText]: bytes() }), {
      labelMap: [{ id: 3, name: 'dog' }],
    });
    expect(numbered.truth.categories).toMatchObject([{ id: 3, name: 'dog' }]);
  });

  it('keeps image ids that are whole numbers, as COCO’s script writes them', async () => {
    const { truth } = await read(record({ [KEYS.sourceId]: bytes('42') }));
    expect(truth).toMatchObject({ hasOwnIds: true, images: [{ id: 42 }] });
    expect((await read(record({ [KEYS.sourceId]: bytes('a.jpg') }))).truth.hasOwnIds).toBe(false);
  });

  it('takes its own doubles only while they agree with the shares', async () => {
    const exact = (x: number): Feature => ({ kind: 'bytes', values: [bytesOfDoubles([x, 10, 20, 20])] });
    expect(boxesOf(await read(record({ [KEYS.exactBox]: exact(10.000000001) })))).toEqual([
      ['a.jpg', 'cat', 10.000000001, 10, 20, 20],
    ]);
    expect(boxesOf(await read(record({ [KEYS.exactBox]: exact(11) })))).toEqual([
      ['a.jpg', 'cat', 10, 10, 20, 20],
    ]);
  });

  it('leaves out lists of different lengths, swapped corners and boxes that are not finite', async () => {
    const wrong = [
      ['record-invalid', { [KEYS.ymax]: floats() }],
      ['record-invalid', { [KEYS.classLabel]: integers(1, 2) }],
      ['box-negative', { [KEYS.xmin]: floats(0.9) }],
      ['box-not-finite', { [KEYS.xmin]: floats(NaN) }],
      ['size-needed', { [KEYS.width]: integers() }],
    ] as const;
    for (const [code, members] of wrong) {
      const reading = await read(joined(record(), record({ [KEYS.filename]: bytes('b.jpg'), ...members })));
      expect(reading.truth.annotations.count).toBe(1);
      expect(codes(reading)).toContain(code);
    }
  });

  it('is bad input where it is cut off, damaged, or claims too much', async () => {
    const whole = joined(record(), record());
    for (const end of [whole.length - 1, whole.length - 20, record().length + 5])
      expect(await badInput(read(whole.subarray(0, end)))).toBe('tfrecord-invalid');
    const damaged = whole.slice();
    damaged[record().length + 40]! ^= 1;
    expect(await badInput(read(damaged))).toBe('tfrecord-invalid');
    expect(await badInput(read(joined(record(), writeFrame(Uint8Array.of(0x0a, 0x7f)))))).toBe(
      'example-invalid',
    );
  });

  it('is read shard by shard, and misses none', async () => {
    const shards = {
      'x.record-00000-of-00002': record(),
      'x.record-00001-of-00002': record({ [KEYS.filename]: bytes('b.jpg') }),
    };
    const { truth } = await read(shards);
    expect(truth.images.map(({ fileName }) => fileName)).toEqual(['a.jpg', 'b.jpg']);
    expect(truth.subsets).toEqual([]);
    const { 'x.record-00000-of-00002': first } = shards;
    expect(await badInput(read({ 'x.record-00000-of-00002': first }))).toBe('shard-missing');
  });
});
