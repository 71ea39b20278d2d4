/** Entry of the main process: what has to happen before `ready`, then the app. */
import { userInfo } from 'node:os';
import path from 'node:path';
import { BrowserWindow, app, dialog } from 'electron';
import { startApp } from './app';
import { isCommandLine, runCommandLine } from './command-line';
import { hardenEveryPage } from './hardening';
import { openLog } from './log';
import { pathsOfArguments } from './opened-files';
import { registerSchemes } from './protocols';

const userData = app.commandLine.getSwitchValue('user-data-dir');
if (userData !== '') app.setPath('userData', path.resolve(userData));
app.setAppLogsPath(path.join(app.getPath('userData'), 'logs'));
const log = openLog(app.getPath('logs'));
/** Labels are the engine's, whose process a fault here does not touch: the app goes on, unless it never came up. */
let isFaultShown = false;
function reportFault(fault: unknown): void {
  log('main', fault instanceof Error ? (fault.stack ?? fault.message) : String(fault));
  const hasWindow = app.isReady() && BrowserWindow.getAllWindows().length > 0;
  if (!isFaultShown) {
    isFaultShown = true;
    dialog.showErrorBox(
      hasWindow ? 'Something went wrong inside Reticle' : 'Reticle could not start',
      `Every edit that was shown as saved is kept. Start Reticle again; the log is in ${app.getPath('logs')}.`,
    );
  }
  if (!hasWindow) app.exit(1);
}
process.on('uncaughtException', reportFault);
process.on('unhandledRejection', reportFault);

// npm runs scripts in the project's folder and tells in INIT_CWD where the user stood.
const folder = process.env['INIT_CWD'] ?? process.cwd();
const named = pathsOfArguments(process.argv.slice(1), folder);
// Unpackaged, the first is the app's own folder.
const given = {
  paths: app.isPackaged ? named : named.slice(1),
  view: app.commandLine.getSwitchValue('view') || null,
};

if (isCommandLine(process.argv)) {
  // Not awaited: Electron becomes ready, and can start a model's process, once this file has run.
  void runCommandLine(process.argv, folder);
} else if (app.requestSingleInstanceLock(given)) {
  const developmentServer = app.isPackaged ? null : (process.env['ELECTRON_RENDERER_URL'] ?? null);
  // As root the sandbox cannot be had, and Chromium starts nothing when asked for both; only then is the switch given.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  registerSchemes();
  hardenEveryPage(developmentServer);
  startApp({ given, developmentServer, author: userInfo().username, log });
} else {
  app.quit();
}
