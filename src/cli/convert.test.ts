import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedPath } from '../core/foundation/shared-data.fixture';
import { useCommandLine } from './command-line.fixture';

const cli = useCommandLine();

interface Told {
  readonly format: string;
  readonly to: string;
  readonly images: number;
  readonly annotations: number;
  readonly predictions: number;
  readonly findings: readonly { code: string; count: number }[];
  readonly error: { code: string; message: string };
}

async function convert(...args: string[]): Promise<{ code: number; told: Told }> {
  const code = await cli.run('convert', '--json', ...args);
  return { code, told: JSON.parse(cli.out) as Told };
}

const at = (...parts: string[]): string => path.join(cli.folder, ...parts);
const codesOf = ({ findings }: Told): string[] => findings.map(({ code }) => code);

const TRUTH = {
  images: [
    { id: 1, file_name: 'a.jpg', width: 100, height: 50 },
    { id: 2, file_name: 'b.jpg', width: 100, height: 50 },
  ],
  annotations: [
    { id: 1, image_id: 1, category_id: 1, bbox: [10.1, 10, 20.2, 30.3], area: 612.06, iscrowd: 0 },
    { id: 2, image_id: 1, category_id: 2, bbox: [0, 0, 100, 50], area: 5000, iscrowd: 0 },
  ],
  categories: [
    { id: 1, name: 'cat' },
    { id: 2, name: 'dog' },
  ],
};
const writeTruth = (members: object = {}): void =>
  writeFileSync(at('t.json'), JSON.stringify({ ...TRUTH, ...members }));

describe('convert', () => {
  it('writes another format, and says what', async () => {
    writeTruth();
    const { code, told } = await convert('--from', 't.json', '--to', 'voc', '--to-format', 'voc');
    expect(code).toBe(0);
    expect(told).toEqual({ format: 'voc', to: 'voc', images: 2, annotations: 2, findings: [] });
    expect(readdirSync(at('voc', 'Annotations'))).toEqual(['a.xml', 'b.xml']);
  });

  it('refuses loss that nobody agreed to, and lists it where somebody did', async () => {
    writeTruth({
      annotations: [{ ...TRUTH.annotations[0], iscrowd: 1, segmentation: [[1, 2, 3]] }],
    });
    const args = ['--from', 't.json', '--to', 'out.csv', '--to-format', 'csv'];
    const refused = await convert(...args);
    expect(refused).toMatchObject({ code: 2, told: { error: { code: 'export-would-lose' } } });
    expect(readdirSync(cli.folder)).toEqual(['t.json']);
    const { code, told } = await convert(...args, '--allow-loss');
    expect(code).toBe(0);
    expect(codesOf(told).sort()).toEqual(['classes-lost', 'crowd-lost', 'fields-lost']);
  });

  it('calls an image otherwise only where somebody agreed to', async () => {
    writeTruth({ images: [{ ...TRUTH.images[0], file_name: 'sub/a "b".jpg' }, TRUTH.images[1]] });
    const to = (format: string, ...more: string[]): ReturnType<typeof convert> =>
      convert('--from', 't.json', '--to', `out-${format}`, '--to-format', format, ...more);
    for (const format of ['yolo', 'darknet', 'labelme', 'label-studio', 'kitti']) {
      expect((await to(format)).told.error.code, format).toBe('export-would-lose');
      expect(codesOf((await to(format, '--allow-loss')).told), format).toContain('image-names-changed');
    }
    for (const format of ['csv', 'create-ml', 'cvat', 'open-images-csv'])
      expect((await to(format)).code, format).toBe(0);
  });

  it('keeps images of one name in several folders apart in Open Images’ CSV', async () => {
    // Of different sizes: shares of the one are no shares of the other.
    writeTruth({
      images: [
        { id: 1, file_name: 'one/a.jpg', width: 100, height: 50 },
        { id: 2, file_name: 'two/a.jpg', width: 70, height: 90 },
        { id: 3, file_name: 'two/a.png', width: 7, height: 9 },
      ],
      annotations: [
        TRUTH.annotations[0],
        { ...TRUTH.annotations[1], image_id: 2, bbox: [1, 2, 3, 4], area: 12 },
      ],
    });
    expect(await convert('--from', 't.json', '--to', 'oi', '--to-format', 'open-images-csv')).toMatchObject({
      code: 0,
      told: { findings: [] },
    });
    expect((await convert('--from', 'oi', '--to', 'back.json', '--to-format', 'coco')).code).toBe(0);
    const back = JSON.parse(readFileSync(at('back.json'), 'utf8')) as typeof TRUTH;
    expect(back.images.map(({ file_name }) => file_name)).toEqual(['one/a.jpg', 'two/a.jpg', 'two/a.png']);
    expect(back.annotations.map(({ image_id, bbox }) => [image_id, ...bbox])).toEqual([
      [1, 10.1, 10, 20.2, 30.3],
      [2, 1, 2, 3, 4],
    ]);
  });

  it('never writes over something, nor into a source', async () => {
    mkdirSync(at('data'));
    writeTruth();
    writeFileSync(at('data', 't.json'), JSON.stringify(TRUTH));
    const into = await convert('--from', 'data', '--to', 'data/new.csv', '--to-format', 'csv');
    expect(into).toMatchObject({ code: 2, told: { error: { code: 'target-in-source' } } });
    const over = await convert('--from', 'data', '--to', 't.json', '--to-format', 'coco');
    expect(over).toMatchObject({ code: 2, told: { error: { code: 'target-exists' } } });
    expect(JSON.parse(readFileSync(at('t.json'), 'utf8'))).toEqual(TRUTH);
  });

  it.skipIf(process.platform === 'win32')(
    'says that copies are called otherwise than labels call them',
    async () => {
      const [image, ...others] = TRUTH.images;
      const name = 'a "b".png';
      writeTruth({ images: [{ ...image, file_name: name }, ...others] });
      writeFileSync(at(name), 'pixels');
      const args = ['--from', 't.json', '--to-format', 'coco', '--copy-images', '--to'];
      const { code, told } = await convert(...args, 'copy.json');
      expect(code).toBe(0);
      expect(told.findings.filter((finding) => finding.code === 'copies-renamed')).toMatchObject([
        { severity: 'warning', count: 1, where: { image: name } },
      ]);
      expect(readdirSync(at('copy-images'))).toEqual(['a _b_.png']);
    },
  );

  it('splits at random, the same for the same seed', async () => {
    writeTruth({
      images: Array.from({ length: 10 }, (_, index) => ({
        ...TRUTH.images[0],
        id: index + 1,
        file_name: `${index}.jpg`,
      })),
    });
    const split = async (to: string, seed: string): Promise<string> => {
      const args = ['--from', 't.json', '--to', to, '--to-format', 'voc', '--seed', seed];
      const { code } = await convert(...args, '--split', 'train=0.8,val=0.2');
      expect(code).toBe(0);
      return readFileSync(at(to, 'ImageSets', 'Main', 'val.txt'), 'utf8');
    };
    const val = await split('one', '3');
    expect(val.trim().split('\n')).toHaveLength(2);
    expect(await split('two', '3')).toBe(val);
    expect(await split('three', '4')).not.toBe(val);
    const nowhere = await convert('--from', 't.json', '--to', 'x', '--to-format', 'csv', '--split', 'a=1');
    expect(nowhere).toMatchObject({ code: 2, told: { error: { code: 'usage' } } });
    const wrong = await convert('--from', 't.json', '--to', 'x', '--to-format', 'voc', '--split', 'a=0.5');
    expect(wrong).toMatchObject({ code: 2, told: { error: { code: 'usage' } } });
  });

  it('converts predictions with their ground truth', async () => {
    writeTruth();
    writeFileSync(
      at('p.json'),
      JSON.stringify([{ image_id: 1, category_id: 2, bbox: [0.1, 0.2, 0.3, 10], score: 0.123456789012345 }]),
    );
    const alone = await convert('--from', 'p.json', '--to', 'p.csv', '--to-format', 'csv');
    expect(alone).toMatchObject({ code: 2, told: { error: { code: 'usage' } } });
    const to = async (from: string, target: string, format: string): Promise<void> => {
      const args = ['--from', from, '--truth', 't.json', '--to', target, '--to-format', format];
      expect(await convert(...args)).toMatchObject({ code: 0, told: { images: 1, predictions: 1 } });
    };
    await to('p.json', 'p.csv', 'csv');
    await to('p.csv', 'again.json', 'coco-results');
    expect(JSON.parse(readFileSync(at('again.json'), 'utf8'))).toEqual([
      {
        image_id: 1,
        category_id: 2,
        bbox: [0.1, 0.2, 0.3, 10],
        score: 0.123456789012345,
        file_name: 'a.jpg',
      },
    ]);
  });

  it('refuses formats that are not written', async () => {
    writeTruth();
    for (const format of ['xyz', 'coco-results', 'via']) {
      const { code, told } = await convert('--from', 't.json', '--to', 'x', '--to-format', format);
      expect(code).toBe(2);
      expect(told.error.code).toBe('usage');
    }
  });

  it.skipIf(!sharedPath('datasets/bccd'))('copies images with --copy-images (datasets/bccd)', async () => {
    const args = [
      '--from',
      sharedPath('datasets/bccd')!,
      '--subset',
      'val',
      '--to',
      'v',
      '--to-format',
      'voc',
    ];
    expect(await convert(...args, '--copy-images')).toMatchObject({ code: 0, told: { images: 87 } });
    expect(readdirSync(at('v', 'JPEGImages'))).toHaveLength(87);
  });
});
