/** The changed annotations as a list that comes in windows. */
import { useState } from 'react';
import type { ImageKey } from '../../../contract/view-types';
import type { ChangedAnnotation } from '../../../contract/metrics-view';
import type { Change } from '../../../core/metrics/analysis/changes';
import { engine } from '../../state/engine-client';
import { useAnswer } from '../scores/use-answer';
import type { Pair } from './use-comparison';
import { useQuestion } from './use-comparison';

const WINDOW = 48;
/** Most rows of one call. */
const MOST = 500;

export interface Queue {
  /** null until the first answer. */
  readonly total: number | null;
  readonly rows: readonly ChangedAnnotation[];
  readonly isOld: boolean;
  /** Fetches further rows where there are any. */
  readonly more: () => void;
  /** Images of the whole queue in its order, each once. */
  readonly images: () => Promise<readonly ImageKey[]>;
}

export function useQueue(pair: Pair, changes: readonly Change[]): Queue {
  const { asked, point, revision } = useQuestion(pair);
  const about = JSON.stringify([asked, point, changes]);
  // Another question starts with its first window again.
  const [reached, setReached] = useState({ about, count: WINDOW });
  const count = reached.about === about ? reached.count : WINDOW;
  const rowsUpTo = async (end: number): Promise<{ total: number; rows: ChangedAnnotation[] }> => {
    const ask = (from: number) =>
      engine('compare.queue', { ...asked, point, changes, from, count: Math.min(MOST, end - from) });
    const { total, rows } = await ask(0);
    while (rows.length < Math.min(total, end)) rows.push(...(await ask(rows.length)).rows);
    return { total, rows };
  };
  const { value, isOld } = useAnswer(`${about} ${revision} ${count}`, () => rowsUpTo(count));
  const total = value?.total ?? 0;
  return {
    total: value?.total ?? null,
    rows: value?.rows ?? [],
    isOld,
    more: () => setReached({ about, count: count < total ? count + WINDOW : count }),
    images: async () => [...new Set((await rowsUpTo(total)).rows.map(({ image }) => image))],
  };
}
