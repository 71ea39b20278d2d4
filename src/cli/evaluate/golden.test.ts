/** The command line on the reference outputs: what `--json`, `--arrays` and `--matches` print equals the official scorers. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sharedPath } from '../../core/foundation/shared-data.fixture';
import type { AnyParameters, ClassCurve, ClassScores, EvaluationResult } from '../../core/metrics/evaluation';
import { readJson } from '../../core/metrics/golden.fixture';
import type { ApiExpected, ApiRun } from '../../core/metrics/object-detection-api/api-runs.fixture';
import {
  ABSENT,
  apiCases,
  expectEqual,
  imageLabelsOf,
  isReproduced,
  parametersOf,
  PROTOCOL_OF,
} from '../../core/metrics/object-detection-api/api-runs.fixture';
import { main } from '../index';

let folder = '';
let out = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'reticle-golden-'));
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

/** With `--curves` each class has its curve. */
type Scored = Omit<EvaluationResult, 'classes'> & { readonly classes: readonly ScoredClass[] };
type ScoredClass = ClassScores & ClassCurve;

async function evaluate(files: Files, ...options: string[]): Promise<Scored> {
  out = '';
  const args = ['evaluate', '--truth', files.truth, '--predictions', files.predictions, '--json', ...options];
  expect(await main(args, { cwd: folder, root: folder })).toBe(0);
  return (JSON.parse(out) as { results: Scored[] }).results[0]!;
}

interface Files {
  readonly truth: string;
  readonly predictions: string;
}

interface Expected {
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly files?: Files;
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly shapes?: Readonly<Record<string, readonly number[]>>;
  readonly classes?: readonly Readonly<Record<string, number | string | null>>[];
}

interface TideExpected extends Expected {
  readonly 'command line'?: readonly string[];
  readonly predictions: {
    readonly state: readonly string[];
    readonly error: readonly (string | null)[];
    readonly truth: readonly (number | null)[];
  };
  readonly missed: readonly number[];
  readonly falseNegatives: readonly number[];
}

interface LvisExpected extends Expected {
  readonly overLimit: readonly number[];
  readonly unscored: readonly number[];
}

interface Matches {
  readonly predictions: readonly { state: string; error: string | null; truth: number | null }[];
  readonly missed: readonly number[];
  readonly unmatched: readonly number[];
}

function filesOf(root: string, expected: Expected): Files {
  if (!expected.files) return { truth: `${root}/truth.json`, predictions: `${root}/predictions.json` };
  const { truth, predictions } = expected.files;
  return { truth: sharedPath(truth)!, predictions: sharedPath(predictions)! };
}

const cases = (group: string): string[] => apiCases(`golden/${group}`);
const isTide = (root: string): boolean => root.endsWith('-tide');

describe.each([...cases('coco'), ...cases('real').filter((root) => !isTide(root))])('coco: %s', (root) => {
  it.skipIf(root === ABSENT)('every number and every cell', async () => {
    const expected = readJson(`${root}/expected.json`) as Expected;
    const isAgnostic = expected.parameters!['class-agnostic'] === true;
    const own = isAgnostic ? ['--class-agnostic'] : [];
    const { metrics, classes } = await evaluate(filesOf(root, expected), '--arrays', 'arrays', ...own);
    expectMetrics(metrics, expected.metrics, 1e-12);
    expectClasses(classes, isAgnostic ? [] : (expected.classes ?? []), 1e-12);
    expectArrays(root, expected);
  });
});

describe.each(cases('voc'))('voc: %s', (root) => {
  it.skipIf(root === ABSENT)('both editions', async () => {
    const expected = readJson(`${root}/expected.json`) as Expected;
    for (const year of ['2007', '2012']) {
      const found = await evaluate(filesOf(root, expected), '--protocol', `voc${year}`);
      expectClose(found.metrics.mAP, expected.metrics[`mAP${year}`]!, 1e-12);
      for (const row of expected.classes!) {
        const { truth, AP } = found.classes.find(({ id }) => id === row.id)!;
        expect(truth).toBe(row.truth);
        expectClose(AP, row[`AP${year}`] as number | null, 1e-12);
      }
    }
  });
});

describe.each(cases('lvis'))('lvis: %s', (root) => {
  it.skipIf(root === ABSENT)('every number, every cell and what was cut', async () => {
    const expected = readJson(`${root}/expected.json`) as LvisExpected;
    const options = ['--protocol', 'lvis', '--arrays', 'arrays', '--matches', 'matches.json'];
    const { metrics, classes } = await evaluate(filesOf(root, expected), ...options);
    expectMetrics(metrics, expected.metrics, 1e-12);
    expectClasses(classes, expected.classes!, 1e-12);
    expectArrays(root, expected);
    const { predictions } = readJson(path.join(folder, 'matches.json')) as Matches;
    const places = (state: string): number[] =>
      predictions.flatMap((row, index) => (row.state === state ? [index] : []));
    expect(places('cut')).toEqual(expected.overLimit);
    expect(places('ignored')).toEqual(expect.arrayContaining([...expected.unscored]));
  });
});

describe.each([...cases('tide'), ...cases('real').filter((root) => isTide(root) || root === ABSENT)])(
  'tide: %s',
  (root) => {
    it.skipIf(root === ABSENT)('every number, box and curve', async () => {
      const expected = readJson(`${root}/expected.json`) as TideExpected;
      const options = ['--protocol', 'tide', '--arrays', 'arrays', '--matches', 'matches.json'];
      const own = expected['command line'] ?? [];
      const { metrics, classes } = await evaluate(filesOf(root, expected), ...options, ...own);
      expectMetrics(metrics, expected.metrics, 1e-9);
      expectClasses(classes, expected.classes!, 1e-9);
      expectArrays(root, expected);
      const matches = readJson(path.join(folder, 'matches.json')) as Matches;
      for (const key of ['state', 'error', 'truth'] as const)
        expect(matches.predictions.map((row) => row[key])).toEqual(expected.predictions[key]);
      expect(matches.missed).toEqual(expected.missed);
      expect(matches.unmatched).toEqual(expected.falseNegatives);
    });
  },
);

describe.each([...cases('tf'), ...cases('oid')])('Object Detection API: %s', (root) => {
  it.skipIf(root === ABSENT)('every evaluator', async () => {
    const expected = readJson(`${root}/expected.json`) as ApiExpected;
    for (const run of expected.runs.filter(isReproduced)) {
      const found = await evaluate(
        { truth: `${root}/truth.json`, predictions: `${root}/predictions.json` },
        ...apiOptions(root, run, expected),
      );
      expectEqual(found, found.classes, run);
    }
  });
});

/** The expanded truth of a reference run is what `--hierarchy` makes of the truth as given. */
function apiOptions(root: string, run: ApiRun, expected: ApiExpected): string[] {
  const parameters = parametersOf(run, expected);
  const labels = imageLabelsOf(root, expected);
  return [
    ...['--protocol', PROTOCOL_OF[run.evaluator]!, '--curves'],
    ...(labels === null ? [] : ['--image-labels', labels]),
    ...(run.parameters.truth === 'expanded' ? ['--hierarchy', `${root}/hierarchy.json`] : []),
    ...Object.entries(parameters).flatMap(([name, value]) => flagsOf(name as keyof AnyParameters, value)),
  ];
}

function flagsOf(name: keyof AnyParameters, value: unknown): string[] {
  const flag = `--${name.replace(/[A-Z2]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return value === true ? [flag] : [flag, String(value)];
}

function expectMetrics(
  found: EvaluationResult['metrics'],
  wanted: Expected['metrics'],
  within: number,
): void {
  expect(Object.keys(found)).toEqual(Object.keys(wanted));
  for (const [key, value] of Object.entries(wanted)) expectClose(found[key], value, within);
}

function expectClasses(
  found: readonly ScoredClass[],
  wanted: NonNullable<Expected['classes']>,
  within: number,
): void {
  for (const row of wanted) {
    const one = found.find(({ id }) => id === row.id) as unknown as Record<string, number | string | null>;
    for (const [key, value] of Object.entries(row)) {
      if (typeof value === 'number' || value === null) expectClose(one[key] as number | null, value, within);
      else expect(one[key]).toBe(value);
    }
  }
}

function expectClose(found: number | null | undefined, wanted: number | null, within: number): void {
  if (wanted === null) expect(found).toBeNull();
  else expect(Math.abs(found! - wanted)).toBeLessThanOrEqual(within);
}

/** Byte for byte. */
function expectArrays(root: string, expected: Expected): void {
  expect(readJson(path.join(folder, 'arrays', 'shapes.json'))).toEqual(expected.shapes);
  const arrays = readdirSync(root).filter((name) => name.endsWith('.f64'));
  expect(arrays.length).toBeGreaterThan(0);
  for (const name of arrays)
    expect(readFileSync(path.join(folder, 'arrays', name)).equals(readFileSync(`${root}/${name}`))).toBe(
      true,
    );
}
