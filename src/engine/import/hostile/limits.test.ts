/** Every limit that docs/formats.md names, reached: a clear error, and no box. */
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { BadInput } from '../../../core/foundation/bad-input';
import { GrowingFloat64, GrowingInt32, GrowingUint8 } from '../../../core/formats/growing-columns';
import { LONGEST_NAME } from '../../../core/formats/limits';
import { LARGEST_TEXT } from '../../../core/formats/source';
import type { LoadOptions } from '../load';
import { loadPredictions, loadTruth } from '../load';
import { seedCorpus } from './seeds.fixture';
import { placeFiles } from './check.fixture';

const folder = mkdtempSync(path.join(tmpdir(), 'reticle-limits-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: string | Uint8Array): string => {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
};

async function refusal(file: string, options: LoadOptions = {}, kind = loadTruth): Promise<string> {
  const error: unknown = await kind(file, options).catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(BadInput);
  expect((error as BadInput).next).not.toBe('');
  return (error as BadInput).code;
}

const LONG = 'x'.repeat(LONGEST_NAME + 1);
const DEEP = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;

/** One object of the class and image, in the forms that hold names. */
const NAMED: Readonly<
  Record<string, (image: string, label: string) => readonly [name: string, content: string]>
> = {
  coco: (image, label) => [
    'a.json',
    `{"images":[{"id":1,"file_name":"${image}","width":9,"height":9}],"annotations":[],"categories":[{"id":1,"name":"${label}"}]}`,
  ],
  voc: (image, label) => [
    'a.xml',
    `<annotation><filename>${image}</filename><object><name>${label}</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></object></annotation>`,
  ],
  csv: (image, label) => [
    'a.csv',
    `filename,width,height,class,xmin,ymin,xmax,ymax\n${image},9,9,${label},1,1,2,2\n`,
  ],
  'retinanet-csv': (image, label) => ['a.csv', `${image},1,1,2,2,${label}\n`],
  labelme: (image, label) => [
    'a.json',
    `{"version":"5","shapes":[{"label":"${label}","points":[[1,1],[2,2]],"shape_type":"rectangle"}],"imagePath":"${image}"}`,
  ],
  cvat: (image, label) => [
    'a.xml',
    `<annotations><image name="${image}" width="9" height="9"><box label="${label}" xtl="1" ytl="1" xbr="2" ybr="2"/></image></annotations>`,
  ],
  'create-ml': (image, label) => [
    'a.json',
    `[{"image":"${image}","annotations":[{"label":"${label}","coordinates":{"x":1,"y":1,"width":1,"height":1}}]}]`,
  ],
  'label-studio': (image, label) => [
    'a.json',
    `[{"data":{"image":"${image}"},"annotations":[{"result":[{"type":"rectanglelabels","original_width":9,"original_height":9,"value":{"x":1,"y":1,"width":9,"height":9,"rectanglelabels":["${label}"]}}]}]}]`,
  ],
  via: (image, label) => [
    'a.json',
    `{"a":{"filename":"${image}","regions":[{"shape_attributes":{"name":"rect","x":1,"y":1,"width":1,"height":1},"region_attributes":{"class":"${label}"}}]}}`,
  ],
  vott: (image, label) => [
    'a.json',
    `{"asset":{"name":"${image}"},"regions":[{"tags":["${label}"],"boundingBox":{"left":1,"top":1,"width":1,"height":1}}]}`,
  ],
};

describe('names', () => {
  it.each(Object.keys(NAMED))(
    '%s: longer than any path are bad input; __proto__ is one like any other',
    async (format) => {
      const place = (image: string, label: string, number: number): string =>
        write(
          `names/${format}-${number}/${NAMED[format]!(image, label)[0]}`,
          NAMED[format]!(image, label)[1],
        );
      expect(await refusal(place(`${LONG}.jpg`, 'cat', 0), { format })).toBe('name-too-long');
      expect(await refusal(place('a.jpg', LONG, 1), { format })).toBe('name-too-long');
      for (const name of ['__proto__', 'constructor', 'toString']) {
        const { truth } = await loadTruth(place(`${name}.jpg`, name, 2), { format, keepExtra: true });
        expect(truth.images.map(({ fileName }) => fileName)).toEqual([`${name}.jpg`]);
        expect(truth.categories.map((category) => category.name)).toEqual([name]);
      }
      expect(Object.keys(Object.prototype)).toEqual([]);
    },
  );
});

describe('depth', () => {
  it.each([
    ['coco', '{"images":[],"a":', '}', 'json-too-deep'],
    ['labelme', '{"version":"5","shapes":[],"flags":', '}', 'json-too-deep'],
    ['via', '{"a":{"filename":"a.jpg","regions":[],"more":', '}}', 'json-too-deep'],
    ['vott', '{"asset":{"name":"a.jpg"},"regions":[],"more":', '}', 'json-too-deep'],
    ['create-ml', '[{"image":"a.jpg","annotations":[],"more":', '}]', 'json-too-deep'],
    ['label-studio', '[{"data":{"image":"a.jpg","more":', '},"annotations":[]}]', 'json-too-deep'],
  ])('%s: nesting without end is bad input', async (format, before, after, code) => {
    expect(await refusal(write(`deep/${format}.json`, `${before}${DEEP}${after}`), { format })).toBe(code);
  });

  it.each(['voc', 'cvat'])('%s likewise', async (format) => {
    const root = format === 'voc' ? 'annotation' : 'annotations';
    const text = `<${root}>${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}</${root}>`;
    expect(await refusal(write(`deep/${format}/a.xml`, text), { format })).toBe('xml-invalid');
  });

  it('YAML likewise, and aliases that grow', async () => {
    const data = (name: string, text: string): string => {
      write(`${name}/labels/a.txt`, '0 0.5 0.5 0.1 0.1\n');
      return path.dirname(write(`${name}/data.yaml`, text));
    };
    const names = 'train: images\nval: images\nnames: [a]\n';
    expect(await refusal(data('yaml-deep', `${names}more: ${DEEP}\n`), { format: 'yolo' })).toBe(
      'data-yaml-invalid',
    );
    const laughs = Array.from(
      { length: 9 },
      (_, at) => `l${at + 1}: &l${at + 1} [${`*l${at},`.repeat(9)}]\n`,
    );
    expect(
      await refusal(data('yaml-laughs', `l0: &l0 [a]\n${laughs.join('')}${names}`), { format: 'yolo' }),
    ).toBe('data-yaml-invalid');
  });
});

describe('sizes', () => {
  it('a text file larger than one can be is not read', async () => {
    const file = write('large/a.xml', '<annotation>');
    truncateSync(file, LARGEST_TEXT + 1);
    expect(await refusal(file, { format: 'voc' })).toBe('file-too-large');
  });

  it('a compressed file that grows without measure is not read on', async () => {
    const blanks = gzipSync(Buffer.alloc(LARGEST_TEXT / 4, ' '));
    expect(await refusal(write('bomb.json.gz', blanks), { format: 'coco' })).toBe('compression-too-large');
    const more = gzipSync(Buffer.alloc(LARGEST_TEXT + 1, ' '), { level: 1 });
    expect(await refusal(write('bomb.csv.gz', more), { format: 'csv' })).toBe('compression-too-large');
  });

  it('columns hold no more than any dataset has', () => {
    for (const column of [new GrowingFloat64(2000), new GrowingInt32(2000), new GrowingUint8(2000)])
      expect(() => {
        for (let at = 0; at < 5000; at++) column.push(at);
      }).toThrow(BadInput);
  });
});

describe('time', async () => {
  const seeds = (await seedCorpus()).filter(
    ({ name, kind }) =>
      (kind === 'truth' || kind === 'predictions') && !name.includes('-zip') && !name.includes('-tar'),
  );
  it.each(seeds)('$name is given up when its time is over', async (seed) => {
    const file = placeFiles(path.join(folder, 'time', seed.name), seed);
    const kind = seed.kind === 'truth' ? loadTruth : (loadPredictions as unknown as typeof loadTruth);
    expect(await refusal(file, { format: seed.format, longest: -1 }, kind)).toBe('reading-too-long');
  });
});
