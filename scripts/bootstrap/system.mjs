// What the operating system has to bring (Linux): Electron's libraries, a virtual display where there is none, compilers.
import fs from 'node:fs';
import { SetupError, timed } from './console.mjs';
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

/** The packages as this system calls them; `policy` is what `apt-cache policy NAME` prints. */
export function namesHere(packages, policy) {
  return packages.map((name) => {
    const renamed = RENAMED[name];
    const candidate = renamed && /Candidate: (\S+)/.exec(policy(renamed))?.[1];
    return candidate && candidate !== '(none)' ? renamed : name;
  });
}

async function packageNames(packages) {
  const answers = new Map();
  for (const name of packages.map((plain) => RENAMED[plain]).filter(Boolean))
    answers.set(name, (await run('apt-cache', ['policy', name])).output);
  return namesHere(packages, (name) => answers.get(name) ?? '');
}

const APT = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=2'];

async function install(what, packages, canInstall) {
  const command = (names) =>
    `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${names.join(' ')}`;
  if (!canInstall) {
    const names = isInstalled('apt-cache') ? await packageNames(packages) : packages;
    throw new SetupError(`missing: ${what}`, command(names));
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await timed(`system: installing ${what}: ${packages.join(' ')}`, async () => {
    await run('apt-get', [...APT, 'update', '-qq'], { env });
    const names = await packageNames(packages);
    const args = [...APT, 'install', '-y', '-qq', '--no-install-recommends', ...names];
    const { code, output } = await run('apt-get', args, { env });
    if (code !== 0)
      throw new SetupError(`apt-get could not install ${what}:\n${output.slice(-1500)}`, command(names));
  });
}

let last = Promise.resolve();

/** Installs Debian packages as root, one call after the other; else says the one command that does. */
export function installSystemPackages(what, packages) {
  const canInstall =
    process.getuid?.() === 0 && fs.existsSync('/etc/debian_version') && isInstalled('apt-get');
  const done = last.then(() => install(what, packages, canInstall));
  last = done.catch(() => {});
  return done;
}

/** Libraries that Electron needs; asked from the executable itself. */
export async function setUpLibraries(executable) {
  if (process.platform !== 'linux') return;
  const missing = missingLibraries((await run('ldd', [executable])).output);
  if (missing.length > 0)
    await installSystemPackages(`system libraries (${missing.join(', ')})`, ELECTRON_LIBRARIES);
}

export async function setUpVirtualDisplay() {
  if (hasDisplay() || isInstalled('Xvfb')) return;
  await installSystemPackages('Xvfb, as there is no display', ['xvfb', 'fonts-dejavu-core']);
}

export async function setUpCompilers() {
  if (process.platform !== 'linux' || (isInstalled('gcc') && isInstalled('g++'))) return;
  await installSystemPackages('a C and C++ compiler', ['gcc', 'g++', 'libc6-dev']);
}
