/** What a new window opens: the project given to the app, or the sample on the very first run. */
import { z } from 'zod';
import { readJson, writeJson } from './json-file';
import type { Log } from './log';
import { isProjectPath } from './opened-files';

const stateSchema = z.object({ hasRunBefore: z.boolean() });

/** What the app is started with, or handed by a second instance. */
export interface Given {
  readonly paths: readonly string[];
  /** Name of a saved view of the project. */
  readonly view: string | null;
}

export interface Startup {
  /** The window asks; asked again (after a crash of its page) it is told nothing to open. */
  take(): { open: string | null; view: string | null; openSample: boolean };
  /** Files given to the app, and the saved view to show of them; kept until the window is there to be told. */
  give(given: Given): void;
}

/**
 * `tell` passes files on to a window that is already there. A project that comes first is what the window opens; what
 * else was given (folders, label files) is passed on as if it had been dropped.
 */
export function planStartup(
  file: string,
  given: Given,
  tell: (given: { paths: string[]; view: string | null }) => void,
  log: Log,
): Startup {
  const state = stateSchema.safeParse(readJson(file, (text) => log('main', text)));
  const isFirstRun = !(state.success && state.data.hasRunBefore);
  let waiting = [...given.paths];
  let view = given.view;
  let isTaken = false;
  return {
    take: () => {
      if (isTaken) return { open: null, view: null, openSample: false };
      isTaken = true;
      rememberRun(file, log);
      const isProject = waiting[0] !== undefined && isProjectPath(waiting[0]);
      const open = isProject ? (waiting[0] ?? null) : null;
      const rest = isProject ? waiting.slice(1) : waiting;
      const openSample = isFirstRun && waiting.length === 0;
      waiting = [];
      if (rest.length > 0) tell({ paths: rest, view: null });
      return { open, view: isProject ? view : null, openSample };
    },
    give: (more) => {
      if (isTaken) tell({ paths: [...more.paths], view: more.view });
      else {
        waiting.push(...more.paths);
        view ??= more.view;
      }
    },
  };
}

function rememberRun(file: string, log: Log): void {
  try {
    writeJson(file, { hasRunBefore: true });
  } catch (error) {
    log('main', `It could not be noted that the app has run: ${String(error)}`);
  }
}
