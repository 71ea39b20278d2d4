import { OutcomeStore } from '../errors/outcome-store';
import type { ClassMatches } from '../matching/class-matches';
import { lowestThreshold } from '../matching/match-rule';
import type { ClassPredictions } from '../matching/prediction-table';
import { type ClassTruth, type MadeMatches, MatchTable } from '../matching/match-table';
import { STATE_FALSE, STATE_TRUE } from '../matching/point-matches';
import { resampleClass } from './bootstrap/resampled-class';
import { TruthStore } from '../matching/truth-store';
import { CocoScoring } from './coco-scoring';
import type {
  AllOutcomes,
  ClassCounts,
  ClassCurve,
  ClassScores,
  AnyParameters,
  Counts,
  EvaluationResult,
  ImageOutcomes,
  ImageTruth,
  LiveProtocol,
  LvisParameters,
  NamedArrays,
  OperatingPoint,
  TableProtocol,
  Scorer,
  ResampledScores,
  ScorePreview,
  ScoringInput,
} from './evaluation';
import { LIVE_PROTOCOLS } from './evaluation';
import { lvisInput } from './lvis/lvis-input';
import { LvisScoring } from './lvis/lvis-scoring';
import { pascalFamilyParameters } from './object-detection-api/parameters';
import { PascalFamilyScoring } from './object-detection-api/pascal-family-scoring';
import { apiView } from './object-detection-api/protocol-view';
import { TfCocoScoring } from './object-detection-api/tf-coco-scoring';
import { lvisParameters } from './parameters';
import type { ProtocolScoring, ProtocolView } from './protocol-scoring';
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
  parameters: Partial<AnyParameters> = {},
): Scorer {
  if (isLive(protocol)) return createLiveScorer(input, protocol, parameters, null);
  if (protocol === 'lvis') return createLvisScorer(input, parameters);
  if (protocol === 'tf-coco') {
    const scoring = new TfCocoScoring(parameters);
    return new LiveScorer(input, protocol, scoring, apiView(input, protocol, scoring.options));
  }
  const options = pascalFamilyParameters(protocol, parameters);
  const view = apiView(input, protocol, options);
  return new LiveScorer(input, protocol, new PascalFamilyScoring(protocol, options, view.input), view);
}

const isLive = (protocol: TableProtocol): protocol is LiveProtocol =>
  LIVE_PROTOCOLS.some((live) => live === protocol);

function createLiveScorer(
  input: ScoringInput,
  protocol: LiveProtocol,
  parameters: Partial<AnyParameters>,
  made: MadeScorer | null,
): Scorer & { made(): MadeScorer } {
  return protocol === 'coco'
    ? new LiveScorer(input, protocol, new CocoScoring(parameters), null, made)
    : new LiveScorer(input, protocol, new VocScoring(protocol, parameters), null, made);
}

/** What takes time in making a live scorer, as plain columns: another thread can make it. */
export interface MadeScorer {
  readonly matches: MadeMatches;
  /** By class, whatever the protocol keeps of one. */
  readonly summaries: readonly unknown[];
}

/** To be made into a scorer of the same input by `scorerFrom`. */
export function makeScorer(input: ScoringInput, protocol: LiveProtocol): MadeScorer {
  return createLiveScorer(input, protocol, {}, null).made();
}

export const scorerFrom = (input: ScoringInput, protocol: LiveProtocol, made: MadeScorer): Scorer =>
  createLiveScorer(input, protocol, {}, made);

function createLvisScorer(given: ScoringInput, parameters: Partial<LvisParameters>): Scorer {
  const checked = lvisParameters(parameters);
  const view = lvisInput(given, checked);
  return new LiveScorer(view.input, 'lvis', new LvisScoring(checked, given.categories), view);
}

class LiveScorer<Summary> implements Scorer {
  readonly protocol: TableProtocol;
  readonly input: ScoringInput;
  readonly #scoring: ProtocolScoring<Summary>;
  readonly #table: MatchTable;
  readonly #outcomes: OutcomeStore;
  readonly #summaries: Summary[];
  readonly #view: ProtocolView | null;
  /** The annotations as given, where the protocol sees others. */
  readonly #given: TruthStore | null;
  #classTruths: readonly ClassTruth[] | null = null;
  #metrics: Pick<EvaluationResult, 'metrics' | 'classes' | 'ties'> | null = null;

  constructor(
    input: ScoringInput,
    protocol: TableProtocol,
    scoring: ProtocolScoring<Summary>,
    view: ProtocolView | null,
    made: MadeScorer | null = null,
  ) {
    this.protocol = protocol;
    this.input = input;
    this.#scoring = scoring;
    this.#view = view;
    this.#given = view ? new TruthStore(input.annotations, input.imageIds.length) : null;
    this.#table = new MatchTable(view?.input ?? input, scoring.rule, view?.scope, made?.matches);
    this.#outcomes = new OutcomeStore(this.#table);
    // Made by a scorer of the same protocol.
    this.#summaries = made
      ? [...(made.summaries as readonly Summary[])]
      : Array.from({ length: this.#table.classCount }, (_, klass) =>
          this.#summarize(klass, this.#table.matches(klass)),
        );
  }

  /** Its columns, for `scorerFrom` on another thread; true until the truth changes. */
  made(): MadeScorer {
    return { matches: this.#table.made(), summaries: this.#summaries };
  }

  result(point: OperatingPoint = this.defaultPoint()): EvaluationResult {
    this.#metrics ??= this.#measure();
    return {
      protocol: this.protocol,
      parameters: { ...this.#scoring.parameters, score: point.score },
      ...this.#metrics,
      counts: this.counts(point),
    };
  }

  #measure(): Pick<EvaluationResult, 'metrics' | 'classes' | 'ties'> {
    const ties = this.#scoring.ties?.(this.#summaries);
    return {
      metrics: this.#scoring.metrics(this.#summaries),
      classes: this.#shownClasses().map((klass) => this.#classScores(this.#summaries[klass]!, klass)),
      ...(ties && Object.keys(ties).length > 0 ? { ties } : {}),
    };
  }

  headline(): number | null {
    return this.#scoring.headline(this.#summaries);
  }

  replaceTruth(image: number, given: ImageTruth): readonly number[] {
    const truth = this.#seen(given);
    const rematched = this.#table.rematch(image, truth);
    this.#given?.replace(image, given);
    const before = this.#table.truth.starts[image + 1]! - this.#table.truth.starts[image]!;
    this.#table.keep(image, truth, rematched);
    for (const [klass, matches] of rematched) this.#summaries[klass] = this.#summarize(klass, matches);
    this.#outcomes.renew(image, before, rematched.keys());
    if (rematched.size > 0) this.#metrics = null;
    this.#classTruths = null;
    return [...rematched.keys()].filter((klass) => klass < this.input.categories.length);
  }

  preview(image: number, given: ImageTruth): ScorePreview {
    const truth = this.#seen(given);
    const summaries = [...this.#summaries];
    for (const [klass, matches] of this.#table.rematch(image, truth)) {
      summaries[klass] = this.#headlineOf(this.#table.predictions.classes[klass]!, matches);
    }
    return {
      headline: this.#scoring.headline(summaries),
      classAP: this.#ownClasses().map((klass) => this.#scoring.classMetrics(summaries[klass]!, klass).AP),
    };
  }

  truth(image: number): ImageTruth {
    return (this.#given ?? this.#table.truth).copy(image);
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
    return this.#ownClasses().map((klass) => {
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
    return this.#shownClasses().map((klass) => ({
      id: this.#classId(klass),
      ...this.#scoring.curve(this.#table, klass),
    }));
  }

  resampledMetrics(weights: Int32Array): Readonly<Record<string, number | null>> {
    return this.#scoring.metrics(this.#resampledSummaries(weights, (...of) => this.#summaryOf(...of)));
  }

  resampledHeadline(weights: Int32Array): number | null {
    return this.#scoring.headline(this.#resampledSummaries(weights, (...of) => this.#headlineOf(...of)));
  }

  resampled(weights: Int32Array): ResampledScores {
    const summaries = this.#resampledSummaries(weights, (...of) => this.#summaryOf(...of));
    return {
      metrics: this.#scoring.metrics(summaries),
      classAP: summaries.map((summary, klass) => this.#scoring.classMetrics(summary, klass).AP),
    };
  }

  #resampledSummaries(
    weights: Int32Array,
    summarize: (predictions: ClassPredictions, matches: ClassMatches) => Summary,
  ): Summary[] {
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
      return summarize(predictions, matches);
    });
  }

  #summarize(klass: number, matches: ClassMatches): Summary {
    return this.#summaryOf(this.#table.predictions.classes[klass]!, matches);
  }

  #summaryOf(predictions: ClassPredictions, matches: ClassMatches): Summary {
    return this.#scoring.summarize(predictions, matches, this.#table.columns.score);
  }

  /** Enough for the headline and the class's AP. */
  #headlineOf(predictions: ClassPredictions, matches: ClassMatches): Summary {
    const { score } = this.#table.columns;
    return (
      this.#scoring.summarizeHeadline?.(predictions, matches, score) ?? this.#summaryOf(predictions, matches)
    );
  }

  #seen(given: ImageTruth): ImageTruth {
    return this.#view ? this.#view.truth(given) : given;
  }

  /** All classes of the input, or the one of a class-agnostic evaluation. */
  #ownClasses(): number[] {
    const { categories } = this.input;
    const count = this.#scoring.rule.isClassAgnostic ? 1 : categories.length;
    return Array.from({ length: count }, (_, klass) => klass);
  }

  /** Those with a row of their own: the Object Detection API knows no name for classes that are not listed. */
  #shownClasses(): number[] {
    if (!this.#view || this.#scoring.rule.isClassAgnostic) return this.#ownClasses();
    return this.#ownClasses().filter((klass) => !this.input.categories[klass]!.isUnlisted);
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
      predictions: this.#table.predictions.classes[klass]!.total,
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
