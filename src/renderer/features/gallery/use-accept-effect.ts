import { useEffect, useState } from 'react';
import type { Tile } from '../../../contract/view-types';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { acceptable } from './grid-operations';

/** As many as one preview takes. */
const MOST = 100;
/** A cursor that is held down passes many tiles: the one where it rests counts. */
const RESTS_AFTER = 120;

export interface AcceptEffect {
  readonly predictions: number;
  /** In the headline number. */
  readonly change: number;
}

/** What accepting the tiles' predictions would add; null where there is none to accept, or it is not known yet. */
export function useAcceptEffect(tiles: readonly Tile[]): AcceptEffect | null {
  const run = useSession((session) => session.run);
  const protocol = useSession((session) => session.protocol);
  const score = useSession((session) => session.score?.value ?? null);
  const [effect, setEffect] = useState<(AcceptEffect & { readonly of: string }) | null>(null);
  const predictions = acceptable(tiles).map(({ prediction }) => prediction!);
  const key = JSON.stringify([run, protocol, score, predictions]);
  const isAsked = run !== null && score !== null && predictions.length > 0 && predictions.length <= MOST;
  useEffect(() => {
    if (!isAsked) return;
    const [, , , asked] = JSON.parse(key) as [number, string, number, number[]];
    const operations = asked.map((prediction) => ({ accept: { run, prediction } }));
    let isCurrent = true;
    const timer = setTimeout(() => {
      engine('edit.preview', { operations, run, protocol }).then(
        ({ value }) => {
          if (isCurrent && value !== null)
            setEffect({ predictions: asked.length, change: value - score, of: key });
        },
        // A box that cannot be accepted (one without area) says so when it is tried.
        () => undefined,
      );
    }, RESTS_AFTER);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [isAsked, key, run, protocol, score]);
  return isAsked && effect?.of === key ? effect : null;
}
