import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Truth, TruthFormat } from '../../dataset/dataset';
import { readFiles, filesOf, imagesOf } from '../memory-source.fixture';
import type { Box } from '../named-truth';
import { NamedTruth } from '../named-truth';
import { RecordReporter } from '../reading';
import { formatNamed } from '../registry';
import type { BoxConvention, ConventionChoice } from './box-convention';
import { CONVENTION_VALUES } from './box-convention';
import { FORMAT_CONVENTIONS, OFFICIAL_CORNERS, conventionFor, conventionWords } from './convention';
import { boxOfTexts, textsOfBox } from './read-box';

const coordinate = fc.oneof(
  fc.integer({ min: 0, max: 3000 }),
  fc.integer({ min: 0, max: 300_000 }).map((value) => value / 100),
  fc.double({ min: 0, max: 3000, noNaN: true }).map((value) => (value < 1e-9 ? 0 : value)),
);
const box = fc.tuple(coordinate, coordinate, coordinate, coordinate).map((values): Box => values);
const convention: fc.Arbitrary<BoxConvention> = fc.record({
  layout: fc.constantFrom(...CONVENTION_VALUES.layout),
  units: fc.constantFrom(...CONVENTION_VALUES.units),
  origin: fc.constantFrom(...CONVENTION_VALUES.origin),
  far: fc.constantFrom(...CONVENTION_VALUES.far),
  pixels: fc.constant('by-size' as const),
});

describe('a box under a convention', () => {
  it('comes back bit for bit from its four texts, whatever the convention', () => {
    const size = fc.integer({ min: 1, max: 12_000 });
    fc.assert(
      fc.property(box, convention, size, size, (given, how, width, height) => {
        const image = { width, height };
        expect(boxOfTexts(textsOfBox(given, how, image), how, image)).toEqual(given);
      }),
      { numRuns: 2000 },
    );
  });

  it.each<[string, ConventionChoice, string, Box]>([
    ['corners are edges from 0', {}, '1 2 11 22', [1, 2, 10, 20]],
    ['official corners count from 1 and include the last', OFFICIAL_CORNERS, '1 2 11 22', [0, 1, 11, 21]],
    ['the last pixel is included, from 0', { far: 'inclusive' }, '1 2 11 22', [1, 2, 11, 21]],
    ['y stands before x', { layout: 'yxyx' }, '2 1 22 11', [1, 2, 10, 20]],
    ['a corner and a size', { layout: 'xywh' }, '1 2 10 20', [1, 2, 10, 20]],
    ['a centre and a size', { layout: 'cxcywh' }, '6 12 10 20', [1, 2, 10, 20]],
    ['shares', { units: 'shares' }, '0.25 0.5 0.75 1', [25, 25, 50, 25]],
  ])('%s', (_, choice, texts, expected) => {
    const four = texts.split(' ') as unknown as Parameters<typeof boxOfTexts>[0];
    expect(boxOfTexts(four, conventionFor('csv', choice), { width: 100, height: 50 })).toEqual(expected);
  });

  it('is told in words', () => {
    expect(conventionWords(conventionFor('voc', OFFICIAL_CORNERS))).toBe(
      'x and y of two corners in pixels from 1, the last one included, of the picture whose size is declared',
    );
  });
});

const BOXES: readonly Box[] = [
  [0, 0, 64, 48],
  [9, 7.5, 20.25, 11],
  [0.1, 3, 0.2, 17],
  [63, 47, 1, 1],
];

function truthWith(format: TruthFormat, choice: ConventionChoice): Truth {
  const truth = new NamedTruth();
  const image = truth.image('a.jpg', 64, 48);
  for (const one of BOXES) truth.add(image, truth.classOf('cat', 1), one);
  return {
    ...truth.finish(format, null, new RecordReporter({ file: 'x' })),
    conventions: { [format]: conventionFor(format, choice) },
  };
}

/** All values of the parts that a format leaves open, but for the picture, which only image files tell. */
const choices = (name: TruthFormat): ConventionChoice[] =>
  FORMAT_CONVENTIONS[name].open
    .filter((part) => part !== 'pixels')
    .reduce<ConventionChoice[]>(
      (all, part) =>
        all.flatMap((choice) => CONVENTION_VALUES[part].map((value) => ({ ...choice, [part]: value }))),
      [{}],
    );

describe('a file of each format that leaves something open', () => {
  const formats: readonly TruthFormat[] = ['voc', 'csv', 'retinanet-csv', 'yolo', 'darknet'];
  const cases = formats.flatMap((name) => choices(name).map((choice) => [name, choice] as const));

  it.each(cases)('%s is written as it was read: %j', async (name, choice) => {
    const truth = truthWith(name, choice);
    const format = formatNamed(name)!;
    const files = await filesOf(
      format.truthWriter!.write(truth, { imageBytes: null, progress: NO_PROGRESS }),
    );
    const isFile = format.truthWriter!.layout === 'file';
    const { truth: again, conventions } = await readFiles(format, files, {
      isSingle: isFile,
      images: imagesOf(truth),
      conventions: choice,
    });
    const boxes = Array.from({ length: again.annotations.count }, (_, row) => [
      ...again.annotations.box.subarray(row * 4, row * 4 + 4),
    ]);
    expect(boxes).toEqual(BOXES);
    expect(conventions?.convention).toEqual(conventionFor(name, choice));
    // What is written again is the same file.
    const written = await filesOf(
      format.truthWriter!.write(again, { imageBytes: null, progress: NO_PROGRESS }),
    );
    expect(written).toEqual(files);
  });

  it('VOC: corners written from 1 are other numbers than those from 0', async () => {
    const xmlOf = async (choice: ConventionChoice): Promise<string> => {
      const written = formatNamed('voc')!.truthWriter!.write(truthWith('voc', choice), {
        imageBytes: null,
        progress: NO_PROGRESS,
      });
      return new TextDecoder().decode((await filesOf(written))['Annotations/a.xml']);
    };
    const bounds = (xml: string): string => /<bndbox>(.*?)<\/bndbox>/s.exec(xml)![1]!.replaceAll(/\s/g, '');
    expect(bounds(await xmlOf({}))).toBe('<xmin>0</xmin><ymin>0</ymin><xmax>64</xmax><ymax>48</ymax>');
    expect(bounds(await xmlOf(OFFICIAL_CORNERS))).toBe(
      '<xmin>1</xmin><ymin>1</ymin><xmax>64</xmax><ymax>48</ymax>',
    );
  });
});

const NO_PROGRESS = { check: () => undefined, report: () => undefined };

const csv = (...rows: string[]): string =>
  ['filename,width,height,class,xmin,ymin,xmax,ymax', ...rows].join('\n');
const told = async (name: TruthFormat, files: Record<string, string>, isSingle = false) => {
  const reading = await readFiles(formatNamed(name)!, files, {
    isSingle,
    images: {
      isGiven: false,
      names: () => Promise.resolve([]),
      sizeOf: () => Promise.resolve({ width: 64, height: 48 }),
    },
  });
  return reading.conventions!;
};

describe('what the numbers tell', () => {
  it('boxes from 0 to the size of the image are edges from 0', async () => {
    const { evidence, suggested } = await told('csv', { 'a.csv': csv('a.jpg,64,48,cat,0,5,64,9') }, true);
    const of = (part: string) => evidence.find((one) => one.part === part);
    expect(of('origin')).toMatchObject({ value: 0, how: 'found' });
    expect(of('far')).toMatchObject({ value: 'edge', how: 'found' });
    expect(of('units')).toMatchObject({ value: 'pixels', how: 'found' });
    expect(suggested).toBeNull();
  });

  it('boxes from 1 to the last pixel look official, and are read so only when that is chosen', async () => {
    const files = { 'a.csv': csv('a.jpg,64,48,cat,1,1,64,48', 'a.jpg,64,48,cat,3,4,20,30') };
    const { convention, suggested } = await told('csv', files, true);
    expect(convention.origin).toBe(0);
    expect(suggested?.choice).toEqual(OFFICIAL_CORNERS);
    const chosen = await readFiles(formatNamed('csv')!, files, {
      isSingle: true,
      conventions: OFFICIAL_CORNERS,
    });
    expect(chosen.conventions?.suggested).toBeNull();
    expect([...chosen.truth.annotations.box.subarray(0, 4)]).toEqual([0, 0, 64, 48]);
    expect(chosen.conventions?.evidence.find(({ part }) => part === 'origin')?.how).toBe('given');
  });

  it('boxes that end one before the size, never at it, may include their last pixel', async () => {
    const { suggested } = await told('csv', { 'a.csv': csv('a.jpg,64,48,cat,0,0,63,47') }, true);
    expect(suggested?.choice).toEqual({ far: 'inclusive' });
  });

  it('CSV: shares are told from pixels, and go out as shares again', async () => {
    const files = { 'a.csv': csv('a.jpg,64,48,cat,0.25,0.5,0.75,1') };
    const { truth } = await readFiles(formatNamed('csv')!, files, { isSingle: true });
    expect([...truth.annotations.box]).toEqual([16, 24, 32, 24]);
    expect(truth.conventions?.csv?.units).toBe('shares');
  });

  it('YOLO: corners and pixels are suspected, never taken unasked', async () => {
    const asCorners = await told('yolo', {
      'labels/a.txt': '0 0.6 0.6 0.9 0.95\n0 0.7 0.5 0.99 0.9\n',
      'data.yaml': 'names: [cat]\n',
    });
    expect(asCorners.convention.layout).toBe('cxcywh');
    expect(asCorners.suggested?.choice).toEqual({ layout: 'xyxy' });
    const plain = await told('yolo', {
      'labels/a.txt': '0 0.5 0.5 0.9 0.2\n0 0.3 0.3 0.1 0.1\n',
      'data.yaml': 'names: [cat]\n',
    });
    expect(plain.suggested).toBeNull();
    expect(plain.evidence.find(({ part }) => part === 'layout')?.how).toBe('found');
  });

  it('COCO: boxes that are all two corners are suspected, and read so when that is chosen', async () => {
    const document = JSON.stringify({
      images: [{ id: 1, file_name: 'a.jpg', width: 640, height: 480 }],
      categories: [{ id: 1, name: 'cat' }],
      annotations: Array.from({ length: 25 }, (_, at) => ({
        id: at + 1,
        image_id: 1,
        category_id: 1,
        bbox: [at, at + 1, at + 11, at + 21],
        iscrowd: 0,
      })),
    });
    const format = formatNamed('coco')!;
    const plain = await readFiles(format, { 'a.json': document }, { isSingle: true });
    expect(plain.conventions?.suggested?.choice).toEqual({ layout: 'xyxy' });
    const { truth } = await readFiles(
      format,
      { 'a.json': document },
      { isSingle: true, conventions: { layout: 'xyxy' } },
    );
    expect([...truth.annotations.box.subarray(8, 12)]).toEqual([2, 3, 11, 20]);
    expect(truth.annotations.area[2]).toBe(220);
  });
});
