/**
 * Properties in which the evaluation set differs from the training set. Each is tested on one value an image (labels of
 * an image are not independent), by Kolmogorov and Smirnov's test with Bonferroni's correction, and must be large. The
 * price: recall of labels by the property, weighted as the training set has it, against recall as it is.
 */
import { foundLabels, shareOf } from '../found-labels';
import type { FoundCause } from '../cause';
import type { Rule, RuleContext } from '../rule';
import { scoringInputOf } from '../situation';
import { type ImageSet, isFarApart, PROPERTIES, type Property, valuesByImage } from './properties';
import { kolmogorovSmirnov, medianOf } from './two-samples';
import { findClassShift } from './class-shift';

/** Fewer images than this on either side show nothing. */
const FEWEST_IMAGES = 20;
const LEAST_DISTANCE = 0.3;
const SIGNIFICANCE = 0.001 / (PROPERTIES.length + 1);
const BINS = 5;
/** A price below this is not worth telling; the difference still is. */
const LEAST_PRICE = 0.01;

export const trainEvaluationShift: Rule = {
  codes: ['train-evaluation-shift'],
  group: 'D',
  looksFor: 'differences between training and evaluation images',
  weighsRecall: true,
  find(context) {
    const { repaired, sources } = context;
    const truth = repaired?.truth ?? context.truth;
    if (!sources.train || !truth) return [];
    const train: ImageSet = sources.train;
    const evaluation: ImageSet = { truth, facts: repaired?.facts ?? null };
    if (Math.min(train.truth.images.length, truth.images.length) < FEWEST_IMAGES) return [];
    const shifts = PROPERTIES.flatMap((property) => shiftOf(property, train, evaluation, context));
    // Several measures of one property: the one that differs most.
    const strongest = new Map<unknown, FoundCause>();
    for (const shift of shifts) {
      const rival = strongest.get(shift.evidence.property);
      if (!rival || Number(shift.evidence.distance) > Number(rival.evidence.distance))
        strongest.set(shift.evidence.property, shift);
    }
    return [...strongest.values(), ...findClassShift(train.truth, truth, SIGNIFICANCE)];
  },
};

function shiftOf(
  property: Property,
  train: ImageSet,
  evaluation: ImageSet,
  context: RuleContext,
): FoundCause[] {
  const before = valuesByImage(train, property);
  const now = valuesByImage(evaluation, property);
  if (Math.min(before.length, now.length) < FEWEST_IMAGES) return [];
  const { distance, probability } = kolmogorovSmirnov(before, now);
  if (distance < LEAST_DISTANCE || probability > SIGNIFICANCE) return [];
  const from = medianOf(before);
  const to = medianOf(now);
  if (!isFarApart(property, from, to)) return [];
  const recall = recallShift(property, train, evaluation, context);
  const telling = recall
    ? `; recall ${recall.now.toFixed(2)} would be ${recall.asInTraining.toFixed(2)} on what training showed`
    : '';
  const score = context.repaired && context.score(context.repaired);
  const gain = recall && score ? score * (recall.asInTraining / recall.now - 1) : 0;
  return [
    {
      code: 'train-evaluation-shift',
      title: `Evaluation differs from training in ${property.name.replaceAll('-', ' ')}: ${property.measure} ${show(to)}, in training ${show(from)}${telling}`,
      evidence: {
        property: property.name,
        measure: property.measure,
        train: from,
        evaluation: to,
        distance,
        probability,
        recall,
      },
      images: furthestImages(property, evaluation, from),
      action: `Train on images like those of the evaluation in ${property.name.replaceAll('-', ' ')}, or evaluate on images like those in use`,
      repair: null,
      price:
        gain >= LEAST_PRICE
          ? { gain, interval: [0, Math.min(1 - score!, gain * 2)], confidence: 'estimated' }
          : null,
    },
  ];
}

const show = (value: number): string => String(Number(value.toPrecision(3)));

interface RecallShift {
  readonly now: number;
  readonly asInTraining: number;
}

/** Recall as it is, and with the labels weighted so that they are distributed as in training. */
function recallShift(
  property: Property,
  train: ImageSet,
  evaluation: ImageSet,
  { repaired }: RuleContext,
): RecallShift | null {
  if (!repaired) return null;
  const found = foundLabels(scoringInputOf(repaired), 'own-class');
  const now = shareOf(found);
  if (now === 0) return null;
  const values = labelValues(property, evaluation);
  const sorted = values.filter(Number.isFinite).sort();
  const edges = Array.from(
    { length: BINS - 1 },
    (_, bin) => sorted[Math.floor(((bin + 1) * sorted.length) / BINS)]!,
  );
  const binOf = (value: number): number => edges.filter((edge) => value >= edge).length;
  const hits = new Float64Array(BINS);
  const counts = new Float64Array(BINS);
  values.forEach((value, row) => {
    if (!Number.isFinite(value)) return;
    counts[binOf(value)]!++;
    hits[binOf(value)]! += found[row]!;
  });
  const weights = new Float64Array(BINS);
  for (const value of labelValues(property, train)) if (Number.isFinite(value)) weights[binOf(value)]!++;
  let sum = 0;
  let weight = 0;
  for (let bin = 0; bin < BINS; bin++) {
    if (counts[bin] === 0) continue;
    sum += (weights[bin]! * hits[bin]!) / counts[bin]!;
    weight += weights[bin]!;
  }
  return weight === 0 ? null : { now, asInTraining: sum / weight };
}

function labelValues(property: Property, set: ImageSet): Float64Array {
  const { annotations } = set.truth;
  return Float64Array.from({ length: annotations.count }, (_, row) =>
    property.value(set, annotations.image[row]!, row),
  );
}

/** Images by how far they lie from the training set's median, the furthest first. */
function furthestImages(property: Property, set: ImageSet, from: number): number[] {
  const { images, annotations } = set.truth;
  const away = new Float64Array(images.length);
  if (property.of === 'images')
    images.forEach((_, image) => (away[image] = Math.abs(property.value(set, image, -1) - from)));
  else
    for (let row = 0; row < annotations.count; row++) {
      const image = annotations.image[row]!;
      const distance = Math.abs(property.value(set, image, row) - from);
      if (distance > away[image]!) away[image] = distance;
    }
  return [...away.keys()].filter((image) => away[image]! > 0).sort((a, b) => away[b]! - away[a]!);
}
