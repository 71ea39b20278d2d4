/** What the Metrics page asks of the engine. */
import type {
  MetricsAnalysis,
  PointIntervals,
  PrecisionRecallCurve,
  TideErrors,
} from '../../../contract/metrics-view';
import type { Interval } from '../../../core/metrics/bootstrap/intervals';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { useScores } from '../scores/scores-state';
import type { Answer } from '../scores/use-answer';
import { useAnswer } from '../scores/use-answer';

const POINT_INTERVALS = { title: 'Intervals at the operating point', waitsItsTurn: true } as const;
const ERRORS = { title: 'Error types' } as const;
const ERROR_INTERVALS = { title: 'Intervals of the error types', waitsItsTurn: true } as const;

/** What every question of the page depends on. */
function useSubject() {
  const run = useSession((session) => session.run);
  const protocol = useSession((session) => session.protocol);
  const point = useSession((session) => session.point);
  const revision = useSession((session) => session.revision);
  const part = useScores((state) => state.part);
  return { run: run ?? -1, protocol, point, part, revision, isReady: run !== null };
}

const keyOf = (isReady: boolean, ...parts: readonly unknown[]): string | null =>
  isReady ? JSON.stringify(parts) : null;

export function useAnalysis(): Answer<MetricsAnalysis> {
  const { run, protocol, point, part, revision, isReady } = useSubject();
  return useAnswer(keyOf(isReady, run, protocol, point, part, revision), () =>
    engine('metrics.analysis', { run, protocol, point, part }),
  );
}

export function useCurves(
  iou: number | null,
  categories: readonly number[],
): Answer<readonly PrecisionRecallCurve[]> {
  const { run, protocol, part, revision, isReady } = useSubject();
  const isAsked = isReady && categories.length > 0;
  return useAnswer(keyOf(isAsked, run, protocol, part, revision, iou, categories), () =>
    engine('metrics.curves', { run, protocol, part, iou, categories }),
  );
}

export function usePointIntervals(): Answer<PointIntervals> {
  const { run, protocol, point, part, revision, isReady } = useSubject();
  return useAnswer(
    keyOf(isReady, run, protocol, point, part, revision),
    (job) => engine('metrics.pointIntervals', { job, run, protocol, point, part }),
    POINT_INTERVALS,
  );
}

export function useErrors(): Answer<TideErrors> {
  const { run, part, revision, isReady } = useSubject();
  return useAnswer(
    keyOf(isReady, run, part, revision),
    (job) => engine('metrics.errors', { job, run, part }),
    ERRORS,
  );
}

export function useErrorIntervals(): Answer<Readonly<Record<string, Interval | null>>> {
  const { run, part, revision, isReady } = useSubject();
  return useAnswer(
    keyOf(isReady, run, part, revision),
    (job) => engine('metrics.errorIntervals', { job, run, part }),
    ERROR_INTERVALS,
  );
}
