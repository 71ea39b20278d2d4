// npm run sample: makes the sample project's data again (resources/sample).
import path from 'node:path';
import { runEntry } from './console.mjs';
import { setUpPackages } from './packages.mjs';
import { projectNode, ROOT } from './paths.mjs';
import { run } from './run.mjs';

await runEntry(async () => {
  await setUpPackages();
  const { code } = await run(
    projectNode(),
    [path.join(ROOT, 'scripts', 'sample', 'make-sample.mjs'), ...process.argv.slice(2)],
    { inherit: true },
  );
  return code;
});
