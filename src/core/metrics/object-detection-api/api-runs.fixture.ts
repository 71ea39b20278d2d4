/** Reference runs of the Object Detection API's evaluators: what was called, and what a result has to equal. */
import { existsSync, readdirSync } from 'node:fs';
import { expect } from 'vitest';
import { sharedPath } from '../../foundation/shared-data.fixture';
import type {
  AnyParameters,
  ClassCurve,
  ClassScores,
  EvaluationResult,
  ObjectDetectionApiProtocol,
} from '../evaluation';

/** Stands for the cases where the reference outputs are absent, so that the skip is seen. */
export const ABSENT = '(reference outputs absent)';

type Numbers = Readonly<Record<string, number | null>>;

export interface ApiRun {
  readonly evaluator: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly metrics: Readonly<Record<string, number | null | readonly (number | null)[]>>;
  readonly classes?: readonly Numbers[];
}

export interface ApiExpected {
  readonly protocol: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly runs: readonly ApiRun[];
  readonly ties?: Readonly<Record<string, Readonly<Record<string, readonly [low: number, high: number]>>>>;
}

export const PROTOCOL_OF: Readonly<Record<string, ObjectDetectionApiProtocol>> = {
  PascalDetectionEvaluator: 'tf-pascal',
  ObjectDetectionEvaluator: 'tf-pascal',
  WeightedPascalDetectionEvaluator: 'tf-weighted-pascal',
  PrecisionAtRecallDetectionEvaluator: 'tf-precision-at-recall',
  CocoDetectionEvaluator: 'tf-coco',
  OpenImagesDetectionEvaluator: 'open-images-v2',
  OpenImagesDetectionChallengeEvaluator: 'open-images-challenge',
  OpenImagesChallengeEvaluator: 'open-images-challenge',
};

/** Open Images' classes hand the CorLoc switch on as a recall bound; and truth is padded under COCO on TPUs alone. */
export function isReproduced({ evaluator, parameters }: ApiRun): boolean {
  const { num_groundtruth_boxes: boxes } = parameters;
  const isOnTpu = typeof boxes === 'string' && boxes.startsWith('max_number_of_boxes for every');
  return !isOnTpu && !(evaluator.startsWith('OpenImages') && parameters.evaluate_corlocs === true);
}

/** The file of verified labels that the case's runs were given; null where they were given none. */
export function imageLabelsOf(folder: string, expected: ApiExpected, suffix = ''): string | null {
  const labels = `${folder}/image_labels${suffix}.json`;
  const isPassed = existsSync(labels) && expected.parameters.groundtruth_image_classes !== 'not passed';
  return isPassed ? labels : null;
}

/** Metrics, classes and curves of a run within 1e-12. */
export function expectEqual(result: EvaluationResult, curves: readonly ClassCurve[], run: ApiRun): void {
  const protocol = PROTOCOL_OF[run.evaluator]!;
  expectMetrics(result, run, protocol);
  for (const row of run.classes ?? []) {
    const found = result.classes.find(({ id }) => id === row.id)!;
    for (const key of ['truth', 'AP', 'AP50', 'AP75', 'AR100', 'CorLoc'] satisfies (keyof ClassScores)[]) {
      if (key in row && (key !== 'CorLoc' || protocol === 'tf-pascal')) expectClose(found[key], row[key]);
    }
  }
  const byId = new Map(curves.map(({ id, ...curve }) => [id, curve]));
  for (const { id, name } of result.classes) {
    for (const side of ['Precision', 'Recall'] as const) {
      const key = Object.keys(run.metrics).find(
        (known) => known.includes(`/${side}@`) && known.endsWith(`/${name!}`),
      );
      const list = key === undefined ? undefined : run.metrics[key];
      if (!Array.isArray(list)) continue;
      const points = byId.get(id)![side === 'Precision' ? 'precision' : 'recall'];
      expect(points.length).toBe(list.length);
      list.forEach((value: number | null, point) => expectClose(points[point], value));
    }
  }
}

/** The same keys in the same order; the base class prints lists and CorLoc between them, and only it has CorLoc. */
function expectMetrics(result: EvaluationResult, run: ApiRun, protocol: ObjectDetectionApiProtocol): void {
  const isBase = run.evaluator === 'ObjectDetectionEvaluator';
  const wanted = Object.entries(run.metrics).filter(([key]) => !/\/(Precision|Recall)@[^/]*IOU\//.test(key));
  const found = Object.keys(result.metrics).filter(
    (key) => isBase || protocol !== 'tf-pascal' || !key.includes('CorLoc'),
  );
  expect(found).toEqual(wanted.map(([key]) => key));
  for (const [key, value] of wanted) expectClose(result.metrics[key], value as number | null);
}

export function parametersOf(
  { evaluator, parameters: run }: ApiRun,
  expected: ApiExpected,
): Partial<AnyParameters> {
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

/** Folders of the cases of `golden/tf` or `golden/oid`; `ABSENT` alone where there are none. */
export function apiCases(group: string): string[] {
  const path = sharedPath(group);
  if (path === null) return [ABSENT];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${path}/${name}`);
}
