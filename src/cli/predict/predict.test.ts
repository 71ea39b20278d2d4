import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildCommandLine } from '../../../scripts/bootstrap/build.mjs';
import { projectNode, ROOT } from '../../../scripts/bootstrap/paths.mjs';
import { sharedPath } from '../../core/foundation/shared-data.fixture';
import { tarOf, zipOf } from '../../engine/import/hostile/archives.fixture';
import { useCommandLine } from '../command-line.fixture';

const bccd = sharedPath('models/bccd');
const dataset = sharedPath('datasets/bccd');
const isAbsent = bccd === null || dataset === null;

const cli = useCommandLine(ROOT);
beforeAll(async () => {
  if (!isAbsent) await buildCommandLine();
});

const run = (...args: string[]): Promise<number> => cli.run('predict', ...args);
interface Record {
  readonly image_id: number;
  readonly category_id: number;
  readonly bbox: readonly number[];
  readonly score: number;
  readonly file_name: string;
}
const records = (file: string): Record[] =>
  JSON.parse(readFileSync(path.join(cli.folder, file), 'utf8')) as Record[];
const error = (): { code: string; message: string; next: string } =>
  (JSON.parse(cli.out) as { error: { code: string; message: string; next: string } }).error;

/** Images in two folders, one of them broken; ranks follow the bytes of the names: B, a/x, a/y, broken. */
function images(): string {
  const target = path.join(cli.folder, 'images');
  mkdirSync(path.join(target, 'a'), { recursive: true });
  copyFileSync(`${dataset!}/JPEGImages/BloodImage_00000.jpg`, path.join(target, 'a', 'y.jpg'));
  copyFileSync(`${dataset!}/JPEGImages/BloodImage_00001.jpg`, path.join(target, 'a', 'x.jpg'));
  copyFileSync(`${dataset!}/JPEGImages/BloodImage_00002.jpg`, path.join(target, 'B.jpg'));
  writeFileSync(
    path.join(target, 'broken.jpg'),
    readFileSync(`${dataset!}/JPEGImages/BloodImage_00003.jpg`).subarray(0, 5000),
  );
  return target;
}

describe.skipIf(isAbsent)('reticle predict', () => {
  const model = `${bccd!}/model.onnx`;

  it('writes COCO results with ranks, ids of the label map and file names; a broken image is a finding', async () => {
    const args = ['--model', model, '--images', images(), '--output', 'p.json', '--json'];
    expect(await run(...args)).toBe(0);
    const document = JSON.parse(cli.out) as object;
    expect(document).toMatchObject({
      images: 4,
      predictions: 300,
      backend: 'onnx',
      device: 'processor',
      fallback: null,
      decoder: { name: 'tf2-object-detection-api', assumed: [] },
      findings: [
        { code: 'image-undecodable', severity: 'warning', where: { image: 'broken.jpg' }, count: 1 },
      ],
    });
    const found = records('p.json');
    const names = new Map(found.map(({ image_id: id, file_name: name }) => [id, name]));
    expect([...names]).toEqual([
      [1, 'B.jpg'],
      [2, 'a/x.jpg'],
      [3, 'a/y.jpg'],
    ]);
    const known = JSON.parse(readFileSync(`${bccd!}/predictions-val.json`, 'utf8')) as Record[];
    expect(new Set(found.map(({ category_id: id }) => id))).toEqual(
      new Set(known.map(({ category_id: id }) => id)),
    );
    expect(found.every(({ score, bbox }) => score >= 0.001 && bbox.length === 4)).toBe(true);
    expect(existsSync(path.join(cli.folder, 'p.json.unfinished'))).toBe(false);
  });

  it('gives in two shards what it gives in one run, and respects threshold and limit', async () => {
    const common = [
      '--model',
      model,
      '--images',
      images(),
      '--score-threshold',
      '0.3',
      '--max-detections',
      '5',
    ];
    expect(await run(...common, '--output', 'all.json')).toBe(0);
    expect(await run(...common, '--output', '1.json', '--shard', '1/2')).toBe(0);
    expect(await run(...common, '--output', '2.json', '--shard', '2/2')).toBe(0);
    const all = records('all.json');
    expect(all.every(({ score }) => score >= 0.3)).toBe(true);
    const parts = [...records('1.json'), ...records('2.json')].sort((a, b) => a.image_id - b.image_id);
    expect(parts).toEqual(all);
    expect(new Set(records('1.json').map(({ image_id: id }) => id))).toEqual(new Set([1, 3]));
  });

  it('takes ids of the truth, joined by file name', async () => {
    const truth = {
      images: [{ id: 77, file_name: 'y.jpg', width: 640, height: 480 }],
      annotations: [],
      categories: [{ id: 9, name: 'RBC' }],
    };
    writeFileSync(path.join(cli.folder, 't.json'), JSON.stringify(truth));
    const args = [
      '--model',
      model,
      '--images',
      images(),
      '--truth',
      't.json',
      '--output',
      'p.json',
      '--json',
    ];
    expect(await run(...args)).toBe(0);
    const found = records('p.json');
    expect(found.length).toBeGreaterThan(10);
    expect(new Set(found.map(({ image_id: image, category_id: id }) => `${image} ${id}`))).toEqual(
      new Set(['77 9']),
    );
    const codes = (JSON.parse(cli.out) as { findings: { code: string }[] }).findings.map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(['images-not-joined', 'class-not-in-truth']));
  });

  it('gives for images in archives and in a TFRecord what it gives for their files, unpacking nothing', async () => {
    const folder = images();
    const names = ['B.jpg', 'a/x.jpg', 'a/y.jpg', 'broken.jpg'];
    const members = Object.fromEntries(names.map((name) => [name, readFileSync(path.join(folder, name))]));
    const packed = await tarOf(members);
    const archives = {
      'deflated.zip': zipOf(members, { isDeflated: true }),
      'stored.zip': zipOf(members),
      'set.tar': packed,
      'set.tar.gz': gzipSync(packed),
    };
    const common = ['--model', model, '--score-threshold', '0.3', '--json'];
    expect(await run(...common, '--images', folder, '--output', 'files.json')).toBe(0);
    const files = records('files.json');
    expect(files.length).toBeGreaterThan(10);
    for (const [name, content] of Object.entries(archives)) {
      const archive = path.join(cli.folder, name);
      writeFileSync(archive, content);
      expect(await run(...common, '--images', archive, '--output', `${name}.json`), name).toBe(0);
      expect(records(`${name}.json`), name).toEqual(files);
      // The broken image is told here too, and the others go on.
      expect(JSON.parse(cli.out), name).toMatchObject({
        images: 4,
        findings: [{ code: 'image-undecodable', where: { image: 'broken.jpg' }, count: 1 }],
      });
    }
    const made = readdirSync(cli.folder).filter((name) => !/\.(?:json|zip|tar|gz)$/.test(name));
    expect(made).toEqual(['images']);

    const truth = {
      images: names.slice(0, 3).map((name, at) => ({ id: at + 1, file_name: name, width: 640, height: 480 })),
      annotations: [],
      categories: [{ id: 1, name: 'RBC' }],
    };
    writeFileSync(path.join(cli.folder, 't.json'), JSON.stringify(truth));
    const convert = ['convert', '--from', 't.json', '--images', folder, '--copy-images', '--allow-loss'];
    expect(await cli.run(...convert, '--to', 'set.record', '--to-format', 'tfrecord')).toBe(0);
    expect(await run(...common, '--images', 'set.record', '--output', 'record.json')).toBe(0);
    expect(records('record.json')).toEqual(files);
  });

  it('says of images that an archive keeps to itself why they are not run', async () => {
    const picture = readFileSync(`${dataset!}/JPEGImages/BloodImage_00000.jpg`);
    const locked = zipOf({ 'a.jpg': picture }, { isDeflated: true });
    // The mark of a password, in the member's head and in the list.
    locked.writeUInt16LE(1, 6);
    locked.writeUInt16LE(1, locked.lastIndexOf('PK\u0001\u0002', undefined, 'latin1') + 8);
    writeFileSync(path.join(cli.folder, 'locked.zip'), locked);
    expect(await run('--model', model, '--images', 'locked.zip', '--output', 'p.json', '--json')).toBe(2);
    expect(error().message).toMatch(/password/);
    expect(existsSync(path.join(cli.folder, 'p.json'))).toBe(false);
  });

  it('goes on after its process was killed, without an image twice', async () => {
    const output = path.join(cli.folder, 'p.json');
    const args = ['--model', model, '--images', `${dataset!}/JPEGImages`, '--output', output];
    const first = spawn(projectNode(), [path.join(ROOT, 'bin', 'reticle.mjs'), 'predict', ...args], {
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => first.on('exit', resolve));
    const lines = (): number =>
      existsSync(`${output}.unfinished`)
        ? readFileSync(`${output}.unfinished`, 'utf8').split('\n').length - 1
        : 0;
    while (lines() < 3 && first.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
    first.kill('SIGKILL');
    await ended;
    expect(existsSync(output)).toBe(false);
    const before = lines();
    expect(before).toBeGreaterThanOrEqual(3);
    // A line that was cut short is dropped.
    writeFileSync(`${output}.unfinished`, `${readFileSync(`${output}.unfinished`, 'utf8')}{"image":3,"bo`);

    expect(await run(...args, '--resume', '--score-threshold', '0.5', '--json')).toBe(2);
    expect(error().code).toBe('resume-differs');
    expect(await run(...args, '--resume', '--json')).toBe(0);
    const found = records('p.json');
    const images = found.map(({ image_id: id }) => id).filter((id, at, all) => id !== all[at - 1]);
    expect(images).toHaveLength(364);
    expect(new Set(images).size).toBe(364);
    expect(await run(...args, '--resume', '--json')).toBe(2);
  });

  it('explains what cannot be run', async () => {
    const target = images();
    const refuse = async (given: string, ...more: string[]) => {
      const code = await run('--model', given, '--images', target, '--output', 'p.json', '--json', ...more);
      expect(code).toBe(2);
      expect(readdirSync(cli.folder).filter((name) => name.startsWith('p.json'))).toEqual([]);
      return error();
    };
    expect((await refuse(target)).code).toBe('not-a-model');
    expect((await refuse(model, '--backend', 'tensorflow')).code).toBe('backend-unfit');
    expect((await refuse(model, '--class-base', '2')).code).toBe('usage');
    expect((await refuse(model, '--shard', '3/2')).code).toBe('usage');
    const cut = path.join(cli.folder, 'cut.onnx');
    writeFileSync(cut, readFileSync(model).subarray(0, 10_000));
    expect((await refuse(cut)).code).toBe('model-corrupt');
    expect(await run('--model', model, '--images', target, '--output', 'none/p.json', '--json')).toBe(2);
    expect(error().code).toBe('folder-missing');
  });
});
