/** The fix queue: suspect labels one after another, what each is worth, one key to mend it and one to leave it. */
import { RefreshCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { useEffect, useMemo } from 'react';
import type { FixQueueView } from '../../../contract/fix-view';
import { SUGGESTION_KINDS } from '../../../core/label-quality/label-error';
import { ActionButton } from '../../app/action-button';
import { useAction } from '../../app/use-action';
import type { ClassName } from '../../state/class-name';
import { useClassName } from '../../state/class-name';
import { useSession } from '../../state/session';
import { NoRun } from '../start/no-run';
import { JobProgress } from '../../ui/job-progress';
import { clock, count, difference } from '../../ui/number-text';
import { Segmented } from '../../ui/segmented';
import { Select } from '../../ui/select';
import { FixDesk } from './fix-desk';
import { FixList } from './fix-list';
import type { FixFilter } from './fix-walk';
import { placeAt, progressOf, shownPlaces, stepFrom } from './fix-walk';
import { KIND_NAMES } from './fix-words';
import {
  acceptFix,
  dismissFix,
  findFixes,
  LOOKING,
  openFix,
  queueKey,
  refreshStates,
  reopenFix,
  useFixes,
} from './fixes-state';
import { GainChart } from './gain-chart';
import './fixes.css';

export function FixesPage(): ReactNode {
  const run = useSession((session) => session.run);
  const protocol = useSession((session) => session.protocol);
  const path = useSession((session) => session.project?.path ?? null);
  const { queue, key, isRunning } = useFixes();
  const question = queueKey(path, run, protocol);
  useEffect(() => {
    if (question !== null && question !== key && !isRunning) void findFixes(false);
  }, [question, key, isRunning]);
  useStates();
  useAction('fixes.find', () => findFixes(true), run !== null && !isRunning);
  if (run === null)
    return (
      <NoRun
        title="No predictions yet"
        reason="What a model sees is held against the labels. Take one that was not trained on these images."
      />
    );
  if (!queue)
    return (
      <div className="empty">
        <h2>{isRunning ? 'Looking for labels to fix' : 'Not looked for yet'}</h2>
        <p>
          Every label is held against what the model sees, and every change is tried on a copy to see what it
          would gain.
        </p>
        {isRunning ? <JobProgress title={LOOKING} /> : <ActionButton action="fixes.find" isPrimary />}
      </div>
    );
  return queue.fixes.length === 0 ? <NothingFound /> : <Queue queue={queue} />;
}

/** Follows labels and verdicts that change here, by undo, or on another page. */
function useStates(): void {
  const revision = useSession((session) => session.revision);
  useEffect(() => {
    refreshStates().catch(useSession.getState().showFailure);
  }, [revision]);
}

function NothingFound(): ReactNode {
  return (
    <div className="empty">
      <h2>No label is suspect</h2>
      The model and the labels agree as far as they can.
      <ActionButton action="fixes.find" />
    </div>
  );
}

function Queue({ queue }: { readonly queue: FixQueueView }): ReactNode {
  const { states, initial, filter, cursor, last, isWhole } = useFixes();
  const score = useSession((session) => session.score);
  const className = useClassName();
  const shown = useMemo(() => shownPlaces(queue.fixes, states, filter), [queue, states, filter]);
  const place = placeAt(shown, cursor);
  useQueueActions(shown, place);
  const soFar =
    score?.run === queue.run && score.value !== null && queue.score !== null
      ? score.value - queue.score
      : null;
  const progress = progressOf(queue, initial, states);
  return (
    <div className="fixes">
      <div className="fixes-main" data-pane>
        <header>
          <div className="grow">
            <h1>Fix queue</h1>
            <p className="answer" data-testid="fix-progress">
              <b>
                {count(progress.decided)} of {count(progress.total)}
              </b>{' '}
              above the line decided{soFar === null ? '' : `; ${difference(soFar)} so far`}.{' '}
              <span className="quiet">{leftWords(progress.left, progress.total - progress.decided)}</span>
            </p>
          </div>
        </header>
        {!queue.isTrusted && <Distrust foundShare={queue.foundShare} />}
        {place === null ? (
          <AllDecided filter={filter} />
        ) : (
          <FixDesk
            key={place}
            fix={queue.fixes[place]!}
            state={states[place]!}
            isBelow={place >= queue.stop}
            isWhole={isWhole}
            className={className}
          />
        )}
        <p className="fix-last" role="status" data-testid="fix-last">
          {last && lastWords(last)}
        </p>
      </div>
      <aside className="fixes-side" data-pane aria-label="The queue">
        <GainChart queue={queue} states={states} cursor={place} />
        <p className="quiet caption-12">
          Expected gain of each decision. Behind the line all decisions together are expected to gain less
          than one standard error of the score
          {queue.standardError === null ? '' : `, ${queue.standardError.toFixed(4)}`}.
        </p>
        <Filters queue={queue} filter={filter} className={className} />
        <FixList
          queue={queue}
          states={states}
          shown={shown}
          cursor={place}
          className={className}
          onChoose={(chosen) => useFixes.setState({ cursor: chosen, last: null })}
        />
        <div className="row quiet caption-12">
          <span className="grow">
            {count(shown.length)} shown, made at {clock(queue.madeAt)}
          </span>
          <ActionButton action="fixes.find">
            <RefreshCw size={14} aria-hidden="true" /> Again
          </ActionButton>
        </div>
      </aside>
    </div>
  );
}

function useQueueActions(shown: readonly number[], place: number | null): void {
  const state = useFixes(({ states }) => (place === null ? null : states[place]));
  const isOpen = state === 'open';
  const move = (by: 1 | -1) =>
    useFixes.setState({ cursor: stepFrom(shown, place!, by) ?? place!, last: null });
  useAction('fixes.next', () => move(1), place !== null && shown.length > 1);
  useAction('fixes.previous', () => move(-1), place !== null && shown.length > 1);
  useAction('fixes.accept', () => acceptFix(place!), isOpen);
  useAction('box.accept', () => acceptFix(place!), isOpen);
  useAction('review.dismiss', () => dismissFix(place!), isOpen);
  useAction('review.clear', () => reopenFix(place!), state === 'dismissed');
  useAction('fixes.open', () => openFix(place!), place !== null);
  useAction('fixes.whole', () => useFixes.setState(({ isWhole }) => ({ isWhole: !isWhole })), place !== null);
}

const leftWords = (left: number, decisions: number): string =>
  decisions === 0
    ? 'What is left is under the noise.'
    : `Expected from the ${count(decisions)} left: ${difference(left)}.`;

function lastWords({ what, change }: NonNullable<ReturnType<typeof useFixes.getState>['last']>): string {
  if (what === 'dismissed') return 'Dismissed. The project remembers it; the score stays.';
  if (what === 'opened') return 'It is open again.';
  return change === null ? 'Mended.' : `Mended: the score moved by ${difference(change)}.`;
}

function Distrust({ foundShare }: { readonly foundShare: number }): ReactNode {
  return (
    <p className="fix-distrust" role="note">
      The model finds {Math.round(foundShare * 100)} % of the labels, so its word about the others counts for
      little. Look at <ActionButton action="view.causes" isLink /> first: where the bookkeeping is wrong, what
      follows is wrong too.
    </p>
  );
}

function AllDecided({ filter }: { readonly filter: FixFilter }): ReactNode {
  const isFiltered = filter.kind !== null || filter.category !== null;
  const change = (next: Partial<FixFilter>) => useFixes.setState({ filter: { ...filter, ...next } });
  return (
    <div className="empty">
      <h2>{filter.shows === 'dismissed' ? 'Nothing is dismissed' : 'Nothing is left here'}</h2>
      {filter.shows === 'dismissed'
        ? 'What you dismiss is kept here, and can be brought back.'
        : 'Make the queue again: what was mended tells more about the rest.'}
      <div className="row">
        {isFiltered && (
          <button type="button" className="button" onClick={() => change({ kind: null, category: null })}>
            Show all kinds and classes
          </button>
        )}
        <ActionButton action="fixes.find" />
      </div>
    </div>
  );
}

/** Radix's menus take no null. */
const ALL = 'all';

function Filters({
  queue,
  filter,
  className,
}: {
  readonly queue: FixQueueView;
  readonly filter: FixFilter;
  readonly className: ClassName;
}): ReactNode {
  const change = (next: Partial<FixFilter>) =>
    useFixes.setState({ filter: { ...filter, ...next }, last: null });
  const kinds = SUGGESTION_KINDS.filter((kind) => queue.fixes.some((fix) => fix.kind === kind));
  const classes = [
    ...new Set(queue.fixes.flatMap(({ category, newCategory }) => [category, newCategory ?? category])),
  ].sort((a, b) => a - b);
  return (
    <div className="fix-filters">
      <Select
        label="Kind"
        value={filter.kind ?? ALL}
        options={[
          { value: ALL, label: 'All kinds' },
          ...kinds.map((kind) => ({ value: kind, label: KIND_NAMES[kind] })),
        ]}
        onChange={(kind) => change({ kind: kind === ALL ? null : kind })}
      />
      <Select
        label="Class"
        value={filter.category === null ? ALL : String(filter.category)}
        options={[
          { value: ALL, label: 'All classes' },
          ...classes.map((id) => ({ value: String(id), label: className(id) })),
        ]}
        onChange={(id) => change({ category: id === ALL ? null : Number(id) })}
      />
      <Segmented
        label="Which are shown"
        value={filter.shows}
        options={[
          { value: 'open', label: 'Open' },
          { value: 'dismissed', label: 'Dismissed' },
          { value: 'all', label: 'All' },
        ]}
        onChange={(shows) => change({ shows })}
      />
    </div>
  );
}
