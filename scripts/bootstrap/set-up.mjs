// Everything a checkout needs before the app or its tests can run; each part only where it is missing.
import path from 'node:path';
import { buildApp, buildCommandLine } from './build.mjs';
import { setUpElectron } from './electron.mjs';
import { withLock } from './lock.mjs';
import { setUpPackages } from './packages.mjs';
import { cacheFolder, NODE_MODULES } from './paths.mjs';
import { needsOwnBinding, setUpSqlite } from './sqlite.mjs';
import { setUpCompilers, setUpLibraries, setUpVirtualDisplay } from './system.mjs';

/**
 * @returns {Promise<{electron: {executable: string, version: string, source: string}, env: Record<string, string>}>}
 *   `env`: what the app's processes are told about where things are
 */
export async function setUp() {
  await withLock(path.join(NODE_MODULES, '..', '.cache', 'set-up.lock'), setUpPackages);
  return withLock(path.join(cacheFolder(), 'set-up.lock'), async () => {
    const building = Promise.all([buildApp(), buildCommandLine()]);
    // Told when it is awaited; without this a failing build would end the process while Electron is being made.
    building.catch(() => {});
    const electron = await setUpElectron();
    await setUpLibraries(electron.executable);
    await setUpVirtualDisplay();
    if (needsOwnBinding(electron.version)) await setUpCompilers();
    const binding = await setUpSqlite(electron.version);
    await building;
    return {
      electron,
      env: {
        RETICLE_ELECTRON: electron.executable,
        ...(binding ? { RETICLE_SQLITE_BINDING: binding } : {}),
      },
    };
  });
}
