/**
 * Starts the app as an ordinary user, which is the only way to see the sandbox where the tests run as root: then as
 * `nobody`, out of a folder that `nobody` can read.
 */
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { IS_ROOT, builtApp, electronExecutable, testSwitches } from './app';

export type OrdinaryStart =
  | { readonly kind: 'impossible'; readonly why: string }
  | {
      readonly kind: 'started';
      /** Whether the renderer belongs to somebody other than root. */
      readonly isOrdinary: boolean;
      /** As in `/proc/<pid>/status`: 2 is a filter. */
      readonly seccomp: number;
      readonly end: () => Promise<void>;
    };

const USER = 'nobody';

/**
 * A copy that anybody may read; the sandbox's helper is set up as an installed package has it. Native packages stay
 * behind: the window shows without an engine.
 */
function readableCopy(folder: string): { executable: string; app: string } {
  const distribution = path.dirname(electronExecutable());
  const electron = path.join(folder, 'electron');
  // Links where they can be had: it is a quarter of a gigabyte.
  if (spawnSync('cp', ['-al', distribution, electron]).status !== 0) {
    rmSync(electron, { recursive: true, force: true });
    cpSync(distribution, electron, { recursive: true });
  }
  const helper = path.join(electron, 'chrome-sandbox');
  rmSync(helper, { force: true });
  cpSync(path.join(distribution, 'chrome-sandbox'), helper);
  chmodSync(helper, 0o4755);
  const app = path.join(folder, 'app');
  mkdirSync(app);
  for (const name of ['out', 'package.json'])
    cpSync(path.join(builtApp(), name), path.join(app, name), { recursive: true });
  return { executable: path.join(electron, path.basename(electronExecutable())), app };
}

function statusField(pid: number, name: string): string | null {
  try {
    const line = readFileSync(`/proc/${pid}/status`, 'utf8')
      .split('\n')
      .find((candidate) => candidate.startsWith(`${name}:`));
    return line?.split('\t')[1] ?? null;
  } catch {
    return null;
  }
}

function isRendererOf(pid: number, userData: string): boolean {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return command.includes('--type=renderer') && command.includes(`--user-data-dir=${userData}`);
  } catch {
    return false;
  }
}

function findRenderer(userData: string): number | null {
  const pids = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  return pids.find((pid) => isRendererOf(pid, userData)) ?? null;
}

/** Asks until there is an answer; null after half a minute. */
async function eventually<T>(ask: () => T | null): Promise<T | null> {
  const end = performance.now() + 30_000;
  while (performance.now() < end) {
    const answer = ask();
    if (answer !== null) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return null;
}

export async function startAsOrdinaryUser(): Promise<OrdinaryStart> {
  if (IS_ROOT && spawnSync('runuser', ['-u', USER, '--', 'true']).status !== 0) {
    return { kind: 'impossible', why: 'as root, and runuser cannot become another user' };
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'reticle-ordinary-'));
  chmodSync(folder, 0o777);
  const userData = path.join(folder, 'data');
  const { executable, app } = IS_ROOT
    ? readableCopy(folder)
    : { executable: electronExecutable(), app: builtApp() };
  const args = [...testSwitches(userData), app];
  const [command, commandArgs] = IS_ROOT
    ? ['runuser', ['-u', USER, '--', executable, ...args]]
    : [executable, args];
  const env = { ...process.env, HOME: folder, XDG_RUNTIME_DIR: folder };
  const child = spawn(command, commandArgs, {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  let said = '';
  child.stderr.on('data', (data: Buffer) => {
    said += data.toString('utf8');
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const end = async (): Promise<void> => {
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
    await ended;
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const renderer = await eventually(() => findRenderer(userData) ?? (child.exitCode === null ? null : -1));
  if (renderer === null || renderer === -1) {
    await end();
    throw new Error(`The app did not show a window as ${USER}: ${said.slice(-2000)}`);
  }
  const seccomp = await eventually(() => {
    const value = Number(statusField(renderer, 'Seccomp'));
    return value === 2 ? value : null;
  });
  return { kind: 'started', isOrdinary: statusField(renderer, 'Uid') !== '0', seccomp: seccomp ?? 0, end };
}
