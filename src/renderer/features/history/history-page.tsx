/** Every step that the project has taken, newest first; undo and redo are steps too. */
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import type { HistoryEntry } from '../../../contract/view-types';
import { ActionButton } from '../../app/action-button';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { clock, difference, score } from '../../ui/number-text';
import '../metrics/metrics.css';

const PAGE = 200;
const ACTION_WORDS: Readonly<Record<HistoryEntry['action'], string>> = {
  import: 'Import',
  edit: 'Edit',
  undo: 'Undo',
  redo: 'Redo',
  merge: 'Merge',
  repair: 'Repair',
};

export function HistoryPage(): ReactNode {
  const revision = useSession((session) => session.revision);
  const [entries, setEntries] = useState<readonly HistoryEntry[]>([]);
  useEffect(() => {
    let isCurrent = true;
    engine('history.page', { before: null, count: PAGE }).then(
      (page) => isCurrent && setEntries(page),
      (error: unknown) => useSession.getState().showFailure(error),
    );
    return () => {
      isCurrent = false;
    };
  }, [revision]);
  const more = async () => {
    const last = entries.at(-1);
    if (last) setEntries([...entries, ...(await engine('history.page', { before: last.step, count: PAGE }))]);
  };
  return (
    <div className="history" data-pane>
      <div className="row">
        <h1>History</h1>
        <span className="grow" />
        <ActionButton action="edit.undo" showsKey />
        <ActionButton action="edit.redo" showsKey />
      </div>
      <p className="quiet">
        Every step is kept, with who made it and what it did to the score. What is struck through was undone.
      </p>
      <table data-testid="history">
        <thead>
          <tr>
            <th className="number">Step</th>
            <th>Time</th>
            <th>By</th>
            <th>What</th>
            <th className="number">Score</th>
            <th className="number">Change</th>
          </tr>
        </thead>
        <tbody>
          {entries.map(({ step, time, author, action, label, of, isUndone, scores: [first] }) => (
            <tr key={step} data-undone={isUndone}>
              <td className="number">{step}</td>
              <td>
                {new Date(time).toLocaleDateString('en-GB')} {clock(time)}
              </td>
              <td>{author}</td>
              <td>
                {action === 'edit' || action === 'import'
                  ? label
                  : `${ACTION_WORDS[action]} step ${of ?? ''}: ${label}`}
              </td>
              <td className="number">{first ? `${first.metric} ${score(first.after, 4)}` : ''}</td>
              <td className="number">
                {first && first.before !== null && first.after !== null
                  ? difference(first.after - first.before)
                  : ''}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {entries.length > 0 && entries.at(-1)!.step > 1 && (
        <button type="button" className="button" onClick={() => void more()}>
          Show older
        </button>
      )}
    </div>
  );
}
