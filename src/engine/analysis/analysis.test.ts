/** The calls of the pages Metrics and Compare, on the sample project. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  GalleryFilter,
  NumberBehind,
  PartOfSet,
  ProjectState,
  TileOutcome,
} from '../../contract/view-types';
import { SLICES_BY } from '../../core/metrics/analysis/slices';
import { PROTOCOLS } from '../../core/metrics/evaluation';
import { TIDE_BARS } from '../../core/metrics/tide/tide-errors';
import type { Engine } from '../engine';
import { RESOURCES, testEngine } from '../engine.fixture';

const POINT = { iou: 0.5, score: 0.4 };
const NO_FILTER: GalleryFilter = {
  outcomes: null,
  categories: null,
  sizes: null,
  statuses: null,
  confidence: null,
  text: '',
};
const FALSE: readonly TileOutcome[] = ['false-positive', 'wrong-class', 'loose-box', 'duplicate'];
const EVERY: readonly TileOutcome[] = [...FALSE, 'miss', 'true-positive'];
const WHOLE: NumberBehind = { protocol: 'coco', part: null, of: null, cell: null, slice: null, error: null };

let folder = '';
let engine: Engine;
let state: ProjectState;
let run = 0;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-analysis-'));
  engine = testEngine(folder, RESOURCES);
  state = await engine.handlers['project.openSample']({ job: 'job' });
  run = state.runs[0]!.id;
});
afterAll(() => {
  engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const analysis = (part: PartOfSet | null = null, protocol: 'coco' | 'voc2012' = 'coco') =>
  engine.handlers['metrics.analysis']({ run, protocol, point: POINT, part });
async function tiles(behind: Partial<NumberBehind>, filter: Partial<GalleryFilter> = {}): Promise<number> {
  const { matching } = await engine.handlers['gallery.query']({
    kind: 'failures',
    run,
    point: POINT,
    filter: { ...NO_FILTER, outcomes: EVERY, ...filter, behind: { ...WHOLE, ...behind } },
    sort: 'confidence',
    descending: true,
  });
  return matching;
}
const somePart = (): PartOfSet => ({
  categories: state.categories.slice(0, 2).map(({ id }) => id),
  subset: null,
  images: { run, point: POINT, filter: { ...NO_FILTER, text: '1' } },
});

describe.each(['coco', 'voc2012'] as const)('numbers under %s open as many tiles as they say', (protocol) => {
  it.each(['whole', 'part'])('on the %s', async (which) => {
    const part = which === 'part' ? somePart() : null;
    const { classes, confusion, slices, errors } = await analysis(part, protocol);
    const own = { protocol, part };
    const ids = [...classes.map(({ id }) => id), null];
    for (const [row, truth] of ids.entries())
      for (const [column, predicted] of ids.entries()) {
        const of = truth === null ? 'predictions' : 'annotations';
        const cell = confusion[row * ids.length + column]!;
        expect(await tiles({ ...own, of, cell: { truth, predicted } }), `${truth} ${predicted}`).toBe(cell);
      }
    for (const { id, counts } of classes) {
      const categories = [id];
      const missed = await tiles({ ...own, of: 'annotations' }, { categories, outcomes: ['miss'] });
      expect(missed).toBe(counts.misses);
      const wrong = await tiles({ ...own, of: 'predictions' }, { categories, outcomes: FALSE });
      expect(wrong).toBe(counts.falsePositives);
    }
    for (const { by, index, truth, found, predictions, right } of slices) {
      const slice = { by, index };
      expect(await tiles({ ...own, of: 'annotations', slice })).toBe(truth);
      const missed = await tiles({ ...own, of: 'annotations', slice }, { outcomes: ['miss'] });
      expect(missed).toBe(truth - found);
      expect(await tiles({ ...own, of: 'predictions', slice })).toBe(predictions);
      const wrong = await tiles({ ...own, of: 'predictions', slice }, { outcomes: FALSE });
      expect(wrong).toBe(predictions - right);
    }
    for (const error of TIDE_BARS) expect(await tiles({ ...own, error }), error).toBe(errors[error]);
  });
});

describe('protocols side by side', () => {
  const column = (protocol: (typeof PROTOCOLS)[number], part: PartOfSet | null = null, tf2 = false) =>
    engine.handlers['metrics.protocol']({ job: 'job', run, protocol, asTensorflow2ReportsIt: tf2, part });

  it('all eleven have a number and their classes’', async () => {
    for (const protocol of PROTOCOLS) {
      const { value, metrics, metric, classes, scored } = await column(protocol);
      expect(value, protocol).toBeGreaterThan(0);
      expect(value, protocol).toBeLessThanOrEqual(1);
      expect(metrics[metric]).toBe(value);
      expect(classes.map(({ id }) => id)).toEqual(state.categories.map(({ id }) => id));
      expect(scored).toMatchObject({ images: 120, annotations: 1794, categories: state.categories.length });
    }
  });

  it('TensorFlow 2’s padding is counted and shows', async () => {
    const plain = await column('tf-pascal');
    const padded = await column('tf-pascal', null, true);
    expect(padded.padding?.boxes).toBe(120 * 100 - 1794);
    expect(padded.value!).toBeLessThan(plain.value!);
    expect(plain.padding).toBeNull();
  });

  it('a class alone has the AP it has among all', async () => {
    const [first] = state.categories;
    const all = await column('coco');
    const alone = await column('coco', { categories: [first!.id], subset: null, images: null });
    expect(alone.value).toBe(all.classes[0]!.AP);
    expect(alone.scored.categories).toBe(1);
  });

  it('a part that holds nothing is refused', async () => {
    const nothing: PartOfSet = {
      categories: null,
      subset: null,
      images: { run, point: POINT, filter: { ...NO_FILTER, text: 'no such name' } },
    };
    await expect(column('coco', nothing)).rejects.toThrow('No image');
    const unknown: PartOfSet = { categories: null, subset: 'no such', images: null };
    await expect(column('coco', unknown)).rejects.toThrow('no subset');
  });
});

it('the area under a mean curve is the class’s AP', async () => {
  const categories = state.categories.map(({ id }) => id);
  const curves = await engine.handlers['metrics.curves']({
    run,
    protocol: 'coco',
    iou: null,
    categories,
    part: null,
  });
  const { classes } = await engine.handlers['score.current']({ run, protocol: 'coco' });
  for (const { id, precision } of curves) {
    const area = precision.reduce((sum, value) => sum + value, 0) / precision.length;
    expect(area).toBeCloseTo(classes.find((row) => row.id === id)!.AP!, 12);
  }
  expect(curves).toHaveLength(categories.length);
});

it('every number stands within its interval', async () => {
  const asked = { job: 'job', run, protocol: 'coco' as const, part: null };
  const { metrics, classes, smallestDifference } = await engine.handlers['metrics.intervals']({
    ...asked,
    asTensorflow2ReportsIt: false,
  });
  const { value, classes: rows } = await engine.handlers['score.current']({ run, protocol: 'coco' });
  const holds = (interval: readonly [number, number] | null | undefined, number: number | null): void => {
    if (number === null) return;
    expect(interval![0]).toBeLessThanOrEqual(number);
    expect(interval![1]).toBeGreaterThanOrEqual(number);
  };
  holds(metrics['AP'], value);
  expect(smallestDifference).toBeCloseTo((metrics['AP']![1] - metrics['AP']![0]) / 2, 12);
  for (const { id, AP } of rows) holds(classes[id!], AP);
  const point = await engine.handlers['metrics.pointIntervals']({ ...asked, point: POINT });
  const shown = await analysis();
  for (const { id, precision, recall, f1 } of shown.classes) {
    holds(point.classes[id]!.precision, precision);
    holds(point.classes[id]!.recall, recall);
    holds(point.classes[id]!.f1, f1);
  }
  shown.slices.forEach(({ truth, found }, at) => {
    if (truth > 0) holds(point.slices[at]!.recall, found / truth);
  });
  expect(new Set(shown.slices.map(({ by }) => by))).toEqual(new Set(SLICES_BY));
  holds(point.calibrationError, shown.calibration.error);
});

it('a run against itself: no difference, nothing broken or fixed, and all misses in the queue', async () => {
  const asked = { first: run, second: run, protocol: 'coco' as const, point: POINT, part: null };
  const { differences, counts, chance } = await engine.handlers['compare.runs'](asked);
  expect(new Set(differences.map(({ difference }) => difference))).toEqual(new Set([0]));
  expect([counts.broken, counts.fixed, chance]).toEqual([{}, {}, 1]);
  const { total, rows } = await engine.handlers['compare.queue']({
    ...asked,
    changes: ['broken', 'fixed', 'both-wrong'],
    from: 0,
    count: 500,
  });
  expect(total).toBe((await analysis()).counts.misses);
  expect(new Set(rows.map(({ change }) => change))).toEqual(new Set(['both-wrong']));
});
