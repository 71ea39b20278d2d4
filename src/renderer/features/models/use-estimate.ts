/** How long a run would take: tried on a few images by itself where that is cheap, and anew when its settings change. */
import { useEffect, useState } from 'react';
import type { ArgumentsOf } from '../../../contract/call';
import type { EngineCalls } from '../../../contract/engine-calls';
import type { ModelEstimate } from '../../../contract/model-calls';
import { asCallError } from '../../state/call-failure';
import { engine } from '../../state/engine-client';
import { withoutFlags } from '../../ui/without-flags';

/** Loading a larger model takes time and memory that nobody asked for yet. */
const CHEAP_BYTES = 300e6;
/** So long nothing may change before it is tried: settings are typed. */
const SETTLED_AFTER_MS = 400;

export type EstimateRequest = Omit<ArgumentsOf<EngineCalls['models.estimate']>, 'job'>;

export type EstimateState =
  | { readonly kind: 'none' | 'trying' }
  | { readonly kind: 'known'; readonly estimate: ModelEstimate }
  /** A run would meet the same. */
  | { readonly kind: 'failed'; readonly message: string };

export interface Estimating {
  readonly state: EstimateState;
  readonly tryNow: () => void;
  readonly stop: () => void;
}

const NONE: EstimateState = { kind: 'none' };
let lastTry = 0;

async function ask(job: string, request: EstimateRequest): Promise<EstimateState> {
  try {
    return { kind: 'known', estimate: await engine('models.estimate', { job, ...request }) };
  } catch (error) {
    const { kind, message, next } = asCallError(error);
    return kind === 'cancelled' ? NONE : { kind: 'failed', message: withoutFlags(`${message} ${next}`) };
  }
}

/**
 * `request`: null where nothing can be run. `isBusy`: while a run goes on nothing is tried: it would be slower for it, and
 * the time would be wrong.
 */
export function useEstimate(request: EstimateRequest | null, bytes: number, isBusy: boolean): Estimating {
  const asked = JSON.stringify(request);
  const [known, setKnown] = useState<{ readonly of: string; readonly state: EstimateState } | null>(null);
  /** The user's word on this very question: to try it, or to leave it. */
  const [word, setWord] = useState<{ readonly of: string; readonly isTry: boolean } | null>(null);
  const state = known?.of === asked ? known.state : NONE;
  const isAllowed = word?.of === asked ? word.isTry : bytes <= CHEAP_BYTES;
  const isWanted = request !== null && !isBusy && isAllowed && state.kind !== 'known';

  useEffect(() => {
    if (!isWanted) return;
    const job = `estimate-${++lastTry}`;
    let isCurrent = true;
    const timer = setTimeout(() => {
      setKnown({ of: asked, state: { kind: 'trying' } });
      void ask(job, JSON.parse(asked) as EstimateRequest).then(
        (answer) => isCurrent && setKnown({ of: asked, state: answer }),
      );
    }, SETTLED_AFTER_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
      void engine('job.cancel', { job }).catch(() => undefined);
      setKnown((now) => (now?.state.kind === 'trying' ? null : now));
    };
  }, [asked, isWanted, word]);

  return {
    state,
    tryNow: () => setWord({ of: asked, isTry: true }),
    stop: () => setWord({ of: asked, isTry: false }),
  };
}
