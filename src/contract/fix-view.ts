/** The fix queue as the window shows it: suspect labels, what to do about each, and what it is worth. Plain data. */
import type { SuggestionKind } from '../core/label-quality/label-error';
import type { LiveProtocol } from '../core/metrics/evaluation';
import type { AnnotationId, Box, CategoryId, ImageKey, RunId } from './view-types';

export const FIX_STATES = ['open', 'done', 'dismissed'] as const;
/** `done`: the label is no longer as it was suspected, whoever changed it. `dismissed`: somebody said that it is right. */
export type FixState = (typeof FIX_STATES)[number];

/** What a verdict is about: as in the operation `judge`. */
export type DismissalTarget =
  { readonly annotation: AnnotationId } | { readonly run: RunId; readonly prediction: number };

export interface FixView {
  readonly kind: SuggestionKind;
  readonly image: ImageKey;
  readonly imageName: string;
  readonly imageWidth: number;
  readonly imageHeight: number;
  /** The suspect label; null for a missing one. */
  readonly annotation: AnnotationId | null;
  /** Of the suspect label, or of the one to be added. */
  readonly category: CategoryId;
  readonly box: Box;
  /** The class that the label would get; null where it keeps its own. */
  readonly newCategory: CategoryId | null;
  /** Where the label would go; null where it stays. */
  readonly newBox: Box | null;
  /** The label that a duplicated one repeats. */
  readonly repeats: Box | null;
  /** What the model saw there; null where it saw nothing. */
  readonly seen: {
    /** Index of the prediction in its file. */
    readonly prediction: number;
    readonly category: CategoryId;
    readonly box: Box;
    readonly score: number;
    /** With the suspect label; null for a missing one. */
    readonly iou: number | null;
  } | null;
  /** That the label is wrong in this way, 0 to 1. */
  readonly probability: number;
  /** What the score gains if it is: exact at the time the queue was made. */
  readonly gain: number;
  /** Probability times gain. */
  readonly expected: number;
}

export interface FixQueueView {
  readonly run: RunId;
  readonly protocol: LiveProtocol;
  /** Key of the number that gains are on the scale of. */
  readonly metric: string;
  /** The score that the queue was made at. */
  readonly score: number | null;
  /** What is expected to gain most first. */
  readonly fixes: readonly FixView[];
  /** Of each of them, as the labels are now. */
  readonly states: readonly FixState[];
  /** How many stand above the stop line: what is left below gains less than one standard error. */
  readonly stop: number;
  readonly standardError: number | null;
  /** Share of the labels that the run finds; its word counts for little where it is `isTrusted: false`. */
  readonly foundShare: number;
  readonly isTrusted: boolean;
  /** ISO time. */
  readonly madeAt: string;
}
