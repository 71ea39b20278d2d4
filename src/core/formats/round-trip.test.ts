import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXPORT_FORMATS } from '../../contract/export-formats';
import type { Truth } from '../dataset/dataset';
import { FLAG_CROWD, FLAG_DIFFICULT, FLAG_GROUP_OF, FLAG_IGNORE } from '../dataset/dataset';
import { noProgress } from '../foundation/cancellation';
import type { Expresses, Format } from './format';
import { filesOf, imagesOf, memorySource, readFiles } from './memory-source.fixture';
import { NamedTruth } from './named-truth';
import { readLabelMap } from './label-map/read-label-map';
import { recogniseSource } from './recognise';
import { decodeText } from './text';
import { RecordReporter } from './reading';
import { formatNamed, truthFormats, writablePredictionsFormats, writableTruthFormats } from './registry';

/** Coordinates as people and models have them: whole, with decimals, with all digits of a double. */
const withoutDust = (value: number): number => (Math.abs(value) < 1e-9 ? 0 : value);
const coordinate = fc.oneof(
  fc.integer({ min: 0, max: 3000 }),
  fc.integer({ min: 0, max: 300_000 }).map((value) => value / 100),
  fc.double({ min: 0, max: 3000, noNaN: true }).map(withoutDust),
);
const length = coordinate.map((value) => value + 2);
const size = fc.integer({ min: 7000, max: 12_000 });

/** Text that formats are known to stumble over. */
const name = fc
  .string({
    unit: fc.constantFrom(
      'a',
      'B',
      '7',
      'é',
      '猫',
      '"',
      "'",
      '&',
      '<',
      ',',
      ';',
      ':',
      '#',
      '=',
      '-',
      '%',
      '[',
      '+',
    ),
    minLength: 1,
    maxLength: 8,
  })
  .map((text) => `k${text}`);
const stem = fc.string({
  unit: fc.constantFrom('a', 'b', 'é', '_', '-', '.', ' '),
  minLength: 1,
  maxLength: 6,
});

interface Drawn {
  readonly images: readonly { stem: string; width: number; height: number; isTrain: boolean }[];
  readonly classes: readonly string[];
  readonly objects: readonly {
    image: number;
    category: number;
    box: [number, number, number, number];
    flags: number;
  }[];
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  images: fc.uniqueArray(
    fc.record({
      stem: stem.map((text) => `i${text}j`),
      width: size,
      height: size,
      isTrain: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5, selector: (image) => image.stem },
  ),
  classes: fc.uniqueArray(name, { minLength: 1, maxLength: 4 }),
  objects: fc.array(
    fc.record({
      image: fc.nat({ max: 100 }),
      category: fc.nat({ max: 100 }),
      box: fc.tuple(coordinate, coordinate, length, length),
      flags: fc.nat({ max: 15 }),
    }),
    { maxLength: 8 },
  ),
});

function truthFor(
  { images, classes, objects }: Drawn,
  { flags, subsets, emptyClasses }: Expresses,
  format: Format,
): Truth {
  const truth = new NamedTruth();
  const allowed =
    format.name === 'kitti' ? 0 : flags & (FLAG_CROWD | FLAG_DIFFICULT | FLAG_GROUP_OF | FLAG_IGNORE);
  const indices = images.map((image) => truth.image(`${image.stem}.jpg`, image.width, image.height));
  if (subsets)
    images.forEach(({ isTrain }, index) => truth.putInto(isTrain ? 'train' : 'val', indices[index]!));
  if (emptyClasses) classes.forEach((one, number) => truth.classOf(one, number + 1));
  for (const { image, category, box, flags: bits } of objects)
    truth.add(
      indices[image % indices.length]!,
      truth.classOf(
        classes[category % classes.length]!,
        emptyClasses ? (category % classes.length) + 1 : null,
      ),
      box,
      bits & allowed,
    );
  return truth.finish('csv', null, new RecordReporter({ file: 'x' }));
}

/** What a truth says, ids and the order of boxes aside. */
function said(truth: Truth, { subsets }: Expresses, hasSizes: boolean) {
  return {
    images: truth.images.map(({ fileName, width, height }) =>
      hasSizes ? { fileName, width, height } : { fileName },
    ),
    classes: truth.categories.map((category) => category.name).sort(),
    subsets: subsets
      ? truth.subsets
          .map(({ name: subset, images }) => [subset, [...images]] as const)
          .sort(([a], [b]) => (a < b ? -1 : 1))
      : [],
    boxes: [...truth.annotations.image]
      .map((image, row) =>
        JSON.stringify([
          truth.images[image]!.fileName,
          truth.categories[truth.annotations.category[row]!]!.name,
          ...truth.annotations.box.subarray(row * 4, row * 4 + 4),
          truth.annotations.flags[row],
        ]),
      )
      .sort(),
  };
}

describe('every format', () => {
  it('that is written is offered, and has a name for people', () => {
    expect([...writableTruthFormats()].sort()).toEqual([...EXPORT_FORMATS].sort());
    for (const { title } of truthFormats()) expect(title).not.toBe('');
  });

  it.each(EXPORT_FORMATS)('%s: read(write(x)) is x, to the last bit', async (wanted) => {
    const format = formatNamed(wanted)!;
    const { truthWriter: writer } = format as Required<Format>;
    await fc.assert(
      fc.asyncProperty(drawn, async (what) => {
        const truth = truthFor(what, writer.expresses, format);
        const files = await filesOf(writer.write(truth, { imageBytes: null, progress: noProgress }));
        const isSingle = writer.layout === 'file';
        const images = imagesOf(truth);
        const map = files['label_map.pbtxt'];
        const labelMap = map ? readLabelMap(decodeText(map).text, 'label_map.pbtxt') : null;
        const again = await readFiles(format, files, { images, isSingle, labelMap });
        expect(again.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
        const hasSizes = !['retinanet-csv', 'create-ml'].includes(wanted);
        // COCO keeps subsets as members of images, which the exporter puts there.
        const compared = wanted === 'coco' ? { ...writer.expresses, subsets: false } : writer.expresses;
        expect(said(again.truth, compared, hasSizes)).toEqual(said(truth, compared, hasSizes));
      }),
      { numRuns: 60 },
    );
  });

  it.each(writablePredictionsFormats().filter((one) => one !== 'coco-results'))(
    '%s: predictions come back to the last bit',
    async (wanted) => {
      const format = formatNamed(wanted)!;
      const writer = format.predictionsWriter!;
      await fc.assert(
        fc.asyncProperty(
          drawn,
          fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 }),
          async (what, scores) => {
            const truth = truthFor(what, { ...writer, flags: 0, emptyClasses: true } as never, format);
            const { count, image, category, box } = truth.annotations;
            if (count === 0) return;
            const score = Float64Array.from(scores.slice(0, count));
            const predictions = { count, image, category, box, score, fileIndex: new Uint32Array(count) };
            const files = await filesOf(writer.write(truth, predictions));
            const source = memorySource(files, writer.layout === 'file');
            const found = (await recogniseSource(source)).find((one) => one.kind === 'predictions');
            expect(found?.format.name).toBe(wanted);
            const raw = await format.readPredictions!(source, found!.paths, {
              file: 'set',
              truth,
              sizeOf: (one) => imagesOf(truth).sizeOf(one),
              progress: noProgress,
            });
            const classOf = (id: number | string): string =>
              typeof id === 'string' ? id : truth.categories.find((one) => one.id === id)!.name;
            const read = [...raw.score].map((value, row) =>
              JSON.stringify([
                classOf(raw.categories[raw.category[row]!]!),
                value,
                ...raw.box.subarray(row * 4, row * 4 + 4),
              ]),
            );
            const written = [...score].map((value, row) =>
              JSON.stringify([
                truth.categories[category[row]!]!.name,
                value,
                ...box.subarray(row * 4, row * 4 + 4),
              ]),
            );
            expect(read.sort()).toEqual(written.sort());
          },
        ),
        { numRuns: 40 },
      );
    },
  );
});
