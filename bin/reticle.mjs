#!/usr/bin/env node
// The command line's entry: sets up what a command needs (packages and its bundle; never Electron), then runs it.
// Plain JavaScript for Node 20 and newer: it runs from an empty clone.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const IS_CHECKOUT = fs.existsSync(path.join(ROOT, 'scripts', 'bootstrap', 'packages.mjs'));
/** These open project files, and so need SQLite's prebuilt binding: Node-API 10, Node 22.14 and newer. */
const WITH_DATABASE = new Set(['project', 'open', 'doctor', 'predict']);
const [major, minor] = process.versions.node.split('.').map(Number);
const hasNodeApi10 = major > 22 || (major === 22 && minor >= 14);

if (IS_CHECKOUT) {
  const { setUpPackages } = await import('../scripts/bootstrap/packages.mjs');
  const { buildCommandLine } = await import('../scripts/bootstrap/build.mjs');
  await setUpPackages();
  await buildCommandLine();
  const command = process.argv.slice(2).find((argument) => !argument.startsWith('-'));
  if (WITH_DATABASE.has(command) && !hasNodeApi10 && !process.env.RETICLE_SQLITE_BINDING) {
    const { projectNode } = await import('../scripts/bootstrap/paths.mjs');
    const { status, signal } = spawnSync(
      projectNode(),
      [fileURLToPath(import.meta.url), ...process.argv.slice(2)],
      { stdio: 'inherit' },
    );
    process.exit(status ?? (signal ? 130 : 3));
  }
}
const { main } = await import(pathToFileURL(path.join(ROOT, 'out', 'cli', 'index.js')).href);
process.exitCode = await main(process.argv.slice(2), {
  cwd: process.env.INIT_CWD ?? process.cwd(),
  root: ROOT,
});
