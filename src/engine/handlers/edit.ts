import type { Handlers } from '../../contract/call';
import type { EngineCalls, Operation } from '../../contract/engine-calls';
import type { EditAcknowledged, HistoryEntry } from '../../contract/view-types';
import type { LiveProtocol } from '../../core/metrics/evaluation';
import type { EngineState } from '../engine-state';
import { backUpBeforeBulk } from '../project/safeguards';
import type { ProjectData } from '../project/project-data';
import type { StepOutcome } from '../project/session';
import type { RecordChange } from '../store/records';

type Shown = { readonly run: number; readonly protocol: LiveProtocol } | null;

const WORDS: Readonly<Record<string, string>> = {
  add: 'Draw',
  change: 'Change',
  delete: 'Delete',
  accept: 'Accept',
  replace: 'Replace',
  review: 'Review',
  judge: 'Judge',
  renameCategory: 'Rename a class',
};

const the = (values: readonly string[]): string | null => (new Set(values).size === 1 ? values[0]! : null);

/** A step in the words of the history: what was done, and the class and the image where it was one. */
export function labelOf(
  operations: readonly Operation[],
  changes: readonly RecordChange[],
  { images, indexOfImage, categories, indexOfCategory }: ProjectData,
): string {
  const kinds = [...new Set(operations.map((operation) => WORDS[Object.keys(operation)[0]!]!))];
  const what = operations.length > 1 ? `${kinds.join(', ')} (${operations.length})` : kinds.join('');
  const records = changes.flatMap((change) =>
    change.table === 'annotations' ? [(change.after ?? change.before)!] : [],
  );
  const className = the(records.map(({ category }) => categories[indexOfCategory.get(category)!]!.name));
  const reviewed = changes.flatMap((change) => (change.table === 'review' ? [change.key] : []));
  const keys = [...records.map(({ image }) => image), ...reviewed];
  const image = the(keys.map((key) => images[indexOfImage.get(key)!]!.fileName));
  return [what, ...(className === null ? [] : [className]), ...(image === null ? [] : [`on ${image}`])].join(
    ' ',
  );
}

export function editHandlers(
  state: EngineState,
): Pick<Handlers<EngineCalls>, 'edit.apply' | 'edit.preview' | 'edit.undo' | 'edit.redo' | 'history.page'> {
  const { context, project } = state;

  const perform = (
    shown: Shown,
    work: (scored: { runs: number[]; protocols: LiveProtocol[] }) => StepOutcome | null,
  ): EditAcknowledged | null => {
    const { session } = project.current();
    if (shown) project.beforeEdit(shown.run, shown.protocol);
    const outcome = work(
      shown ? { runs: [shown.run], protocols: [shown.protocol] } : { runs: [], protocols: [] },
    );
    if (!outcome) return null;
    project.revision++;
    const acknowledged: EditAcknowledged = {
      step: outcome.step,
      savedAt: outcome.time,
      ...annotationsOf(outcome),
      images: outcome.images,
      label: outcome.label,
      score: shown && project.afterEdit(shown.run, shown.protocol, outcome),
      canUndo: session.log.undoable.length,
      canRedo: session.log.redoable.length,
      undoEmpties: session.undoEmpties,
    };
    const isStructural = outcome.changes.some(
      ({ table }) => table === 'truth' || table === 'runs' || table === 'categories',
    );
    if (isStructural) state.projectChanged();
    context.emit('score.changed', { images: outcome.images });
    return acknowledged;
  };

  return {
    'edit.apply': async ({ operations, shown }) => {
      const { session } = project.current();
      await backUpBeforeBulk(session, operations.length, (text) => context.log(text));
      return perform(shown, (scored) =>
        project
          .current()
          .session.apply(
            operations,
            context.author,
            (changes) => labelOf(operations, changes, session.data),
            scored,
          ),
      )!;
    },
    'edit.preview': ({ operations, run, protocol }) => ({
      value: project.current().session.preview(operations, run, protocol),
    }),
    'edit.undo': ({ shown }) =>
      perform(shown, (scored) => project.current().session.undo(context.author, scored)),
    'edit.redo': ({ shown }) =>
      perform(shown, (scored) => project.current().session.redo(context.author, scored)),
    'history.page': ({ before, count }) => {
      const { log } = project.current().session;
      const undone = new Set(log.redoable);
      return log
        .page(before, count)
        .map(({ step, time, author, action, label, of, scores }): HistoryEntry => ({
          step,
          time,
          author,
          action,
          label,
          of,
          isUndone: undone.has(step),
          scores: scores.map(({ run, metric, before: old, after }) => ({ run, metric, before: old, after })),
        }));
    },
  };
}

/** Ids of annotations by what became of them. */
export function annotationsOf({ changes }: Pick<StepOutcome, 'changes'>): {
  added: number[];
  changed: number[];
  deleted: number[];
} {
  const ids = { added: [] as number[], changed: [] as number[], deleted: [] as number[] };
  for (const change of changes) {
    if (change.table !== 'annotations') continue;
    if (change.before === null) ids.added.push(change.key);
    else if (change.after === null) ids.deleted.push(change.key);
    else ids.changed.push(change.key);
  }
  return ids;
}
