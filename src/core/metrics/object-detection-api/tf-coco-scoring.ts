import type { ClassMatches } from '../../matching/class-matches';
import type { MatchRule } from '../../matching/match-rule';
import type { MatchTable } from '../../matching/match-table';
import type { ClassPredictions } from '../../matching/prediction-table';
import type { CocoClassSummary } from '../coco-accumulate';
import { CocoScoring } from '../coco-scoring';
import type { AnyParameters, ClassCurve, NamedArrays } from '../evaluation';
import type { ProtocolScoring } from '../protocol-scoring';
import { checkLoop, DEFAULT_TF_COCO_PARAMETERS, type TfCocoParameters } from './parameters';

/** `CocoDetectionEvaluator`: COCO on what it is given, under its own keys. Throws `BadInput` where out of bounds. */
export class TfCocoScoring implements ProtocolScoring<CocoClassSummary> {
  readonly rule: MatchRule;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly options: TfCocoParameters;
  readonly #coco: CocoScoring;
  readonly #largestLimit: number;

  constructor(given: Partial<AnyParameters>) {
    const defaults = DEFAULT_TF_COCO_PARAMETERS;
    const { asTensorflow2ReportsIt, maxNumberOfBoxes, skipUnlabeledClasses } = { ...defaults, ...given };
    const loop = { asTensorflow2ReportsIt, maxNumberOfBoxes, skipUnlabeledClasses };
    const { iou, maxDetections, areaRanges, classAgnostic, area } = { ...defaults, ...given };
    checkLoop(loop);
    this.#coco = new CocoScoring({ iou, maxDetections, areaRanges, classAgnostic, area });
    this.options = { iou, maxDetections, areaRanges, classAgnostic, area, ...loop };
    this.rule = this.#coco.rule;
    this.parameters = { ...this.#coco.parameters, ...loop };
    this.#largestLimit = Math.max(...maxDetections);
  }

  summarize(predictions: ClassPredictions, matches: ClassMatches, score: Float64Array): CocoClassSummary {
    return this.#coco.summarize(predictions, matches, score);
  }

  headline(classes: readonly CocoClassSummary[]): number | null {
    return this.#coco.headline(classes);
  }

  metrics(classes: readonly CocoClassSummary[]): Record<string, number | null> {
    const metrics = this.#coco.metrics(classes);
    return Object.fromEntries(Object.entries(metrics).map(([key, value]) => [this.#key(key), value]));
  }

  classMetrics(summary: CocoClassSummary): ReturnType<CocoScoring['classMetrics']> {
    return this.#coco.classMetrics(summary);
  }

  arrays(table: MatchTable): NamedArrays {
    return this.#coco.arrays(table);
  }

  curve(table: MatchTable, klass: number): Omit<ClassCurve, 'id'> {
    return this.#coco.curve(table, klass);
  }

  /** The evaluator's name of one of pycocotools' numbers: `AP`, `AP50`, `APsmall`, `AR100`, `ARsmall`, ... */
  #key(key: string): string {
    const rest = key.slice(2);
    const isNumber = /^\d+$/.test(rest);
    if (key.startsWith('AP')) {
      if (rest === '') return 'DetectionBoxes_Precision/mAP';
      return `DetectionBoxes_Precision/mAP${isNumber ? `@.${rest}IOU` : ` (${rest})`}`;
    }
    return `DetectionBoxes_Recall/AR@${isNumber ? rest : `${this.#largestLimit} (${rest})`}`;
  }
}
