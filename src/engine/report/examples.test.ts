/** Pictures in the report: few, small, with the boxes of their image, and whole whatever is missing. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cleanSet } from '../../core/diagnosis/clean-set.fixture';
import { situationOf } from '../../core/diagnosis/data-files.fixture';
import { noProgress } from '../../core/foundation/cancellation';
import type { Cause, CauseCode } from '../../core/diagnosis/cause';
import { examplesOf } from './examples';
import { reportHtml } from './report-html';

const situation = situationOf(
  cleanSet(1, { images: 12, classes: 2, objects: 3, clutter: 1, looseness: 0.05, found: 0.9 }),
);
let folder = '';
const fileOf = (image: number): string | null => (image === 0 ? null : path.join(folder, `${image}.png`));

const shown = (code: CauseCode, ...images: number[]) => ({ code, images });

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-report-'));
  for (const image of situation.truth.images.keys()) {
    const create = { width: 900, height: 600, channels: 3 as const, background: { r: 9, g: 99, b: 200 } };
    await sharp({ create })
      .png()
      .toFile(path.join(folder, `${image}.png`));
  }
  writeFileSync(path.join(folder, '1.png'), 'no image');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('Examples in a report', () => {
  it('are three a cause, smaller than the image; what is missing or broken is passed over', async () => {
    const [first, second] = await examplesOf(
      [shown('axes-swapped', 0, 1, 2, 3, 4, 5, 6), shown('labels-extra')],
      situation,
      fileOf,
      noProgress,
    );
    const nameOf = (image: number): string => situation.truth.images[image]!.fileName;
    expect(first!.map(({ name }) => name)).toEqual([2, 3, 4].map(nameOf));
    expect(second).toEqual([]);
    const [example] = first!;
    expect(example!.view).toEqual([0, 0, 900, 600]);
    const bytes = Buffer.from(example!.picture.split(',')[1]!, 'base64');
    expect((await sharp(bytes).metadata()).width).toBe(560);
    const labels = [...situation.truth.annotations.image].filter((image) => image === 2).length;
    expect(example!.focus.filter(({ isTruth }) => isTruth)).toHaveLength(labels);
  });

  it('are cut out about the boxes that are wrong', async () => {
    const wanted = [...situation.truth.images.keys()].slice(2);
    const [made] = await examplesOf([shown('labels-missing', ...wanted)], situation, fileOf, noProgress);
    const close = made!.filter(({ focus }) => focus.length === 1);
    expect(close.length).toBeGreaterThan(0);
    for (const { words, view, picture } of close) {
      expect(words).toMatch(/^The model sees .* 0\.\d\d; there is no label$/);
      const { width, height } = await sharp(Buffer.from(picture.split(',')[1]!, 'base64')).metadata();
      expect([width, height]).toEqual([Math.min(560, view[2]), Math.min(560, view[3])]);
    }
  });

  it('are bounded in all', async () => {
    const many = Array.from({ length: 20 }, () => shown('labels-extra', 2, 3, 4));
    const examples = await examplesOf(many, situation, fileOf, noProgress);
    expect(examples.flat()).toHaveLength(24);
  });

  it('stand in the report without a name where names are left out', async () => {
    const examples = await examplesOf([shown('labels-extra', 2)], situation, fileOf, noProgress);
    const name = situation.truth.images[2]!.fileName;
    const cause = { code: 'labels-extra', title: 'Extra', evidence: {}, images: [name], action: 'Look' };
    const html = (hidesNames: boolean): string =>
      reportHtml({
        version: '1',
        madeAt: '2026-01-01',
        run: 'secret run',
        score: null,
        counts: null,
        errorTypes: null,
        causes: [{ ...cause, gain: null, share: null, gainInterval: null, repair: null } as unknown as Cause],
        settled: new Map([[0, 'accepted']]),
        heldBack: [],
        scoreAfterAll: null,
        unexplained: null,
        reconciled: [],
        findings: [],
        scored: null,
        examples,
        steps: [{ time: 'then', label: 'Import secret.json', before: null, after: 0.5 }],
        olderSteps: 2,
        hidesNames,
      });
    expect(html(false)).toContain(name);
    expect(html(false)).toContain('Import secret.json');
    expect(html(false)).toContain('(accepted)');
    expect(html(true)).not.toMatch(new RegExp(`${name.replace('.', String.raw`\.`)}|secret`));
    expect(html(true)).toContain('data:image/webp;base64,');
    expect(html(true)).toContain('2 older steps');
  });
});
