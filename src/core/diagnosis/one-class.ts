/**
 * The bill of one class: its AP takes the place of the protocol's first number, so that every repair, of whatever kind, is
 * priced by what it does for that class. What a rule can only bound from recalls is looked at in that class alone.
 */
import { annotationRows } from '../dataset/rows';
import type { Truth } from '../dataset/dataset';
import type { FoundCause } from './cause';
import type { RuleContext } from './rule';
import { choosePredictions } from './selection';
import type { Situation } from './situation';
import { TRAINING_CODES } from './training/training-doctor';

/** What a rule about recalls sees: that class alone, in the evaluation set and by name in the training set. */
export function contextOfClass(context: RuleContext, category: number): RuleContext {
  const { given, repaired, truth, sources } = context;
  const name = truth?.categories.find(({ id }) => id === category)?.name;
  const train = sources.train && name !== undefined ? sources.train : null;
  return {
    ...context,
    given: given && onlyClass(given, category),
    repaired: repaired && onlyClass(repaired, category),
    truth: truth && ofClass(truth, (row) => truth.categories[row]!.id === category),
    sources: {
      ...sources,
      train: train && {
        ...train,
        truth: ofClass(train.truth, (row) => train.truth.categories[row]!.name === name),
      },
    },
  };
}

/** The situation with nothing of other classes; all images stay. */
export function onlyClass(situation: Situation, category: number): Situation {
  const { truth, predictions } = situation;
  const isOwn = (index: number): boolean => truth.categories[index]?.id === category;
  return {
    ...situation,
    truth: ofClass(truth, isOwn),
    predictions: choosePredictions(predictions, (row) => isOwn(predictions.category[row]!)),
  };
}

/** All images and classes, with the labels of a class only. */
function ofClass(truth: Truth, isOwn: (category: number) => boolean): Truth {
  const { annotations } = truth;
  const rows = [...annotations.id.keys()].filter((row) => isOwn(annotations.category[row]!));
  return { ...truth, annotations: annotationRows(annotations, rows) };
}

/** Without what is about other classes, and without prices that are of all classes together. */
export function pricedForClass(found: readonly FoundCause[], name: string): FoundCause[] {
  return found.flatMap((cause): FoundCause[] => {
    if (cause.code === 'class-never-predicted')
      return (cause.evidence['classes'] as readonly string[]).includes(name)
        ? [{ ...cause, price: null }]
        : [];
    // Logs of a training and runs of its model were scored over all classes.
    const isOfAll = TRAINING_CODES.includes(cause.code) || cause.price?.confidence === 'measured';
    return [isOfAll ? { ...cause, price: null } : cause];
  });
}
