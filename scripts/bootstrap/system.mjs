// What the operating system has to bring (Linux): Electron's libraries, a virtual display where there is none, compilers.
import fs from 'node:fs';
import { say, SetupError } from './console.mjs';
import { isInstalled, run } from './run.mjs';

const ELECTRON_LIBRARIES = ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'fonts-dejavu-core'];
/** Debian 13 and Ubuntu 24.04 renamed these. */
const RENAMED = { 'libgtk-3-0': 'libgtk-3-0t64', libasound2: 'libasound2t64' };

export const hasDisplay = () =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/** Names of libraries that `ldd` did not find. */
export function missingLibraries(lddOutput) {
  return [...lddOutput.matchAll(/^\s*(\S+) => not found/gm)].map((match) => match[1]);
}

async function isDebian() {
  return fs.existsSync('/etc/debian_version') && (await isInstalled('apt-get'));
}

async function aptNames(packages) {
  const names = [];
  for (const name of packages) {
    const renamed = RENAMED[name];
    const isRenamed = renamed && (await run('apt-cache', ['policy', renamed])).output.includes('Candidate: ');
    names.push(isRenamed ? renamed : name);
  }
  return names;
}

/** Installs Debian packages as root, else says the one command that does. */
export async function installSystemPackages(what, packages) {
  const plain = `sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  if (!(await isDebian()) || process.getuid?.() !== 0) throw new SetupError(`missing: ${what}`, plain);
  say(`system: installing ${packages.join(' ')} (${what})`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env });
  const names = await aptNames(packages);
  const { code, output } = await run(
    'apt-get',
    ['install', '-y', '-qq', '--no-install-recommends', ...names],
    { env },
  );
  if (code !== 0)
    throw new SetupError(`apt-get could not install ${names.join(' ')}:\n${output.slice(-1500)}`, plain);
}

/** Libraries that Electron needs; asked from the executable itself. */
export async function setUpLibraries(executable) {
  if (process.platform !== 'linux') return;
  const { output } = await run('ldd', [executable]);
  const missing = missingLibraries(output);
  if (missing.length > 0)
    await installSystemPackages(`system libraries (${missing.join(', ')})`, ELECTRON_LIBRARIES);
}

export async function setUpVirtualDisplay() {
  if (hasDisplay() || (await isInstalled('Xvfb'))) return;
  await installSystemPackages('a display, or Xvfb in its place', ['xvfb', 'fonts-dejavu-core']);
}

export async function setUpCompilers() {
  if (process.platform !== 'linux' || ((await isInstalled('gcc')) && (await isInstalled('g++')))) return;
  await installSystemPackages('a C and C++ compiler', ['gcc', 'g++', 'libc6-dev']);
}
