/**
 * Properties in which the evaluation set differs from the training set (`compare-property.ts`), the class whose share
 * differs most, and the source of the files. The price: recall of labels by the property, weighted as the training set
 * has it, against recall as it is.
 */
import { foundLabels } from '../found-labels';
import type { FoundCause } from '../cause';
import type { Rule } from '../rule';
import { scoringInputOf } from '../situation';
import { findClassShift } from './class-shift';
import type { Comparison } from './compare-property';
import { compareProperty, FEWEST_IMAGES, SIGNIFICANCE } from './compare-property';
import { evaluationSet, type ImageSet, PROPERTIES, type Property } from './properties';
import { shiftPrice } from './recall-shift';
import { findSourceShift } from './source-shift';

export const trainEvaluationShift: Rule = {
  codes: ['train-evaluation-shift'],
  group: 'D',
  looksFor: 'differences between training and evaluation images',
  weighsRecall: true,
  find(context) {
    const { repaired, sources } = context;
    const evaluation = evaluationSet(context);
    if (!sources.train || !evaluation) return [];
    const train: ImageSet = sources.train;
    const { truth } = evaluation;
    if (Math.min(train.truth.images.length, truth.images.length) < FEWEST_IMAGES) return [];
    const found = repaired && foundLabels(scoringInputOf(repaired), 'own-class');
    const score = repaired && context.score(repaired);
    const shifts = PROPERTIES.flatMap((property) => {
      const comparison = compareProperty(property, train, evaluation, found);
      return comparison?.isDifferent ? [shiftCause(property, comparison, evaluation, score)] : [];
    });
    // Several measures of one property: the one that differs most.
    const strongest = new Map<unknown, FoundCause>();
    for (const shift of shifts) {
      const rival = strongest.get(shift.evidence.property);
      if (!rival || Number(shift.evidence.distance) > Number(rival.evidence.distance))
        strongest.set(shift.evidence.property, shift);
    }
    return [
      ...strongest.values(),
      ...findClassShift(train.truth, truth, SIGNIFICANCE),
      ...findSourceShift(train.truth, truth, SIGNIFICANCE, found, score),
    ];
  },
};

function shiftCause(
  property: Property,
  { train, evaluation, distance, probability, recall }: Comparison,
  set: ImageSet,
  score: number | null,
): FoundCause {
  const words = property.name.replaceAll('-', ' ');
  const price = shiftPrice(recall, score);
  const telling =
    recall && price
      ? `; recall ${recall.now.toFixed(2)} would be ${recall.asInTraining.toFixed(2)} on what training showed`
      : '';
  return {
    code: 'train-evaluation-shift',
    title: `Evaluation differs from training in ${words}: ${property.measure} ${show(evaluation)}, in training ${show(train)}${telling}`,
    evidence: {
      property: property.name,
      measure: property.measure,
      train,
      evaluation,
      distance,
      probability,
      recall,
    },
    images: furthestImages(property, set, train),
    action: `Train on images like those of the evaluation in ${words}, or evaluate on images like those in use`,
    repair: null,
    price,
  };
}

const show = (value: number): string => String(Number(value.toPrecision(3)));

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
