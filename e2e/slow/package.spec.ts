/** The package that users get: made, installed with apt, started by an ordinary user with the sandbox on. */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import sharp from 'sharp';
import { ARTEFACTS, IS_ROOT, ROOT } from '../app';
import { readScreenDump } from './screen-dump';

const USER = 'reticle-test';
const START_TIMEOUT_MS = 60_000;

/** Runs a program to its end; a failure throws with what it said. */
function run(program: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error) throw error;
  if (status !== 0)
    throw new Error(`${program} ${args.join(' ')} ended with ${String(status)}\n${stdout}${stderr}`);
  return stdout;
}

const isThere = (program: string): boolean => spawnSync('which', [program]).status === 0;

function makePackage(): string {
  run(process.execPath, ['scripts/bootstrap/package.mjs']);
  const names = readdirSync(path.join(ROOT, 'dist'));
  expect(names.filter((name) => name.endsWith('.tar.gz'))).toHaveLength(1);
  const packages = names.filter((name) => name.endsWith('.deb'));
  expect(packages).toHaveLength(1);
  return path.join(ROOT, 'dist', packages[0]!);
}

function addUser(): void {
  if (spawnSync('id', ['-u', USER]).status !== 0) run('useradd', ['--create-home', USER]);
}

interface Screen {
  readonly display: string;
  /** Saves what is on the screen and says how many colours it has. */
  readonly photograph: (file: string) => Promise<number>;
  readonly close: () => void;
}

/** A virtual screen whose pixels lie in a file, so that no program for screenshots is needed. */
async function openScreen(folder: string): Promise<Screen> {
  const size = '1600x1000x24';
  const args = ['-displayfd', '3', '-screen', '0', size, '-nolisten', 'tcp', '-fbdir', folder, '-ac'];
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const number = await new Promise<string>((resolve, reject) => {
    server.once('error', reject);
    server.stdio[3]!.once('data', (data: Buffer) => {
      resolve(data.toString('utf8').trim());
    });
  });
  return {
    display: `:${number}`,
    photograph: async (file) => {
      const { width, height, pixels } = readScreenDump(readFileSync(path.join(folder, 'Xvfb_screen0')));
      mkdirSync(path.dirname(file), { recursive: true });
      await sharp(pixels, { raw: { width, height, channels: 3 } })
        .png()
        .toFile(file);
      const colours = new Set<number>();
      for (let at = 0; at < pixels.length; at += 3) colours.add(pixels.readUIntBE(at, 3));
      return colours.size;
    },
    close: () => {
      server.kill();
    },
  };
}

function startAsUser(display: string): ChildProcess {
  const environment = [
    'env',
    '-i',
    `HOME=/home/${USER}`,
    `DISPLAY=${display}`,
    'PATH=/usr/bin:/bin',
    'LANG=C.UTF-8',
  ];
  return spawn('runuser', ['-u', USER, '--', ...environment, 'reticle'], {
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
}

/** A command of the installed package, as the user would run it where there is no display. */
function runAsUser(
  folder: string,
  ...args: readonly string[]
): { status: number | null; stdout: string; stderr: string } {
  const environment = ['env', '-i', `HOME=/home/${USER}`, 'PATH=/usr/bin:/bin', 'LANG=C.UTF-8'];
  return spawnSync('runuser', ['-u', USER, '--', ...environment, 'reticle', ...args], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
}

/** The command line of the package: documents on stdout alone, exit codes, the database. */
function expectCommandLine(folder: string, sample: string): void {
  const version = runAsUser(folder, '--version');
  expect([version.status, version.stdout, version.stderr]).toEqual([0, '1.0.0\n', '']);
  const given = ['--truth', `${sample}/truth.json`, '--predictions', `${sample}/predictions.json`];
  const scored = runAsUser(folder, 'evaluate', ...given, '--json');
  expect([scored.status, scored.stderr]).toEqual([0, '']);
  const document = JSON.parse(scored.stdout) as { results: { metrics: { AP: number } }[] };
  expect(document.results[0]!.metrics.AP).toBeGreaterThan(0);
  expect(runAsUser(folder, 'project', 'new', 'first.reticle').status).toBe(0);
  expect(runAsUser(folder, 'project', 'import', 'first.reticle', ...given, '--run', 'first').status).toBe(0);
  const again = runAsUser(folder, 'project', 'evaluate', 'first.reticle', '--json');
  expect(JSON.parse(again.stdout)).toMatchObject({ results: document.results });
  expect(runAsUser(folder, 'project', 'check', 'first.reticle').stdout).toBe('sound\n');
  // A model, in a process of its own; the sample ships one.
  const model = path.join(sample, 'model', 'smear-detector.onnx');
  const run = ['--model', model, '--images', path.join(sample, 'images'), '--output', 'found.json'];
  const found = runAsUser(folder, 'predict', ...run, '--json');
  expect([found.status, JSON.parse(found.stdout)]).toMatchObject([0, { images: 120, backend: 'onnx' }]);
  const wrong = runAsUser(folder, 'open', 'absent.reticle');
  expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining('There is no such project')]);
  expect(runAsUser(folder, 'evaluate', '--json').status).toBe(2);
  expect(runAsUser(folder, 'nonsense').status).toBe(2);
  expect(runAsUser(folder, 'doctor').status).toBe(0);
}

const windows = (display: string): string =>
  spawnSync('xwininfo', ['-root', '-tree', '-display', display], { encoding: 'utf8' }).stdout;

/** Command line and state of every process of the user. */
function processesOf(user: string): { command: string; seccomp: string }[] {
  const uid = run('id', ['-u', user]).trim();
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        if (/^Uid:\t(\d+)/m.exec(status)?.[1] !== uid) return [];
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return [{ command, seccomp: /^Seccomp:\t(\d)/m.exec(status)?.[1] ?? '' }];
      } catch {
        return []; // It has ended since the folder was read.
      }
    });
}

test('the .deb installs; an ordinary user runs commands without a display and sees its window with the sandbox on', async () => {
  test.skip(!IS_ROOT, 'only root can install a package');
  test.skip(!isThere('apt-get'), 'only where apt is');
  const file = makePackage();
  run('apt-get', [
    'install',
    '-y',
    '-qq',
    '--no-install-recommends',
    '--reinstall',
    '--allow-downgrades',
    file,
  ]);
  if (!isThere('xwininfo')) run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'x11-utils']);
  addUser();
  // Of its own: what an earlier run left in the user's home is no part of this one.
  const place = run('runuser', ['-u', USER, '--', 'mktemp', '-d']).trim();
  expectCommandLine(place, '/usr/lib/reticle/resources/resources/sample');
  rmSync(place, { recursive: true, force: true });
  const folder = mkdtempSync(path.join(tmpdir(), 'reticle-screen-'));
  chmodSync(folder, 0o755);
  const screen = await openScreen(folder);
  const app = startAsUser(screen.display);
  let said = '';
  app.stderr!.on('data', (data: Buffer) => (said += data.toString('utf8')));
  try {
    await expect
      .poll(() => windows(screen.display), { timeout: START_TIMEOUT_MS })
      .toMatch(/"[^"]*Reticle[^"]*"/);
    const processes = (): { command: string; seccomp: string }[] => processesOf(USER);
    const renderer = (): { seccomp: string } | undefined =>
      processes().find(({ command }) => command.includes('--type=renderer'));
    await expect.poll(() => renderer()?.seccomp, { timeout: START_TIMEOUT_MS }).toBe('2');
    expect(processes().filter(({ command }) => command.includes('--no-sandbox'))).toEqual([]);
    // The engine loads SQLite and sharp out of the package; it would be gone again without them.
    const hasEngine = (): boolean =>
      processes().some(({ command }) => command.includes('--utility-sub-type=node.mojom.NodeService'));
    await expect.poll(hasEngine, { timeout: START_TIMEOUT_MS }).toBe(true);
    const picture = path.join(ARTEFACTS, 'package-window.png');
    // Photographs are on the first screen, the sample's; an empty window has a handful of colours.
    await expect.poll(() => screen.photograph(picture), { timeout: START_TIMEOUT_MS }).toBeGreaterThan(500);
    expect(said).not.toMatch(/Cannot find (module|package)|ERR_DLOPEN_FAILED/);
  } catch (error) {
    throw new Error(`${String(error)}\nThe app said: ${said.slice(-3000)}`, { cause: error });
  } finally {
    process.kill(-app.pid!, 'SIGKILL');
    screen.close();
    spawnSync('apt-get', ['remove', '-y', '-qq', 'reticle']);
    rmSync(folder, { recursive: true, force: true });
  }
});
