// node_modules, installed when the lock file is not the one it was installed from.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { SetupError, timed } from './console.mjs';
import { withLock } from './lock.mjs';
import { PACKAGES_STAMP, PLATFORM, projectNode, ROOT } from './paths.mjs';
import { run } from './run.mjs';

const lockHash = () =>
  createHash('sha256')
    .update(fs.readFileSync(path.join(ROOT, 'package-lock.json')))
    .update(PLATFORM)
    .digest('hex');

function packagesAreReady() {
  return (
    fs.existsSync(PACKAGES_STAMP) &&
    fs.readFileSync(PACKAGES_STAMP, 'utf8') === lockHash() &&
    fs.existsSync(projectNode())
  );
}

async function install() {
  // No package used here needs its install script (.npmrc switches them off).
  const { code, output } = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: ROOT,
  });
  if (code !== 0)
    throw new SetupError(`npm could not install the packages:\n${output.slice(-2000)}`, 'npm ci');
  if (!fs.existsSync(projectNode())) {
    throw new SetupError(`no package brings Node for ${PLATFORM}`, 'install Node 22.14 or newer');
  }
  fs.writeFileSync(PACKAGES_STAMP, lockHash());
}

/** Does nothing where they are installed: a few milliseconds. */
export async function setUpPackages() {
  if (packagesAreReady()) return;
  await withLock(path.join(ROOT, '.cache', 'packages.lock'), async () => {
    if (!packagesAreReady()) await timed('packages: npm ci', install);
  });
}
