/** What a reader does not know is in the file again when it is written, wherever it stood. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noProgress } from '../foundation/cancellation';
import { filesOf, readFiles } from './memory-source.fixture';
import { formatNamed } from './registry';
import { decodeText } from './text';

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
    const format = formatNamed(name)!;
    await fc.assert(
      fc.asyncProperty(members, members, async (ofImage, ofObject) => {
        const files = { 'labels.json': JSON.stringify(write(ofImage, ofObject)) };
        const { truth } = await readFiles(format, files, { isSingle: true, keepExtra: true });
        const context = { imageBytes: null, progress: noProgress };
        const [written] = Object.values(await filesOf(format.truthWriter!.write(truth, context)));
        const [image, object] = find(JSON.parse(decodeText(written!).text) as never);
        for (const [wanted, found] of [
          [ofImage, image],
          [ofObject, object],
        ] as const)
          for (const [key, kept] of Object.entries(wanted))
            expect(Object.entries(found as Members).find(([one]) => one === key)?.[1]).toEqual(kept);
      }),
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
