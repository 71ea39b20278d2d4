// npm run package: dist/*.deb and dist/*.tar.gz.
import path from 'node:path';
import { runEntry } from './console.mjs';
import { projectNode, ROOT } from './paths.mjs';
import { isInstalled, run } from './run.mjs';
import { setUp } from './setup.mjs';
import { installSystemPackages } from './system.mjs';
import { tryTensorflow } from './tensorflow.mjs';

await runEntry(async () => {
  const { electron, env } = await setUp();
  // Its addon goes into the package; without it the package cannot set TensorFlow up.
  await tryTensorflow();
  for (const program of ['zip', 'dpkg', 'fakeroot']) {
    if (!isInstalled(program)) await installSystemPackages(program, [program]);
  }
  const { code } = await run(
    projectNode(),
    [path.join(ROOT, 'scripts', 'package', 'make-packages.mjs'), path.dirname(electron.executable)],
    {
      cwd: ROOT,
      env: { ...process.env, ...env },
      inherit: true,
    },
  );
  return code;
});
