// Everything a checkout needs before the app or its tests can run; each part only where it is missing.
//   node scripts/bootstrap/setup.mjs      sets up all but the bundles and prints what the app's processes are told:
//     RETICLE_ELECTRON         the Electron executable (also what the end-to-end tests start)
//     RETICLE_SQLITE_BINDING   better-sqlite3's native part for that Electron, where the prebuilt one does not load in it
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildApp, buildCommandLine } from './build.mjs';
import { runEntry, SetupError } from './console.mjs';
import {
  askNodeApi,
  canLoad,
  CARRIED_NODE_API,
  chooseElectron,
  forgetElectron,
  setUpElectron,
} from './electron.mjs';
import { withLock } from './lock.mjs';
import { setUpPackages } from './packages.mjs';
import { cacheFolder } from './paths.mjs';
import { forgetBinding, setUpSqlite } from './sqlite.mjs';
import { setUpLibraries, setUpVirtualDisplay } from './system.mjs';

/** An Electron that has been seen to run; one that does not is made again, once. */
async function setUpRunningElectron(choice, isSecondTry = false) {
  const electron = await setUpElectron(choice);
  await setUpLibraries(electron.executable);
  const nodeApi = await askNodeApi(electron.executable);
  if (nodeApi !== null) return { ...electron, nodeApi };
  if (isSecondTry || electron.source === 'given')
    throw new SetupError(`Electron does not run: ${electron.executable}`, `${electron.executable} --version`);
  forgetElectron(electron);
  return setUpRunningElectron(choice, true);
}

/** Electron and SQLite's binding for it, side by side where it is known what Electron will ask for. */
async function setUpElectronAndSqlite() {
  const choice = await chooseElectron();
  const early = choice.source === 'carried' ? setUpSqlite(CARRIED_NODE_API) : null;
  const [electron] = await Promise.all([setUpRunningElectron(choice), early]);
  const binding = await setUpSqlite(electron.nodeApi);
  if (binding === null || (await canLoad(electron.executable, binding))) return { electron, binding };
  forgetBinding(binding);
  return { electron, binding: await setUpSqlite(electron.nodeApi) };
}

/**
 * Packages, Electron, SQLite and system libraries.
 * @param {() => Promise<unknown>} alongside work that needs the packages only
 * @returns {Promise<{electron: {executable: string, version: string, source: string}, env: Record<string, string>}>}
 *   `env`: what the app's processes are told about where things are
 */
export async function setUpRuntime(alongside = async () => {}) {
  await setUpPackages();
  const [{ electron, binding }] = await Promise.all([
    withLock(path.join(cacheFolder(), 'set-up.lock'), async () => {
      const [made] = await Promise.all([setUpElectronAndSqlite(), setUpVirtualDisplay()]);
      return made;
    }),
    alongside(),
  ]);
  const own = binding ? { RETICLE_SQLITE_BINDING: binding } : {};
  return { electron, env: { RETICLE_ELECTRON: electron.executable, ...own } };
}

/** `setUpRuntime`, and the bundles of the app and of the command line. */
export function setUp() {
  return setUpRuntime(async () => {
    await buildApp();
    await buildCommandLine();
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runEntry(async () => {
    const { env } = await setUpRuntime();
    for (const [name, value] of Object.entries(env)) console.log(`${name}=${value}`);
  });
}
