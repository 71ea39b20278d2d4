/** Equality with the evaluators of the TensorFlow Object Detection API on their reference outputs. */
import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sharedPath } from '../../foundation/shared-data.fixture';
import type {
  AnyParameters,
  ClassScores,
  EvaluationResult,
  ObjectDetectionApiProtocol,
  ScoringInput,
} from '../evaluation';
import { readApiInput, readJson } from '../golden.fixture';
import { createScorer } from '../scorer';

const ABSENT = '(reference outputs absent)';

type Numbers = Readonly<Record<string, number | null>>;

interface Run {
  readonly evaluator: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly metrics: Readonly<Record<string, number | null | readonly (number | null)[]>>;
  readonly classes?: readonly Numbers[];
}

interface Expected {
  readonly protocol: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly runs: readonly Run[];
  readonly ties?: Readonly<Record<string, Readonly<Record<string, readonly [low: number, high: number]>>>>;
}

const PROTOCOL_OF: Readonly<Record<string, ObjectDetectionApiProtocol>> = {
  PascalDetectionEvaluator: 'tf-pascal',
  ObjectDetectionEvaluator: 'tf-pascal',
  WeightedPascalDetectionEvaluator: 'tf-weighted-pascal',
  PrecisionAtRecallDetectionEvaluator: 'tf-precision-at-recall',
  CocoDetectionEvaluator: 'tf-coco',
  OpenImagesDetectionEvaluator: 'open-images-v2',
  OpenImagesDetectionChallengeEvaluator: 'open-images-challenge',
  OpenImagesChallengeEvaluator: 'open-images-challenge',
};

describe.each([...cases('golden/tf'), ...cases('golden/oid')])('Object Detection API case %s', (folder) => {
  it.skipIf(folder === ABSENT)('equals every evaluator within 1e-12', () => {
    const expected = readJson(`${folder}/expected.json`) as Expected;
    const inputs = new Map<boolean, ScoringInput>();
    for (const run of expected.runs.filter(isReproduced)) {
      const isExpanded = run.parameters.truth === 'expanded';
      const input = inputs.get(isExpanded) ?? readCase(folder, isExpanded ? '_expanded' : '', expected);
      inputs.set(isExpanded, input);
      expectRun(input, run, expected);
    }
  });
});

const TIES = sharedPath('golden/tf/score-ties');

describe('Bounds of equal scores', () => {
  it.skipIf(TIES === null)('hold what 200 random input orders gave', () => {
    const expected = readJson(`${TIES!}/expected.json`) as Expected;
    const input = readCase(TIES!, '', expected);
    const ranges = expected.ties!['lowest and highest of 200 random input orders']!;
    for (const protocol of ['tf-pascal', 'tf-weighted-pascal'] as const) {
      const { metrics, ties } = createScorer(input, protocol).result();
      const [key, value] = Object.entries(metrics)[0]!;
      const [low, high] = ties![key]!;
      expect(low).toBeLessThanOrEqual(Math.min(ranges[key]![0], value!));
      expect(high).toBeGreaterThanOrEqual(Math.max(ranges[key]![1], value!));
    }
  });
});

/** Open Images' classes hand the CorLoc switch on as a recall bound; and truth is padded under COCO on TPUs alone. */
function isReproduced({ evaluator, parameters }: Run): boolean {
  const { num_groundtruth_boxes: boxes } = parameters;
  const isOnTpu = typeof boxes === 'string' && boxes.startsWith('max_number_of_boxes for every');
  return !isOnTpu && !(evaluator.startsWith('OpenImages') && parameters.evaluate_corlocs === true);
}

function readCase(folder: string, suffix: string, expected: Expected): ScoringInput {
  const labels = `${folder}/image_labels${suffix}.json`;
  const isPassed = existsSync(labels) && expected.parameters.groundtruth_image_classes !== 'not passed';
  return readApiInput(
    `${folder}/truth${suffix}.json`,
    `${folder}/predictions.json`,
    isPassed ? labels : null,
  );
}

function expectRun(input: ScoringInput, run: Run, expected: Expected): void {
  const protocol = PROTOCOL_OF[run.evaluator]!;
  const scorer = createScorer(input, protocol, parametersOf(run, expected));
  const result = scorer.result();
  expectMetrics(result, run, protocol);
  for (const row of run.classes ?? []) {
    const found = result.classes.find(({ id }) => id === row.id)!;
    for (const key of ['truth', 'AP', 'AP50', 'AP75', 'AR100', 'CorLoc'] satisfies (keyof ClassScores)[]) {
      if (key in row && (key !== 'CorLoc' || protocol === 'tf-pascal')) expectClose(found[key], row[key]);
    }
  }
  expect(result.classes.map(({ id }) => id)).toEqual(
    input.categories.filter(({ isUnlisted }) => !isUnlisted).map(({ id }) => id),
  );
  const curves = new Map(scorer.curves().map(({ id, ...curve }) => [id, curve]));
  for (const { id, name } of result.classes) {
    for (const side of ['Precision', 'Recall'] as const) {
      const key = Object.keys(run.metrics).find(
        (known) => known.includes(`/${side}@`) && known.endsWith(`/${name!}`),
      );
      const list = key === undefined ? undefined : run.metrics[key];
      if (!Array.isArray(list)) continue;
      const points = curves.get(id)![side === 'Precision' ? 'precision' : 'recall'];
      expect(points.length).toBe(list.length);
      list.forEach((value: number | null, point) => expectClose(points[point], value));
    }
  }
}

/** The same keys in the same order; the base class prints lists and CorLoc between them, and only it has CorLoc. */
function expectMetrics(result: EvaluationResult, run: Run, protocol: ObjectDetectionApiProtocol): void {
  const isBase = run.evaluator === 'ObjectDetectionEvaluator';
  const wanted = Object.entries(run.metrics).filter(([key]) => !/\/(Precision|Recall)@[^/]*IOU\//.test(key));
  const found = Object.keys(result.metrics).filter(
    (key) => isBase || protocol !== 'tf-pascal' || !key.includes('CorLoc'),
  );
  expect(found).toEqual(wanted.map(([key]) => key));
  for (const [key, value] of wanted) expectClose(result.metrics[key], value as number | null);
}

function parametersOf({ evaluator, parameters: run }: Run, expected: Expected): Partial<AnyParameters> {
  const parameters: { -readonly [K in keyof AnyParameters]?: AnyParameters[K] } = {};
  if (typeof run.matching_iou_threshold === 'number') parameters.iou = [run.matching_iou_threshold];
  if (typeof run.recall_lower_bound === 'number')
    parameters.recallBounds = [run.recall_lower_bound, run.recall_upper_bound as number];
  if (typeof run.group_of_weight === 'number') parameters.groupOfWeight = run.group_of_weight;
  if (run.skip_predictions_for_unlabeled_class === true) parameters.skipUnlabeledClasses = true;
  if (run.groundtruth_area === 'passed') parameters.area = 'file';
  if (expected.protocol === 'tf2') {
    parameters.asTensorflow2ReportsIt = true;
    parameters.maxNumberOfBoxes = expected.parameters.max_number_of_boxes as number;
  }
  expect(PROTOCOL_OF[evaluator]).toBeDefined();
  return parameters;
}

function expectClose(value: number | null | undefined, expected: number | null | undefined): void {
  if (expected === null || expected === undefined) expect(value).toBe(expected);
  else expect(Math.abs(value! - expected)).toBeLessThanOrEqual(1e-12);
}

/** Folders of the cases; one named entry where the reference outputs are absent, so that the skip is seen. */
function cases(group: string): string[] {
  const path = sharedPath(group);
  if (path === null) return [ABSENT];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${path}/${name}`);
}
