/** The fix queue that is worked through, kept while other pages are looked at. */
import { create } from 'zustand';
import type { Operation } from '../../../contract/engine-calls';
import type { DismissalTarget, FixQueueView, FixState, FixView } from '../../../contract/fix-view';
import type { ImageKey, RunId } from '../../../contract/view-types';
import type { LiveProtocol } from '../../../core/metrics/evaluation';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import type { FixFilter } from './fix-walk';
import { NO_FILTER, reopened, shownPlaces, stepFrom } from './fix-walk';

export const LOOKING = 'Looking for labels to fix';

export interface Decision {
  readonly place: number;
  readonly what: 'accepted' | 'dismissed' | 'opened';
  /** What the score did; null where it was not to move. */
  readonly change: number | null;
}

interface FixesState {
  readonly queue: FixQueueView | null;
  /** What it was asked about: project, run and protocol. */
  readonly key: string | null;
  readonly isRunning: boolean;
  /** As they were when this window first had the queue. */
  readonly initial: readonly FixState[];
  readonly states: readonly FixState[];
  readonly filter: FixFilter;
  /** Place in the queue. */
  readonly cursor: number;
  readonly last: Decision | null;
  readonly isWhole: boolean;
}

const NOTHING = { queue: null, initial: [], states: [], cursor: 0, last: null };

export const useFixes = create<FixesState>()(() => ({
  ...NOTHING,
  key: null,
  isRunning: false,
  filter: NO_FILTER,
  isWhole: false,
}));

/** Names what the queue is of; null without a run. */
export function queueKey(path: string | null, run: RunId | null, protocol: LiveProtocol): string | null {
  return path === null || run === null ? null : JSON.stringify([path, run, protocol]);
}

function currentKey(): string | null {
  const { project, run, protocol } = useSession.getState();
  return queueKey(project?.path ?? null, run, protocol);
}

/** Shows the queue, of one kind where one is asked for. */
export function openQueue(kind: FixFilter['kind']): void {
  const { filter } = useFixes.getState();
  if (kind !== null) useFixes.setState({ filter: { ...filter, kind, shows: 'open' }, last: null });
  useSession.getState().setSection('fixes');
}

/** Makes the queue of the run that is shown. `isAgain`: although one is known. */
export async function findFixes(isAgain: boolean): Promise<void> {
  const { run, protocol, runJob } = useSession.getState();
  const key = currentKey();
  if (key === null || run === null || useFixes.getState().isRunning) return;
  useFixes.setState({ isRunning: true, key, ...(isAgain ? {} : NOTHING) });
  const queue = await runJob(LOOKING, (job) => engine('fixes.find', { job, run, protocol, again: isAgain }));
  useFixes.setState({
    isRunning: false,
    ...(queue && currentKey() === key
      ? { ...NOTHING, queue, initial: queue.states, states: queue.states }
      : {}),
  });
}

/** Asks what has become of the suspects: labels change elsewhere too, and decisions are taken back. */
export async function refreshStates(): Promise<void> {
  const { queue, key } = useFixes.getState();
  if (!queue) return;
  const states = await engine('fixes.states', { run: queue.run, protocol: queue.protocol });
  const now = useFixes.getState();
  if (!states || now.queue !== queue || now.key !== key) return;
  const back = reopened(now.states, states);
  useFixes.setState({ states, ...(back === null ? {} : { cursor: back, last: null }) });
}

function operationOf(fix: FixView, run: RunId): Operation {
  const { kind, annotation, newCategory, newBox, seen } = fix;
  switch (kind) {
    case 'missing':
      return { accept: { run, prediction: seen!.prediction } };
    case 'extra':
    case 'duplicated':
      return { delete: { annotation: annotation! } };
    case 'wrong-class':
      return { change: { annotation: annotation!, category: newCategory! } };
    case 'badly-placed':
      return { change: { annotation: annotation!, box: [...newBox!] } };
  }
}

/** Makes the change, shows what it did to the score, and goes on. */
export async function acceptFix(place: number): Promise<void> {
  const { queue } = useFixes.getState();
  const fix = queue?.fixes[place];
  if (!queue || !fix) return;
  const done = await useSession.getState().applyOperations([operationOf(fix, queue.run)]);
  if (done) decided({ place, what: 'accepted', change: done.score?.editChange ?? null }, 'done');
}

/** Remembers in the project that the label is right (or that nothing is to be labelled), and goes on. */
export async function dismissFix(place: number): Promise<void> {
  const { queue } = useFixes.getState();
  const fix = queue?.fixes[place];
  if (!queue || !fix) return;
  const target: DismissalTarget =
    fix.annotation === null
      ? { run: queue.run, prediction: fix.seen!.prediction }
      : { annotation: fix.annotation };
  if (await judge([target], 'dismissed')) decided({ place, what: 'dismissed', change: null }, 'dismissed');
}

/** Brings a dismissed suspect back. */
export async function reopenFix(place: number): Promise<void> {
  const { queue } = useFixes.getState();
  if (!queue) return;
  const { run, protocol } = queue;
  const targets = await engine('fixes.dismissals', { run, protocol, place });
  if (!(await judge(targets, 'to-do'))) return;
  useFixes.setState({
    states: useFixes.getState().states.with(place, 'open'),
    cursor: place,
    last: { place, what: 'opened', change: null },
  });
}

async function judge(targets: readonly DismissalTarget[], status: 'dismissed' | 'to-do'): Promise<boolean> {
  if (targets.length === 0) return false;
  const operations = targets.map((target): Operation => ({ judge: { target, status } }));
  return (await useSession.getState().applyOperations(operations)) !== null;
}

function decided(last: Decision, state: FixState): void {
  const { queue, states, filter } = useFixes.getState();
  const now = states.with(last.place, state);
  const shown = shownPlaces(queue?.fixes ?? [], now, { ...filter, shows: 'open' });
  useFixes.setState({ states: now, last, cursor: stepFrom(shown, last.place, 1) ?? last.place });
}

/** Opens the image of a suspect; those of the others that are shown follow it. */
export function openFix(place: number): void {
  const { queue, states, filter } = useFixes.getState();
  const fix = queue?.fixes[place];
  if (!queue || !fix) return;
  const places = shownPlaces(queue.fixes, states, filter);
  const images: ImageKey[] = [...new Set([fix.image, ...places.map((one) => queue.fixes[one]!.image)])];
  const focus =
    fix.annotation === null
      ? { annotation: null, prediction: fix.seen!.prediction }
      : { annotation: fix.annotation, prediction: null };
  useSession.getState().openImage(fix.image, { queue: images, focus });
}
