/** Project, save state, run and protocol on the left; the score, which never moves, and undo on the right. */
import { Check, ChevronDown, CircleAlert, Crosshair, LoaderCircle, Redo2, Search, Undo2 } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import type { ActionId } from '../../contract/actions';
import { ACTIONS } from '../../contract/actions';
import type { LiveProtocol } from '../../core/metrics/evaluation';
import { useSession } from '../state/session';
import { Kbd } from '../ui/kbd';
import { clock, difference, score as scoreText } from '../ui/number-text';
import { Select } from '../ui/select';
import { ActionButton } from './action-button';
import { runAction, useActions } from './use-action';

const PROTOCOL_NAMES: Readonly<Record<LiveProtocol, string>> = {
  coco: 'COCO · AP@[.50:.95]',
  voc2007: 'VOC 2007 · mAP@.50',
  voc2012: 'VOC 2012 · mAP@.50',
};
const PROJECT_ACTIONS: readonly ActionId[] = [
  'project.new',
  'project.open',
  'project.openSample',
  'import.folder',
  'import.run',
  'project.saveCopy',
  'images.relink',
  'runs.manage',
  'categories.manage',
  'project.close',
];

export function TopBar(): ReactNode {
  const project = useSession((session) => session.project);
  return (
    <header className="topbar">
      <span className="mark">
        <Crosshair size={20} aria-hidden="true" />
      </span>
      {project ? <ProjectBar /> : <span className="app-name">Reticle</span>}
    </header>
  );
}

function ProjectBar(): ReactNode {
  return (
    <>
      <ProjectMenu />
      <SaveState />
      <span className="separator" />
      <RunAndProtocol />
      <div className="topbar-end">
        <LiveScore />
        <span className="separator" />
        <ActionButton action="edit.undo" isIcon>
          <Undo2 size={16} />
        </ActionButton>
        <ActionButton action="edit.redo" isIcon>
          <Redo2 size={16} />
        </ActionButton>
        <ActionButton action="go.palette" isIcon>
          <Search size={16} />
        </ActionButton>
      </div>
    </>
  );
}

function ProjectMenu(): ReactNode {
  const name = useSession((session) => session.project?.name ?? '');
  const actions = useActions((state) => state.actions);
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className="bar-button" aria-label={`Project ${name}`}>
        {name}
        <ChevronDown size={14} className="quiet-icon" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="start" sideOffset={4}>
          {PROJECT_ACTIONS.map((id) => (
            <DropdownMenu.Item
              key={id}
              className="menu-item"
              disabled={!actions.get(id)?.isEnabled}
              onSelect={() => runAction(id)}
            >
              <span className="grow">{ACTIONS[id].title}</span>
              {ACTIONS[id].keys[0] && <Kbd of={ACTIONS[id].keys[0]} />}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function SaveState(): ReactNode {
  const saveState = useSession((session) => session.saveState);
  const savedAt = useSession((session) => session.savedAt);
  return (
    <span className="saved" role="status" data-testid="save-state" data-state={saveState}>
      {saveState === 'saved' && (
        <>
          <Check size={16} className="good" aria-hidden="true" /> Saved{savedAt ? ` ${clock(savedAt)}` : ''}
        </>
      )}
      {saveState === 'saving' && (
        <>
          <LoaderCircle size={16} aria-hidden="true" /> Saving
        </>
      )}
      {saveState === 'failed' && (
        <>
          <CircleAlert size={16} className="bad" aria-hidden="true" /> Not saved
        </>
      )}
    </span>
  );
}

function RunAndProtocol(): ReactNode {
  const runs = useSession((session) => session.project?.runs) ?? [];
  const run = useSession((session) => session.run);
  const protocol = useSession((session) => session.protocol);
  const setRun = useSession((session) => session.setRun);
  const setProtocol = useSession((session) => session.setProtocol);
  if (runs.length === 0) return <ActionButton action="import.run" />;
  return (
    <>
      <Select
        label="Run"
        value={run}
        options={runs.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={setRun}
        prefix={<span className="quiet">Run</span>}
      />
      <Select
        label="Protocol"
        value={protocol}
        options={Object.entries(PROTOCOL_NAMES).map(([value, label]) => ({
          value: value as LiveProtocol,
          label,
        }))}
        onChange={setProtocol}
      />
    </>
  );
}

/** The wash behind a number that just changed; the number itself never counts up. */
function useFlash(value: number | null): boolean {
  const [shown, setShown] = useState(value);
  const [isFlashing, setIsFlashing] = useState(false);
  if (shown !== value) {
    setShown(value);
    setIsFlashing(shown !== null);
  }
  useEffect(() => {
    if (!isFlashing) return;
    const end = setTimeout(() => setIsFlashing(false), 900);
    return () => clearTimeout(end);
  }, [isFlashing, value]);
  return isFlashing;
}

function LiveScore(): ReactNode {
  const score = useSession((session) => session.score);
  const preview = useSession((session) => session.preview);
  const isFlashing = useFlash(score?.value ?? null);
  if (!score) return null;
  const session = score.sessionChange === null ? '' : `${difference(score.sessionChange)} this session`;
  return (
    <div className="livescore" aria-live="polite" title={session}>
      <span>
        <span className="quiet">{score.metric}</span>{' '}
        <b className={isFlashing ? 'value flash' : 'value'} data-testid="score">
          {scoreText(preview ?? score.value, 4)}
        </b>
      </span>
      {preview !== null && score.value !== null ? (
        <span className="delta">
          {difference(preview - score.value)} <small>if let go</small>
        </span>
      ) : (
        score.editChange !== null && (
          <span className="delta" data-testid="edit-change">
            {difference(score.editChange)} <small>this edit</small>
          </span>
        )
      )}
      {score.sessionChange !== null && score.sessionChange !== 0 && (
        <span className="delta session" data-testid="session-change">
          {difference(score.sessionChange)} <small>this session</small>
        </span>
      )}
    </div>
  );
}
