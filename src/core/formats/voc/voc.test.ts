import fc from 'fast-check';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Truth } from '../../dataset/dataset';
import { FLAG_DIFFICULT } from '../../dataset/dataset';
import { BadInput } from '../../foundation/bad-input';
import type { Finding } from '../../foundation/finding';
import { sharedPath } from '../../foundation/shared-data.fixture';
import { truthOf } from '../coco/coco.fixture';
import { OFFICIAL_CORNERS, conventionFor } from '../conventions/convention';
import { readCsvTruth } from '../csv/read-csv';
import type { NamedImage } from '../given-ids';
import { truthWithGivenIds } from '../given-ids';
import { readLabelMap } from '../label-map/read-label-map';
import { RecordReporter } from '../reading';
import { encodeUtf8 } from '../text';
import { readVocAnnotation } from './read-annotation';
import { writeVocAnnotation } from './write-annotation';

interface Reading {
  readonly image: NamedImage;
  readonly findings: readonly Finding[];
}

function read(
  xml: string | Uint8Array,
  { file = 'Annotations/a.xml', strict = false, keepExtra = false, conventions = {} } = {},
): Reading {
  const report = new RecordReporter({ file, strict });
  const image = readVocAnnotation(typeof xml === 'string' ? encodeUtf8(xml) : xml, file, report, {
    keepExtra,
    conventions,
  });
  return { image, findings: report.list() };
}

const SIZE = '<size><width>100</width><height>50</height><depth>3</depth></size>';
const document = (...parts: string[]): string =>
  `<annotation><filename>a.jpg</filename>${SIZE}${parts.join('')}</annotation>`;
const bndbox = (left: unknown, top: unknown, right: unknown, bottom: unknown): string =>
  `<bndbox><xmin>${String(left)}</xmin><ymin>${String(top)}</ymin><xmax>${String(right)}</xmax><ymax>${String(bottom)}</ymax></bndbox>`;
const object = (box = bndbox(10, 10, 30, 20), rest = ''): string =>
  `<object><name>cat</name>${rest}${box}</object>`;
const codesOf = ({ findings }: Reading): string[] => findings.map(({ code }) => code);

describe('a Pascal VOC annotation', () => {
  it('is read without any shift, and in file order', () => {
    const { image, findings } = read(
      document(object(), object(bndbox(1, 2, 100, 50), '<difficult>1</difficult>')),
    );
    expect(findings).toEqual([]);
    expect(image).toMatchObject({ fileName: 'a.jpg', width: 100, height: 50 });
    expect(image.objects.map(({ box }) => box)).toEqual([
      [10, 10, 20, 10],
      [1, 2, 99, 48],
    ]);
    expect(image.objects.map(({ isDifficult }) => isDifficult)).toEqual([false, true]);
  });

  it('is read from the polygons of the older LabelMe, which has no bndbox, and gets boxes when it is written', () => {
    const points = (...corners: [number, number][]): string =>
      `<polygon>${corners.map(([x, y]) => `<pt><x>${x}.00</x><y>${y}.50</y></pt>`).join('')}<username></username></polygon>`;
    const quarter = points([10, 5], [30, 5], [30, 20], [10, 20]);
    const labels = [
      '<deleted>0</deleted><type>bounding_box</type>',
      '<deleted>0</deleted>',
      '<deleted>1</deleted>',
    ];
    const xml = `<annotation><filename>a.jpg</filename><imagesize><nrows>50</nrows><ncols>100</ncols></imagesize>${labels.map((rest) => object(quarter, rest)).join('')}</annotation>`;
    const reading = read(xml, { keepExtra: true });
    expect(reading.image).toMatchObject({ width: 100, height: 50 });
    expect(reading.image.objects.map(({ box }) => box)).toEqual([
      [10, 5.5, 20, 15],
      [10, 5.5, 20, 15],
    ]);
    expect(codesOf(reading)).toEqual(['polygons-as-boxes', 'object-deleted']);
    const objects = reading.image.objects.map((one, place) => ({ ...one, place }));
    const again = read(writeVocAnnotation(reading.image, objects));
    expect(again.image.objects.map(({ box }) => box)).toEqual(reading.image.objects.map(({ box }) => box));
    expect(codesOf(again)).toEqual([]);
  });

  it('is read with corners that count pixels from 1 where it is said to be official, and written back so', () => {
    const xml = document(object(bndbox(1, 1, 100, 50)), object(bndbox(3, 4, 3, 4)));
    const { image } = read(xml, { conventions: OFFICIAL_CORNERS, keepExtra: true });
    expect(image.objects.map(({ box }) => box)).toEqual([
      [0, 0, 100, 50],
      [2, 3, 1, 1],
    ]);
    const official = conventionFor('voc', OFFICIAL_CORNERS);
    const [first, second] = image.objects;
    const moved = { ...second!, box: [2, 3, 5, 6] as const, place: 1 };
    const text = writeVocAnnotation(image, [{ ...first!, place: 0 }, moved], official);
    const bare = (xml: string): string => xml.replaceAll(/\s/g, '');
    expect(bare(text)).toBe(document(object(bndbox(1, 1, 100, 50)), object(bndbox(3, 4, 7, 9))));
    const added = { className: 'cat', box: [0, 0, 9, 9] as const, isDifficult: false, place: null };
    expect(bare(writeVocAnnotation(image, [added], official))).toContain(bndbox(1, 1, 9, 9));
  });

  it('is read whatever the order of its elements, with fractions, parts, attributes, comments and CDATA', () => {
    const xml = `<?xml version="1.0"?><!-- x --><annotation verified="yes">${object(
      '<bndbox><ymax>20.25</ymax><xmax> 30.5 </xmax><ymin>10</ymin><xmin>.5</xmin></bndbox>',
      '<part><name>head</name><bndbox><xmin>1</xmin></bndbox></part>',
    )}<object>${bndbox(1, 1, 2, 2)}<name><![CDATA[a & b]]></name></object>${SIZE}<filename>a.jpg</filename></annotation>`;
    const { image } = read(xml);
    expect(image.objects.map(({ className, box }) => [className, box])).toEqual([
      ['cat', [0.5, 10, 30, 10.25]],
      ['a & b', [1, 1, 1, 1]],
    ]);
  });

  it.each([
    ['box-not-finite', bndbox('nan', 1, 2, 3)],
    ['box-not-finite', bndbox('', 1, 2, 3)],
    ['box-not-finite', bndbox('1e999', 1, 2, 3)],
    ['box-not-finite', bndbox('0x10', 1, 20, 3)],
    ['box-negative', bndbox(30, 10, 10, 20)],
    ['box-invalid', ''],
  ])('leaves out and reports: %s', (code, box) => {
    const xml = document(object(), `\n${object(box)}`, object());
    const reading = read(xml);
    expect(reading.image.objects).toHaveLength(2);
    expect(reading.findings).toEqual([
      expect.objectContaining({
        code,
        severity: 'error',
        where: { file: 'Annotations/a.xml', line: 2, record: 1, image: 'a.jpg' },
      }),
    ]);
    expect(() => read(xml, { strict: true })).toThrow(BadInput);
  });

  it.each([
    ['box-without-area', document(object(bndbox(5, 5, 5, 9)))],
    ['box-outside-image', document(object(bndbox(5, 5, 500, 9)))],
    ['box-outside-image', document(object(bndbox(-5, 5, 50, 9)))],
    ['boxes-repeated', document(object(bndbox(1, 1, 2, 2) + bndbox(3, 3, 4, 4)))],
    ['image-without-size', `<annotation><filename>a.jpg</filename>${object()}</annotation>`],
    ['image-without-size', document(object()).replace('>100<', '>0<')],
    ['name-missing', `<annotation>${SIZE}${object()}</annotation>`],
    ['name-without-extension', document(object()).replace('a.jpg', 'a')],
    ['name-differs', document(object()).replace('a.jpg', 'b.jpg')],
    ['name-unsafe', document(object()).replace('a.jpg', 'C:\\images\\a.jpg')],
    ['name-unsafe', document(object()).replace('a.jpg', '../a.jpg')],
  ])('keeps and reports: %s', (code, xml) => {
    const reading = read(xml, { strict: true });
    expect(codesOf(reading)).toEqual([code]);
    expect(reading.image.objects).toHaveLength(1);
  });

  it('leaves out objects without a name', () => {
    expect(codesOf(read(document(`<object>${bndbox(1, 1, 2, 2)}</object>`)))).toEqual([
      'object-without-class',
    ]);
  });

  it('is read in the encoding that it has or names', () => {
    const text = document(object()).replace('cat', '红细胞');
    const utf16 = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0xff, 0xfe]), bytes]);
    expect(read(`\ufeff${text}`).image.objects[0]!.className).toBe('红细胞');
    expect(read(utf16(Buffer.from(text, 'utf16le'))).image.objects[0]!.className).toBe('红细胞');
    expect(read(utf16(Buffer.from(text, 'utf16le')).swap16()).image.objects[0]!.className).toBe('红细胞');
    const named = (encoding: string, name: number[]): Buffer =>
      Buffer.concat([
        Buffer.from(`<?xml version="1.0" encoding="${encoding}"?>`),
        ...document(object())
          .split('cat')
          .flatMap((part, index) =>
            index === 0 ? [Buffer.from(part), Buffer.from(name)] : [Buffer.from(part)],
          ),
      ]);
    expect(read(named('GBK', [0xba, 0xec])).image.objects[0]!.className).toBe('红');
    expect(read(named('ISO-8859-1', [0xe9])).image.objects[0]!.className).toBe('é');
    const wrong = read(named('utf-8', [0xe9]));
    expect(wrong.image.objects[0]!.className).toBe('é');
    expect(codesOf(wrong)).toEqual(['text-not-utf8']);
  });

  it('is bad input where it is cut, garbled, of another form, or declares a document type', () => {
    const full = document(object());
    for (let end = 0; end < full.length; end++) expect(() => read(full.slice(0, end))).toThrow(BadInput);
    for (const xml of [
      '{}',
      '<annotations/>',
      `${full}<annotation/>`,
      full.replace('cat', '&cat;'),
      `<!DOCTYPE annotation [<!ENTITY a "aaaa">]>${full.replace('cat', '&a;')}`,
      `<!DOCTYPE annotation SYSTEM "file:///etc/passwd">${full}`,
      `<annotation>${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}</annotation>`,
    ])
      expect(() => read(xml)).toThrow(BadInput);
    expect(() => read(full.replace('</name>', '</nam>'))).toThrow(
      expect.objectContaining({ where: { file: 'Annotations/a.xml', line: 1 } }),
    );
  });

  it('reads names that are members of every object', () => {
    const { image } = read(document(object(), '<__proto__>x</__proto__>').replaceAll('cat', '__proto__'));
    expect(image.objects[0]!.className).toBe('__proto__');
    const truth = truthWithGivenIds('voc', [image], null, new Map(), new RecordReporter({ file: 'x' }));
    expect(truth.categories).toEqual([{ id: 1, name: '__proto__', extra: null }]);
  });
});

describe('writing Pascal VOC', () => {
  const rewritten = (image: NamedImage): string =>
    writeVocAnnotation(
      image,
      image.objects.map((entry) => ({ ...entry, place: entry.extra === null ? null : Number(entry.extra) })),
    );

  it('an unchanged document keeps its elements, their order, its numbers and its attributes', () => {
    const xml = `<annotation verified="yes">
\t<source>
\t\t<database>D &amp; Q</database>
\t</source>
\t<object>
\t\t<bndbox>
\t\t\t<xmin>1.50</xmin>
\t\t\t<xmax>9</xmax>
\t\t\t<ymin>01</ymin>
\t\t\t<ymax>7</ymax>
\t\t</bndbox>
\t\t<pose>Left</pose>
\t\t<name>cat</name>
\t\t<part>
\t\t\t<name>head</name>
\t\t</part>
\t</object>
\t<filename>a.jpg</filename>
\t<depth unit="bit">8</depth>
</annotation>
`;
    expect(rewritten(read(xml, { keepExtra: true }).image)).toBe(xml);
  });

  it('changes only what changed; objects go and come', () => {
    const { image } = read(document(object(), object(bndbox(1, 2, 3, 4), '<pose>Left</pose>')), {
      keepExtra: true,
    });
    const [, kept] = image.objects;
    const text = writeVocAnnotation(image, [
      { ...kept!, box: [1, 2, 2, 9.5], className: 'dog', isDifficult: true, place: 1 },
      { className: 'cow', box: [0, 0, 1, 1], isDifficult: false, place: null },
    ]);
    const again = read(text, { keepExtra: true }).image;
    expect(again.objects.map(({ className, box, isDifficult }) => [className, box, isDifficult])).toEqual([
      ['dog', [1, 2, 2, 9.5], true],
      ['cow', [0, 0, 1, 1], false],
    ]);
    expect(text).toContain('<pose>Left</pose>');
    expect(text).toContain('<ymax>11.5</ymax>');
  });

  it('read(write(x)) is x, for any boxes and names', () => {
    const finite = fc.double({ min: -1e4, max: 1e4, noNaN: true }).map((value) => value + 0);
    const length = fc.double({ min: 0, max: 1e4, noNaN: true });
    // eslint-disable-next-line no-control-regex -- XML has no way to hold them
    const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
    const name = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => text.trim() === text && !unwritable.test(text));
    const entry = fc.record({
      className: name,
      box: fc.tuple(finite, finite, length, length),
      isDifficult: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(entry), fc.option(fc.integer({ min: 1 })), (objects, width) => {
        const text = writeVocAnnotation(
          { fileName: 'a.jpg', width, height: width, extra: null },
          objects.map((each) => ({ ...each, place: null })),
        );
        const { image } = read(text);
        expect(image).toEqual({
          fileName: 'a.jpg',
          width,
          height: width,
          extra: null,
          objects: objects.map((each) => ({ ...each, extra: null })),
        });
      }),
    );
  });
});

describe('ids given on reading', () => {
  const image = (fileName: string, ...classes: string[]): NamedImage => ({
    fileName,
    width: 10,
    height: 10,
    extra: null,
    objects: classes.map((className) => ({ className, box: [1, 1, 2, 2], isDifficult: false, extra: null })),
  });
  const give = (
    images: NamedImage[],
    labelMap: Parameters<typeof truthWithGivenIds>[2] = null,
    report = new RecordReporter({ file: 'x' }),
  ): Truth => truthWithGivenIds('voc', images, labelMap, new Map([['val', ['b.jpg']]]), report);

  it('images by file name in byte order, annotations in that order, classes by name', () => {
    const truth = give([
      image('b.jpg', 'cat', 'ant'),
      image('B.jpg', 'bee'),
      image('\u{1f600}.jpg'),
      image('\uff5e.jpg'),
    ]);
    expect(truth.images.map(({ id, fileName }) => [id, fileName])).toEqual([
      [1, 'B.jpg'],
      [2, 'b.jpg'],
      [3, '\uff5e.jpg'],
      [4, '\u{1f600}.jpg'],
    ]);
    expect(truth.categories.map(({ id, name }) => [id, name])).toEqual([
      [1, 'ant'],
      [2, 'bee'],
      [3, 'cat'],
    ]);
    expect([...truth.annotations.id]).toEqual([1, 2, 3]);
    expect([...truth.annotations.category]).toEqual([1, 2, 0]);
    expect([...truth.subsets[0]!.images]).toEqual([1]);
    expect(truth.hasOwnIds).toBe(false);
  });

  it('classes as in the label map, those it lacks above, with a finding', () => {
    const report = new RecordReporter({ file: 'x' });
    const labelMap = [
      { id: 5, name: 'cat' },
      { id: 2, name: 'unused' },
    ];
    const truth = give([image('b.jpg', 'cat', 'bee', 'ant')], labelMap, report);
    expect(truth.categories.map(({ id, name }) => [id, name])).toEqual([
      [2, 'unused'],
      [5, 'cat'],
      [6, 'ant'],
      [7, 'bee'],
    ]);
    expect(report.list()).toEqual([expect.objectContaining({ code: 'class-not-in-label-map', count: 2 })]);
  });
});

/** Boxes by image and class, in order: what two readings of one dataset share whatever their ids. */
const boxesByName = (truth: Truth): string[] =>
  Array.from({ length: truth.annotations.count }, (_, row) => {
    const { image, category, box, flags } = truth.annotations;
    return JSON.stringify([
      truth.images[image[row]!]!.fileName,
      truth.categories[category[row]!]!.name,
      [...box.subarray(row * 4, row * 4 + 4)],
      flags[row]! & FLAG_DIFFICULT,
    ]);
  }).sort();

function readFolder(folder: string): NamedImage[] {
  return readdirSync(folder).map((name) => {
    const reading = read(readFileSync(`${folder}/${name}`), { file: name, keepExtra: true });
    expect(reading.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    return reading.image;
  });
}

const asTruth = (
  images: readonly NamedImage[],
  labelMap: Parameters<typeof truthWithGivenIds>[2] = null,
): Truth => truthWithGivenIds('voc', images, labelMap, new Map(), new RecordReporter({ file: 'x' }));

const bccd = sharedPath('datasets/bccd');
describe.skipIf(bccd === null)('BCCD (skipped without the shared data)', () => {
  it.each(['train', 'val', 'test'])('%s as VOC equals %s as COCO: names, ids, classes and boxes', (name) => {
    const stems = new Set(readFileSync(`${bccd!}/ImageSets/Main/${name}.txt`, 'utf8').trim().split(/\s+/));
    const all = readFolder(`${bccd!}/Annotations`);
    const labelMap = readLabelMap(readFileSync(`${bccd!}/label_map.pbtxt`, 'utf8'), 'label_map.pbtxt');
    const voc = asTruth(
      all.filter(({ fileName }) => stems.has(fileName.replace('.jpg', ''))),
      labelMap,
    );
    const coco = truthOf(readFileSync(`${bccd!}/coco/${name}.json`)).truth;
    const plain = ({ id, fileName, width, height }: Truth['images'][number]): unknown => [
      id,
      fileName,
      width,
      height,
    ];
    expect(voc.images.map(plain)).toEqual(coco.images.map(plain));
    expect(voc.categories).toEqual(coco.categories);
    expect(boxesByName(voc)).toEqual(boxesByName(coco));
    expect([...voc.annotations.box]).toEqual([...coco.annotations.box]);
    expect([...voc.annotations.id]).toEqual([...coco.annotations.id]);
  });

  it('every file is written as it was', () => {
    const folder = `${bccd!}/Annotations`;
    for (const name of readdirSync(folder)) {
      const xml = readFileSync(`${folder}/${name}`, 'utf8');
      const { image } = read(xml, { file: name, keepExtra: true });
      // Objects that were left out (none here) would be missing.
      const text = writeVocAnnotation(
        image,
        image.objects.map((each) => ({ ...each, place: Number(each.extra) })),
      );
      expect(text.replace(/\s+/g, '')).toBe(xml.replace(/\s+/g, ''));
    }
  });
});

const raccoon = sharedPath('datasets/raccoon');
describe.skipIf(raccoon === null)('raccoons (skipped without the shared data)', () => {
  it('are the same as VOC, CSV and COCO', () => {
    const voc = asTruth(readFolder(`${raccoon!}/annotations`));
    const coco = truthOf(readFileSync(`${raccoon!}/coco/all.json`)).truth;
    const csv = readCsvTruth(readFileSync(`${raccoon!}/csv/raccoon_labels.csv`), { file: 'csv' }).truth;
    expect(boxesByName(voc)).toEqual(boxesByName(coco));
    expect(boxesByName(csv)).toEqual(boxesByName(coco));
    expect(csv.images).toEqual(voc.images.map((image) => ({ ...image, extra: null })));
  });
});
