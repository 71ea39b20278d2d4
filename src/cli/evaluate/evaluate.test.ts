import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedPath } from '../../core/foundation/shared-data.fixture';
import { useCommandLine } from '../command-line.fixture';

const cli = useCommandLine();

interface Document {
  results: { metrics: Record<string, number | null>; classes: Record<string, unknown>[] }[];
  inputs: { join: unknown };
  findings: { code: string }[];
  error: { code: string };
}
const { run } = cli;
const printed = (): Document => JSON.parse(cli.out) as Document;

const TRUTH = {
  images: [{ id: 1, file_name: 'a.jpg', width: 100, height: 100 }],
  annotations: [{ id: 1, image_id: 1, category_id: 3, bbox: [10, 10, 20, 20], area: 400, iscrowd: 0 }],
  categories: [{ id: 3, name: 'cat' }],
};
const RESULTS = [{ image_id: 1, category_id: 3, bbox: [10, 10, 20, 20], score: 0.9 }];
function write(): string[] {
  writeFileSync(path.join(cli.folder, 't.json'), JSON.stringify(TRUTH));
  writeFileSync(path.join(cli.folder, 'p.json'), JSON.stringify(RESULTS));
  return ['evaluate', '--truth', 't.json', '--predictions', 'p.json'];
}

describe('evaluate', () => {
  it('prints one document, or what pycocotools prints', async () => {
    const command = write();
    expect(await run(...command, '--json')).toBe(0);
    expect(printed().results[0]!.metrics).toMatchObject({
      AP: expect.closeTo(1, 12) as number,
      APlarge: null,
      AR1: 1,
    });
    expect(await run(...command)).toBe(0);
    expect(cli.out.split('\n')[0]).toBe(
      ' Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = 1.000',
    );
    expect(cli.out.split('\n')[5]).toContain('area= large | maxDets=100 ] = -1.000');
  });

  it('keeps ids apart that a double does not tell apart, and writes each as the truth has it', async () => {
    const images = ['9007199254740992', '9007199254740993'];
    const ids = ['"cat-1"', '9007199254740993', '9007199254740992', '5'];
    const box = (index: number): string => `[${index * 20},10,10,20]`;
    const truth = `{"images":[${images.map((id) => `{"id":${id},"file_name":"${id}.jpg","width":100,"height":100}`).join(',')}],
      "annotations":[${ids.map((id, index) => `{"id":${id},"image_id":${images[index % 2]!},"category_id":3,"bbox":${box(index)},"area":200,"iscrowd":0}`).join(',')}],
      "categories":[{"id":3,"name":"cat"}]}`;
    const results = [0, 1, 2].map(
      (index) =>
        `{"image_id":${images[index % 2]!},"category_id":3,"bbox":${box(index)},"score":0.${9 - index}}`,
    );
    writeFileSync(path.join(cli.folder, 't.json'), truth);
    writeFileSync(path.join(cli.folder, 'p.json'), `[${results.join(',')}]`);
    const command = ['evaluate', '--truth', 't.json', '--predictions', 'p.json'];
    expect(await run(...command, '--matches', 'm.json', '--json')).toBe(0);
    expect(printed().inputs.join).toMatchObject({ by: 'id', images: 2, predictions: 3, left: 0 });
    const rows = readFileSync(path.join(cli.folder, 'm.json'), 'utf8');
    expect(JSON.parse(rows)).toEqual({
      predictions: ['cat-1', '9007199254740993', '9007199254740992'].map((truth) => ({
        state: 'true',
        error: null,
        truth,
        iou: 1,
      })),
      missed: [5],
      unmatched: [5],
    });
    for (const number of [1, 2])
      await run(...command, '--shard', `${number}/2`, '--partial', `part-${number}`);
    expect(await run('merge-evaluations', 'part-2', 'part-1', '--matches', 'merged.json')).toBe(0);
    expect(readFileSync(path.join(cli.folder, 'merged.json'), 'utf8')).toBe(rows);
  });

  it('prints intervals and differences after the table where they are asked for', async () => {
    const command = write();
    expect(await run(...command)).toBe(0);
    const table = cli.out;
    writeFileSync(path.join(cli.folder, 'none.json'), '[]');
    expect(await run(...command, '--confidence-interval', '0.9', '--against', 'none.json')).toBe(0);
    expect(cli.out.startsWith(`${table}\n`)).toBe(true);
    const rows = cli.out.slice(table.length + 1).split('\n');
    expect(rows[0]).toMatch(/^metric +value +90 % interval +against +difference +90 % interval$/);
    expect(rows[1]).toMatch(/^AP +1\.0000 +1\.0000 to 1\.0000 +0\.0000 +\+1\.0000 +\+1\.0000 to \+1\.0000$/);
    expect(rows[6]).toMatch(/^APlarge +–/);
  });

  it('writes the document to a file and leaves stdout empty', async () => {
    expect(await run(...write(), '--output', 'o.json')).toBe(0);
    expect(cli.out).toBe('');
    expect(JSON.parse(readFileSync(path.join(cli.folder, 'o.json'), 'utf8'))).toHaveProperty('results');
  });

  it('refuses a file in a folder that is not there before it reads anything', async () => {
    for (const option of ['--output', '--matches']) {
      const command = ['evaluate', '--truth', 'none.json', '--predictions', 'none.json', '--json'];
      expect(await run(...command, option, 'missing/file.json')).toBe(2);
      expect(printed().error.code).toBe('folder-missing');
    }
  });

  it('exits with 1 where a requirement is missed, and 2 on a mistake', async () => {
    const command = write();
    expect(await run(...command, '--require', 'AP>=0.5', '--require', 'coco:AP50>0.9')).toBe(0);
    expect(await run(...command, '--require', 'AP<0.5')).toBe(1);
    expect(await run(...command, '--require', 'APlarge>=0')).toBe(1);
    expect(await run(...command, '--box-size', 'edge')).toBe(2);
    expect(await run(...command, '--protocol', 'lvis2')).toBe(2);
    expect(await run(...command, '--nonsense')).toBe(2);
    expect(await run('evaluate', '--truth', 'none.json', '--predictions', 'p.json', '--json')).toBe(2);
    expect(printed().error.code).toBe('file-unreadable');
    expect(await run('--help')).toBe(0);
    expect(await run('--version')).toBe(0);
  });

  it('as TensorFlow 2 reports it, counts predictions of label 1 that is not listed: padding makes it truth', async () => {
    const command = write();
    const stray = { image_id: 1, category_id: 1, bbox: [50, 50, 9, 9], score: 0.95 };
    writeFileSync(path.join(cli.folder, 'p.json'), JSON.stringify([...RESULTS, stray]));
    expect(
      await run(...command, '--protocol', 'tf-weighted-pascal', '--as-tensorflow-2-reports-it', '--json'),
    ).toBe(0);
    // A false one before the true one, of one object and 99 boxes that fill the image up.
    expect(printed().results[0]!.metrics['WeightedPascalBoxes_Precision/mAP@0.5IOU']).toBe(0.005);
    expect(printed().results[0]!.classes.map(({ id }) => id)).toEqual([3]);
  });

  it('leaves wrong records out with a finding, or refuses them when strict', async () => {
    const command = write();
    writeFileSync(
      path.join(cli.folder, 'p.json'),
      `[${JSON.stringify(RESULTS[0])}, {"image_id":1,"category_id":3,"bbox":[1,2,NaN,4],"score":0.5}]`,
    );
    expect(await run(...command, '--json')).toBe(0);
    expect(printed().findings).toHaveLength(1);
    expect(await run(...command, '--strict')).toBe(2);
    expect(await run(...command, '--fail-on', 'error')).toBe(1);
  });
});

const golden = sharedPath('golden');
describe.skipIf(golden === null)('evaluate on the reference outputs (golden/)', () => {
  it('BCCD as Pascal VOC, predictions joined by rank: the AP of its COCO form', async () => {
    const bccd = sharedPath('datasets/bccd')!;
    const predictions = sharedPath('models/bccd/predictions-val.json')!;
    expect(
      await run('evaluate', '--truth', bccd, '--subset', 'val', '--predictions', predictions, '--json'),
    ).toBe(0);
    const { metrics } = JSON.parse(readFileSync(`${golden ?? ''}/real/bccd-val/expected.json`, 'utf8')) as {
      metrics: Record<string, number>;
    };
    for (const [key, value] of Object.entries(metrics))
      expect(printed().results[0]!.metrics[key]).toBeCloseTo(value, 12);
    expect(printed().inputs.join).toEqual({ by: 'rank', images: 87, total: 87, predictions: 8700, left: 0 });
    expect(await run('evaluate', '--truth', bccd, '--predictions', predictions, '--json')).toBe(2);
    expect(printed().error.code).toBe('subset-needed');
  });
});

it('a project goes the whole way: new, import, edit, undo, redo, export, history', async () => {
  write();
  expect(await run('project', 'new', 'a.reticle', '--json')).toBe(0);
  expect(await run('project', 'new', 'a.reticle')).toBe(2);
  expect(
    await run(
      'project',
      'import',
      'a.reticle',
      '--truth',
      't.json',
      '--predictions',
      'p.json',
      '--run',
      'm',
      '--dry-run',
      '--json',
    ),
  ).toBe(0);
  expect(await run('project', 'evaluate', 'a.reticle')).toBe(2);
  expect(
    await run(
      'project',
      'import',
      'a.reticle',
      '--truth',
      't.json',
      '--predictions',
      'p.json',
      '--run',
      'm',
      '--json',
    ),
  ).toBe(0);
  writeFileSync(
    path.join(cli.folder, 'ops.json'),
    JSON.stringify([{ add: { image: 'a.jpg', category: 'cat', bbox: [50, 50, 10, 10] } }]),
  );
  expect(
    await run('project', 'edit', 'a.reticle', '--operations', 'ops.json', '--author', 'me', '--json'),
  ).toBe(0);
  const edited = JSON.parse(cli.out) as { step: number; added: number[]; scores: { after: number }[] };
  expect(edited).toMatchObject({ step: 2, added: [2] });
  expect(await run('project', 'evaluate', 'a.reticle', '--json')).toBe(0);
  expect(printed().results[0]!.metrics['AP']).toBe(edited.scores[0]!.after);
  expect(await run('project', 'undo', 'a.reticle', '--json')).toBe(0);
  expect(JSON.parse(cli.out)).toMatchObject({ steps: [2], canUndo: 1, canRedo: 1 });
  expect(await run('project', 'undo', 'a.reticle', '--steps', '9')).toBe(2);
  expect(await run('project', 'redo', 'a.reticle', '--json')).toBe(0);
  expect(
    await run('project', 'export', 'a.reticle', '--to', 'out.json', '--to-format', 'coco', '--json'),
  ).toBe(0);
  expect(
    (JSON.parse(readFileSync(path.join(cli.folder, 'out.json'), 'utf8')) as typeof TRUTH).annotations,
  ).toHaveLength(2);
  expect(await run('project', 'export', 'a.reticle', '--to', 'out.json', '--to-format', 'coco')).toBe(2);
  expect(await run('project', 'history', 'a.reticle', '--json')).toBe(0);
  const { entries } = JSON.parse(cli.out) as { entries: { action: string; author: string }[] };
  expect(entries.map(({ action }) => action)).toEqual(['import', 'edit', 'undo', 'redo']);
  expect(entries[1]!.author).toBe('me');
});
