import { OutcomeStore } from '../errors/outcome-store';
import type { ClassMatches } from '../matching/class-matches';
import { lowestThreshold } from '../matching/match-rule';
import { type ClassTruth, MatchTable } from '../matching/match-table';
import { STATE_FALSE, STATE_TRUE } from '../matching/point-matches';
import { resampleClass } from './bootstrap/resampled-class';
import { CocoScoring } from './coco-scoring';
import type {
  AllOutcomes,
  ClassCounts,
  ClassCurve,
  ClassScores,
  CocoParameters,
  Counts,
  EvaluationResult,
  ImageOutcomes,
  ImageTruth,
  LvisParameters,
  NamedArrays,
  OperatingPoint,
  TableProtocol,
  Scorer,
  ResampledScores,
  ScorePreview,
  ScoringInput,
  VocParameters,
} from './evaluation';
import { lvisInput } from './lvis/lvis-input';
import { LvisScoring } from './lvis/lvis-scoring';
import { lvisParameters } from './parameters';
import type { ProtocolScoring } from './protocol-scoring';
import { VocScoring } from './voc-scoring';

/** Confidence at which counts stand where none is asked for. */
export const DEFAULT_SCORE = 0.5;

/**
 * A live evaluation of `input` under `protocol`; parameters not given are the protocol's defaults. The input's columns
 * are read, kept and never written to. Scores must not be NaN, sizes not negative (readers leave such records out).
 * Throws `BadInput` where parameters are out of bounds.
 */
export function createScorer(
  input: ScoringInput,
  protocol: TableProtocol,
  parameters: Partial<CocoParameters & VocParameters> = {},
): Scorer {
  switch (protocol) {
    case 'coco':
      return new LiveScorer(input, protocol, new CocoScoring(parameters));
    case 'lvis':
      return createLvisScorer(input, parameters);
    default:
      return new LiveScorer(input, protocol, new VocScoring(protocol, parameters));
  }
}

function createLvisScorer(given: ScoringInput, parameters: Partial<LvisParameters>): Scorer {
  const checked = lvisParameters(parameters);
  const { input, isIgnoredUnmatched } = lvisInput(given, checked.maxDetections[0]!);
  const scoring = new LvisScoring(checked, input.categories, isIgnoredUnmatched);
  return new LiveScorer(input, 'lvis', scoring);
}

class LiveScorer<Summary> implements Scorer {
  readonly protocol: TableProtocol;
  readonly input: ScoringInput;
  readonly #scoring: ProtocolScoring<Summary>;
  readonly #table: MatchTable;
  readonly #outcomes: OutcomeStore;
  readonly #summaries: Summary[];
  #classTruths: readonly ClassTruth[] | null = null;
  #metrics: Pick<EvaluationResult, 'metrics' | 'classes'> | null = null;

  constructor(input: ScoringInput, protocol: TableProtocol, scoring: ProtocolScoring<Summary>) {
    this.protocol = protocol;
    this.input = input;
    this.#scoring = scoring;
    this.#table = new MatchTable(input, scoring.rule, scoring.isIgnoredUnmatched);
    this.#outcomes = new OutcomeStore(this.#table);
    this.#summaries = Array.from({ length: this.#table.classCount }, (_, klass) =>
      this.#summarize(klass, this.#table.matches(klass)),
    );
  }

  result(point: OperatingPoint = this.defaultPoint()): EvaluationResult {
    this.#metrics ??= {
      metrics: this.#scoring.metrics(this.#summaries),
      classes: this.#summaries.map((summary, klass) => this.#classScores(summary, klass)),
    };
    return {
      protocol: this.protocol,
      parameters: { ...this.#scoring.parameters, score: point.score },
      ...this.#metrics,
      counts: this.counts(point),
    };
  }

  headline(): number | null {
    return this.#scoring.headline(this.#summaries);
  }

  replaceTruth(image: number, truth: ImageTruth): readonly number[] {
    const rematched = this.#table.rematch(image, truth);
    const before = this.#table.truth.starts[image + 1]! - this.#table.truth.starts[image]!;
    this.#table.keep(image, truth, rematched);
    for (const [klass, matches] of rematched) this.#summaries[klass] = this.#summarize(klass, matches);
    this.#outcomes.renew(image, before, rematched.keys());
    if (rematched.size > 0) this.#metrics = null;
    this.#classTruths = null;
    return [...rematched.keys()];
  }

  preview(image: number, truth: ImageTruth): ScorePreview {
    const summaries = [...this.#summaries];
    for (const [klass, matches] of this.#table.rematch(image, truth)) {
      summaries[klass] = this.#summarize(klass, matches);
    }
    return {
      headline: this.#scoring.headline(summaries),
      classAP: summaries.map((summary, klass) => this.#scoring.classMetrics(summary, klass).AP),
    };
  }

  truth(image: number): ImageTruth {
    return this.#table.truth.copy(image);
  }

  counts(point: OperatingPoint): Counts {
    const { state } = this.#matchesAt(point);
    const { score } = this.#table.columns;
    let truePositives = 0;
    let falsePositives = 0;
    for (let row = 0; row < state.length; row++) {
      if (!(score[row]! >= point.score)) continue;
      if (state[row] === STATE_TRUE) truePositives++;
      else if (state[row] === STATE_FALSE) falsePositives++;
    }
    let positives = 0;
    for (let klass = 0; klass < this.#table.classCount; klass++) positives += this.#positives(klass);
    const at = { iou: point.iou, score: point.score };
    return { truePositives, falsePositives, misses: positives - truePositives, at };
  }

  states(iou: number): Uint8Array {
    return this.#matchesAt({ iou, score: 0 }).state;
  }

  countsByClass(point: OperatingPoint): readonly ClassCounts[] {
    const { state } = this.#matchesAt(point);
    const { score } = this.#table.columns;
    return this.#summaries.map((_, klass) => {
      let truePositives = 0;
      let falsePositives = 0;
      for (const row of this.#table.predictions.classes[klass]!.rows) {
        // Rows stand by falling score.
        if (!(score[row]! >= point.score)) break;
        if (state[row] === STATE_TRUE) truePositives++;
        else if (state[row] === STATE_FALSE) falsePositives++;
      }
      return {
        category: klass,
        truePositives,
        falsePositives,
        misses: this.#positives(klass) - truePositives,
      };
    });
  }

  outcomes(image: number, point: OperatingPoint): ImageOutcomes {
    this.#check(point);
    return this.#outcomes.image(image, point);
  }

  allOutcomes(point: OperatingPoint): AllOutcomes {
    this.#check(point);
    return this.#outcomes.all(point);
  }

  annotationRows(image: number): readonly [from: number, to: number] {
    const { starts } = this.#table.truth;
    return [starts[image]!, starts[image + 1]!];
  }

  predictionRows(image: number): Int32Array {
    const { imageRows, imageStarts } = this.#table.predictions;
    return imageRows.subarray(imageStarts[image], imageStarts[image + 1]);
  }

  arrays(): NamedArrays | null {
    return this.#scoring.arrays(this.#table);
  }

  curves(): readonly ClassCurve[] {
    return this.#summaries.map((_, klass) => ({
      id: this.#classId(klass),
      ...this.#scoring.curve(this.#table, klass),
    }));
  }

  resampledMetrics(weights: Int32Array): Readonly<Record<string, number | null>> {
    return this.#scoring.metrics(this.#resampledSummaries(weights));
  }

  resampled(weights: Int32Array): ResampledScores {
    const summaries = this.#resampledSummaries(weights);
    return {
      metrics: this.#scoring.metrics(summaries),
      classAP: summaries.map((summary, klass) => this.#scoring.classMetrics(summary, klass).AP),
    };
  }

  #resampledSummaries(weights: Int32Array): Summary[] {
    const table = this.#table;
    this.#classTruths ??= table.classTruths();
    const byPlace = table.order.images.map((image) => weights[image]!);
    return this.#summaries.map((_, klass) => {
      const { predictions, matches } = resampleClass(
        table.predictions.classes[klass]!,
        table.matches(klass),
        this.#classTruths![klass]!,
        byPlace,
        table.masks,
      );
      return this.#scoring.summarize(predictions, matches, table.columns.score);
    });
  }

  #summarize(klass: number, matches: ClassMatches): Summary {
    const predictions = this.#table.predictions.classes[klass]!;
    return this.#scoring.summarize(predictions, matches, this.#table.columns.score);
  }

  #positives(klass: number): number {
    return this.#table.matches(klass).positives[this.#scoring.rule.outcomeRange]!;
  }

  #classId(klass: number): number | null {
    return this.#scoring.rule.isClassAgnostic ? null : this.input.categories[klass]!.id;
  }

  #classScores(summary: Summary, klass: number): ClassScores {
    return {
      id: this.#classId(klass),
      name: this.#scoring.rule.isClassAgnostic ? null : this.input.categories[klass]!.name,
      truth: this.#positives(klass),
      predictions: this.#table.predictions.classes[klass]!.rows.length,
      ...this.#scoring.classMetrics(summary, klass),
    };
  }

  defaultPoint(): OperatingPoint {
    return { iou: this.#scoring.rule.thresholds[0]!, score: DEFAULT_SCORE };
  }

  #matchesAt(point: OperatingPoint) {
    this.#check(point);
    return this.#outcomes.matchesAt(point.iou);
  }

  #check(point: OperatingPoint): void {
    const lowest = lowestThreshold(this.#scoring.rule);
    if (point.iou >= lowest && point.iou <= 1) return;
    throw new RangeError(`Matches are kept for an IoU of ${lowest} to 1, not for ${point.iou}.`);
  }
}
