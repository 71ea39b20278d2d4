// The app's bundles and the command line's, built when a source is not as it was at the last build.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { timed } from './console.mjs';
import { withLock } from './lock.mjs';
import { NODE_MODULES, PACKAGES_STAMP, projectNode, ROOT } from './paths.mjs';
import { noteReady, stateOf } from './ready.mjs';
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

function sourceFiles(folders, configuration) {
  return [
    ...[...CONFIGURATION, configuration].map((name) => path.join(ROOT, name)),
    ...folders.flatMap((folder) => filesIn(path.join(ROOT, folder))),
  ].sort();
}

/** Signature of the sources: names, sizes and times of change; some ten milliseconds. */
export function sourceSignature(folders, configuration) {
  const hash = createHash('sha256');
  for (const file of sourceFiles(folders, configuration)) {
    const { size, mtimeMs } = fs.statSync(file);
    hash.update(`${path.relative(ROOT, file)}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

const stampOf = ({ parts }) => path.join(OUT, `.${parts[0]}-signature`);

function isFresh({ folders, configuration, parts }) {
  const stamp = stampOf({ parts });
  return (
    fs.existsSync(stamp) &&
    fs.readFileSync(stamp, 'utf8') === sourceSignature(folders, configuration) &&
    parts.every((part) => fs.existsSync(path.join(OUT, part)))
  );
}

/** `parts`: folders of `out` that the build makes. They are built aside and put in place when all are there. */
async function buildWhenStale(bundle) {
  if (isFresh(bundle)) return;
  const { name, folders, configuration, parts, command } = bundle;
  await withLock(path.join(ROOT, '.cache', `build-${parts[0]}.lock`), async () => {
    if (isFresh(bundle)) return;
    const stamp = stampOf(bundle);
    const before = sourceSignature(folders, configuration);
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
    folders: [
      'src/main',
      'src/preload',
      'src/renderer',
      'src/engine',
      'src/contract',
      'src/core',
      'scripts/kernels',
    ],
    configuration: 'electron.vite.config.ts',
    parts: ['main', 'preload', 'renderer'],
    command: [script('electron-vite/bin/electron-vite.js'), 'build', '--logLevel', 'warn'],
  });
}

const COMMAND_LINE = {
  name: 'the command line',
  folders: ['src/cli', 'src/engine', 'src/contract', 'src/core', 'scripts/kernels'],
  configuration: 'vite.cli.config.ts',
  parts: ['cli'],
  command: [script('vite/bin/vite.js'), 'build', '--config', 'vite.cli.config.ts', '--logLevel', 'warn'],
};

export async function buildCommandLine() {
  await buildWhenStale(COMMAND_LINE);
  // What was seen before the signature was found fresh is what was built; a change since then shows against it.
  const seen = stateOf(ROOT, [
    ...sourceFiles(COMMAND_LINE.folders, COMMAND_LINE.configuration),
    PACKAGES_STAMP,
    path.join(OUT, 'cli', 'index.js'),
  ]);
  if (isFresh(COMMAND_LINE)) noteReady(ROOT, seen);
}
