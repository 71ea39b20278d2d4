/** The command line in a folder of its own, with what it prints caught: for tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';
import { main } from './index';

export interface CommandLine {
  /** Empty before every test, gone after it. */
  readonly folder: string;
  /** What the last command wrote to standard output. */
  readonly out: string;
  /** The exit code. */
  readonly run: (...args: string[]) => Promise<number>;
}

/** To be called where tests are described. `root`: of the checkout, where a command starts processes of it. */
export function useCommandLine(root?: string): CommandLine {
  let folder = '';
  let out = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'reticle-command-line-'));
    out = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      out += String(text);
      return true;
    });
    vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    get folder() {
      return folder;
    },
    get out() {
      return out;
    },
    run: (...args) => {
      out = '';
      return main(args, { cwd: folder, root: root ?? folder });
    },
  };
}
