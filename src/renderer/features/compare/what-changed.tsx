/** Annotations by what both runs make of them. */
import type { ReactNode } from 'react';
import type { RunComparison } from '../../../contract/metrics-view';
import type { Change } from '../../../core/metrics/analysis/changes';
import { useSession } from '../../state/session';
import { count } from '../../ui/number-text';
import { BoxesButton } from '../scores/boxes-button';
import { FALSE_OUTCOMES } from '../scores/open-boxes';
import { useScores } from '../scores/scores-state';
import type { Answer } from '../scores/use-answer';
import { chanceText, classCounts, leastGain, totalOf } from './comparison-words';
import type { Pair } from './use-comparison';

const WORDS: Readonly<Record<Change, string>> = {
  'both-right': 'both right',
  broken: 'broken',
  fixed: 'fixed',
  'both-wrong': 'both wrong',
};

interface WhatChangedProps {
  readonly pair: Pair;
  readonly comparison: Answer<RunComparison>;
}

export function WhatChanged({ pair, comparison }: WhatChangedProps): ReactNode {
  const point = useSession((session) => session.point);
  const categories = useSession((session) => session.project?.categories) ?? [];
  const { value, isOld } = comparison;
  if (!value) return null;
  const total = Object.values(value.counts).reduce((sum, counts) => sum + totalOf(counts), 0);
  const [first, second] = value.falsePositives;
  return (
    <>
      <h2 id="changed-title">What changed for {count(total)} annotations</h2>
      <p className="quiet caption-12">
        found at IoU {point.iou.toFixed(2)}, confidence {point.score.toFixed(2)}
      </p>
      <table className="transitions" aria-labelledby="changed-title" data-old={isOld}>
        <thead>
          <tr>
            <td />
            <th scope="col">B finds it</th>
            <th scope="col">B misses it</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">A finds it</th>
            <ChangeCell change="both-right" comparison={value} />
            <ChangeCell change="broken" comparison={value} />
          </tr>
          <tr>
            <th scope="row">A misses it</th>
            <ChangeCell change="fixed" comparison={value} />
            <ChangeCell change="both-wrong" comparison={value} />
          </tr>
        </tbody>
      </table>
      <p className="caption-12 changed-words">
        False detections: A <FalseDetections run={pair.first} letter="A" number={first} />, B{' '}
        <FalseDetections run={pair.second} letter="B" number={second} />. McNemar on fixed against broken:{' '}
        <span className="number">{chanceText(value.chance)}</span>. {leastGain(value, categories)}
      </p>
    </>
  );
}

function FalseDetections({
  run,
  letter,
  number,
}: {
  readonly run: number;
  readonly letter: string;
  readonly number: number;
}): ReactNode {
  return (
    <BoxesButton
      label={`the ${number} false detections of ${letter}`}
      wanted={{ outcomes: FALSE_OUTCOMES, behind: { of: 'predictions' }, run }}
    >
      {count(number)}
    </BoxesButton>
  );
}

/** Opens in the queue below. */
function ChangeCell({
  change,
  comparison,
}: {
  readonly change: Change;
  readonly comparison: RunComparison;
}): ReactNode {
  const categories = useSession((session) => session.project?.categories) ?? [];
  const changes = useScores((state) => state.changes);
  const set = useScores((state) => state.change);
  const counts = comparison.counts[change];
  const isAlone = changes.length === 1 && changes[0] === change;
  return (
    <td data-alone={isAlone}>
      <button
        type="button"
        aria-pressed={isAlone}
        title="Show them in the work queue"
        onClick={() => set({ changes: [change], cursor: 0 })}
      >
        <span>
          <b>{count(totalOf(counts))}</b> {WORDS[change]}
        </span>
        <span className="quiet">{classCounts(counts, categories)}</span>
      </button>
    </td>
  );
}
