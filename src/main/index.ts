/** Entry of the main process: what has to happen before `ready`, then the app. */
import { userInfo } from 'node:os';
import path from 'node:path';
import { app, dialog } from 'electron';
import { startApp } from './app';
import { hardenEveryPage } from './hardening';
import { openLog } from './log';
import { pathsOfArguments } from './opened-files';
import { registerSchemes } from './protocols';

const userData = app.commandLine.getSwitchValue('user-data-dir');
if (userData !== '') app.setPath('userData', path.resolve(userData));
app.setAppLogsPath(path.join(app.getPath('userData'), 'logs'));
const log = openLog(app.getPath('logs'));
let isFaultShown = false;
process.on('uncaughtException', (error) => {
  log('main', error.stack ?? error.message);
  // Labels are the engine's, whose process this fault did not touch: the app goes on. Said once, it is enough.
  if (isFaultShown) return;
  isFaultShown = true;
  dialog.showErrorBox(
    'Something went wrong inside Reticle',
    `Every edit that was shown as saved is kept. If the window behaves strangely, start Reticle again. The log is in ${app.getPath('logs')}.`,
  );
});
process.on('unhandledRejection', (reason) => {
  log('main', reason instanceof Error ? (reason.stack ?? reason.message) : String(reason));
});

// npm runs scripts in the project's folder and tells in INIT_CWD where the user stood.
const folder = process.env['INIT_CWD'] ?? process.cwd();
const named = pathsOfArguments(process.argv.slice(1), folder);
// Unpackaged, the first is the app's own folder.
const given = app.isPackaged ? named : named.slice(1);

if (app.requestSingleInstanceLock({ given })) {
  const developmentServer = app.isPackaged ? null : (process.env['ELECTRON_RENDERER_URL'] ?? null);
  // As root the sandbox cannot be had, and Chromium starts nothing when asked for both; only then is the switch given.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  registerSchemes();
  hardenEveryPage(developmentServer);
  startApp({ given, developmentServer, author: userInfo().username, log });
} else {
  app.quit();
}
