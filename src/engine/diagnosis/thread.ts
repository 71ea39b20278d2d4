/** Diagnosis on a thread of its own, so that edits and galleries are answered while repairs are tried. */
import { parentPort, workerData } from 'node:worker_threads';
import { CAUSE_CODES } from '../../core/diagnosis/cause';
import type { DataProfile, ProfileTask } from '../../core/diagnosis/data/profile/profile';
import { profileData } from '../../core/diagnosis/data/profile/profile';
import { diagnose } from '../../core/diagnosis/diagnose';
import type { Diagnosis } from '../../core/diagnosis/diagnose';
import type { DiagnosisSources } from '../../core/diagnosis/rule';
import { ADVICE_RULES, DATA_RULES } from '../../core/diagnosis/rules/advice';
import type { Situation } from '../../core/diagnosis/situation';
import type { Progress } from '../../core/foundation/cancellation';
import type { FixTask, FoundFixes } from '../../core/label-quality/find-fixes';
import { findFixes } from '../../core/label-quality/find-fixes';

export interface DiagnosisTask {
  readonly situation: Situation;
  readonly sources: DiagnosisSources;
}

/** What the thread does: tasks by name. */
export interface ThreadTasks {
  readonly diagnosis: DiagnosisTask;
  readonly fixes: FixTask;
  readonly profile: ProfileTask;
}
export interface ThreadAnswers {
  readonly diagnosis: { readonly diagnosis: Diagnosis; readonly checks: number };
  readonly fixes: FoundFixes;
  readonly profile: DataProfile;
}
export type ThreadTask = {
  [K in keyof ThreadTasks]: { readonly name: K; readonly task: ThreadTasks[K] };
}[keyof ThreadTasks];

export type ThreadMessage =
  | {
      readonly kind: 'progress';
      readonly stage: string;
      readonly done: number;
      readonly total: number | null;
    }
  | { readonly kind: 'done'; readonly answer: ThreadAnswers[keyof ThreadAnswers] };

const REPORT_EVERY = 100;

const tell = (message: ThreadMessage): void => parentPort!.postMessage(message);
let told = 0;
const progress: Progress = {
  // Whoever cancels ends the thread.
  check: () => undefined,
  report: (stage, done, total) => {
    const now = performance.now();
    if (now - told < REPORT_EVERY) return;
    told = now;
    tell({ kind: 'progress', stage, done, total });
  },
};

function answer(given: ThreadTask): ThreadAnswers[keyof ThreadAnswers] {
  if (given.name === 'fixes') return findFixes(given.task, progress);
  if (given.name === 'profile') return profileData(given.task, DATA_RULES, progress);
  const { situation, sources } = given.task;
  const diagnosis = diagnose(situation, situation.truth, sources, ADVICE_RULES, progress);
  return { diagnosis, checks: CAUSE_CODES.A.length + ADVICE_RULES.flatMap(({ codes }) => codes).length };
}

tell({ kind: 'done', answer: answer(workerData as ThreadTask) });
