// npm run setup:tensorflow [-- --gpu]: TensorFlow's native part, into the cache outside the checkout. It is made by the
// command line's own code (`reticle setup tensorflow`); here is what that needs first.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildCommandLine } from './build.mjs';
import { runEntry, say } from './console.mjs';
import { withLock } from './lock.mjs';
import { setUpPackages } from './packages.mjs';
import { cacheFolder, projectNode, ROOT } from './paths.mjs';
import { run } from './run.mjs';
import { setUpCompilers } from './system.mjs';

/**
 * Sets TensorFlow up where it is missing.
 * @returns {Promise<boolean>} whether it is there now; what went wrong has been told
 */
export async function setUpTensorflow({ gpu = false } = {}) {
  if (isThere(gpu)) return true;
  await setUpPackages();
  await Promise.all([buildCommandLine(), setUpCompilers()]);
  return withLock(path.join(cacheFolder(), 'tensorflow.lock'), async () => {
    const { code } = await run(
      projectNode(),
      [path.join(ROOT, 'bin', 'reticle.mjs'), 'setup', 'tensorflow', ...(gpu ? ['--gpu'] : [])],
      { cwd: ROOT, inherit: true },
    );
    return code === 0;
  });
}

/** A whole component has its list; the engine checks the sizes in it when it is loaded. */
function isThere(gpu) {
  const start = gpu ? 'tensorflow-gpu-' : 'tensorflow-2';
  const cache = cacheFolder();
  if (!fs.existsSync(cache)) return false;
  return fs
    .readdirSync(cache)
    .some((name) => name.startsWith(start) && fs.existsSync(path.join(cache, name, 'component.json')));
}

/** Tries again once: a registry may be slow to answer. */
export async function tryTensorflow() {
  if ((await setUpTensorflow()) || (await setUpTensorflow())) return true;
  say('TensorFlow cannot be had here: its tests are skipped');
  return false;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await runEntry(async () => ((await setUpTensorflow({ gpu: process.argv.includes('--gpu') })) ? 0 : 1));
}
