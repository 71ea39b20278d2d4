import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { CocoParameters } from '../../core/metrics/evaluation';
import { cocoTexts, type CocoTexts, type Spelling } from './coco-texts.fixture';
import type { CocoFiles } from './evaluate-coco';
import { evaluateCocoFiles } from './evaluate-coco';
import { plainEvaluation, withoutDetails } from './plain-evaluation.fixture';
import { NotForKernels } from './refusal';

const GOLDEN = path.resolve(import.meta.dirname, '../../core/metrics/fixtures/coco');
/** An empty list is left to the plain path. */
const CASES = readdirSync(GOLDEN).filter((name) => name !== 'nothing-found');
const folder = mkdtempSync(path.join(tmpdir(), 'reticle-kernels-'));
afterAll(() => rmSync(folder, { recursive: true }));

const PLAIN: Spelling = {
  images: 40,
  classes: 6,
  predictions: 900,
  indent: 0,
  isShuffled: false,
  hasExtras: false,
  isCoarse: false,
  hugeIds: false,
  hasOddities: false,
  named: false,
};

function filesOf(texts: CocoTexts, options: Partial<CocoFiles> = {}): CocoFiles {
  const truth = path.join(folder, 'truth.json');
  const predictions = path.join(folder, 'predictions.json');
  writeFileSync(truth, texts.truth);
  writeFileSync(predictions, texts.predictions);
  return { truth, predictions, strict: false, parameters: {}, score: 0.3, threads: 1, ...options };
}

const made = (files: CocoFiles): string => JSON.stringify(withoutDetails(evaluateCocoFiles(files)));
const plain = async (files: CocoFiles): Promise<string> => JSON.stringify(await plainEvaluation(files));

describe('COCO from files by the kernels: what the plain path says, to the last bit', () => {
  it.each(CASES)('%s', async (name) => {
    const files: CocoFiles = {
      truth: path.join(GOLDEN, name, 'truth.json'),
      predictions: path.join(GOLDEN, name, 'predictions.json'),
      strict: false,
      parameters: {},
      score: 0.3,
      threads: 1,
    };
    expect(made(files)).toBe(await plain(files));
  });

  it.each([
    ['as it comes', {}],
    ['indented', { indent: 2 }],
    ['as Python writes it', { indent: 1, named: true }],
    ['in no order', { isShuffled: true }],
    ['with members that nobody reads, in no order', { hasExtras: true, isShuffled: true, indent: 1 }],
    ['with scores and boxes that tie', { isCoarse: true, isShuffled: true }],
    ['with huge ids', { hugeIds: true, isShuffled: true }],
    ['with records that call for remarks', { hasOddities: true, isShuffled: true, named: true }],
    ['one class, many to an image', { classes: 1, images: 3, isCoarse: true, isShuffled: true }],
    ['many classes', { classes: 200, images: 60 }],
  ] as const)('%s', async (_, spelling) => {
    for (let seed = 1; seed <= 4; seed++) {
      const files = filesOf(cocoTexts(seed, { ...PLAIN, ...spelling }));
      expect(made(files)).toBe(await plain(files));
    }
  });

  it.each<[string, Partial<CocoParameters>]>([
    ['thresholds', { iou: [0.3, 0.55, 0.8] }],
    ['one threshold', { iou: [0.75] }],
    ['a threshold of 1', { iou: [0.5, 1] }],
    ['limits', { maxDetections: [2, 7] }],
    ['one limit', { maxDetections: [3] }],
    ['area ranges', { areaRanges: { tiny: [0, 2000], rest: [2000, 1e9] } }],
    ['areas of the boxes', { area: 'box' }],
  ])('own %s', async (_, parameters) => {
    const texts = cocoTexts(7, { ...PLAIN, isCoarse: true, isShuffled: true, predictions: 2000 });
    const files = filesOf(texts, { parameters, score: 0.55 });
    expect(made(files)).toBe(await plain(files));
  });

  it('whatever the number of threads, and where a guess of a record’s start is wrong', async () => {
    const texts = cocoTexts(3, {
      ...PLAIN,
      images: 300,
      predictions: 9000,
      isShuffled: true,
      hasExtras: true,
      hasOddities: true,
    });
    expect(texts.predictions.length).toBeGreaterThan(3 << 19);
    const expected = await plain(filesOf(texts));
    for (const threads of [1, 2, 5]) expect(made(filesOf(texts, { threads }))).toBe(expected);
    // Text that looks like records, over every border between parts.
    const few = cocoTexts(4, { ...PLAIN, predictions: 200, hasExtras: true });
    const trap = `"${'},{\\"image_id\\":1,'.repeat(600)}"`;
    const predictions = few.predictions.replaceAll('"note":', `"trap":${trap},"note":`);
    const files = filesOf({ ...few, predictions }, { threads: 3 });
    expect(made(files)).toBe(await plain(files));
  });

  it('with a record longer than a thread reads ahead', async () => {
    const texts = cocoTexts(5, { ...PLAIN, predictions: 4000, named: true });
    const at = texts.predictions.indexOf('{"image_id"', 250_000) + 1;
    const member = `"long":"${'x'.repeat(300_000)}",`;
    const long = `${texts.predictions.slice(0, at)}${member}${texts.predictions.slice(at)}`;
    const files = filesOf({ ...texts, predictions: long }, { threads: 2 });
    expect(made(files)).toBe(await plain(files));
  });
});

describe('what the kernels leave to the plain path', () => {
  const texts = cocoTexts(11, PLAIN);
  const first = texts.predictions.slice(0, texts.predictions.indexOf('}') + 1);
  const results = (change: (record: string) => string) => ({
    ...texts,
    predictions: texts.predictions.replace(first, change(first)),
  });
  it.each([
    ['NaN', results((record) => record.replace(/"score":[^},]*/, '"score":NaN'))],
    ['an infinite score', results((record) => record.replace(/"score":[^},]*/, '"score":1e999'))],
    ['a negative width', results((record) => record.replace(/"bbox":\[[^\]]*/, '"bbox":[1,2,-3,4'))],
    ['a box of three', results((record) => record.replace(/"bbox":\[[^\]]*/, '"bbox":[1,2,3'))],
    ['ids that are text', results((record) => record.replace(/"image_id":\d+/, '"image_id":"139"'))],
    [
      'an id that a double does not hold',
      results((record) => record.replace(/"image_id":\d+/, '"image_id":9007199254740993')),
    ],
    ['an unknown image', results((record) => record.replace(/"image_id":\d+/, '"image_id":5'))],
    ['an unknown class', results((record) => record.replace(/"category_id":\d+/, '"category_id":77'))],
    ['a name with escapes', results((record) => record.replace('"score"', '"scor\\u0065"'))],
    ['no score', results((record) => record.replace(/,"score":[^},]*/, ''))],
    ['a name that speaks against the id', results((record) => record.replace('{', '{"file_name":"x.jpg",'))],
    ['a comma too many', { ...texts, predictions: texts.predictions.replace(/\]$/, ',]') }],
    ['a comma too few', { ...texts, predictions: texts.predictions.replace('},{', '}{') }],
    ['a list that does not end', { ...texts, predictions: texts.predictions.slice(0, -1) }],
    ['something after the list', { ...texts, predictions: `${texts.predictions}]` }],
    [
      'one record a line',
      { ...texts, predictions: texts.predictions.slice(1, -1).replaceAll('},{', '}\n{') },
    ],
    ['an empty list', { ...texts, predictions: '[]' }],
    ['nothing', { ...texts, predictions: '' }],
    ['truth with NaN', { ...texts, truth: texts.truth.replace('"bbox":[', '"bbox":[NaN,') }],
    ['truth with a list twice', { ...texts, truth: texts.truth.replace('{', '{"categories":[],') }],
    ['truth without a list', { ...texts, truth: texts.truth.replace('"categories"', '"classes"') }],
    ['truth with unknown images', { ...texts, truth: texts.truth.replace(/"image_id":\d+/, '"image_id":3') }],
    [
      'truth with an id that a double does not hold',
      {
        ...texts,
        truth: texts.truth
          .replace(/"id":139\b/, '"id":9007199254740993')
          .replaceAll(/"image_id":139\b/g, '"image_id":9007199254740993'),
      },
    ],
    ['truth cut off', { ...texts, truth: texts.truth.slice(0, -1) }],
    ['truth with something after it', { ...texts, truth: `${texts.truth},` }],
  ])('%s', (_, changed) => {
    expect(changed).not.toEqual(texts);
    expect(() => evaluateCocoFiles(filesOf(changed))).toThrow(NotForKernels);
  });

  it.each<[string, Partial<CocoParameters>]>([
    ['without classes', { classAgnostic: true }],
    ['with more thresholds than it holds', { iou: Array.from({ length: 17 }, (_, step) => 0.5 + step / 40) }],
    ['with thresholds that do not rise', { iou: [0.75, 0.5] }],
  ])('%s', (_, parameters) => {
    expect(() => evaluateCocoFiles(filesOf(texts, { parameters }))).toThrow(NotForKernels);
  });
});
