/** The two runs, and what the engine says of them. */
import { useMemo } from 'react';
import type { RunId, RunSummary } from '../../../contract/view-types';
import type { MetricDifference, RunComparison } from '../../../contract/metrics-view';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { useScores } from '../scores/scores-state';
import type { Answer } from '../scores/use-answer';
import { useAnswer } from '../scores/use-answer';

const INTERVALS = { title: 'Intervals of the differences', waitsItsTurn: true } as const;

export interface Pair {
  readonly first: RunId;
  readonly second: RunId;
}

/** Those chosen, else the run that is shown against the latest other; null with fewer than two. */
export function usePair(): Pair | null {
  const runs = useSession((session) => session.project?.runs);
  const run = useSession((session) => session.run);
  const chosen = useScores((state) => state.pair);
  return useMemo(() => choosePair(runs ?? [], run, chosen), [runs, run, chosen]);
}

function choosePair(
  runs: readonly RunSummary[],
  run: RunId | null,
  chosen: readonly [RunId, RunId] | null,
): Pair | null {
  if (runs.length < 2) return null;
  const isThere = (id: RunId): boolean => runs.some((one) => one.id === id);
  if (chosen?.every(isThere)) return { first: chosen[0], second: chosen[1] };
  const second = run ?? runs.at(-1)!.id;
  return { first: runs.filter(({ id }) => id !== second).at(-1)!.id, second };
}

/** What every question about a pair depends on. */
export function useQuestion({ first, second }: Pair) {
  const protocol = useSession((session) => session.protocol);
  const point = useSession((session) => session.point);
  const part = useScores((state) => state.part);
  const revision = useSession((session) => session.revision);
  return { asked: { first, second, protocol, part }, point, revision };
}

export interface Comparison {
  readonly comparison: Answer<RunComparison>;
  /** With intervals where they are made. */
  readonly differences: readonly MetricDifference[];
}

export function useComparison(pair: Pair): Comparison {
  const { asked, point, revision } = useQuestion(pair);
  const comparison = useAnswer(JSON.stringify([asked, point, revision]), () =>
    engine('compare.runs', { ...asked, point }),
  );
  const intervals = useAnswer(
    JSON.stringify([asked, revision]),
    (job) => engine('compare.intervals', { job, ...asked }),
    INTERVALS,
  );
  const known = intervals.isOld ? null : intervals.value;
  return { comparison, differences: known ?? comparison.value?.differences ?? [] };
}
