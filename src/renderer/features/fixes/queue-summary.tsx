/** The fix queue on the Causes page: what it holds, where it is known, and the way there. */
import type { ReactNode } from 'react';
import { ActionButton } from '../../app/action-button';
import { useSession } from '../../state/session';
import { count, difference } from '../../ui/number-text';
import { progressOf } from './fix-walk';
import { queueKey, useFixes } from './fixes-state';
import { GainChart } from './gain-chart';
import './fixes.css';

export function QueueSummary(): ReactNode {
  const path = useSession((session) => session.project?.path ?? null);
  const run = useSession((session) => session.run);
  const protocol = useSession((session) => session.protocol);
  const { queue, key, initial, states } = useFixes();
  const isKnown = queue !== null && key === queueKey(path, run, protocol) && queue.fixes.length > 0;
  const { total, decided, left } = isKnown
    ? progressOf(queue, initial, states)
    : { total: 0, decided: 0, left: 0 };
  return (
    <section className="queue-summary" aria-labelledby="queue-summary-title">
      <h2 id="queue-summary-title">Fix queue</h2>
      <p className="quiet caption-12">
        {isKnown
          ? `${count(decided)} of ${count(total)} decisions above the line are made; the others are expected to gain ${difference(left)}.`
          : 'Suspect labels one after another, by what mending each is expected to gain; one key mends, one dismisses.'}
      </p>
      {isKnown && <GainChart queue={queue} states={states} cursor={null} />}
      <div>
        <ActionButton action="causes.fix" showsKey />
      </div>
    </section>
  );
}
