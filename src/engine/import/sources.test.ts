import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Truth } from '../../core/dataset/dataset';
import { BadInput } from '../../core/foundation/bad-input';
import { Cancelled, noProgress } from '../../core/foundation/cancellation';
import { sharedPath } from '../../core/foundation/shared-data.fixture';
import { baseName } from '../../core/formats/names';
import { bitmap, tarOf, zipOf } from './hostile/archives.fixture';
import { loadTruth } from './load';
import { openSource } from './sources';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-sources-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const write = (name: string, content: Uint8Array | string): string => {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
};

const LABELS = {
  'set/data.yaml': 'train: images/train\nval: images/val\nnames: [cat]\n',
  'set/labels/train/a.txt': '0 0.5 0.5 0.5 0.5\n',
  'set/labels/val/b.txt': '',
  'set/images/train/a.bmp': bitmap(40, 20),
  'set/images/val/b.bmp': bitmap(40, 20),
};

function said(truth: Truth): unknown {
  return {
    images: truth.images.map(({ fileName }) => fileName),
    boxes: [...truth.annotations.box],
    classes: truth.categories.map(({ name }) => name),
    subsets: truth.subsets.map(({ name, images }) => [name, [...images]]),
  };
}

/** A tar archive as it was before headers had a mark: the checksum alone tells them. */
function withoutMarks(packed: Uint8Array): Buffer {
  const old = Buffer.from(packed);
  for (let at = old.indexOf('ustar'); at >= 0; at = old.indexOf('ustar', at)) {
    const header = old.subarray(at - 257, at - 257 + 512);
    header.fill(0, 257);
    header.fill(' ', 148, 156);
    const sum = header.reduce((all, byte) => all + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  }
  return old;
}

describe('archives', () => {
  it('read as the folder does, from zip, tar and gzipped tar', async () => {
    for (const [name, content] of Object.entries(LABELS)) write(name, content);
    const { truth } = await loadTruth(path.join(folder, 'set'));
    expect(said(truth)).toEqual({
      images: ['a.bmp', 'b.bmp'],
      boxes: [10, 5, 20, 10],
      classes: ['cat'],
      subsets: [
        ['train', [0]],
        ['val', [1]],
      ],
    });
    const packed = await tarOf(LABELS);
    const archives = [
      write('a.zip', zipOf(LABELS)),
      write('a.tar', packed),
      write('a.tar.gz', gzipSync(packed)),
      write('old.tar', withoutMarks(packed)),
    ];
    for (const archive of archives) expect(said((await loadTruth(archive)).truth)).toEqual(said(truth));
  });

  it('tar: hard links are further names of a file', async () => {
    const links = {
      './set/labels/train/c.txt': 'set/labels/train/a.txt',
      'set/images/train/c.bmp': './set/images/train/a.bmp',
      'set/images/val/lost.bmp': 'set/images/val/nowhere.bmp',
    };
    const { truth } = await loadTruth(write('a.tar', await tarOf(LABELS, links)));
    expect(said(truth)).toEqual({
      images: ['a.bmp', 'b.bmp', 'c.bmp'],
      boxes: [10, 5, 20, 10, 10, 5, 20, 10],
      classes: ['cat'],
      subsets: [
        ['train', [0, 2]],
        ['val', [1]],
      ],
    });
  });

  it('that lead outside, grow beyond reason, or are damaged are refused', async () => {
    const refused = async (name: string, content: Uint8Array, code: string): Promise<void> => {
      const error: unknown = await loadTruth(write(name, content)).catch((failure: unknown) => failure);
      expect(error).toBeInstanceOf(BadInput);
      expect((error as BadInput).code).toBe(code);
    };
    await refused('outside.zip', zipOf({ '../a.json': '{}' }), 'archive-damaged');
    await refused('absolute.zip', zipOf({ '/etc/a.json': '{}' }), 'archive-damaged');
    await refused('outside.tar', await tarOf({ '../a.json': '{}' }), 'archive-damaged');
    const whole = zipOf(LABELS);
    await refused('cut.zip', whole.subarray(0, whole.length - 40), 'archive-damaged');
    const garbled = Buffer.from(whole);
    garbled.write('9', garbled.indexOf('0 0.5'));
    await refused('garbled.zip', garbled, 'archive-damaged');
    const gzipped = gzipSync(await tarOf(LABELS));
    await refused('cut.tar.gz', gzipped.subarray(0, gzipped.length - 20), 'compression-damaged');
    // The list claims members of four gigabytes.
    const bomb = zipOf({ 'a.json': '{}' });
    bomb.writeUInt32LE(0xfffffff0, bomb.indexOf('PK\u0001\u0002') + 24);
    bomb.writeUInt16LE(8, bomb.indexOf('PK\u0001\u0002') + 10);
    await refused('bomb.zip', bomb, 'archive-too-large');
  });

  it('keep no links', async () => {
    const source = await openSource(
      write('link.zip', zipOf({ 'a.json': '/etc/passwd' }, { mode: 0o120777 })),
    );
    expect(source.paths).toEqual([]);
  });
});

describe('folders', () => {
  it('are read below their root only: links that lead outside are not followed', async () => {
    write('outside/secret.json', '{"images":[],"annotations":[],"categories":[]}');
    write('set/a.txt', 'x');
    symlinkSync(path.join(folder, 'outside'), path.join(folder, 'set', 'more'));
    symlinkSync(path.join(folder, 'outside', 'secret.json'), path.join(folder, 'set', 'b.json'));
    symlinkSync(path.join(folder, 'set', 'a.txt'), path.join(folder, 'set', 'c.txt'));
    expect((await openSource(path.join(folder, 'set'))).paths).toEqual(['a.txt', 'c.txt']);
  });

  it('come in pieces, each whole until the next one is asked for, gzipped or not', async () => {
    const content = Uint8Array.from({ length: 5_300_000 }, (_, at) => (at * 2_654_435_761) >>> 21);
    write('plain.bin', content);
    write('packed.bin', gzipSync(content, { level: 1 }));
    const source = await openSource(folder);
    for (const name of source.paths) {
      const pieces: Uint8Array[] = [];
      for await (const piece of source.pieces(name, noProgress)) {
        // The next piece is on its way meanwhile.
        await new Promise((resolve) => setTimeout(resolve, 2));
        pieces.push(piece.slice());
      }
      expect(pieces.length, name).toBeGreaterThan(4);
      expect(Buffer.concat(pieces).equals(content), name).toBe(true);
    }
    const left = source.pieces('plain.bin', noProgress)[Symbol.asyncIterator]();
    await left.next();
    await left.return!();
    const cancelled = {
      check: () => {
        throw new Cancelled();
      },
      report: () => {},
    };
    const packed = source.pieces('packed.bin', cancelled)[Symbol.asyncIterator]();
    await expect(packed.next()).rejects.toThrow(Cancelled);
  });

  it('and files that are gzipped are read as what they hold', async () => {
    const truth = {
      images: [{ id: 1, file_name: 'a.jpg', width: 9, height: 9 }],
      annotations: [],
      categories: [{ id: 1, name: 'cat' }],
    };
    const bytes = gzipSync(JSON.stringify(truth));
    expect((await loadTruth(write('a.json.gz', bytes))).truth.images).toHaveLength(1);
    await expect(loadTruth(write('b.json.gz', bytes.subarray(0, bytes.length - 9)))).rejects.toThrow(
      BadInput,
    );
  });
});

const bccd = sharedPath('datasets/bccd');
const raccoon = sharedPath('datasets/raccoon');

/** Boxes by file name: rounded to what YOLO's eight digits can say. */
function byName(truth: Truth, digits: number): Map<string, string[]> {
  const boxes = new Map(truth.images.map(({ fileName }): [string, string[]] => [baseName(fileName), []]));
  const { annotations, categories, images } = truth;
  for (let row = 0; row < annotations.count; row++) {
    const box = [...annotations.box.subarray(row * 4, row * 4 + 4)].map((value) => value.toFixed(digits));
    boxes
      .get(baseName(images[annotations.image[row]!]!.fileName))!
      .push(`${categories[annotations.category[row]!]!.name} ${box.join(' ')}`);
  }
  for (const list of boxes.values()) list.sort();
  return boxes;
}

describe.skipIf(!raccoon || !bccd)('the same dataset in several forms', () => {
  it('reads to the same images, classes and boxes (datasets/raccoon)', async () => {
    const voc = byName((await loadTruth(raccoon!)).truth, 6);
    expect(voc.size).toBe(200);
    for (const form of ['csv/raccoon_labels.csv', 'csv', 'coco/all.json'])
      expect(byName((await loadTruth(path.join(raccoon!, form))).truth, 6), form).toEqual(voc);
    const first = byName((await loadTruth(path.join(raccoon!, 'tfrecord', 'first40.record'))).truth, 6);
    expect(first.size).toBe(40);
    for (const [name, boxes] of first) expect(boxes).toEqual(voc.get(name));
    for (const form of ['gzip40.record', 'sharded40.record-?????-of-00004', '.'])
      expect(byName((await loadTruth(path.join(raccoon!, 'tfrecord', form))).truth, 6), form).toEqual(first);
    const published = byName((await loadTruth(path.join(raccoon!, 'test.record'))).truth, 6);
    for (const [name, boxes] of published) expect(boxes).toEqual(voc.get(name));
  });

  it('reads to the same images, classes, subsets and boxes (datasets/bccd)', async () => {
    const images = path.join(bccd!, 'JPEGImages');
    const voc = (await loadTruth(bccd!)).truth;
    const yolo = (await loadTruth(path.join(bccd!, 'yolo'), { images })).truth;
    const coco = (await loadTruth(path.join(bccd!, 'coco'))).truth;
    for (const truth of [yolo, coco]) {
      expect(byName(truth, 4)).toEqual(byName(voc, 4));
      expect(truth.categories.map(({ id, name }) => [id, name])).toEqual([
        [1, 'RBC'],
        [2, 'WBC'],
        [3, 'Platelets'],
      ]);
      expect(truth.subsets.map(({ name, images: members }) => [name, members.length])).toEqual([
        ['test', 72],
        ['train', 205],
        ['val', 87],
      ]);
    }
    const inArchive = Object.fromEntries(
      readdirSync(path.join(bccd!, 'Annotations'))
        .slice(0, 20)
        .map((name) => [`b/Annotations/${name}`, readFileSync(path.join(bccd!, 'Annotations', name))]),
    );
    const zipped = byName((await loadTruth(write('b.zip', zipOf(inArchive)))).truth, 4);
    expect(zipped.size).toBe(20);
    for (const [name, boxes] of zipped) expect(boxes).toEqual(byName(voc, 4).get(name));
  });
});
