/** What the window knows of the open project and where the user is in it. The engine is the truth; this follows it. */
import { create } from 'zustand';
import type { CallError } from '../../contract/call';
import type { EditAcknowledged, ProjectState, Settings } from '../../contract/view-types';
import { app, onAppEvent } from './app-client';
import { withoutFlags } from '../ui/without-flags';
import { asCallError } from './call-failure';
import { engine, onEngineEvent } from './engine-client';
import { describeRisk } from './risk-words';
import type { Section, ImportStart, SessionState } from './session-state';

/** Pages that open images, and that an image goes back to. */
const isGallery = (section: Section): section is SessionState['gallery'] =>
  ['causes', 'fixes', 'failures', 'images', 'compare'].includes(section);

/** Where a project opens: on the answer where there is a score to ask about, else on its images. */
export function homeOf(project: ProjectState | null): Section {
  if (project === null) return 'start';
  return project.runs.length > 0 && project.annotations > 0 ? 'causes' : 'images';
}

const NO_START: ImportStart = { how: null, source: null };
const SAVING_SHOWN_AFTER = 300;
let lastBanner = 0;
let lastJob = 0;

const DEFAULT_SETTINGS: Settings = {
  appearance: 'system',
  highContrast: false,
  density: 'comfortable',
  singleKeys: true,
  advanceAfterReview: false,
  keepZoom: false,
};

const describeWhere = ({ where }: CallError): string[] =>
  [where.file, where.line === undefined ? undefined : `line ${where.line}`, where.image].filter(
    (part) => part !== undefined && part !== '',
  ) as string[];

export const useSession = create<SessionState>()((set, get) => {
  const shown = () => {
    const { run, protocol } = get();
    return run === null ? null : { run, protocol };
  };

  const perform = async (work: () => Promise<EditAcknowledged | null>): Promise<EditAcknowledged | null> => {
    const slow = setTimeout(() => set({ saveState: 'saving' }), SAVING_SHOWN_AFTER);
    try {
      const done = await work();
      if (done) {
        const { project } = get();
        set({
          saveState: 'saved',
          preview: null,
          savedAt: done.savedAt,
          score: done.score ?? get().score,
          revision: get().revision + 1,
          project: project && {
            ...project,
            canUndo: done.canUndo,
            canRedo: done.canRedo,
            undoEmpties: done.undoEmpties,
            savedAt: done.savedAt,
          },
        });
      } else set({ saveState: 'saved' });
      return done;
    } catch (error) {
      // What was refused was never to be saved; only a fault leaves something unsaved.
      set({ saveState: asCallError(error).kind === 'fault' ? 'failed' : 'saved' });
      get().showFailure(error);
      return null;
    } finally {
      clearTimeout(slow);
    }
  };

  return {
    project: null,
    run: null,
    protocol: 'coco',
    point: { iou: 0.5, score: 0.5 },
    score: null,
    preview: null,
    saveState: 'saved',
    savedAt: null,
    section: 'start',
    gallery: 'failures',
    overlay: null,
    image: null,
    imageQueue: [],
    focus: null,
    settings: DEFAULT_SETTINGS,
    banners: [],
    toast: null,
    jobs: [],
    importPaths: [],
    importStart: NO_START,
    revision: 0,
    lastQuery: null,
    wantedView: null,
    backupsOf: null,

    setSection: (section) =>
      set({
        section,
        ...(isGallery(section) ? { gallery: section } : {}),
      }),
    setOverlay: (overlay) => set({ overlay, backupsOf: null }),
    setRun: (run) => {
      set({ run, score: null });
      void get().refreshScore();
    },
    setProtocol: (protocol) => {
      set({ protocol });
      void get().refreshScore();
    },
    setPoint: (point) => set({ point }),
    openImage: (image, options) =>
      set({
        image,
        section: 'image',
        focus: options?.focus ?? null,
        ...(options?.queue ? { imageQueue: options.queue } : {}),
      }),
    closeImage: () => set({ section: get().gallery, image: null }),
    applyOperations: (operations) =>
      perform(() => engine('edit.apply', { operations: [...operations], shown: shown() })),
    previewOperations: async (operations) => {
      const { run, protocol } = get();
      if (run === null || operations.length === 0) {
        set({ preview: null });
        return;
      }
      const { value } = await engine('edit.preview', { operations: [...operations], run, protocol });
      set({ preview: value });
    },
    undo: async () => {
      if (get().project?.undoEmpties) set({ overlay: 'undoImport' });
      else await get().undoWithoutAsking();
    },
    undoWithoutAsking: async () => {
      const done = await perform(() => engine('edit.undo', { shown: shown() }));
      if (done) get().showToast(`Undone: ${done.label}`);
    },
    redo: async () => {
      const done = await perform(() => engine('edit.redo', { shown: shown() }));
      if (done) get().showToast(`Done again: ${done.label}`);
    },
    refreshScore: async () => {
      const asked = shown();
      if (!asked) {
        set({ score: null });
        return;
      }
      try {
        const score = await engine('score.current', asked);
        if (get().run === asked.run && get().protocol === asked.protocol) set({ score });
      } catch (error) {
        get().showFailure(error);
      }
    },
    adopt: (project) => {
      const before = get();
      const isOther = project?.path !== before.project?.path;
      if (project?.risk && isOther) get().showBanner(describeRisk(project.risk));
      const run =
        project?.runs.some(({ id }) => id === before.run) && !isOther
          ? before.run
          : (project?.runs.at(-1)?.id ?? null);
      set({ project, run, savedAt: project?.savedAt ?? null, revision: before.revision + 1 });
      const section = homeOf(project);
      if (isOther)
        set({
          image: null,
          imageQueue: [],
          focus: null,
          score: null,
          section,
          gallery: isGallery(section) ? section : 'failures',
        });
      const title = project ? `${project.name} · Reticle` : 'Reticle';
      void app('window.setTitle', { title, path: project?.path ?? null });
      void get().refreshScore();
    },
    showFailure: (error) => {
      const failure = asCallError(error);
      if (failure.kind === 'cancelled') {
        get().showToast(failure.message);
        return;
      }
      const title = withoutFlags(failure.message);
      // A place that the message names already is not said twice.
      const where = describeWhere(failure).filter((part) => !title.includes(part));
      get().showBanner({
        tone: 'danger',
        title,
        detail: [where.join(', '), withoutFlags(failure.next)].filter((part) => part !== '').join(' · '),
      });
    },
    showBanner: (banner) =>
      set({
        banners: [
          ...get().banners.filter(({ title }) => title !== banner.title),
          { ...banner, id: ++lastBanner },
        ].slice(-3),
      }),
    dismissBanner: (id) => set({ banners: get().banners.filter((banner) => banner.id !== id) }),
    showToast: (text, action) => set({ toast: { text, action: action ?? null } }),
    dismissToast: () => set({ toast: null }),
    startImport: (paths, start) =>
      set({
        importStart: start ?? (get().section === 'import' ? get().importStart : NO_START),
        // What is dropped on the dry run joins it.
        importPaths: get().section === 'import' ? [...new Set([...get().importPaths, ...paths])] : paths,
        section: 'import',
      }),
    runJob: async (title, work) => {
      const job = `job-${++lastJob}`;
      set({ jobs: [...get().jobs, { job, title }] });
      try {
        return await work(job);
      } catch (error) {
        get().showFailure(error);
        return null;
      } finally {
        set({ jobs: get().jobs.filter((running) => running.job !== job) });
      }
    },
  };
});

/** Follows the engine and main for as long as the window lives. */
export function followEngine(): void {
  const { getState, setState } = useSession;
  onEngineEvent('project.changed', (project) => getState().adopt(project));
  onEngineEvent('job.progressed', (progress) =>
    setState({
      jobs: getState().jobs.map((job) => (job.job === progress.job ? { ...job, ...progress } : job)),
    }),
  );
  onAppEvent('settings.changed', (settings) => setState({ settings }));
  onAppEvent('engine.restarted', ({ reason, lostWork }) => {
    getState().showBanner({
      tone: 'caution',
      title: `The engine ended and runs again: ${reason}`,
      detail: lostWork,
    });
    void engine('project.state', {}).then((project) => getState().adopt(project));
  });
  onAppEvent('engine.failed', ({ reason }) =>
    getState().showBanner({
      tone: 'danger',
      title: 'The engine cannot be started.',
      detail: reason,
      action: {
        label: 'Start it again',
        run: () => void app('engine.retry', {}).catch(getState().showFailure),
      },
    }),
  );
  onAppEvent('window.recovered', ({ reason }) =>
    getState().showBanner({
      tone: 'caution',
      title: 'The window had to be loaded again.',
      detail: `${reason} Nothing that was saved is lost.`,
    }),
  );
  onAppEvent('files.opened', ({ paths, view }) => receivePaths(paths, view));
}

/** Paths from outside: a project is opened, all else goes to the dry run of an import. */
export function receivePaths(paths: readonly string[], view: string | null = null): void {
  const project = paths.find((path) => path.endsWith('.reticle'));
  if (project !== undefined) void openProject(project, view);
  else if (paths.length > 0) useSession.getState().startImport(paths);
}

/** `view`: name of a saved view to show. A damaged file leads to its backups. */
export async function openProject(path: string, view: string | null = null): Promise<void> {
  const session = useSession.getState();
  const project = await session.runJob('Opening the project', async () => {
    try {
      return await engine('project.open', { path });
    } catch (error) {
      if (asCallError(error).code === 'project-damaged') await offerBackups(path);
      throw error;
    }
  });
  if (project && view !== null) useSession.setState({ wantedView: view });
}

async function offerBackups(path: string): Promise<void> {
  const backups = await engine('backups.list', { path });
  if (backups.length > 0) useSession.setState({ overlay: 'backups', backupsOf: path });
}

export async function openSample(): Promise<void> {
  await useSession
    .getState()
    .runJob('Opening the sample project', (job) => engine('project.openSample', { job }));
}
