/** Protocols side by side: the live ones at once, the others as a job, one after another as they come. */
import { useState } from 'react';
import type { PartOfSet, RunId } from '../../../contract/view-types';
import type { ProtocolColumn, ScoreIntervals } from '../../../contract/metrics-view';
import { LIVE_PROTOCOLS } from '../../../core/metrics/evaluation';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import type { ColumnKey } from '../scores/protocol-names';
import { columnOf } from '../scores/protocol-names';
import { useScores } from '../scores/scores-state';
import type { JobKind } from '../scores/use-answer';
import { useAnswer } from '../scores/use-answer';

const LIVE = { title: 'Protocols side by side', isQuick: true } as const;
const PROTOCOLS = { title: 'Protocols side by side' } as const;
const INTERVALS = { title: 'Intervals of the scores', waitsItsTurn: true } as const;

export interface ShownColumn {
  readonly key: ColumnKey;
  readonly column: ProtocolColumn | null;
  readonly intervals: ScoreIntervals | null;
  /** The number is of labels, a run or a part before these. */
  readonly isOld: boolean;
}

const isLive = (key: ColumnKey): boolean => LIVE_PROTOCOLS.some((protocol) => protocol === key);

/** Answers by column, each with what it was asked about. */
type Known<T> = ReadonlyMap<ColumnKey, { readonly about: string; readonly value: T }>;

function useEach<T>(
  about: string | null,
  keys: readonly ColumnKey[],
  ask: (key: ColumnKey, job: string) => Promise<T>,
  kind: JobKind | null,
): Known<T> {
  const [known, setKnown] = useState<Known<T>>(new Map());
  const question = about === null || keys.length === 0 ? null : `${about} ${keys.join(' ')}`;
  useAnswer(
    question,
    async (job) => {
      for (const key of keys) {
        const value = await ask(key, job);
        setKnown((before) => new Map(before).set(key, { about: about!, value }));
      }
    },
    kind,
  );
  return known;
}

/** `keys` in the order in which they are wanted first. */
export function useColumns(
  run: RunId | null,
  part: PartOfSet | null,
  keys: readonly ColumnKey[],
): ShownColumn[] {
  const revision = useSession((session) => session.revision);
  const about = run === null ? null : JSON.stringify([run, part, revision]);
  const asked = (key: ColumnKey, job: string) => {
    const { protocol, asTensorflow2ReportsIt } = columnOf(key);
    return { job, run: run ?? -1, protocol, asTensorflow2ReportsIt, part };
  };
  const column = (key: ColumnKey, job: string) => engine('metrics.protocol', asked(key, job));
  const live = useEach(about, keys.filter(isLive), column, LIVE);
  const others = useEach(
    about,
    keys.filter((key) => !isLive(key)),
    column,
    PROTOCOLS,
  );
  const intervals = useEach(
    about,
    keys,
    (key, job) => engine('metrics.intervals', asked(key, job)),
    INTERVALS,
  );
  return keys.map((key) => {
    const known = live.get(key) ?? others.get(key);
    const interval = intervals.get(key);
    return {
      key,
      column: known?.value ?? null,
      isOld: known !== undefined && known.about !== about,
      intervals: interval?.about === about ? interval.value : null,
    };
  });
}

/** The columns that are shown, and the chosen protocol's own. */
export function useShownColumns(): { readonly shown: ShownColumn[]; readonly own: ShownColumn } {
  const run = useSession((session) => session.run);
  const protocol = useSession((session) => session.protocol);
  const part = useScores((state) => state.part);
  const chosen = useScores((state) => state.columns);
  const all = useColumns(run, part, [protocol, ...chosen.filter((key) => key !== protocol)]);
  return { shown: chosen.map((key) => all.find((one) => one.key === key)!), own: all[0]! };
}
