// The app's bundles and the command line's, built when a source is not as it was at the last build.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { timed } from './console.mjs';
import { withLock } from './lock.mjs';
import { NODE_MODULES, projectNode, ROOT } from './paths.mjs';
import { runOrThrow } from './run.mjs';
import { replaceFolder } from './whole-folder.mjs';

const OUT = path.join(ROOT, 'out');
const CONFIGURATION = ['package-lock.json', 'tsconfig.base.json'];

/** Files that a source folder holds and no bundle reads. */
const isLeftOut = (file) => /\.(test|fixture)\.tsx?$/.test(file) || /[\\/]fixtures[\\/]/.test(file);

function filesIn(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => !isLeftOut(file));
}

/** Signature of the sources: names, sizes and times of change; a few milliseconds. */
export function sourceSignature(folders, configuration) {
  const hash = createHash('sha256');
  const files = [
    ...[...CONFIGURATION, configuration].map((name) => path.join(ROOT, name)),
    ...folders.flatMap((folder) => filesIn(path.join(ROOT, folder))),
  ].sort();
  for (const file of files) {
    const { size, mtimeMs } = fs.statSync(file);
    hash.update(`${path.relative(ROOT, file)}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** `parts`: folders of `out` that the build makes. They are built aside and put in place when all are there. */
async function buildWhenStale({ name, folders, configuration, parts, command }) {
  const stamp = path.join(OUT, `.${parts[0]}-signature`);
  const signature = () => sourceSignature(folders, configuration);
  const isFresh = () =>
    fs.existsSync(stamp) &&
    fs.readFileSync(stamp, 'utf8') === signature() &&
    parts.every((part) => fs.existsSync(path.join(OUT, part)));
  if (isFresh()) return;
  await withLock(path.join(ROOT, '.cache', `build-${parts[0]}.lock`), async () => {
    if (isFresh()) return;
    const before = signature();
    const aside = path.join(ROOT, '.cache', `build-${parts[0]}`);
    await timed(`build: ${name}`, async () => {
      fs.rmSync(aside, { recursive: true, force: true });
      await runOrThrow(projectNode(), command, { cwd: ROOT, env: { ...process.env, RETICLE_BUILD: aside } });
      fs.rmSync(stamp, { force: true });
      for (const part of parts) replaceFolder(path.join(aside, part), path.join(OUT, part));
      fs.writeFileSync(stamp, before);
      fs.rmSync(aside, { recursive: true, force: true });
    });
  });
}

const script = (name) => path.join(NODE_MODULES, ...name.split('/'));

export function buildApp() {
  return buildWhenStale({
    name: 'the app',
    folders: ['src/main', 'src/preload', 'src/renderer', 'src/engine', 'src/contract', 'src/core'],
    configuration: 'electron.vite.config.ts',
    parts: ['main', 'preload', 'renderer'],
    command: [script('electron-vite/bin/electron-vite.js'), 'build', '--logLevel', 'warn'],
  });
}

export function buildCommandLine() {
  return buildWhenStale({
    name: 'the command line',
    folders: ['src/cli', 'src/engine', 'src/contract', 'src/core'],
    configuration: 'vite.cli.config.ts',
    parts: ['cli'],
    command: [script('vite/bin/vite.js'), 'build', '--config', 'vite.cli.config.ts', '--logLevel', 'warn'],
  });
}
