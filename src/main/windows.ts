/** The app's one window: made once, hardened, remembered where it stood, brought back after a crash of its page. */
import path from 'node:path';
import { BrowserWindow, nativeTheme, screen } from 'electron';
import type { MessagePortMain, WebContents } from 'electron';
import type { AppEvents } from '../contract/app-calls';
import { CHANNELS, PAGE_ORIGIN } from '../contract/channels';
import { securePreferences } from './hardening';
import { readJson, writeJson } from './json-file';
import type { Log } from './log';
import { SMALLEST_WINDOW, boundsOnDisplays, windowStateSchema } from './window-bounds';

/** The page's own ground, so that the first frame does not flash. */
const GROUND = { light: '#f5f6f7', dark: '#16181a' } as const;
/** A page that crashes again this soon is not loaded a third time. */
const CRASH_WINDOW_MS = 60_000;

export interface MainWindow {
  readonly window: BrowserWindow;
  /** Whether these are the contents of this window. */
  owns(contents: WebContents): boolean;
  send<K extends keyof AppEvents>(name: K, data: AppEvents[K]): void;
  /** Brings it to the front. */
  show(): void;
  /** Hands a port to the page. */
  passPort(channel: string, port: MessagePortMain): void;
}

export interface WindowOptions {
  readonly stateFile: string;
  readonly log: Log;
  /** The page crashed twice within a minute. */
  readonly gaveUp: (reason: string) => void;
}

function rememberBounds(window: BrowserWindow, { stateFile, log }: WindowOptions): void {
  window.on('close', () => {
    try {
      writeJson(stateFile, { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() });
    } catch (error) {
      log('main', `The window's place could not be saved: ${String(error)}`);
    }
  });
}

function recoverFromCrashes(
  window: BrowserWindow,
  { log, gaveUp }: WindowOptions,
  tell: (reason: string) => void,
): void {
  let lastCrash = Number.NEGATIVE_INFINITY;
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    log('window', `The page ended: ${reason}, code ${exitCode}.`);
    const now = performance.now();
    const isRepeated = now - lastCrash < CRASH_WINDOW_MS;
    lastCrash = now;
    if (isRepeated) {
      gaveUp(reason);
      return;
    }
    window.webContents.once('did-finish-load', () => {
      tell(
        `The window crashed (${reason}) and was loaded again. Every edit that was shown as saved is still there.`,
      );
    });
    window.webContents.reload();
  });
}

/** `about:blank` is the one address whose navigation cannot be denied beforehand; the window comes back from it. */
function returnFromElsewhere(window: BrowserWindow, log: Log, load: () => void): void {
  window.webContents.on('did-navigate', (_event, url) => {
    if (url.startsWith(`${PAGE_ORIGIN}/`)) return;
    log('window', `The page went to ${url} and was brought back.`);
    load();
  });
}

function logPageErrors(window: BrowserWindow, log: Log): void {
  window.webContents.on('preload-error', (_event, file, error) => {
    log('window', `${path.basename(file)}: ${error.stack ?? error.message}`);
  });
  window.webContents.on('did-fail-load', (_event, code, description) => {
    log('window', `The page could not be loaded: ${description} (${code}).`);
  });
  window.on('unresponsive', () => {
    log('window', 'The page does not respond.');
  });
}

/** Makes the window and starts to load its page; it is shown when there is something to see. */
export function openMainWindow(options: WindowOptions): MainWindow {
  const saved = windowStateSchema.safeParse(readJson(options.stateFile, (text) => options.log('main', text)));
  const displays = screen.getAllDisplays().map(({ workArea }) => workArea);
  const window = new BrowserWindow({
    ...boundsOnDisplays(saved.success ? saved.data.bounds : null, displays),
    minWidth: SMALLEST_WINDOW.width,
    minHeight: SMALLEST_WINDOW.height,
    show: false,
    title: 'Reticle',
    backgroundColor: nativeTheme.shouldUseDarkColors ? GROUND.dark : GROUND.light,
    webPreferences: securePreferences(path.join(import.meta.dirname, '../preload/index.cjs')),
  });
  // Kept apart: a destroyed window can no longer say which contents were its.
  const contents = window.webContents;
  const main: MainWindow = {
    window,
    owns: (other) => other === contents,
    send: (name, data) => {
      if (!contents.isDestroyed()) contents.send(CHANNELS.event, name, data);
    },
    passPort: (channel, port) => {
      if (contents.isDestroyed()) port.close();
      else contents.postMessage(channel, null, [port]);
    },
    show: () => {
      if (window.isDestroyed()) return;
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
  };
  if (saved.success && saved.data.isMaximized) window.maximize();
  window.once('ready-to-show', () => {
    window.show();
  });
  // The app's own title stands; the page has no say in it.
  window.on('page-title-updated', (event) => {
    event.preventDefault();
  });
  rememberBounds(window, options);
  recoverFromCrashes(window, options, (reason) => {
    main.send('window.recovered', { reason });
  });
  logPageErrors(window, options.log);
  void contents.setVisualZoomLevelLimits(1, 1);
  const load = (): void => {
    window.loadURL(`${PAGE_ORIGIN}/`).catch((error: unknown) => {
      options.log('window', `The page could not be loaded: ${String(error)}`);
    });
  };
  returnFromElsewhere(window, options.log, load);
  load();
  return main;
}
