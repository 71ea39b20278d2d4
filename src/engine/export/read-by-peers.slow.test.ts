/** What Reticle writes is read by other people's readers: the same images, classes and boxes. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pythonWith } from '../../../scripts/bootstrap/python-packages.mjs';
import type { ExportFormat } from '../../contract/export-formats';
import type { PredictionColumns, Truth } from '../../core/dataset/dataset';
import { noProgress } from '../../core/foundation/cancellation';
import { sharedPath } from '../../core/foundation/shared-data.fixture';
import { baseName } from '../../core/formats/names';
import { findImageRoot } from '../images/locate';
import type { LoadedTruth } from '../import/load';
import { loadTruth } from '../import/load';
import { exportLabels } from './labels';
import { exportPredictions } from './predictions';

const SCRIPT = fileURLToPath(new URL('read_by_peers.py', import.meta.url));
const READERS = ['numpy==2.4.6', 'pycocotools==2.0.11', 'globox==2.9.0'];
const TENSORFLOW = ['tensorflow-cpu==2.21.0'];

type Boxes = Readonly<Record<string, readonly (readonly [string, ...number[]])[]>>;

/** What a reader says; null (and why) where it cannot be had here. */
async function readWith(
  packages: readonly string[],
  ...args: readonly string[]
): Promise<{ readonly boxes: Boxes } | { readonly missing: string }> {
  const environment = await pythonWith([...packages]);
  if ('missing' in environment) return environment;
  const printed = execFileSync(environment.python, [SCRIPT, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' },
  });
  return { boxes: JSON.parse(printed.slice(printed.lastIndexOf('BOXES ') + 6)) as Boxes };
}

const keyOf = (fileName: string): string => baseName(fileName);

/** Boxes by the image's last name, each list in one order, to so many decimals. */
function plain(entries: Iterable<readonly [string, Boxes[string]]>, digits: number): Map<string, string[]> {
  const lines = [...entries].map(([name, boxes]): [string, string[]] => [
    keyOf(name),
    boxes.map(([label, ...numbers]) => `${label} ${numbers.map((n) => n.toFixed(digits)).join(' ')}`).sort(),
  ]);
  return new Map(lines.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function written(
  truth: Truth,
  digits: number,
  columns: PredictionColumns | Truth['annotations'] = truth.annotations,
): Map<string, string[]> {
  const boxes = truth.images.map((): [string, ...number[]][] => []);
  for (let row = 0; row < columns.count; row++)
    boxes[columns.image[row]!]!.push([
      truth.categories[columns.category[row]!]!.name,
      ...columns.box.subarray(row * 4, row * 4 + 4),
      ...('score' in columns ? [columns.score[row]!] : []),
    ]);
  return plain(
    truth.images.map(({ fileName }, image) => [fileName, boxes[image]!] as const),
    digits,
  );
}

/** Decimals of a pixel that the format and its reader keep: shares of 32 bits are the coarsest. */
const DIGITS: Readonly<Record<string, number>> = { tfrecord: 3 };

describe.each(['bccd', 'raccoon'])('datasets/%s', (name) => {
  const dataset = sharedPath(`datasets/${name}`);
  let folder = '';
  let loaded: LoadedTruth;
  let images: { root: string; locations: (string | null)[] };
  beforeAll(async () => {
    if (dataset === null) return;
    folder = mkdtempSync(path.join(tmpdir(), 'reticle-peers-'));
    loaded = await loadTruth(dataset, { keepExtra: true });
    const names = loaded.truth.images.map(({ fileName }) => fileName);
    const locator = await findImageRoot(names, loaded.root, null);
    images = { root: locator!.root, locations: names.map((one) => locator!.find(one)) };
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const exported = async (
    format: ExportFormat,
    copyImages: boolean,
    called: string = format,
  ): Promise<string> => {
    const target = path.join(folder, `${called}${format === 'coco' ? '.json' : ''}`);
    await exportLabels(
      { truth: loaded.truth, imageRoot: images.root, locations: images.locations },
      format,
      target,
      { allowLoss: true, copyImages, sources: [] },
      noProgress,
    );
    return target;
  };

  const formats = ['coco', 'voc', 'yolo', 'darknet', 'labelme', 'cvat', 'tfrecord'] as const;
  it.skipIf(dataset === null).for(formats)(
    '%s is read by others as it was written',
    async (format, { skip }) => {
      const target = await exported(format, ['yolo', 'darknet', 'tfrecord'].includes(format));
      const read = await readWith(format === 'tfrecord' ? TENSORFLOW : READERS, format, target);
      if ('missing' in read) return skip(read.missing);
      const digits = DIGITS[format] ?? 6;
      expect(loaded.truth.annotations.count).toBeGreaterThan(200);
      expect(plain(Object.entries(read.boxes), digits)).toEqual(written(loaded.truth, digits));
    },
  );

  it.skipIf(dataset === null)('predictions too: COCO results, YOLO', async ({ skip }) => {
    const { truth } = loaded;
    const { count, image, category, box } = truth.annotations;
    const score = Float64Array.from({ length: count }, (_, row) => ((row * 37) % 101) / 101);
    const predictions = { count, image, category, box, score, fileIndex: new Uint32Array(count) };
    const options = { allowLoss: true, sources: [] };
    const coco = await exported('coco', false, 'truth');
    const results = path.join(folder, 'results.json');
    await exportPredictions(truth, predictions, 'coco-results', results, options, noProgress);
    const yolo = path.join(folder, 'yolo-predictions');
    await exportPredictions(truth, predictions, 'yolo', yolo, options, noProgress);
    expect(readdirSync(path.join(yolo, 'labels'))).toHaveLength(truth.images.length);
    for (const args of [
      ['coco-results', results, coco],
      ['yolo-predictions', yolo, images.root],
    ]) {
      const read = await readWith(READERS, ...args);
      if ('missing' in read) return skip(read.missing);
      expect(plain(Object.entries(read.boxes), 6), args[0]).toEqual(written(truth, 6, predictions));
    }
  });
});
