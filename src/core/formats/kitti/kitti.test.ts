/** What KITTI's label files are known to hold. */
import { describe, expect, it } from 'vitest';
import { FLAG_IGNORE } from '../../dataset/dataset';
import { memorySource } from '../memory-source.fixture';
import { recogniseSource } from '../recognise';
import { badInput, boxesOf, read } from '../small-files.fixture';

describe('kitti', () => {
  const line = (type: string, box = '10 5 30 20', tail = ''): string =>
    `${type} 0.00 1 -1.57 ${box} 1.5 1.6 3.7 1.0 2.0 30.0 -1.56${tail}`;
  it('counts from 0, ignores DontCare, and keeps what is not the box', async () => {
    const reading = await read('kitti', {
      'label_2/a.txt': `${line('Car')}\nDontCare -1 -1 -10 1 1 5 5 -1 -1 -1 -1000 -1000 -1000 -10\n`,
      'label_2/b.txt': '',
    });
    expect(boxesOf(reading)).toEqual([
      ['a.jpg', 'Car', 10, 5, 20, 15],
      ['a.jpg', 'DontCare', 1, 1, 4, 4],
    ]);
    expect([...reading.truth.annotations.flags]).toEqual([0, FLAG_IGNORE]);
    expect(reading.truth.annotations.extra.size).toBe(1);
    expect(reading.truth.images).toHaveLength(2);
  });

  it('takes truth to which a tool gave the score 1, and each split’s folder', async () => {
    const files = {
      'train/label_2/a.txt': `${line('Car', '10 5 30 20', ' 1.0')}\n`,
      'val/label_2/a.txt': '',
      'val/label_2/b.txt': `${line('Car', '1 2 3 4', ' 1.0')}\n`,
    };
    const source = memorySource(files);
    const [recognised] = await recogniseSource(source);
    expect(recognised).toMatchObject({ kind: 'truth', paths: Object.keys(files) });
    const reading = await read('kitti', files);
    expect(boxesOf(reading)).toEqual([
      ['a.jpg', 'Car', 10, 5, 20, 15],
      ['b.jpg', 'Car', 1, 2, 2, 2],
    ]);
    expect(reading.truth.images.map(({ fileName }) => fileName)).toEqual(['a.jpg', 'b.jpg', 'val/a.jpg']);
    expect(reading.truth.subsets.map(({ name, images }) => [name, images.length])).toEqual([
      ['train', 1],
      ['val', 2],
    ]);
    const scored = memorySource({
      'data/a.txt': `${line('Car', '10 5 30 20', ' 0.9')}\n`,
    });
    expect((await recogniseSource(scored))[0]?.kind).toBe('predictions');
  });

  it('is bad input where a line is cut off', async () => {
    const files = { 'label_2/a.txt': `${line('Car')}\n`, 'label_2/b.txt': line('Car').slice(0, 30) };
    expect(await badInput(read('kitti', files))).toBe('not-kitti');
  });
});
