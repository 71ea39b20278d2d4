// The app's bundles and the command line's, built when a source is newer than the last build.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { say } from './console.mjs';
import { projectNode, ROOT } from './paths.mjs';
import { runOrThrow } from './run.mjs';

const CONFIGURATION = [
  'package-lock.json',
  'electron.vite.config.ts',
  'vite.cli.config.ts',
  'tsconfig.base.json',
];

/** Signature of the sources: names, sizes and times of change; a few milliseconds. */
export function sourceSignature(folders) {
  const hash = createHash('sha256');
  const add = (file) => {
    const { size, mtimeMs } = fs.statSync(file);
    hash.update(`${path.relative(ROOT, file)}\0${size}\0${mtimeMs}\n`);
  };
  const walk = (folder) => {
    for (const entry of fs
      .readdirSync(folder, { withFileTypes: true })
      .sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) walk(file);
      else if (!/\.(test|fixture)\.tsx?$/.test(entry.name) && !folder.includes('fixtures')) add(file);
    }
  };
  for (const name of CONFIGURATION) if (fs.existsSync(path.join(ROOT, name))) add(path.join(ROOT, name));
  for (const folder of folders) walk(path.join(ROOT, folder));
  return hash.digest('hex');
}

async function buildWhenStale(name, folders, stampFile, build) {
  const stamp = path.join(ROOT, 'out', stampFile);
  const signature = sourceSignature(folders);
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === signature) return;
  say(`build: ${name}`);
  fs.rmSync(stamp, { force: true });
  await build();
  fs.mkdirSync(path.dirname(stamp), { recursive: true });
  fs.writeFileSync(stamp, signature);
}

const script = (name) => path.join(ROOT, 'node_modules', ...name.split('/'));

export function buildApp() {
  return buildWhenStale('the app', ['src'], '.app-signature', () =>
    runOrThrow(projectNode(), [script('electron-vite/bin/electron-vite.js'), 'build', '--logLevel', 'warn'], {
      cwd: ROOT,
    }),
  );
}

export const COMMAND_LINE_SOURCES = ['src/cli', 'src/engine', 'src/contract', 'src/core'];

export function buildCommandLine() {
  return buildWhenStale('the command line', COMMAND_LINE_SOURCES, '.cli-signature', () =>
    runOrThrow(
      projectNode(),
      [script('vite/bin/vite.js'), 'build', '--config', 'vite.cli.config.ts', '--logLevel', 'warn'],
      {
        cwd: ROOT,
      },
    ),
  );
}
