/** Why a run scores low, as the window shows it. Plain data. */
import type { Cause, CauseCode } from '../core/diagnosis/cause';
import type { Protocol } from '../core/metrics/evaluation';
import type { ImageKey, RunId } from './view-types';

export const CAUSE_STATES = ['open', 'repaired', 'accepted'] as const;
/** `accepted`: not a problem here. Remembered by the project, for a run. */
export type CauseState = (typeof CAUSE_STATES)[number];

export interface CauseView extends Omit<Cause, 'images'> {
  readonly state: CauseState;
  /** Images that show it, the clearest first; at most fifty. */
  readonly images: readonly ImageKey[];
}

export interface DiagnosisView {
  readonly run: RunId;
  readonly protocol: Protocol;
  /** Key of the number that prices are on the scale of. */
  readonly metric: string;
  readonly score: number | null;
  /** By share, the largest first; those without a price after them. */
  readonly causes: readonly CauseView[];
  readonly heldBack: readonly CauseCode[];
  readonly scoreAfterAll: number | null;
  readonly unexplained: number | null;
  /** Rules that were asked and found nothing. */
  readonly checksPassed: number;
  /** ISO time. */
  readonly madeAt: string;
}
