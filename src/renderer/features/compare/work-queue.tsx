/** The changed annotations, worked through one after another. */
import type { ReactNode } from 'react';
import { useEffect, useRef, useState } from 'react';
import type { ChangedAnnotation, RunComparison } from '../../../contract/metrics-view';
import type { Change } from '../../../core/metrics/analysis/changes';
import { ActionButton } from '../../app/action-button';
import { useAction } from '../../app/use-action';
import { useSession } from '../../state/session';
import { count } from '../../ui/number-text';
import { useScores } from '../scores/scores-state';
import { CHANGE_NAMES, totalOf } from './comparison-words';
import { PairCard } from './pair-card';
import type { Pair } from './use-comparison';
import type { Queue } from './use-queue';
import { useQueue } from './use-queue';

const QUEUED: readonly Change[] = ['broken', 'fixed', 'both-wrong'];
/** Rows from the end at which the next ones are fetched. */
const AHEAD = 12;

interface WorkQueueProps {
  readonly pair: Pair;
  readonly comparison: RunComparison | null;
}

export function WorkQueue({ pair, comparison }: WorkQueueProps): ReactNode {
  const changes = useScores((state) => state.changes);
  const change = useScores((state) => state.change);
  const queue = useQueue(pair, changes);
  const cursor = Math.min(
    useScores((state) => state.cursor),
    Math.max(0, queue.rows.length - 1),
  );
  const [isBlinking, setIsBlinking] = useState(false);
  const row = queue.rows[cursor];
  const open = useOpen(pair, queue);
  const move = (step: number) => {
    const next = Math.min(queue.rows.length - 1, Math.max(0, cursor + step));
    if (next > queue.rows.length - AHEAD) queue.more();
    setIsBlinking(false);
    change({ cursor: next });
  };
  useAction('compare.next', () => move(1), queue.rows.length > 0);
  useAction('compare.previous', () => move(-1), queue.rows.length > 0);
  useAction('compare.open', () => row && open(row), row !== undefined);
  useAction('compare.blink', () => setIsBlinking(!isBlinking), row !== undefined);
  useVerdicts(row ?? null, () => move(1));
  return (
    <section className="queue" aria-labelledby="queue-title" data-pane>
      <div className="queue-head">
        <h2 id="queue-title">Work queue</h2>
        <ChangeFilter comparison={comparison} />
        <span className="quiet caption-12">left A, right B; broken first, then by score</span>
        <span className="grow" />
        <span className="caption-12" data-testid="queue-total">
          <b>{queue.total === null ? '…' : count(queue.total)}</b> annotations
        </span>
        <ActionButton action="compare.open">Open as queue</ActionButton>
      </div>
      {queue.total === null ? null : queue.total === 0 ? (
        <p className="quiet queue-empty">
          {changes.length === 0
            ? 'Choose what the queue holds.'
            : 'No annotation of this kind. Move the confidence threshold, or choose another kind.'}
        </p>
      ) : (
        <Pairs
          queue={queue}
          cursor={cursor}
          isBlinking={isBlinking}
          onCursor={(place) => move(place - cursor)}
          onOpen={open}
        />
      )}
    </section>
  );
}

/** Opens the image with the annotation in sight; all images of the queue follow it. */
function useOpen(pair: Pair, queue: Queue): (row: ChangedAnnotation) => void {
  return (row) => {
    const { run, setRun, openImage, showFailure } = useSession.getState();
    if (run !== pair.first && run !== pair.second) setRun(pair.second);
    const focus = { annotation: row.annotation, prediction: null };
    queue.images().then((images) => openImage(row.image, { queue: images, focus }), showFailure);
  };
}

/** Verdicts on the annotation under the cursor. */
function useVerdicts(row: ChangedAnnotation | null, onward: () => void): void {
  const judge = async (status: 'dismissed' | 'to-do') => {
    if (!row) return;
    const { applyOperations } = useSession.getState();
    const done = await applyOperations([{ judge: { target: { annotation: row.annotation }, status } }]);
    if (done && status === 'dismissed') onward();
  };
  useAction('review.dismiss', () => judge('dismissed'), row !== null);
  useAction('review.clear', () => judge('to-do'), row !== null);
}

function ChangeFilter({ comparison }: { readonly comparison: RunComparison | null }): ReactNode {
  const changes = useScores((state) => state.changes);
  const change = useScores((state) => state.change);
  const toggle = (one: Change) =>
    change({
      changes: changes.includes(one) ? changes.filter((other) => other !== one) : [...changes, one],
      cursor: 0,
    });
  const shown: readonly Change[] = changes.includes('both-right') ? [...QUEUED, 'both-right'] : QUEUED;
  return (
    <div className="segmented" role="group" aria-label="What the queue holds">
      {shown.map((one) => (
        <button key={one} type="button" aria-pressed={changes.includes(one)} onClick={() => toggle(one)}>
          {CHANGE_NAMES[one]} {comparison ? count(totalOf(comparison.counts[one])) : ''}
        </button>
      ))}
    </div>
  );
}

interface PairsProps {
  readonly queue: Queue;
  readonly cursor: number;
  readonly isBlinking: boolean;
  readonly onCursor: (place: number) => void;
  readonly onOpen: (row: ChangedAnnotation) => void;
}

function Pairs({ queue, cursor, isBlinking, onCursor, onOpen }: PairsProps): ReactNode {
  const categories = useSession((session) => session.project?.categories) ?? [];
  const list = useRef<HTMLUListElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    // What is opened first stays at its top.
    if (!isFirst.current)
      list.current?.querySelector('[data-cursor=true]')?.scrollIntoView({ block: 'nearest' });
    isFirst.current = false;
  }, [cursor]);
  const { rows, more } = queue;
  const total = queue.total ?? 0;
  return (
    <>
      <ul
        ref={list}
        className="pairs"
        role="listbox"
        tabIndex={0}
        aria-label="Changed annotations"
        aria-activedescendant={`pair-${cursor}`}
        data-old={queue.isOld}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !rows[cursor]) return;
          event.preventDefault();
          onOpen(rows[cursor]);
        }}
      >
        {rows.map((row, place) => (
          <PairCard
            key={row.annotation}
            id={`pair-${place}`}
            row={row}
            className={categories.find(({ id }) => id === row.category)?.name ?? ''}
            isCursor={place === cursor}
            isBlinking={isBlinking && place === cursor}
            onPress={() => onCursor(place)}
            onOpen={() => onOpen(row)}
          />
        ))}
      </ul>
      {rows.length < total && (
        <button type="button" className="link queue-more" onClick={more}>
          Show more of the {count(total)}
        </button>
      )}
    </>
  );
}
