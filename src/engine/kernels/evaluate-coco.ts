/**
 * COCO results against COCO ground truth, from two files to the protocol's numbers, by the kernels alone: what the plain
 * readers, the join, the match table and the accumulator give, bit for bit. It takes ordinary files at parameters that
 * the kernels hold; all else is for the plain path.
 */
import { closeSync, fstatSync, openSync } from 'node:fs';
import type { Join } from '../../core/dataset/dataset';
import type { Finding } from '../../core/foundation/finding';
import { remarkEmptyBoxes } from '../../core/formats/coco/read-results';
import { agree } from '../../core/formats/join';
import { RecordReporter } from '../../core/formats/reading';
import {
  ANNOTATION_BYTES,
  ENTRY_NAME,
  ENTRY_NAME_LENGTH,
  MOST_LIMITS,
  MOST_RANGES,
  MOST_THRESHOLDS,
  RULE_COUNTS,
  RULE_LIMITS,
  RULE_POINT,
  RULE_RANGES,
  RULE_THRESHOLDS,
  SUMMARY_HEAD_BYTES,
  TRUTH_BYTES,
} from '../../core/kernels/assembly/layout';
import { imageOrder } from '../../core/matching/image-order';
import { effectiveThreshold } from '../../core/matching/match-rule';
import type { CocoClassSummary } from '../../core/metrics/coco-accumulate';
import { CocoScoring } from '../../core/metrics/coco-scoring';
import type { CocoParameters, EvaluationResult } from '../../core/metrics/evaluation';
import { CELL, PHASE } from './control';
import { Crew } from './crew';
import { entriesOf } from './entries';
import type { Part } from './parts';
import { categoryTable, imageTable, threadMaps } from './parts';
import { summaryBytes } from './phases';
import { NotForKernels } from './refusal';
import type { KernelTruth } from './truth-file';
import { readTruthFile, truthBytes } from './truth-file';

export interface CocoFiles {
  readonly truth: string;
  readonly predictions: string;
  readonly strict: boolean;
  readonly parameters: Partial<CocoParameters>;
  /** Confidence at which counts stand. */
  readonly score: number;
  readonly threads: number | null;
}

export interface CocoFilesEvaluation {
  readonly result: EvaluationResult;
  readonly images: number;
  readonly annotations: number;
  /** Records of the predictions' file. */
  readonly records: number;
  readonly join: Join;
  readonly categories: KernelTruth['categories'];
  /** Annotations and predictions of each class. */
  readonly classSizes: readonly { readonly annotations: number; readonly predictions: number }[];
  readonly findings: readonly Finding[];
}

const COUNTER_BYTES = 16384;

/** Throws `NotForKernels`, and `BadInput` where parameters are out of bounds or reading is strict. */
export function evaluateCocoFiles(files: CocoFiles): CocoFilesEvaluation {
  const scoring = new CocoScoring(files.parameters);
  checkScoring(scoring);
  const truthFile = openSync(files.truth, 'r');
  try {
    const predictionsFile = openSync(files.predictions, 'r');
    try {
      return new CocoFilesRun(files, scoring, truthFile, predictionsFile).evaluate();
    } finally {
      closeSync(predictionsFile);
    }
  } finally {
    closeSync(truthFile);
  }
}

function checkScoring({ rule, scheme }: CocoScoring): void {
  const { thresholds, ranges } = rule;
  const isHeld =
    !rule.isClassAgnostic &&
    thresholds.length <= MOST_THRESHOLDS &&
    ranges.length <= MOST_RANGES &&
    scheme.limits.length <= MOST_LIMITS &&
    scheme.limits.every((limit) => limit < 2 ** 31) &&
    thresholds[0]! > 0 &&
    thresholds.every((value, index) => index === 0 || value > thresholds[index - 1]!);
  if (!isHeld) throw new NotForKernels('parameters');
}

class CocoFilesRun {
  readonly #files: CocoFiles;
  readonly #scoring: CocoScoring;
  readonly #crew: Crew;
  readonly #truthFile: number;

  constructor(files: CocoFiles, scoring: CocoScoring, truthFile: number, predictionsFile: number) {
    this.#files = files;
    this.#scoring = scoring;
    this.#truthFile = truthFile;
    const truthSize = fstatSync(truthFile).size;
    this.#crew = Crew.of({
      file: predictionsFile,
      size: fstatSync(predictionsFile).size,
      extraBytes: truthBytes(truthSize) + truthSize * 3,
      threads: files.threads,
    });
  }

  evaluate(): CocoFilesEvaluation {
    const crew = this.#crew;
    try {
      this.#setRule();
      crew.openPredictions();
      const truth = readTruthFile(crew.kernels, this.#truthFile, {
        file: this.#files.truth,
        strict: this.#files.strict,
      });
      crew.reuse(truth.spare);
      const parts = crew.readPredictions();
      const places = placesOf(truth);
      const seen = this.#join(truth, places, parts);
      this.#groupTruth(truth, places);
      const classSizes = this.#groupPredictions(truth);
      this.#planSummaries(truth, classSizes);
      crew.run(PHASE.evaluate);
      const records = parts.reduce((sum, { records: some }) => sum + some, 0);
      return {
        result: this.#result(truth, classSizes),
        images: truth.images.length,
        annotations: truth.count,
        records,
        join: { by: 'id', images: seen, total: truth.images.length, predictions: records, left: 0 },
        categories: truth.categories,
        classSizes,
        findings: [...truth.findings, ...this.#predictionFindings(parts)],
      };
    } finally {
      crew.release();
    }
  }

  #setRule(): void {
    const { doubles, words } = this.#crew.kernels;
    const { rule, scheme } = this.#scoring;
    doubles.set(
      rule.thresholds.map((threshold) => effectiveThreshold(rule, threshold)),
      RULE_THRESHOLDS / 8,
    );
    // Ranges that are not there hold nothing: they start beyond all areas.
    doubles.fill(Infinity, RULE_RANGES / 8, RULE_RANGES / 8 + 4);
    doubles.fill(-Infinity, RULE_RANGES / 8 + 4, RULE_RANGES / 8 + 8);
    rule.ranges.forEach(([lower, upper], range) => {
      doubles[RULE_RANGES / 8 + range] = lower;
      doubles[RULE_RANGES / 8 + 4 + range] = upper;
    });
    words.set(scheme.limits, RULE_LIMITS / 4);
    words.set(
      [
        rule.thresholds.length,
        rule.ranges.length,
        scheme.limits.length,
        scheme.allRange,
        rule.area === 'box' ? 1 : 0,
      ],
      RULE_COUNTS / 4,
    );
    doubles[RULE_POINT / 8] = this.#files.score;
  }

  /** Maps every thread's ids to places and classes; gives how many images have predictions. */
  #join(truth: KernelTruth, places: Int32Array, parts: readonly Part[]): number {
    const classOf = new Map(truth.categories.map(({ id }, index) => [id, index]));
    const seen = new Uint8Array(truth.images.length);
    const { words } = this.#crew.kernels;
    for (const owner of new Set(parts.map((part) => part.owner))) {
      const images = this.#imagesOf(owner, truth);
      for (const image of images) seen[image] = 1;
      const classes = entriesOf(this.#crew.kernels, categoryTable(owner)).map(
        ({ id }) => classOf.get(id) ?? -1,
      );
      if (classes.includes(-1)) throw new NotForKernels('unknown classes');
      words[threadMaps(owner) / 4] = this.#keep(images.map((image) => places[image]!));
      words[threadMaps(owner) / 4 + 1] = this.#keep(classes);
    }
    return seen.reduce((sum, value) => sum + value, 0);
  }

  /** Truth's index of each image that the thread met. */
  #imagesOf(owner: number, truth: KernelTruth): number[] {
    const { words } = this.#crew.kernels;
    return entriesOf(this.#crew.kernels, imageTable(owner)).map(({ id, entry }) => {
      const image = truth.indexOfImage(id);
      if (image < 0) throw new NotForKernels('unknown images');
      const length = words[(entry + ENTRY_NAME_LENGTH) / 4]!;
      if (length > 0)
        this.#checkName(words[(entry + ENTRY_NAME) / 4]! >>> 0, length, truth.images[image]!.fileName);
      return image;
    });
  }

  /** A name that speaks against the id joins by name, which is for the plain path. */
  #checkName(address: number, length: number, fileName: string): void {
    const { bytes } = this.#crew.kernels;
    if (length === fileName.length && isAscii(bytes, address, fileName)) return;
    const name = Buffer.from(bytes.subarray(address, address + length)).toString('utf8');
    if (name.includes('\ufffd') || !agree(name, fileName)) throw new NotForKernels('names that do not agree');
  }

  /** Address of the values as 32-bit words. */
  #keep(values: ArrayLike<number>): number {
    const address = this.#crew.allocate(values.length * 4);
    this.#crew.kernels.words.set(values, address / 4);
    return address;
  }

  #groupTruth(truth: KernelTruth, places: Int32Array): void {
    const { exports, words } = this.#crew.kernels;
    const imageCount = truth.images.length;
    const classCount = truth.categories.length;
    if (imageCount * classCount >= 2 ** 32) throw new NotForKernels('images times classes');
    const images = this.#keep(truth.imageOf.map((image) => places[image]!));
    const classes = this.#keep(truth.categoryOf);
    const out = this.#crew.allocate(truth.count * TRUTH_BYTES + 16);
    const starts = this.#crew.allocate((classCount + 1) * 4);
    const elements = this.#crew.allocate(truth.count * 16 + 16);
    const counters = this.#crew.allocate(COUNTER_BYTES);
    exports.groupTruth(
      truth.annotations,
      truth.count,
      images,
      classes,
      imageCount,
      classCount,
      out,
      starts,
      elements,
      counters,
    );
    this.#crew.reuse({ from: truth.annotations, to: truth.annotations + truth.count * ANNOTATION_BYTES });
    words[CELL.truth] = out;
    words[CELL.truthStarts] = starts;
    words[CELL.classCount] = classCount;
  }

  #groupPredictions(truth: KernelTruth): CocoFilesEvaluation['classSizes'] {
    const { exports, words, bytes } = this.#crew.kernels;
    const classes = truth.categories.length;
    const parts = words[CELL.parts]!;
    const counts = this.#crew.allocate(parts * classes * 4);
    const starts = this.#crew.allocate((classes + 1) * 4);
    bytes.fill(0, counts, counts + parts * classes * 4);
    words[CELL.counts] = counts;
    words[CELL.listStarts] = starts;
    this.#crew.run(PHASE.count);
    exports.placeParts(counts, parts, classes, starts);
    words[CELL.list] = this.#crew.allocate(words[starts / 4 + classes]! * 8 + 16);
    this.#crew.run(PHASE.scatter);
    const truthStarts = (words[CELL.truthStarts]! >>> 0) / 4;
    const sizeAt = (at: number, klass: number) => words[at + klass + 1]! - words[at + klass]!;
    return Array.from({ length: classes }, (_, klass) => ({
      annotations: sizeAt(truthStarts, klass),
      predictions: sizeAt(starts / 4, klass),
    }));
  }

  /** Room for every class's summary, and the order in which threads take the classes. */
  #planSummaries(truth: KernelTruth, sizes: CocoFilesEvaluation['classSizes']): void {
    const { words } = this.#crew.kernels;
    const { thresholds, rangeNames, limits } = this.#scoring.scheme;
    const size = summaryBytes(thresholds.length, rangeNames.length, limits.length);
    words[CELL.summaryBytes] = size;
    words[CELL.mostAnnotations] = sizes.reduce((most, { annotations }) => Math.max(most, annotations), 0);
    words[CELL.summaries] = this.#crew.allocate(truth.categories.length * size);
    words[CELL.order] = this.#keep(orderOfClasses(sizes));
  }

  #summary(klass: number): CocoClassSummary & { truePositives: number; falsePositives: number } {
    const { words, doubles } = this.#crew.kernels;
    const { buffer } = doubles;
    const { thresholds, rangeNames, limits } = this.#scoring.scheme;
    const at = (words[CELL.summaries]! >>> 0) + klass * words[CELL.summaryBytes]!;
    const sums = thresholds.length * rangeNames.length;
    return {
      positives: new Int32Array(buffer, at, rangeNames.length),
      truePositives: words[at / 4 + 4]!,
      falsePositives: words[at / 4 + 5]!,
      precisionSum: new Float64Array(buffer, at + SUMMARY_HEAD_BYTES, sums),
      recall: new Float64Array(buffer, at + SUMMARY_HEAD_BYTES + sums * 8, sums * limits.length),
    };
  }

  #result(truth: KernelTruth, sizes: CocoFilesEvaluation['classSizes']): EvaluationResult {
    const { rule, scheme, parameters } = this.#scoring;
    const summaries = sizes.map((_, klass) => this.#summary(klass));
    const sum = (value: (summary: (typeof summaries)[number]) => number) =>
      summaries.reduce((total, summary) => total + value(summary), 0);
    const truePositives = sum((summary) => summary.truePositives);
    return {
      protocol: 'coco',
      parameters: { ...parameters, score: this.#files.score },
      metrics: this.#scoring.metrics(summaries),
      classes: truth.categories.map(({ id, name }, klass) => ({
        id,
        name,
        truth: summaries[klass]!.positives[scheme.allRange]!,
        predictions: sizes[klass]!.predictions,
        ...this.#scoring.classMetrics(summaries[klass]!),
      })),
      counts: {
        truePositives,
        falsePositives: sum((summary) => summary.falsePositives),
        misses: sum((summary) => summary.positives[scheme.allRange]!) - truePositives,
        at: { iou: rule.thresholds[0]!, score: this.#files.score },
      },
    };
  }

  #predictionFindings(parts: readonly Part[]): readonly Finding[] {
    const report = new RecordReporter({ file: this.#files.predictions });
    let before = 0;
    for (const { records, emptyBoxes, firstEmptyBox } of parts) {
      if (emptyBoxes > 0) remarkEmptyBoxes(report, before + firstEmptyBox, emptyBoxes);
      before += records;
    }
    return report.list();
  }
}

function isAscii(bytes: Uint8Array, address: number, text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 127 || bytes[address + at] !== code) return false;
  }
  return true;
}

/** Place of each image in the order in which scorers visit them. */
function placesOf({ images }: KernelTruth): Int32Array {
  const ids = images.map(({ id }) => id);
  const rise = ids.every(
    (id, index) => typeof id === 'number' && (index === 0 || id > (ids[index - 1] as number)),
  );
  return rise ? Int32Array.from(ids, (_, index) => index) : imageOrder(ids).places;
}

/** Classes by falling size; a few middling ones first, so that optimised code is in place before the largest. */
function orderOfClasses(sizes: CocoFilesEvaluation['classSizes']): number[] {
  const work = sizes.map(({ annotations, predictions }) => predictions + 8 * annotations);
  const order = [...sizes.keys()].sort((a, b) => work[b]! - work[a]! || a - b);
  return order.length > 20 ? [...order.splice(6, 8), ...order] : order;
}
