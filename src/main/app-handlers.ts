/** What main does when the window calls. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { app, clipboard, nativeTheme, shell } from 'electron';
import type { AppCalls } from '../contract/app-calls';
import type { Handlers } from '../contract/call';
import { BadInput } from '../core/foundation/bad-input';
import { appComponents } from './components';
import { chooseToOpen, chooseToSave } from './dialogs';
import type { EngineSupervisor } from './engine-supervisor';
import type { Log } from './log';
import { enableActions } from './menu';
import type { RecentProjects } from './recent-projects';
import { writeReport } from './report';
import type { SettingsStore } from './settings';
import type { Startup } from './startup';
import type { MainWindow } from './windows';

export interface AppParts {
  readonly main: MainWindow;
  readonly engine: EngineSupervisor;
  readonly settings: SettingsStore;
  readonly recent: RecentProjects;
  readonly startup: Startup;
  readonly log: Log;
}

function reveal(file: string): null {
  if (!path.isAbsolute(file) || !existsSync(file)) {
    throw new BadInput(
      'file-missing',
      'The file is not where it was.',
      'It may have been moved or its disk taken out.',
    );
  }
  shell.showItemInFolder(path.normalize(file));
  return null;
}

/** One handler a call; arguments have been checked. */
export function appHandlers({ main, engine, settings, recent, startup, log }: AppParts): Handlers<AppCalls> {
  const { window } = main;
  /** Chosen in the system's dialog, and not written yet. */
  const reportTargets = new Set<string>();
  return {
    'app.info': async () => ({
      version: app.getVersion(),
      components: await appComponents(engine, log),
      isPackaged: app.isPackaged,
      logs: app.getPath('logs'),
    }),
    'app.startup': () => startup.take(),
    'app.quit': () => {
      // After the answer has left: the window is gone once the app ends.
      setImmediate(() => {
        app.quit();
      });
      return null;
    },
    'engine.retry': () => {
      engine.retry();
      return null;
    },
    'settings.get': () => settings.get(),
    'settings.set': (change) => {
      const next = settings.set(change);
      nativeTheme.themeSource = next.appearance;
      main.send('settings.changed', next);
      return next;
    },
    'recent.list': () => recent.list(),
    'recent.forget': ({ path: project }) => recent.forget(project),
    'dialog.open': (wanted) => chooseToOpen(window, wanted),
    'dialog.save': async (wanted) => {
      const file = await chooseToSave(window, wanted);
      if (file !== null && wanted.kind.startsWith('report-')) reportTargets.add(file);
      return file;
    },
    'report.write': async ({ path: file, as, html }) => {
      if (!reportTargets.delete(file))
        throw new BadInput(
          'target-not-chosen',
          'A report is written only where the dialog was told to.',
          'Choose its place again.',
          { file },
        );
      await writeReport(file, as, html);
      return null;
    },
    'image.reveal': async ({ image }) => reveal(await engine.ask('image.path', { image })),
    'image.copyPath': async ({ image }) => {
      await clipboard.writeText(await engine.ask('image.path', { image }));
      return null;
    },
    'clipboard.write': async ({ text }) => {
      await clipboard.writeText(text);
      return null;
    },
    'file.reveal': ({ path: file }) => reveal(file),
    'menu.update': ({ enabled }) => {
      enableActions(enabled);
      return null;
    },
    'window.toggleFullScreen': () => {
      window.setFullScreen(!window.isFullScreen());
      return null;
    },
    'window.setTitle': ({ title, path: file }) => {
      window.setTitle(title);
      window.setRepresentedFilename(file ?? '');
      return null;
    },
  };
}
