// node_modules, installed when the lock file is not the one it was installed from.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { say, SetupError } from './console.mjs';
import { NODE_MODULES, projectNode, ROOT } from './paths.mjs';
import { run } from './run.mjs';

const STAMP = path.join(NODE_MODULES, '.reticle-lock');

const lockHash = () =>
  createHash('sha256')
    .update(fs.readFileSync(path.join(ROOT, 'package-lock.json')))
    .update(`${process.platform}-${process.arch}`)
    .digest('hex');

export function packagesAreReady() {
  return (
    fs.existsSync(STAMP) && fs.readFileSync(STAMP, 'utf8') === lockHash() && fs.existsSync(projectNode())
  );
}

/** No install script is needed by any package (.npmrc switches them off). */
export async function setUpPackages() {
  if (packagesAreReady()) return;
  say('packages: npm ci');
  const { code, output } = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: ROOT,
  });
  if (code !== 0) {
    throw new SetupError(`npm could not install the packages:\n${output.slice(-2000)}`, 'npm ci');
  }
  if (!fs.existsSync(projectNode())) {
    const major = Number(process.versions.node.split('.')[0]);
    if (major < 22) throw new SetupError('this platform has no Node package', 'install Node 22.12 or newer');
  }
  fs.writeFileSync(STAMP, lockHash());
  say('packages: ready');
}
