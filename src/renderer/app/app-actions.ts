/** Actions that can be done on every page. */
import { onAppEvent, app } from '../state/app-client';
import { useEffect } from 'react';
import type { ActionId } from '../../contract/actions';
import { ACTIONS } from '../../contract/actions';
import type { Settings } from '../../contract/view-types';
import type { ImportHow } from '../../contract/import-view';
import { engine } from '../state/engine-client';
import { openProject, openSample, useSession } from '../state/session';
import { count } from '../ui/number-text';
import { openTrainingSet } from '../features/data/data-state';
import { openTraining } from '../features/training/training-state';
import { listenForKeys } from './key-handler';
import { runAction, useAction } from './use-action';

const isAction = (text: string): text is ActionId => Object.hasOwn(ACTIONS, text);
const NEXT_APPEARANCE: Readonly<Record<Settings['appearance'], Settings['appearance']>> = {
  system: 'light',
  light: 'dark',
  dark: 'system',
};

async function choose(kind: 'folder' | 'files', how?: ImportHow): Promise<void> {
  const paths = await app('dialog.open', { kind });
  if (paths.length > 0 && how) {
    useSession.getState().startImport(paths, { how, source: null });
    return;
  }
  if (paths.length > 0) useSession.getState().startImport(paths);
}

/** The files that the labels came from, where that is known, with what was chosen of them then. */
async function updateLabels(): Promise<void> {
  const known = useSession.getState().project?.source;
  if (!known) {
    await choose('folder', 'update');
    return;
  }
  const { paths, ...source } = known;
  useSession.getState().startImport(paths, { how: 'update', source });
}

async function newProject(): Promise<void> {
  const path = await app('dialog.save', { kind: 'project', suggestedName: 'project.reticle' });
  if (path)
    await useSession.getState().runJob('Making the project', () => engine('project.create', { path }));
}

async function chooseProject(): Promise<void> {
  const [path] = await app('dialog.open', { kind: 'project' });
  if (path) await openProject(path);
}

async function saveCopy(): Promise<void> {
  const { project, runJob, showToast } = useSession.getState();
  const path = await app('dialog.save', {
    kind: 'project',
    suggestedName: `${project?.name ?? 'project'}-copy.reticle`,
  });
  if (path && (await runJob('Saving a copy', (job) => engine('project.saveCopy', { path, job }))))
    showToast('The copy is saved.');
}

async function exportQuery(kind: 'failures' | 'overlays'): Promise<void> {
  const { lastQuery: query, runJob, showToast, showFailure, project } = useSession.getState();
  if (query === null) return;
  const path = await app('dialog.save', { kind, suggestedName: `${project?.name ?? 'project'}-${kind}` });
  if (!path) return;
  const done = await runJob(kind === 'failures' ? 'Writing failures' : 'Drawing images', async (job) =>
    kind === 'failures'
      ? (await engine('export.failures', { query, path })).rows
      : (await engine('export.overlays', { job, query, directory: path })).images,
  );
  if (done !== null) {
    showToast(`${count(done)} ${kind === 'failures' ? 'failures' : 'images'} written.`, {
      label: 'Show in folder',
      run: () => void app('file.reveal', { path }).catch(showFailure),
    });
  }
}

/** Moves the focus to the next pane. */
function nextPane(): void {
  const panes = [...document.querySelectorAll<HTMLElement>('.topbar, .rail, [data-pane], .main')];
  const current = panes.findIndex((pane) => pane.contains(document.activeElement));
  const next = panes[(current + 1) % panes.length];
  const target = next?.querySelector<HTMLElement>('button:not(:disabled), input, [tabindex="0"]') ?? next;
  target?.focus();
}

export function useAppActions(): void {
  const project = useSession((session) => session.project);
  const run = useSession((session) => session.run);
  const lastQuery = useSession((session) => session.lastQuery);
  const setOverlay = useSession((session) => session.setOverlay);
  const setSection = useSession((session) => session.setSection);
  const { undo, redo } = useSession.getState();
  const isOpen = project !== null;
  const hasLabels = (project?.images ?? 0) > 0;

  useAction('project.new', newProject);
  useAction('project.open', chooseProject);
  useAction('project.openSample', openSample);
  useAction('import.folder', () => choose('folder'));
  useAction('import.files', () => choose('files'));
  useAction('import.add', () => choose('folder', 'add'), isOpen && hasLabels);
  useAction('import.update', updateLabels, isOpen && hasLabels);
  useAction('import.replace', () => choose('folder', 'replace'), isOpen && hasLabels);
  useAction('import.run', () => choose('files'), isOpen);
  useAction('project.saveCopy', saveCopy, isOpen);
  useAction('project.backups', () => setOverlay('backups'), isOpen);
  useAction('project.close', () => engine('project.close', {}), isOpen);
  useAction('images.relink', () => setOverlay('relink'), isOpen);
  useAction('export.labels', () => setOverlay('export'), isOpen);
  useAction('export.failures', () => exportQuery('failures'), isOpen && run !== null && lastQuery !== null);
  useAction('export.overlays', () => exportQuery('overlays'), isOpen && lastQuery !== null);
  useAction('causes.report', () => setOverlay('report'), isOpen && run !== null);
  useAction('app.quit', () => app('app.quit', {}));

  useAction('edit.undo', undo, (project?.canUndo ?? 0) > 0);
  useAction('edit.redo', redo, (project?.canRedo ?? 0) > 0);
  useAction('project.history', () => setSection('history'), isOpen);
  useAction('runs.manage', () => setOverlay('runs'), isOpen);
  useAction('categories.manage', () => setOverlay('categories'), isOpen);
  useAction('app.settings', () => setOverlay('settings'));

  useAction('view.causes', () => setSection('causes'), isOpen);
  useAction('view.fixes', () => setSection('fixes'), isOpen);
  useAction('view.failures', () => setSection('failures'), isOpen);
  useAction('view.images', () => setSection('images'), isOpen);
  useAction('view.metrics', () => setSection('metrics'), isOpen);
  useAction('view.compare', () => setSection('compare'), isOpen);
  useAction('view.data', () => setSection('data'), isOpen);
  useAction('data.trainingFolder', () => openTrainingSet('folder'), isOpen);
  useAction('data.trainingFile', () => openTrainingSet('files'), isOpen);
  useAction('view.training', () => setSection('training'), isOpen);
  useAction('model.open', () => setOverlay('model'));
  useAction('training.open', openTraining, isOpen);
  useAction('view.appearance', () =>
    app('settings.set', { appearance: NEXT_APPEARANCE[useSession.getState().settings.appearance] }),
  );
  useAction('view.fullScreen', () => app('window.toggleFullScreen', {}));
  useAction('go.palette', () => setOverlay('palette'));
  useAction('go.findImage', () => setOverlay('find'), isOpen);
  useAction('go.nextPane', nextPane);
  useAction('help.shortcuts', () => setOverlay('shortcuts'));
  useAction('help.about', () => setOverlay('about'));

  useEffect(() => {
    const ends = [
      listenForKeys(),
      onAppEvent('action.chosen', ({ action }) => isAction(action) && runAction(action)),
    ];
    return () => {
      for (const end of ends) end();
    };
  }, []);
}
