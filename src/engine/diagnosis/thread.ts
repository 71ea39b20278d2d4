/** Long evaluations on a thread of their own, so that edits and galleries are answered meanwhile. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Truth } from '../../core/dataset/dataset';
import { CAUSE_CODES } from '../../core/diagnosis/cause';
import type { DataProfile, ProfileTask } from '../../core/diagnosis/data/profile/profile';
import { profileData } from '../../core/diagnosis/data/profile/profile';
import { diagnose } from '../../core/diagnosis/diagnose';
import type { Diagnosis } from '../../core/diagnosis/diagnose';
import type { PartialDiagnosis } from '../../core/diagnosis/partial-diagnosis';
import type { DiagnosisSources } from '../../core/diagnosis/rule';
import { ADVICE_RULES, DATA_RULES } from '../../core/diagnosis/rules/advice';
import type { Situation } from '../../core/diagnosis/situation';
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';
import type { Interval } from '../../core/metrics/bootstrap/intervals';
import type { LiveProtocol, ScoringInput } from '../../core/metrics/evaluation';
import type { MadeScorer } from '../../core/metrics/scorer';
import { makeScorer } from '../../core/metrics/scorer';
import type { MetricDifference, ScoreIntervals, TideErrors } from '../../contract/metrics-view';
import type { AskedProtocol, EvaluatedProtocol, PartInput } from '../analysis/evaluations';
import { evaluatePart, restrict, tideErrorsOf } from '../analysis/evaluations';
import { errorIntervals, runDifferences, scoreIntervals } from '../analysis/interval-evaluations';
import type { FixTask, FoundFixes } from '../../core/label-quality/find-fixes';
import { findFixes } from '../../core/label-quality/find-fixes';

export interface DiagnosisTask {
  /** Null where truth or predictions were left out. */
  readonly situation: Situation | null;
  readonly truth: Truth | null;
  readonly sources: DiagnosisSources;
}

/** What the thread does: tasks by name. */
export interface ThreadTasks {
  readonly diagnosis: DiagnosisTask;
  readonly fixes: FixTask;
  readonly profile: ProfileTask;
  readonly protocol: { readonly part: PartInput; readonly asked: AskedProtocol };
  readonly intervals: { readonly part: PartInput; readonly asked: AskedProtocol };
  readonly scorer: { readonly input: ScoringInput; readonly protocol: LiveProtocol };
  readonly part: { readonly part: PartInput; readonly protocol: LiveProtocol };
  readonly errors: PartInput;
  readonly errorIntervals: PartInput;
  readonly differences: {
    readonly parts: readonly [PartInput, PartInput];
    readonly protocol: LiveProtocol;
  };
}
export interface ThreadAnswers {
  readonly diagnosis: { readonly diagnosis: Diagnosis; readonly checks: number };
  readonly fixes: FoundFixes;
  readonly profile: DataProfile;
  readonly protocol: EvaluatedProtocol;
  readonly intervals: ScoreIntervals;
  readonly scorer: MadeScorer;
  readonly part: { readonly input: ScoringInput; readonly made: MadeScorer };
  readonly errors: TideErrors;
  readonly errorIntervals: Record<string, Interval | null>;
  readonly differences: MetricDifference[];
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
  /** Of a diagnosis: what is known so far. */
  | { readonly kind: 'partial'; readonly partial: PartialDiagnosis }
  /** What a reader or an evaluator refuses, as `BadInput` has it. */
  | { readonly kind: 'refused'; readonly refusal: Pick<BadInput, 'code' | 'message' | 'next' | 'where'> }
  | { readonly kind: 'done'; readonly answer: ThreadAnswers[keyof ThreadAnswers] };

const REPORT_EVERY = 100;

const tell = (message: ThreadMessage, moved: readonly ArrayBuffer[] = []): void =>
  parentPort!.postMessage(message, moved);
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
  switch (given.name) {
    case 'fixes':
      return findFixes(given.task, progress);
    case 'profile':
      return profileData(given.task, DATA_RULES, progress);
    case 'protocol':
      return evaluatePart(given.task.part, given.task.asked);
    case 'intervals':
      return scoreIntervals(given.task.part, given.task.asked, progress);
    case 'scorer':
      return makeScorer(given.task.input, given.task.protocol);
    case 'part': {
      const input = restrict(given.task.part);
      return { input, made: makeScorer(input, given.task.protocol) };
    }
    case 'errors':
      return tideErrorsOf(given.task);
    case 'errorIntervals':
      return errorIntervals(given.task, progress);
    case 'differences':
      return runDifferences(given.task.parts, given.task.protocol, progress);
    case 'diagnosis': {
      const { situation, sources } = given.task;
      const { truth } = given.task;
      const onPartial = (partial: PartialDiagnosis): void => tell({ kind: 'partial', partial });
      const diagnosis = diagnose(situation, truth, sources, ADVICE_RULES, progress, { onPartial });
      return { diagnosis, checks: CAUSE_CODES.A.length + ADVICE_RULES.flatMap(({ codes }) => codes).length };
    }
  }
}

/** Memory of the columns in an answer: it is moved to the engine, which copies nothing then. */
function columnsOf(value: unknown, found = new Set<ArrayBuffer>()): ReadonlySet<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
  } else if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) columnsOf(member, found);
  }
  return found;
}

try {
  const made = answer(workerData as ThreadTask);
  tell({ kind: 'done', answer: made }, [...columnsOf(made)]);
} catch (error) {
  if (!(error instanceof BadInput)) throw error;
  const { code, message, next, where } = error;
  tell({ kind: 'refused', refusal: { code, message, next, where } });
}
