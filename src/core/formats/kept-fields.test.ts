/** What a reader does not know is in the file again when it is written, wherever it stood. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noProgress } from '../foundation/cancellation';
import { filesOf, readFiles } from './memory-source.fixture';
import { formatNamed } from './registry';
import { decodeText, encodeUtf8 } from './text';
import type { Feature } from './tfrecord/example';
import { readExample, writeExample } from './tfrecord/example';
import type { Frame } from './tfrecord/frames';
import { readFrame, writeFrame } from './tfrecord/frames';
import { childElements, parseXml, textOf } from './xml-tree';

/** Members that say something: null, false and what is empty stand for nothing in these formats. */
const value = fc.oneof(
  fc.string({ minLength: 1 }),
  fc.integer(),
  fc.constant(true),
  fc.array(fc.integer(), { minLength: 1, maxLength: 3 }),
  fc.record({ deep: fc.array(fc.string(), { minLength: 1, maxLength: 2 }) }),
);
const members = fc
  .array(
    fc.tuple(
      fc.oneof(
        fc.constantFrom('__proto__', 'constructor'),
        fc.string().map((text) => `x${text}`),
      ),
      value,
    ),
    {
      maxLength: 4,
    },
  )
  // Not an object's own way of making members: `__proto__` is a name like any other.
  .map((entries) => Object.fromEntries(entries) as Record<string, unknown>);

type Members = Record<string, unknown>;

const labelStudioRegion = {
  type: 'rectanglelabels',
  original_width: 640,
  original_height: 480,
  value: { x: 10, y: 20, width: 30, height: 40, rectanglelabels: ['cat'] },
};

/** What is written of a dataset in one file, after it was read. */
async function again(name: string, content: string | Uint8Array, file = 'labels.json'): Promise<Uint8Array> {
  const format = formatNamed(name)!;
  const isSingle = format.truthWriter!.layout === 'file';
  const { truth } = await readFiles(format, { [file]: content }, { isSingle, keepExtra: true });
  const context = { imageBytes: null, progress: noProgress };
  return Object.values(await filesOf(format.truthWriter!.write(truth, context)))[0]!;
}

const kept = (wanted: Members, found: unknown): void => {
  for (const [key, value] of Object.entries(wanted))
    expect(Object.entries(found as Members).find(([one]) => one === key)?.[1]).toEqual(value);
};

const FORMS: Readonly<
  Record<
    string,
    { write: (file: Members, object: Members) => unknown; find: (json: never) => readonly [unknown, unknown] }
  >
> = {
  labelme: {
    write: (file, object) => ({
      ...{ version: '5.5.0', imagePath: 'a.jpg', imageWidth: 640, imageHeight: 480, ...file },
      shapes: [
        {
          label: 'cat',
          shape_type: 'rectangle',
          points: [
            [1, 2],
            [30, 40],
          ],
          ...object,
        },
      ],
    }),
    find: (json: { shapes: unknown[] }) => [json, json.shapes[0]],
  },
  'create-ml': {
    write: (image, object) => [
      {
        image: 'a.jpg',
        ...image,
        annotations: [{ label: 'cat', coordinates: { x: 9, y: 9, width: 4, height: 4 }, ...object }],
      },
    ],
    find: (json: { annotations: unknown[] }[]) => [json[0], json[0]!.annotations[0]],
  },
  'label-studio': {
    write: (image, object) => [
      {
        id: 7,
        data: { image: 'a.jpg', ...image },
        annotations: [{ id: 3, result: [{ ...labelStudioRegion, ...object }] }],
      },
    ],
    find: (json: { data: unknown; annotations: { result: unknown[] }[] }[]) => [
      json[0]!.data,
      json[0]!.annotations[0]!.result[0],
    ],
  },
  coco: {
    write: (image, object) => ({
      images: [{ id: 1, file_name: 'a.jpg', width: 640, height: 480, ...image }],
      annotations: [
        { id: 1, image_id: 1, category_id: 1, bbox: [1, 2, 3, 4], area: 12, iscrowd: 0, ...object },
      ],
      categories: [{ id: 1, name: 'cat' }],
    }),
    find: (json: { images: unknown[]; annotations: unknown[] }) => [json.images[0], json.annotations[0]],
  },
};

describe('members that are not known', () => {
  it.each(Object.keys(FORMS))('%s: of images and objects alike come back', async (name) => {
    const { write, find } = FORMS[name]!;
    await fc.assert(
      fc.asyncProperty(members, members, async (ofImage, ofObject) => {
        const written = await again(name, JSON.stringify(write(ofImage, ofObject)));
        const [image, object] = find(JSON.parse(decodeText(written).text) as never);
        kept(ofImage, image);
        kept(ofObject, object);
      }),
      { numRuns: 60 },
    );
  });

  it('Label Studio: of tasks, annotations and values too; other results and shapes come back as they were', async () => {
    const polygon = {
      ...labelStudioRegion,
      type: 'polygonlabels',
      value: {
        points: [
          [1, 2],
          [30, 2],
          [30, 40],
        ],
        closed: true,
        polygonlabels: ['dog'],
      },
    };
    const turned = { ...labelStudioRegion, value: { ...labelStudioRegion.value, rotation: 30 } };
    const others = [
      { type: 'choices', from_name: 'quality', to_name: 'image', value: { choices: ['blurred'] } },
      { type: 'textarea', id: 'r1', from_name: 'words', to_name: 'image', value: { text: ['a'] } },
    ];
    await fc.assert(
      fc.asyncProperty(members, members, members, async (ofTask, ofAnnotation, ofValue) => {
        // Its own member x is known.
        const value = { ...ofValue, ...labelStudioRegion.value };
        const unknown = Object.fromEntries(Object.entries(ofValue).filter(([key]) => key !== 'x'));
        const result = [{ ...labelStudioRegion, id: 'r1', value }, polygon, turned, ...others];
        const task = { ...ofTask, data: { image: 'a.jpg' }, annotations: [{ ...ofAnnotation, result }] };
        const written = await again('label-studio', JSON.stringify([task]));
        const [found] = JSON.parse(decodeText(written).text) as [
          { annotations: [{ result: (typeof labelStudioRegion)[] }] },
        ];
        kept(ofTask, found);
        kept(ofAnnotation, found.annotations[0]);
        const [first, second, third, ...rest] = found.annotations[0].result;
        kept({ id: 'r1' }, first);
        kept(unknown, first!.value);
        kept({ type: 'polygonlabels', value: polygon.value }, second);
        kept({ value: turned.value }, third);
        expect(rest).toEqual(others);
      }),
      { numRuns: 40 },
    );
  });

  it('LabelMe: shapes that are no boxes come back as they were', async () => {
    const others = [
      { label: 'eye', shape_type: 'point', points: [[3, 4]], flags: {} },
      {
        label: 'road',
        shape_type: 'linestrip',
        points: [
          [0, 0],
          [5, 5],
          [9, 0],
        ],
        group_id: 2,
      },
    ];
    const box = {
      label: 'cat',
      shape_type: 'rectangle',
      points: [
        [1, 2],
        [30, 40],
      ],
    };
    const file = {
      imagePath: 'a.jpg',
      imageWidth: 640,
      imageHeight: 480,
      shapes: [others[0], box, others[1]],
    };
    const written = JSON.parse(decodeText(await again('labelme', JSON.stringify(file))).text) as {
      shapes: unknown[];
    };
    expect(written.shapes.slice(1)).toEqual(others);
    expect(written).not.toHaveProperty('other_shapes');
  });

  it('CVAT: attributes of images and boxes, and attribute elements', async () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9_]{0,6}$/).map((text) => `u${text}`);
    const text = fc.stringMatching(/^[a-zA-Z0-9 &<>"'é]{1,8}$/).map((one) => `v${one.trim()}`);
    const list = fc.uniqueArray(fc.tuple(word, text), { maxLength: 4, selector: ([name]) => name });
    const escaped = (one: string): string =>
      one.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
    await fc.assert(
      fc.asyncProperty(list, list, list, list, async (ofImage, ofBox, inImage, inBox) => {
        const attributes = (pairs: readonly [string, string][]): string =>
          pairs.map(([name, value]) => ` ${name}="${escaped(value)}"`).join('');
        const elements = (pairs: readonly [string, string][]): string =>
          pairs.map(([name, value]) => `<attribute name="${name}">${escaped(value)}</attribute>`).join('');
        const box = `<box label="cat" xtl="1" ytl="2" xbr="30" ybr="40" occluded="1"${attributes(ofBox)}>${elements(inBox)}</box>`;
        const xml = `<annotations><image id="0" name="a.jpg" width="640" height="480"${attributes(ofImage)}>${box}${elements(inImage)}</image></annotations>`;
        const root = parseXml(decodeText(await again('cvat', xml, 'annotations.xml')).text, 'a');
        const [image] = childElements(root, 'image');
        const [found] = childElements(image!, 'box');
        expect(image!.attributes).toMatchObject(Object.fromEntries(ofImage));
        expect(found!.attributes).toMatchObject({ occluded: '1', ...Object.fromEntries(ofBox) });
        for (const [element, wanted] of [
          [image!, inImage],
          [found!, inBox],
        ] as const)
          expect(
            childElements(element, 'attribute').map((one) => [one.attributes['name'], textOf(one)]),
          ).toEqual(wanted);
      }),
      { numRuns: 60 },
    );
  });

  it('TFRecord: features of any name and kind, of the image and a value an object', async () => {
    const name = fc
      .constantFrom('image/object/', 'image/', 'own/')
      .chain((start) => fc.stringMatching(/^[a-z][a-z0-9_]{0,6}$/).map((end) => `${start}u${end}`));
    const feature: fc.Arbitrary<Feature> = fc.oneof(
      fc.record({
        kind: fc.constant('bytes' as const),
        values: fc.array(fc.uint8Array({ maxLength: 5 }), { minLength: 1, maxLength: 3 }),
      }),
      fc.record({
        kind: fc.constant('float' as const),
        values: fc.array(fc.float({ noNaN: true }), { minLength: 1, maxLength: 3 }),
      }),
      fc.record({
        kind: fc.constant('int64' as const),
        values: fc.array(fc.maxSafeInteger(), { minLength: 1, maxLength: 3 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(name, feature), { selector: ([one]) => one }),
        async (unknown) => {
          const share = { kind: 'float', values: [0.25, 0.5] } as const;
          const bytes = (...values: string[]) => ({ kind: 'bytes', values: values.map(encodeUtf8) }) as const;
          const known = new Map<string, Feature>([
            ['image/filename', bytes('a.jpg')],
            ['image/width', { kind: 'int64', values: [640] }],
            ['image/height', { kind: 'int64', values: [480] }],
            ...['xmin', 'ymin'].map((one) => [`image/object/bbox/${one}`, share] as const),
            ...['xmax', 'ymax'].map(
              (one) => [`image/object/bbox/${one}`, { ...share, values: [0.75, 1] }] as const,
            ),
            ['image/object/class/text', bytes('cat', 'dog')],
            ['image/object/truncated', { kind: 'int64', values: [0, 1] }],
          ]);
          const record = writeFrame(writeExample(new Map([...known, ...unknown])));
          const written = await again('tfrecord', record, 'labels.record');
          const frame = readFrame(written, 0) as Frame;
          const found = readExample(written.subarray(frame.from, frame.to));
          for (const [key, value] of unknown) expect(found.get(key), key).toEqual(value);
          expect(found.get('image/object/truncated')).toEqual({ kind: 'int64', values: [0, 1] });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('VOC: elements of any name keep their place, attributes and text', async () => {
    const format = formatNamed('voc')!;
    const word = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/).map((text) => `u${text}`);
    const text = fc
      .stringMatching(/^[a-zA-Z0-9 &<>"'é]{1,8}$/)
      .map((one) => one.trim())
      .filter((one) => one !== '');
    const escaped = (one: string): string =>
      one.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
    const unknown = fc.tuple(word, text, text);
    await fc.assert(
      fc.asyncProperty(
        fc.array(unknown, { maxLength: 4 }),
        fc.array(unknown, { maxLength: 4 }),
        async (above, inside) => {
          const elements = (list: typeof above): string =>
            list
              .map(
                ([name, attribute, content]) =>
                  `<${name} a="${escaped(attribute)}">${escaped(content)}</${name}>`,
              )
              .join('');
          const box = '<bndbox><xmin>1</xmin><ymin>2</ymin><xmax>3</xmax><ymax>4</ymax></bndbox>';
          const xml = `<annotation>${elements(above)}<filename>a.jpg</filename><object>${elements(inside)}<name>cat</name>${box}</object></annotation>`;
          const read = (files: Record<string, string | Uint8Array>) =>
            readFiles(format, files, { keepExtra: true });
          const { truth } = await read({ 'Annotations/a.xml': xml });
          const context = { imageBytes: null, progress: noProgress };
          const files = await filesOf(format.truthWriter!.write(truth, context));
          const flat = decodeText(files['Annotations/a.xml']!).text.replace(/>\s+</g, '><');
          // Quotes in text need no escape, and get none.
          const plain = (one: string): string => one.replaceAll('&quot;', '"');
          expect(plain(flat)).toContain(plain(elements(above)));
          expect(plain(flat)).toContain(`<object>${plain(elements(inside))}<name>cat</name>`);
        },
      ),
      { numRuns: 60 },
    );
  });
});
