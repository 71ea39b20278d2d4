/** Real pictures and labels (datasets/bccd) with what was planted into them: named; as they are: nothing of the kind. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { profileData } from '../../core/diagnosis/data/profile/profile';
import type { DataFiles } from '../../core/diagnosis/data-files.fixture';
import { randomOf, situationOf } from '../../core/diagnosis/data-files.fixture';
import type { FoundCause } from '../../core/diagnosis/cause';
import { DATA_RULES } from '../../core/diagnosis/rules/advice';
import type { ImageFacts } from '../../core/diagnosis/situation';
import { noProgress } from '../../core/foundation/cancellation';
import { sharedPath } from '../../core/foundation/shared-data.fixture';
import { lookAtImages, SAMPLE } from '../diagnosis/image-facts';
import { locatorOf } from '../images/locate';

const bccd = sharedPath('datasets/bccd');
const model = sharedPath('models/bccd');
const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
/** Pictures that are decoded: enough for the rules. */
const SOME = 40;
const COPIED = 6;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-planted-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const filesOf = (subset: 'train' | 'val'): DataFiles => ({
  truth: read(path.join(bccd!, 'coco', `${subset}.json`)) as DataFiles['truth'],
  predictions: read(path.join(model!, `predictions-${subset}.json`)) as DataFiles['predictions'],
});

function causesOf(
  train: DataFiles,
  evaluation: DataFiles,
  facts: readonly [train: (ImageFacts | null)[] | null, evaluation: (ImageFacts | null)[] | null] = [
    null,
    null,
  ],
): readonly FoundCause[] {
  const situation = { ...situationOf(evaluation), facts: facts[1] };
  const sources = {
    train: { truth: situationOf(train).truth, facts: facts[0] },
    training: null,
    reported: [],
  };
  const task = { situation, truth: situation.truth, sources, resizer: null };
  return profileData(task, DATA_RULES, noProgress).causes;
}

describe.skipIf(!bccd || !model)('BCCD', () => {
  it('as it is: no difference is named', () => {
    expect(causesOf(filesOf('train'), filesOf('val'))).toEqual([]);
  });

  it('pictures of training, resized and compressed again, are met in the evaluation set', async () => {
    const train = filesOf('train');
    const evaluation = filesOf('val');
    train.truth.images = train.truth.images.slice(0, SOME);
    evaluation.truth.images = evaluation.truth.images.slice(0, SOME);
    const kept = new Set([...train.truth.images, ...evaluation.truth.images].map(({ id }) => id));
    for (const { truth } of [train, evaluation])
      truth.annotations = truth.annotations.filter(({ image_id }) => kept.has(image_id));
    const images = path.join(bccd!, 'JPEGImages');
    const look = async (at: string, names: readonly string[]) =>
      (await lookAtImages(names, await locatorOf(at), noProgress, { ...SAMPLE, looks: 0 }))!;
    const before = await look(
      images,
      train.truth.images.map(({ file_name }) => file_name),
    );
    const now = await look(
      images,
      evaluation.truth.images.map(({ file_name }) => file_name),
    );
    expect(causesOf(train, evaluation, [before, now]).map(({ code }) => code)).not.toContain(
      'train-evaluation-overlap',
    );
    const copies = train.truth.images.slice(0, COPIED).map(({ file_name }) => file_name);
    for (const [at, name] of copies.entries())
      await sharp(path.join(images, name))
        .resize(at % 2 === 0 ? 320 : 900)
        .jpeg({ quality: 40 })
        .toFile(path.join(folder, `copy-${at}.jpg`));
    const copied = await look(
      folder,
      copies.map((_, at) => `copy-${at}.jpg`),
    );
    const found = causesOf(train, evaluation, [before, [...copied, ...now.slice(COPIED)]]).find(
      ({ code }) => code === 'train-evaluation-overlap',
    )!;
    // BCCD itself has one pair: 00037 and 00038 are the same cells, photographed twice.
    const own = evaluation.truth.images.findIndex(({ file_name }) => /0003[78]/.test(file_name));
    expect(found.images).toEqual([...copies.keys(), own]);
    expect(found.evidence).toMatchObject({ byLabels: 0, byPixels: COPIED + 1 });
  });

  it.each([
    ['size', (box: number[]) => [box[0]!, box[1]!, box[2]! * 0.5, box[3]! * 0.5], 0.5],
    ['aspect-ratio', (box: number[]) => [box[0]!, box[1]!, box[2]! * 1.4, box[3]! / 1.4], 1.96],
  ] as const)('boxes of another %s', (property, change, factor) => {
    const files = filesOf('val');
    for (const { bbox } of [...files.truth.annotations, ...files.predictions])
      change(bbox).forEach((value, part) => (bbox[part] = value));
    const found = causesOf(filesOf('train'), files).find(({ evidence }) => evidence.property === property)!;
    expect(Number(found.evidence.evaluation) / Number(found.evidence.train)).toBeCloseTo(factor, 0);
  });

  it('objects that are not found at the edge', () => {
    const random = randomOf(3);
    const files = filesOf('val');
    const isAtEdge = ([x, y, w, h]: readonly number[]): boolean =>
      Math.max(Math.abs((x! + w! / 2) / 640 - 0.5), Math.abs((y! + h! / 2) / 480 - 0.5)) > 0.3;
    files.predictions = files.predictions.filter(({ bbox }) => !isAtEdge(bbox) || random() < 0.45);
    const [found, ...others] = causesOf(filesOf('train'), files);
    expect(found!.code).toBe('position-bias');
    expect(Number(found!.evidence.recallCentre) - Number(found!.evidence.recallEdge)).toBeGreaterThan(0.3);
    expect(found!.price!.gain).toBeGreaterThan(0.05);
    expect(others).toEqual([]);
  });
});
