#!/usr/bin/env node
// The command line's entry: sets up what a command needs (packages and its bundle; never Electron), then runs it.
// Plain JavaScript for Node 20 and newer: it runs from an empty clone.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Without its sources it is an installed package, whose bundle is what it is. */
const IS_CHECKOUT = fs.existsSync(path.join(ROOT, 'scripts', 'bootstrap', 'packages.mjs'));
/** These open project files, and so need SQLite's prebuilt binding: Node-API 10, Node 22.14 and newer. */
const WITH_DATABASE = new Set(['project', 'open', 'doctor', 'predict']);
const CANCELLED = 130;
const OWN_FAULT = 3;

function hasPrebuiltSqlite() {
  return Number(process.versions.napi) >= 10;
}

/** Ends at once: until the command itself listens there is nothing to put away. */
const stop = () => process.exit(CANCELLED);
const SIGNALS = ['SIGINT', 'SIGTERM'];
const listen = () => SIGNALS.forEach((signal) => process.on(signal, stop));
const listenNoMore = () => SIGNALS.forEach((signal) => process.off(signal, stop));

/** npm runs this checkout's scripts in its folder, and says in INIT_CWD where the user stood; elsewhere that says nothing. */
function callersFolder() {
  const isHere = process.cwd() === path.resolve(ROOT);
  return (isHere && process.env.INIT_CWD) || process.cwd();
}

/** Goes on under the project's Node; signals reach it, and its exit code is this one's. */
async function runUnderProjectNode(args) {
  const { projectNode } = await import('../scripts/bootstrap/paths.mjs');
  const { spawn } = await import('node:child_process');
  listenNoMore();
  const child = spawn(projectNode(), [fileURLToPath(import.meta.url), ...args], { stdio: 'inherit' });
  // At a terminal Ctrl+C reaches the child by itself.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(`reticle: ${error.message}`);
      resolve(OWN_FAULT);
    });
    child.on('exit', (code, signal) => resolve(code ?? (/INT|TERM/.test(signal) ? CANCELLED : OWN_FAULT)));
  });
}

/** Packages and the bundle, where something is missing or has changed; false where that failed, which is then told. */
async function setUp() {
  const { isReady } = await import('../scripts/bootstrap/ready.mjs');
  if (isReady(ROOT)) return true;
  const { setUpPackages } = await import('../scripts/bootstrap/packages.mjs');
  const { buildCommandLine } = await import('../scripts/bootstrap/build.mjs');
  try {
    await setUpPackages();
    await buildCommandLine();
    return true;
  } catch (error) {
    console.error(`reticle: the set-up failed: ${error.message}`);
    return false;
  }
}

/** The app of this checkout, set up as npm start does. */
async function openWindow(args) {
  const { openApp } = await import('../scripts/bootstrap/open-app.mjs');
  return openApp(args);
}

async function run(args) {
  if (IS_CHECKOUT) {
    if (!(await setUp())) return OWN_FAULT;
    const command = args.find((argument) => !argument.startsWith('-'));
    const opensProject = WITH_DATABASE.has(command) || args.some((argument) => argument.endsWith('.reticle'));
    if (opensProject && !hasPrebuiltSqlite()) return runUnderProjectNode(args);
  }
  const { main } = await import(pathToFileURL(path.join(ROOT, 'out', 'cli', 'index.js')).href);
  listenNoMore();
  return main(args, { cwd: callersFolder(), root: ROOT, openWindow });
}

listen();
process.exitCode = await run(process.argv.slice(2));
