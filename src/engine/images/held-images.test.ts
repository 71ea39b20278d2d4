import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noProgress } from '../../core/foundation/cancellation';
import { sharedPath } from '../../core/foundation/shared-data.fixture';
import type { Engine } from '../engine';
import { testEngine } from '../engine.fixture';
import { tarOf, zipOf } from '../import/hostile/archives.fixture';
import { loadTruth } from '../import/load';
import { prepareTruth } from '../import/into-project';
import { SAMPLE } from '../diagnosis/image-facts';
import { projectFacts } from '../data/project-facts';
import { imageFiles } from '../inference/project/run-model';
import { decodeRgb } from '../inference/session/prepare-image';
import { ProjectSession } from '../project/session';
import { locationOf, readImage, readLocation } from './image-file';
import { findImageRoot, locatorOf, resolveBelow } from './locate';
import { lookOf } from './look';
import { LookCache } from './look-cache';

type Files = Record<string, Buffer>;

let folder = '';
let engine: Engine;
/** Two pictures of noise, which a decoder cannot mistake for each other. */
let pictures: Record<'a' | 'b', Buffer>;

beforeAll(async () => {
  const picture = async (seed: number): Promise<Buffer> => {
    const data = Buffer.from(Array.from({ length: 40 * 20 * 3 }, (_, at) => (at * seed * 2654435761) >>> 24));
    return sharp(data, { raw: { width: 40, height: 20, channels: 3 } })
      .png()
      .toBuffer();
  };
  pictures = { a: await picture(3), b: await picture(7) };
});

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-held-'));
  engine = testEngine(folder);
});
afterEach(() => {
  engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const at = (...names: string[]): string => path.join(folder, ...names);
function write(name: string, content: Buffer | string): string {
  mkdirSync(path.dirname(at(name)), { recursive: true });
  writeFileSync(at(name), content);
  return at(name);
}

const LABELS = {
  images: ['a', 'b'].map((name, i) => ({ id: i + 1, file_name: `${name}.png`, width: 40, height: 20 })),
  annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [2, 3, 10, 5], area: 50, iscrowd: 0 }],
  categories: [{ id: 1, name: 'thing' }],
};
const dataset = (): Files => ({
  'set/labels.json': Buffer.from(JSON.stringify(LABELS)),
  'set/images/a.png': pictures.a,
  'set/images/b.png': pictures.b,
});

const NOTHING = { exclude: [], subset: null, images: null, labelMap: null };
const importOf = (source: string, images: string | null = null) =>
  engine.handlers['import.run']({
    ...NOTHING,
    job: 'job',
    paths: [source],
    images,
    project: at('p.reticle'),
    runName: null,
    replace: false,
  });
const planOf = (source: string) =>
  engine.handlers['import.examine']({ ...NOTHING, job: 'job', paths: [source], into: false });
const exportTo = (target: string, format: 'yolo' | 'tfrecord') =>
  engine.handlers['export.run']({ job: 'job', format, path: target, allowLoss: true, copyImages: true });

const raw = (bytes: Uint8Array): Promise<Buffer> => sharp(bytes).removeAlpha().raw().toBuffer();

async function shownIn(name: string): Promise<Buffer> {
  const [image] = await engine.handlers['image.find']({ text: name, limit: 1 });
  const { bytes } = await engine.pixels({ kind: 'full', image: image!.image, size: null });
  return raw(bytes);
}

async function expectBothShown(): Promise<void> {
  expect(await shownIn('a')).toEqual(await raw(pictures.a));
  expect(await shownIn('b')).toEqual(await raw(pictures.b));
}

/** A TFRecord of both pictures, as the app itself writes it. */
async function recordOf(): Promise<Buffer> {
  await importOf(write('plain/labels.zip', zipOf(dataset())));
  await exportTo(at('plain.record'), 'tfrecord');
  await engine.handlers['project.close']({});
  rmSync(at('p.reticle'));
  return readFileSync(at('plain.record'));
}

type Pack = () => Buffer | Promise<Buffer>;
const ARCHIVES: [string, Pack][] = [
  ['set.zip', () => zipOf(dataset())],
  ['deflated.zip', () => zipOf(dataset(), { isDeflated: true })],
  ['set.tar', () => tarOf(dataset())],
  ['set.tar.gz', async () => gzipSync(await tarOf(dataset()))],
  ['train.record', recordOf],
  ['train.record.gz', async () => gzipSync(await recordOf())],
  ['records.zip', async () => zipOf({ 'train/x.tfrecord': await recordOf() })],
  ['records.tar', async () => tarOf({ 'train/x.tfrecord': await recordOf() })],
];

describe('images held in a file', () => {
  it.each(ARCHIVES)('are shown, measured and run over: %s', async (name, pack) => {
    const state = await importOf(write(`in/${name}`, await pack()));
    expect(state.missingImages).toBe(0);
    await expectBothShown();
    // Nothing was unpacked.
    expect(readdirSync(at('in'))).toEqual([name]);
    await engine.handlers['project.close']({});
    const session = ProjectSession.open(at('p.reticle'));
    try {
      const facts = await projectFacts(session, new LookCache(null), SAMPLE, noProgress);
      expect(facts.map((fact) => fact?.look)).toEqual([await lookOf(pictures.a), await lookOf(pictures.b)]);
      const { images, missing } = imageFiles(
        session,
        session.data.images.map(({ key }) => key),
      );
      expect(missing).toBe(0);
      expect(Buffer.from((await decodeRgb(images[0]!.file)).data)).toEqual(await raw(pictures.a));
    } finally {
      session.close();
    }
  });

  it('lie beside labels that are a file of their own', async () => {
    const labels = write('l.json', JSON.stringify(LABELS));
    const archive = write('elsewhere/only.zip', zipOf({ 'x/a.png': pictures.a, 'x/b.png': pictures.b }));
    expect((await importOf(labels, archive)).missingImages).toBe(0);
    await expectBothShown();
  });

  it('have several names in a tar with hard links', async () => {
    const labels = write('l.json', JSON.stringify(LABELS));
    const archive = write(
      'elsewhere/only.tar',
      await tarOf({ 'x/a.png': pictures.a }, { 'x/b.png': 'x/a.png' }),
    );
    expect((await importOf(labels, archive)).missingImages).toBe(0);
    expect(await shownIn('b')).toEqual(await raw(pictures.a));
  });

  it('go out with an export, also into the archive’s own folder', async () => {
    await importOf(write('set.zip', zipOf(dataset(), { isDeflated: true })));
    await exportTo(at('out'), 'yolo');
    const names = readdirSync(at('out'), { recursive: true }).map(String);
    const copied = names.find((name) => name.endsWith('a.png'))!;
    expect(readFileSync(at('out', copied))).toEqual(pictures.a);
  });

  it('are found again where the file was moved, by itself or by its folder', async () => {
    const archive = write('set.zip', zipOf(dataset()));
    await importOf(archive);
    mkdirSync(at('moved', 'deep'), { recursive: true });
    renameSync(archive, at('moved', 'deep', 'set.zip'));
    await expect(shownIn('a')).rejects.toMatchObject({ code: 'image-missing' });
    const relink = (directory: string) => engine.handlers['images.relink']({ job: 'job', directory });
    expect(await relink(at('moved'))).toEqual({ found: 2, missing: 0 });
    await expectBothShown();
    renameSync(at('moved', 'deep', 'set.zip'), at('other-name.zip'));
    expect(await relink(at('other-name.zip'))).toEqual({ found: 2, missing: 0 });
    await expectBothShown();
    // From an archive into a folder.
    write('unpacked/b.png', pictures.b);
    expect(await relink(at('unpacked'))).toEqual({ found: 1, missing: 1 });
    expect(await shownIn('b')).toEqual(await raw(pictures.b));
  });

  it('are not shown, and it is said, where the file is no longer what it was', async () => {
    const archive = write('set.zip', zipOf(dataset()));
    await importOf(archive);
    const changed = { ...dataset(), 'set/images/a.png': pictures.b, 'set/images/b.png': pictures.a };
    writeFileSync(archive, zipOf(changed));
    await expect(shownIn('a')).rejects.toMatchObject({ code: 'image-not-in-place' });
    writeFileSync(archive, 'short');
    await expect(shownIn('a')).rejects.toMatchObject({ code: 'image-not-in-place' });
    rmSync(archive);
    await expect(shownIn('a')).rejects.toMatchObject({ code: 'image-missing' });
  });

  it.skipIf(sharedPath('datasets/raccoon') === null)(
    'of a TFRecord are its own, byte for byte (datasets/raccoon)',
    async () => {
      const shared = sharedPath('datasets/raccoon')!;
      const { truth, root, holders } = await loadTruth(path.join(shared, 'test.record'));
      const names = truth.images.map(({ fileName }) => fileName);
      const locator = await findImageRoot(names, root, null, holders);
      const { probes } = await prepareTruth(truth, locator, noProgress);
      expect(probes).toHaveLength(40);
      const inFolder = await locatorOf(path.join(shared, 'images'));
      for (const [index, { location, width, height }] of probes.entries()) {
        const { width: w, height: h, fileName } = truth.images[index]!;
        expect([width, height]).toEqual([w, h]);
        const bytes = await readImage(resolveBelow(locator!.root, location!)!);
        expect(bytes).toEqual(readFileSync(path.join(shared, 'images', inFolder.find(fileName)!)));
      }
    },
  );
});

describe('a file that cannot show its images', () => {
  /** Sets the bit that says so, in both headers of every image. */
  function encrypted(zip: Buffer): Buffer {
    for (const [mark, flags, name] of [
      [0x04034b50, 6, 30],
      [0x02014b50, 8, 46],
    ] as const)
      for (let from = 0; from + 46 < zip.length; from++)
        if (
          zip.readUInt32LE(from) === mark &&
          zip.toString('latin1', from + name, from + name + 10) === 'set/images'
        )
          zip.writeUInt16LE(1, from + flags);
    return zip;
  }

  it('needs a password: the labels come in, and it is said', async () => {
    const archive = write('set.zip', encrypted(zipOf(dataset(), { isDeflated: true })));
    const { findings } = await planOf(archive);
    expect(findings).toContainEqual(expect.objectContaining({ code: 'images-encrypted', count: 2 }));
    expect((await importOf(archive)).missingImages).toBe(2);
  });

  it('holds compressed TFRecords: it is said what to do', async () => {
    const record = await recordOf();
    const deflated = zipOf({ 'x.tfrecord': record, 'y.txt': Buffer.from('') }, { isDeflated: true });
    const { findings, imagesFound } = await planOf(write('r.zip', deflated));
    expect(imagesFound).toBe(0);
    expect(findings.map(({ code }) => code)).toContain('records-compressed');
  });

  it('holds an archive: it is not opened', async () => {
    const inner = zipOf({ 'a.png': pictures.a, 'b.png': pictures.b });
    const labels = Buffer.from(JSON.stringify(LABELS));
    const { imagesFound } = await planOf(
      write('n.zip', zipOf({ 'labels.json': labels, 'images.zip': inner })),
    );
    expect(imagesFound).toBe(0);
  });
});

describe('a location', () => {
  const place = {
    packing: 'deflated',
    offset: 66,
    length: 81,
    bytes: 90,
    checksum: 7,
    name: 'x//y.png',
  } as const;

  it('says where an image is held, and reads back', () => {
    expect(readLocation(locationOf('sub/a.zip', place))).toEqual({ ...place, holder: 'sub/a.zip' });
    expect(readLocation('sub/a.png')).toBeNull();
  });

  it('from a hostile project leads nowhere and reserves nothing', async () => {
    write('root/a.zip', zipOf(dataset()));
    write('outside.zip', zipOf(dataset()));
    expect(resolveBelow(at('root'), locationOf('../outside.zip', place))).toBeNull();
    expect(readLocation(locationOf('a.zip', { ...place, length: 2 ** 40 }))).toBeNull();
    expect(readLocation('a.zip//d+-1+51+5a+7//x')).toBeNull();
    expect(readLocation('a.zip//d+1+51+5a//x')).toBeNull();
    const beyond = resolveBelow(at('root'), locationOf('a.zip', { ...place, offset: 2 ** 40 }))!;
    await expect(readImage(beyond)).rejects.toMatchObject({ code: 'image-not-in-place' });
    expect(existsSync(at('root', 'x'))).toBe(false);
  });
});
