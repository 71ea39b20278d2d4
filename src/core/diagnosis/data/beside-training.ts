/** Rules that compare with the training set, where that is a part of the images under diagnosis: they see the others. */
import { chooseImages } from '../../dataset/subset';
import type { Rule, RuleContext } from '../rule';
import { onlyImages } from '../selection';
import type { Situation } from '../situation';

/** By situation, so that each part is evaluated once. */
const parts = new WeakMap<Situation, Situation>();

function partOf(situation: Situation | null, images: readonly number[]): Situation | null {
  if (!situation) return null;
  const known = parts.get(situation) ?? onlyImages(situation, images);
  parts.set(situation, known);
  return known;
}

/** The context without the images of the training set, and their indices in it; null where none are left out. */
export function withoutTraining(
  context: RuleContext,
): { readonly context: RuleContext; readonly images: readonly number[] } | null {
  const { within } = context.sources.train ?? {};
  const truth = context.truth ?? context.repaired?.truth;
  if (!within || within.length === 0 || !truth) return null;
  const isTraining = new Set(within);
  const images = [...truth.images.keys()].filter((image) => !isTraining.has(image));
  const { facts } = context.sources;
  return {
    images,
    context: {
      ...context,
      given: partOf(context.given, images),
      repaired: partOf(context.repaired, images),
      truth: chooseImages(truth, images),
      sources: { ...context.sources, facts: facts ? images.map((image) => facts[image] ?? null) : null },
    },
  };
}

export function besideTraining(rule: Rule): Rule {
  return {
    ...rule,
    find(context) {
      const rest = withoutTraining(context);
      if (!rest) return rule.find(context);
      if (rest.images.length === 0) return [];
      return rule
        .find(rest.context)
        .map((cause) => ({ ...cause, images: cause.images.map((image) => rest.images[image]!) }));
    },
  };
}
