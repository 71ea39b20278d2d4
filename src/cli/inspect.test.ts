import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedPath } from '../core/foundation/shared-data.fixture';
import { useCommandLine } from './command-line.fixture';

const cli = useCommandLine();

const { run } = cli;

async function inspect(place: string, ...args: string[]): Promise<unknown> {
  expect(await run('inspect', place, '--json', ...args)).toBe(0);
  return JSON.parse(cli.out);
}

const write = (name: string, content: unknown): void =>
  writeFileSync(path.join(cli.folder, name), typeof content === 'string' ? content : JSON.stringify(content));

const TRUTH = {
  images: [
    { id: 7, file_name: 'a.jpg', width: 100, height: 50 },
    { id: 9, file_name: 'b.jpg', width: 100, height: 50 },
  ],
  annotations: [{ id: 1, image_id: 7, category_id: 4, bbox: [10, 10, 20, 40], area: 800, iscrowd: 0 }],
  categories: [{ id: 4, name: 'cat' }],
};
const RESULTS = [{ image_id: 7, category_id: 4, bbox: [10, 10, 20, 40], score: 0.9 }];

describe('inspect', () => {
  it('tells counts, classes and the shapes of boxes of a ground truth', async () => {
    write('t.json', TRUTH);
    expect(await inspect('t.json')).toMatchObject({
      kind: 'truth',
      format: 'coco',
      counts: { images: 2, annotations: 1, predictions: 0, categories: 1, imagesWithoutAnnotations: 1 },
      classes: [{ id: 4, name: 'cat', annotations: 1, images: 1 }],
      boxes: {
        width: { median: 20 },
        height: { median: 40 },
        aspectRatio: { median: 0.5 },
        small: 1,
        medium: 0,
      },
      findings: [],
    });
  });

  it('tells predictions and label maps apart', async () => {
    write('p.json', RESULTS);
    expect(await inspect('p.json')).toMatchObject({
      kind: 'predictions',
      format: 'coco-results',
      counts: { images: 1, predictions: 1, categories: 1 },
    });
    write('label_map.pbtxt', "item { id: 3 name: 'cat' }");
    expect(await inspect('label_map.pbtxt')).toMatchObject({
      kind: 'label-map',
      classes: [{ id: 3, name: 'cat' }],
    });
  });

  it('tells a project’s ground truth and runs', async () => {
    write('t.json', TRUTH);
    write('p.json', RESULTS);
    expect(await run('project', 'new', 'a.reticle')).toBe(0);
    const parts = ['--truth', 't.json', '--predictions', 'p.json', '--run', 'first'];
    expect(await run('project', 'import', 'a.reticle', ...parts)).toBe(0);
    expect(await inspect('a.reticle')).toMatchObject({
      kind: 'project',
      format: 'reticle',
      counts: { images: 2, annotations: 1, predictions: 1, categories: 1 },
      runs: [{ name: 'first', predictions: 1 }],
    });
  });

  it('tells the trainings below a folder, and of one history', async () => {
    write('results.csv', 'epoch,train/box_loss,metrics/mAP50-95(B)\n1,2.5,0.1\n2,2.0,0.2\n3,1.5,0.3\n');
    expect(await inspect('.')).toMatchObject({
      kind: 'logs',
      format: 'ultralytics',
      trainings: [{ source: 'ultralytics', unit: 'epoch', steps: 3 }],
    });
    expect(await inspect('results.csv')).toMatchObject({ kind: 'logs' });
  });

  it('refuses what it does not know, and names it', async () => {
    write('notes.txt', 'nothing that is known');
    mkdirSync(path.join(cli.folder, 'empty'));
    for (const place of ['notes.txt', 'empty', 'nowhere']) {
      expect(await run('inspect', place, '--json')).toBe(2);
      const { error } = JSON.parse(cli.out) as { error: { message: string; next: string } };
      expect(error.message).toContain(place);
      expect(error.next).not.toBe('');
    }
  });

  const trainings = sharedPath('models/training-runs');
  it.skipIf(trainings === null)('reads real trainings', async () => {
    const told = (await inspect(trainings!)) as { trainings: { name: string; curves: string[] }[] };
    expect(told).toMatchObject({ kind: 'logs', why: 'logs of 5 trainings' });
    expect(told.trainings.every(({ curves }) => curves.length > 0)).toBe(true);
  });

  const raccoon = sharedPath('datasets/raccoon');
  it.skipIf(raccoon === null)('reads a real folder of VOC files', async () => {
    expect(await inspect(raccoon!)).toMatchObject({
      kind: 'truth',
      format: 'voc',
      counts: { images: 200, annotations: 217, categories: 1 },
    });
  });
});
