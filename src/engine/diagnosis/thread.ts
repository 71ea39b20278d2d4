/** Diagnosis on a thread of its own, so that edits and galleries are answered while repairs are tried. */
import { parentPort, workerData } from 'node:worker_threads';
import { CAUSE_CODES } from '../../core/diagnosis/cause';
import { diagnose } from '../../core/diagnosis/diagnose';
import type { Diagnosis } from '../../core/diagnosis/diagnose';
import type { DiagnosisSources } from '../../core/diagnosis/rule';
import { ADVICE_RULES } from '../../core/diagnosis/rules/advice';
import type { Situation } from '../../core/diagnosis/situation';

export interface DiagnosisTask {
  readonly situation: Situation;
  readonly sources: DiagnosisSources;
}

export type DiagnosisMessage =
  | {
      readonly kind: 'progress';
      readonly stage: string;
      readonly done: number;
      readonly total: number | null;
    }
  | { readonly kind: 'done'; readonly diagnosis: Diagnosis; readonly checks: number };

const REPORT_EVERY = 100;

const { situation, sources } = workerData as DiagnosisTask;
const tell = (message: DiagnosisMessage): void => parentPort!.postMessage(message);
let told = 0;
const diagnosis = diagnose(situation, situation.truth, sources, ADVICE_RULES, {
  // Whoever cancels ends the thread.
  check: () => undefined,
  report: (stage, done, total) => {
    const now = performance.now();
    if (now - told < REPORT_EVERY) return;
    told = now;
    tell({ kind: 'progress', stage, done, total });
  },
});
const checks = CAUSE_CODES.A.length + ADVICE_RULES.flatMap(({ codes }) => codes).length;
tell({ kind: 'done', diagnosis, checks });
