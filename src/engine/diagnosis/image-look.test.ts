/** Images that look different are measured so, and the difference between two sets of them is named. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanSet } from '../../core/diagnosis/clean-set.fixture';
import { type DataFiles, situationOf } from '../../core/diagnosis/data-files.fixture';
import { trainEvaluationShift } from '../../core/diagnosis/data/train-evaluation-shift';
import { diagnose } from '../../core/diagnosis/diagnose';
import { noProgress } from '../../core/foundation/cancellation';
import { Random } from '../../core/foundation/random';
import { locatorOf } from '../images/locate';
import { lookOf } from '../images/look';
import { lookAtImages, SAMPLE } from './image-facts';

const COUNT = 24;
let folder = '';

type Change = (image: ReturnType<typeof sharp>) => ReturnType<typeof sharp>;

/** A picture of coarse patches around a random brightness. */
async function write(name: string, seed: number, change: Change): Promise<string> {
  const random = new Random(seed);
  const level = random.between(100, 150);
  const pixels = Uint8Array.from({ length: 12 * 9 * 3 }, () => level + random.between(-60, 60));
  const file = path.join(folder, name);
  const large = await sharp(pixels, { raw: { width: 12, height: 9, channels: 3 } })
    .resize(120, 90, { kernel: 'nearest' })
    .png()
    .toBuffer();
  await change(sharp(large)).toFile(file);
  return file;
}

const same: Change = (image) => image;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'reticle-look-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('How images look', () => {
  it('is measured: darker, softer, redder', async () => {
    const plain = (await lookOf(await write('plain.png', 1, same)))!;
    const dark = (await lookOf(await write('dark.png', 1, (image) => image.linear(0.5, 0))))!;
    const soft = (await lookOf(await write('soft.png', 1, (image) => image.blur(5))))!;
    const red = (await lookOf(await write('red.png', 1, (image) => image.linear([1.4, 1, 1], [0, 0, 0]))))!;
    expect(dark.brightness / plain.brightness).toBeCloseTo(0.5, 1);
    expect(dark.contrast / plain.contrast).toBeCloseTo(0.5, 1);
    expect(soft.sharpness).toBeLessThan(plain.sharpness * 0.7);
    expect(red.red).toBeGreaterThan(plain.red + 0.03);
    expect(await lookOf(path.join(folder, 'absent.png'))).toBeNull();
  });

  it.each([
    ['brightness', (image) => image.linear(0.6, 0)],
    ['sharpness', (image) => image.blur(5)],
    ['colour', (image) => image.linear([1.3, 1, 0.8], [0, 0, 0])],
    [null, same],
  ] as const satisfies readonly (readonly [string | null, Change])[])(
    'a difference in %s (null: none) between training and evaluation is named',
    async (property, change) => {
      const shape = { images: COUNT, classes: 2, objects: 3, clutter: 1, looseness: 0.05, found: 0.9 };
      const [train, evaluation] = await Promise.all([
        pictured(cleanSet(1, shape), 'train', 1000, same),
        pictured(cleanSet(2, shape), String(property), 2000, change),
      ]);
      const locator = await locatorOf(folder);
      const look = ({ truth }: DataFiles) =>
        lookAtImages(
          truth.images.map(({ file_name }) => file_name),
          locator,
          noProgress,
          SAMPLE,
        );
      const situation = { ...situationOf(evaluation), facts: await look(evaluation) };
      const sources = {
        train: { truth: situationOf(train).truth, facts: await look(train) },
        training: null,
        reported: [],
      };
      const { causes } = diagnose(situation, situation.truth, sources, [trainEvaluationShift], noProgress, {
        hasIntervals: false,
      });
      const named = causes.map(({ evidence }) => evidence.property);
      if (property === null) expect(named).toEqual([]);
      else expect(named).toContain(property);
    },
  );
});

/** The set with a picture for each of its images. */
async function pictured(files: DataFiles, name: string, seed: number, change: Change): Promise<DataFiles> {
  for (const [index, image] of files.truth.images.entries()) {
    image.file_name = `${name}-${index}.png`;
    await write(image.file_name, seed + index, change);
  }
  return files;
}
