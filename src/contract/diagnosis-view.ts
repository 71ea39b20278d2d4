/** Why a run scores low, as the window shows it. Plain data. */
import type { Cause, CauseCode, Confidence } from '../core/diagnosis/cause';
import type { ErrorPrices } from '../core/diagnosis/error-prices';
import type { DiagnosisStage } from '../core/diagnosis/partial-diagnosis';
import type { Protocol } from '../core/metrics/evaluation';
import type { CategoryId, ImageKey, RunId } from './view-types';

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
  /** The class whose AP the bill is of; null: the bill of the protocol's first number. */
  readonly category: CategoryId | null;
  /** Key of the number that prices are on the scale of. */
  readonly metric: string;
  readonly score: number | null;
  /** By share, the largest first; those without a price after them. */
  readonly causes: readonly CauseView[];
  readonly heldBack: readonly CauseCode[];
  readonly scoreAfterAll: number | null;
  readonly unexplained: number | null;
  /** What errors of each type cost, on TIDE's scale of 0 to 100; null until that is known. */
  readonly errorTypes: ErrorPrices | null;
  /** What was not looked at; empty where the bill is whole. Until then its rows are provisional. */
  readonly pending: readonly DiagnosisStage[];
  /** The training that causes of training are told of; null where the project knows of no logs. */
  readonly training: {
    /** Its name; null where none of them is this run's, or they could not be read. */
    readonly chosen: string | null;
    readonly names: readonly string[];
    readonly problem: string | null;
  } | null;
  /** Rules that were asked and found nothing. */
  readonly checksPassed: number;
  /** ISO time. */
  readonly madeAt: string;
}

/** A priced cause as it stood on a bill. */
export interface BillRow {
  readonly code: CauseCode;
  readonly title: string;
  readonly share: number;
  readonly confidence: Confidence;
}

/** The score after a step of the history. */
export interface TrendPoint {
  readonly step: number;
  /** ISO time. */
  readonly time: string;
  readonly score: number | null;
  /** What was open then; null where nobody asked for causes. */
  readonly bill: readonly BillRow[] | null;
}
