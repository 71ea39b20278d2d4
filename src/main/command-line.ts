/**
 * The installed app as a command line: `reticle evaluate ...` without a window. The bundle runs in this process, since
 * the released app does not run as plain Node.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';
import type { ModelProcess } from './model-processes';
import { startModelProcess } from './model-processes';
import { resourcesFolder } from './resources';

/** Given by the script `reticle` of a package; the arguments follow after it and `--`. */
const SWITCH = '--command-line';
const FAULT = 3;
const CANCELLED = 130;

type Main = (
  args: readonly string[],
  place: {
    cwd: string;
    root: string;
    openWindow: (args: readonly string[]) => Promise<number>;
    startModel: () => ModelProcess;
    dataFolder: string;
    resources: string;
  },
) => Promise<number>;

export function isCommandLine(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return end > 0 && argv.slice(0, end).includes(SWITCH);
}

/** What the command is given. */
export const commandOf = (argv: readonly string[]): string[] => argv.slice(argv.indexOf('--') + 1);

/** The app itself, with its window, until it is closed. */
function openWindow(args: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...args], { stdio: 'inherit' });
    child.on('error', (error) => {
      process.stderr.write(`reticle: ${error.message}\n`);
      resolve(FAULT);
    });
    child.on('exit', (code) => resolve(code === 0 ? 0 : FAULT));
  });
}

/** Runs one command and ends the app with its exit code. */
export async function runCommandLine(argv: readonly string[], cwd: string): Promise<void> {
  // Node's own remarks about what is experimental in it are not the command's.
  process.removeAllListeners('warning');
  // Electron turns SIGINT and SIGTERM into an orderly end of the app, which here is the command's.
  app.once('before-quit', () => app.exit(CANCELLED));
  const bundle = path.join(import.meta.dirname, '../cli/index.js');
  try {
    const { main } = (await import(/* @vite-ignore */ pathToFileURL(bundle).href)) as { main: Main };
    const program = path.join(import.meta.dirname, 'inference.js');
    const place = {
      cwd,
      root: app.getAppPath(),
      openWindow,
      startModel: () => startModelProcess(program),
      dataFolder: app.getPath('userData'),
      resources: resourcesFolder(),
    };
    app.exit(await main(commandOf(argv), place));
  } catch (error) {
    process.stderr.write(
      `reticle: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    app.exit(FAULT);
  }
}
