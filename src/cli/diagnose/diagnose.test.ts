import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedPath } from '../../core/foundation/shared-data.fixture';
import { cleanSet } from '../../core/diagnosis/clean-set.fixture';
import type { DataFiles } from '../../core/diagnosis/data-files.fixture';
import { useCommandLine } from '../command-line.fixture';

const cli = useCommandLine();

interface Document {
  score: Record<string, unknown> | null;
  causes: {
    code: string;
    group: string;
    gain: number | null;
    scoreAfter: number;
    images: string[];
    repair: unknown;
  }[];
  heldBack: string[];
  unexplained: number | null;
  errorTypes: object | null;
  reconciled: { matches: { protocol: string; emulation: string | null; value: number }[] } | null;
  error?: { code: string };
}
const { run } = cli;
const printed = (): Document => JSON.parse(cli.out) as Document;

const clean = (): DataFiles =>
  cleanSet(3, { images: 24, classes: 3, objects: 5, clutter: 5, looseness: 0.05, found: 0.9 });

function write({ truth, predictions }: DataFiles): string[] {
  writeFileSync(path.join(cli.folder, 't.json'), JSON.stringify(truth));
  writeFileSync(path.join(cli.folder, 'p.json'), JSON.stringify(predictions));
  return ['--truth', 't.json', '--predictions', 'p.json'];
}

describe('diagnose', () => {
  it('names the fault, prices it as evaluate scores the repaired file, and says what to do', async () => {
    const files = clean();
    const right = write(files);
    expect(await run('evaluate', ...right, '--json')).toBe(0);
    const { results } = JSON.parse(cli.out) as { results: { metrics: { AP: number } }[] };
    for (const record of files.predictions) {
      const [x, y, w, h] = record.bbox;
      record.bbox = [y, x, h, w];
    }
    expect(await run('diagnose', ...write(files), '--json', '--fail-on', 'error')).toBe(1);
    const { score, causes, unexplained } = printed();
    expect(score).toMatchObject({ protocol: 'coco' });
    expect(causes).toHaveLength(1);
    expect(causes[0]).toMatchObject({
      code: 'axes-swapped',
      confidence: 'exact',
      scoreAfter: results[0]!.metrics.AP,
      repair: { kind: 'transform-predictions', transform: 'swap-xy' },
    });
    expect(causes[0]!.images.length).toBeGreaterThan(5);
    expect(unexplained).toBeNull();
    const repaired = printed().errorTypes;
    expect(await run('diagnose', ...write(files))).toBe(0);
    expect(cli.out).toContain('Predictions have x and y swapped [axes-swapped]');
    expect(cli.out).toContain('By type of error (TIDE, points of mAP50 from 0 to 100): ');
    expect(await run('evaluate', ...write(clean()), '--protocol', 'tide', '--json')).toBe(0);
    const { results: tide } = JSON.parse(cli.out) as { results: { metrics: object }[] };
    expect(repaired).toEqual(tide[0]!.metrics);
  });

  it('reads what evaluate refuses: nothing joins, classes are unknown', async () => {
    const files = clean();
    const nameOf = new Map(files.truth.images.map(({ id, file_name }) => [id, file_name]));
    for (const record of files.predictions) {
      record.file_name = nameOf.get(Number(record.image_id))!.toUpperCase();
      delete record.image_id;
    }
    const command = write(files);
    expect(await run('evaluate', ...command)).toBe(2);
    expect(await run('diagnose', ...command, '--json')).toBe(0);
    expect(printed().causes[0]).toMatchObject({
      code: 'images-not-joined',
      evidence: { joined: 0, total: 24, rule: 'case' },
    });
  });

  it('finds nothing in clean data, and then no finding reaches --fail-on', async () => {
    expect(await run('diagnose', ...write(clean()), '--json', '--fail-on', 'warning')).toBe(0);
    expect(printed()).toMatchObject({ causes: [], heldBack: [] });
  });

  it('writes a report that needs nothing besides itself, with names or without', async () => {
    const files = clean();
    for (const record of files.predictions) record.category_id = Number(record.category_id) - 1;
    const command = write(files);
    expect(await run('diagnose', ...command, '--report', 'r.html')).toBe(0);
    const report = readFileSync(path.join(cli.folder, 'r.html'), 'utf8');
    expect(report).toContain('label-map-shifted');
    expect(report).toContain('Shot_00001');
    expect(report).not.toMatch(/<script|https?:|src=/);
    expect(await run('diagnose', ...command, '--report', 'r.html')).toBe(0);
    expect(await run('diagnose', ...command, '--report', 'r.pdf')).toBe(2);
    expect(await run('diagnose', ...command, '--report', 'n.html', '--report-without-names')).toBe(0);
    expect(readFileSync(path.join(cli.folder, 'n.html'), 'utf8')).not.toContain('Shot_');
  });

  it('of a project is that of its files', async () => {
    const files = clean();
    for (const record of files.predictions)
      record.bbox = record.bbox.map((value) => value / 2) as typeof record.bbox;
    const command = write(files);
    expect(await run('diagnose', ...command, '--json')).toBe(0);
    const ofFiles = printed().causes;
    expect(ofFiles.map(({ code }) => code)).toEqual(['coordinates-scaled']);
    expect(await run('project', 'new', 'p.reticle')).toBe(0);
    expect(await run('project', 'import', 'p.reticle', ...command, '--run', 'one')).toBe(0);
    expect(await run('project', 'diagnose', 'p.reticle', '--json', '--fail-on', 'error')).toBe(1);
    expect(printed().causes).toEqual(ofFiles);
    expect(await run('project', 'diagnose', 'p.reticle', '--run', 'two')).toBe(2);
  });

  it('says what is left unexplained, up to the score on the training images that predictions name', async () => {
    const files = clean();
    const training = cleanSet(4, {
      images: 20,
      classes: 3,
      objects: 5,
      clutter: 2,
      looseness: 0.02,
      found: 1,
    });
    for (const image of training.truth.images) image.file_name = image.file_name.replace('Shot', 'Lesson');
    const named = ({ truth, predictions }: DataFiles): DataFiles['predictions'] => {
      const nameOf = new Map(truth.images.map(({ id, file_name }) => [id, file_name]));
      return predictions.map(({ image_id, ...rest }) => ({
        ...rest,
        file_name: nameOf.get(Number(image_id))!,
      }));
    };
    const score = async (): Promise<number> => {
      expect(await run('evaluate', '--truth', 't.json', '--predictions', 'p.json', '--json')).toBe(0);
      return (JSON.parse(cli.out) as { results: { metrics: { AP: number } }[] }).results[0]!.metrics.AP;
    };
    write({ truth: training.truth, predictions: named(training) });
    const trained = await score();
    writeFileSync(path.join(cli.folder, 'train.json'), JSON.stringify(training.truth));
    write({ truth: files.truth, predictions: named(files) });
    const evaluated = await score();
    const both = [...named(files), ...named(training)];
    for (const record of both) {
      const [x, y, w, h] = record.bbox;
      record.bbox = [y, x, h, w];
    }
    const command = write({ truth: files.truth, predictions: both });
    expect(await run('diagnose', ...command, '--train', 'train.json', '--json')).toBe(0);
    expect(printed().causes.map(({ code }) => code)).toEqual(['axes-swapped']);
    expect(trained).toBeGreaterThan(evaluated + 0.1);
    expect(printed().unexplained).toBeCloseTo(trained - evaluated, 6);
    expect(await run('diagnose', ...command, '--train', 'train.json')).toBe(0);
    expect(cli.out).toContain('Unexplained, up to the score on the training images: ');
  });

  it('refuses what is not enough to diagnose', async () => {
    write(clean());
    expect(await run('diagnose', '--json')).toBe(2);
    expect(printed().error?.code).toBe('usage');
    expect(await run('diagnose', '--predictions', 'p.json', '--json')).toBe(2);
    expect(await run('diagnose', '--truth', 't.json', '--predictions', 'p.json', '--reported', 'AP')).toBe(2);
  });
});

const truth = sharedPath('datasets/bccd/coco/val.json');
describe.skipIf(truth === null)('diagnose on BCCD', () => {
  it('finds no fault of bookkeeping in real data, and the one that was planted', async () => {
    const predictions = sharedPath('models/bccd/predictions-val.json')!;
    expect(await run('diagnose', '--truth', truth!, '--predictions', predictions, '--json')).toBe(0);
    expect(printed().causes.filter(({ group }) => group === 'A')).toEqual([]);
    const records = JSON.parse(readFileSync(predictions, 'utf8')) as DataFiles['predictions'];
    for (const record of records) record.category_id = Number(record.category_id) - 1;
    writeFileSync(path.join(cli.folder, 'shifted.json'), JSON.stringify(records));
    expect(await run('diagnose', '--truth', truth!, '--predictions', 'shifted.json', '--json')).toBe(0);
    expect(printed().causes[0]).toMatchObject({ code: 'label-map-shifted', evidence: { offset: -1 } });
    expect(printed().causes[0]!.scoreAfter).toBeCloseTo(0.47303, 5);
  });
});
