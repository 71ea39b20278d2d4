/**
 * Results whose records are spelled almost alike, against `JSON.parse`: what the kernels take for granted after a record
 * (the same members in the same order, the same white space, short numbers) is broken at every place in turn.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { noProgress } from '../../core/foundation/cancellation';
import { readResultsFile } from './results-file';
import { NotForKernels } from './refusal';

const folder = mkdtempSync(path.join(tmpdir(), 'reticle-spelling-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = path.join(folder, 'predictions.json');

/** Members of a record in the orders that writers use; a piece is text or, with a `$`, a value. */
const SPELLINGS = [
  '{"image_id":$image,"category_id":$class,"bbox":[$x,$y,$width,$height],"score":$score}',
  '{"image_id": $image, "file_name": "$name", "category_id": $class, "bbox": [$x, $y, $width, $height], "score": $score}',
  '{"score":$score,"bbox":[$x,$y,$width,$height],"category_id":$class,"image_id":$image}',
  '{"image_id":$image,"category_id":$class,"bbox":[$x,$y,$width,$height],"score":$score,"iscrowd":0}',
  '{ "id": 7, "image_id" :$image, "category_id":  $class , "bbox":[ $x,$y ,$width,\n$height ], "score":\t$score }',
] as const;

const VALUES: Readonly<Record<string, readonly string[]>> = {
  image: ['139', '140', '1e2', '12345678901', '0.5', '-3', '"139"', '0139', 'null'],
  class: ['1', '90', '365', '1203', '10000', '99999', '1.0', '2e0', '-1', '007', '01', '"1"', 'true', ''],
  name: ['a.jpg', 'b.jpg', 'a\\u002ejpg', '', 'é.jpg'],
  score: ['0.5', '1', '0', '-0', '0.1234567890123456789', '5e-1', '1E-320', '1e999', 'NaN', '.5', '5.', '+1'],
};
const LENGTHS = [
  '510.926',
  '84',
  '0',
  '0.0',
  '12345678',
  '123456789',
  '1234567.8',
  '258.1546325683594',
  '-1.5',
].concat(['1e2', '1E-2', '-0', '0.00000001', '00.5', '1.', '', 'NaN', 'null', '99999999.5']);
/** Text put in at any place of a record. */
const INTRUDERS = [' ', '\n', '  ', ',', '"', '\\', '}', '{', '[', ']', ':', '0', 'e', '.', '-', 'x'].concat([
  '"image_id":5,',
  '"category_id":2,',
  '"bbox":[1,2,3,4],',
  '"sc\\u006fre":1,',
  '"more":{"a":[1]},',
]);

/** The lower the number the likelier, so that most records are alike. */
const pick = (list: readonly string[], seed: number): string =>
  list[Math.min(list.length - 1, Math.floor((seed / 1000) ** 12 * list.length))]!;

interface Drawn {
  readonly seeds: readonly number[];
  readonly intruder: number;
  readonly at: number;
}

function recordOf(spelling: string, { seeds, intruder, at }: Drawn): string {
  let next = 0;
  const text = spelling.replace(/\$(\w+)/g, (_, name: string) =>
    pick(VALUES[name] ?? LENGTHS, seeds[next++]!),
  );
  if (intruder < 950) return text;
  const where = at % (text.length + 1);
  return text.slice(0, where) + INTRUDERS[intruder % INTRUDERS.length]! + text.slice(where);
}

interface Columns {
  readonly image: readonly unknown[];
  readonly category: readonly unknown[];
  readonly box: readonly number[];
  readonly score: readonly number[];
}

/** Null where the text is no JSON, or holds a record that a reader would have to judge. */
function byParsing(text: string): Columns | null {
  let records: Record<string, unknown>[];
  try {
    records = JSON.parse(text) as Record<string, unknown>[];
  } catch {
    return null;
  }
  const isId = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
  const isBox = (value: unknown): boolean => Array.isArray(value) && value.length === 4 && value.every(isId);
  const areUsable = records.every(
    ({ image_id: image, category_id: category, bbox, score }) =>
      isId(image) && isId(category) && isBox(bbox) && isId(score),
  );
  if (!areUsable) return null;
  return {
    image: records.map((record) => record['image_id']),
    category: records.map((record) => record['category_id']),
    box: records.flatMap((record) => record['bbox'] as number[]),
    score: records.map((record) => record['score'] as number),
  };
}

const drawn = fc.record({
  seeds: fc.array(fc.nat(999), { minLength: 8, maxLength: 8 }),
  intruder: fc.nat(999),
  at: fc.nat(10_000),
});

it('are JSON.parse’s values, or left to the plain reader', async () => {
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...SPELLINGS),
      fc.array(drawn, { minLength: 1, maxLength: 40 }),
      fc.constantFrom(',', ', ', ',\n', ' , '),
      async (spelling, records, comma) => {
        const text = `[${records.map((record) => recordOf(spelling, record)).join(comma)}]`;
        writeFileSync(file, text);
        const made = await readResultsFile(file, noProgress, 1).catch((error: unknown) => {
          if (error instanceof NotForKernels) return null;
          throw error;
        });
        if (made === null) return;
        taken++;
        const expected = byParsing(text);
        expect({
          image: [...made.image].map((index) => made.images[index]!.id),
          category: [...made.category].map((index) => made.categories[index]),
          box: [...made.box],
          score: [...made.score],
        }).toStrictEqual(expected);
      },
    ),
    { numRuns: 1200 },
  );
  // Enough were for the kernels for this to say something.
  expect(taken).toBeGreaterThan(120);
});

it('are taken where only numbers differ, whatever the numbers', async () => {
  const plain = (list: readonly string[]): string[] =>
    list.filter(
      (text) => /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/.test(text) && Number.isFinite(Number(text)),
    );
  const lengths = plain(LENGTHS);
  const scores = plain(VALUES['score']!);
  const classes = plain(VALUES['class']!).filter((text) => !text.startsWith('-'));
  const positive = lengths.filter((text) => Number(text) >= 0);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(SPELLINGS[0], SPELLINGS[1], SPELLINGS[3]),
      fc.array(fc.array(fc.nat(999), { minLength: 6, maxLength: 6 }), { minLength: 3, maxLength: 60 }),
      async (spelling, rows) => {
        const text = `[${rows
          .map((seeds) => {
            const any = (list: readonly string[], index: number) => list[seeds[index]! % list.length]!;
            const values: Record<string, string> = {
              image: '139',
              name: 'a.jpg',
              class: any(classes, 0),
              x: any(lengths, 1),
              y: any(lengths, 2),
              width: any(positive, 3),
              height: any(positive, 4),
              score: any(scores, 5),
            };
            return spelling.replace(/\$(\w+)/g, (_, name: string) => values[name]!);
          })
          .join(',')}]`;
        writeFileSync(file, text);
        const made = await readResultsFile(file, noProgress, 1);
        const expected = byParsing(text)!;
        expect([...made.box]).toStrictEqual(expected.box);
        expect([...made.score]).toStrictEqual(expected.score);
        expect([...made.category].map((index) => made.categories[index])).toStrictEqual(expected.category);
      },
    ),
    { numRuns: 400 },
  );
});
