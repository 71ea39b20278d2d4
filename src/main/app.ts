/** Puts the parts together: engine, window, protocols, menu; and ends them in order. */
import path from 'node:path';
import { app, dialog, nativeTheme, session } from 'electron';
import { z } from 'zod';
import type { ActionId } from '../contract/actions';
import { CHANNELS } from '../contract/channels';
import { appHandlers } from './app-handlers';
import type { EngineWatcher } from './engine-supervisor';
import { EngineSupervisor } from './engine-supervisor';
import { hardenSession } from './hardening';
import { serveIpc } from './ipc';
import type { Log } from './log';
import { setMenu } from './menu';
import { serveProtocols } from './protocols';
import { openRecentProjects } from './recent-projects';
import type { RecentProjects } from './recent-projects';
import { openSettings } from './settings';
import type { Given } from './startup';
import { planStartup } from './startup';
import type { MainWindow } from './windows';
import { openMainWindow } from './windows';
import { resourcesFolder } from './resources';

export interface AppOptions {
  readonly given: Given;
  readonly developmentServer: string | null;
  readonly author: string;
  readonly log: Log;
}

const secondInstanceSchema = z.object({
  paths: z.array(z.string().max(4096)).max(1000),
  view: z.string().max(200).nullable(),
});

/** Follows which project is open, for the list of recent ones. The sample has its own entry and is not listed. */
function projectFollower(recent: RecentProjects): EngineWatcher['project'] {
  let open: string | null = null;
  return (state) => {
    if (state && !state.isSample) {
      if (state.path === open) recent.changed(state);
      else {
        recent.opened(state, new Date());
        app.addRecentDocument(state.path);
      }
    }
    open = state?.path ?? null;
  };
}

function connectWindow(engine: EngineSupervisor, main: MainWindow): void {
  const port = engine.connect();
  if (port) main.passPort(CHANNELS.enginePort, port);
  else if (engine.failure !== null) main.send('engine.failed', { reason: engine.failure });
}

function quitInOrder(engine: EngineSupervisor): void {
  let isClosed = false;
  app.on('window-all-closed', () => {
    app.quit();
  });
  app.on('will-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    void engine.close().then(() => {
      isClosed = true;
      app.quit();
    });
  });
}

function chooseAction(action: ActionId, main: MainWindow): void {
  if (action === 'app.quit') app.quit();
  else if (action === 'view.fullScreen') main.window.setFullScreen(!main.window.isFullScreen());
  else main.send('action.chosen', { action });
}

/** Runs the app from `ready` on. */
export function startApp(options: AppOptions): void {
  const { log } = options;
  const data = (name: string): string => path.join(app.getPath('userData'), name);
  const note = (text: string): void => {
    log('main', text);
  };
  // Files may be handed over before the window exists; they wait in the plan.
  let main: MainWindow | null = null;
  const startup = planStartup(
    data('state.json'),
    options.given,
    (given) => main?.send('files.opened', given),
    log,
  );
  app.on('second-instance', (_event, _argv, _folder, sent) => {
    const parsed = secondInstanceSchema.safeParse(sent);
    if (parsed.success && parsed.data.paths.length > 0) startup.give(parsed.data);
    main?.show();
  });
  app.on('open-file', (event, file) => {
    event.preventDefault();
    startup.give({ paths: [file], view: null });
  });

  const recent = openRecentProjects(data('recent.json'), note);
  const init = {
    userData: app.getPath('userData'),
    resources: resourcesFolder(),
    author: options.author,
    version: app.getVersion(),
  };
  const engine = new EngineSupervisor(path.join(import.meta.dirname, 'engine.js'), init, log, {
    project: projectFollower(recent),
    restarted: (news) => {
      if (!main) return;
      main.send('engine.restarted', news);
      connectWindow(engine, main);
    },
    failed: (news) => {
      main?.send('engine.failed', news);
    },
  });
  quitInOrder(engine);

  void app.whenReady().then(() => {
    engine.start();
    const settings = openSettings(data('settings.json'), note);
    nativeTheme.themeSource = settings.get().appearance;
    hardenSession(session.defaultSession, options.developmentServer);
    serveProtocols(session.defaultSession, {
      pages: path.join(import.meta.dirname, '../renderer'),
      developmentServer: options.developmentServer,
      pixels: (request) => engine.ask('pixels', request),
      log: note,
    });
    const window = openMainWindow({
      stateFile: data('window.json'),
      log,
      gaveUp: (reason) => {
        dialog.showErrorBox(
          'The window crashed again',
          `It crashed twice within a minute (${reason}). Every edit that was shown as saved is kept. Start Reticle again; the log is in ${app.getPath('logs')}.`,
        );
        app.quit();
      },
    });
    main = window;
    nativeTheme.on('updated', () => {
      window.send('theme.changed', { dark: nativeTheme.shouldUseDarkColors });
    });
    setMenu({ platform: process.platform, choose: (action) => chooseAction(action, window) });
    serveIpc({
      isOurs: (contents) => window.owns(contents),
      handlers: appHandlers({ main: window, engine, settings, recent, startup, log }),
      connectEngine: () => {
        connectWindow(engine, window);
      },
      log,
    });
  });
}
