// npm run dev: the app with its window rebuilt as sources change.
import { runEntry } from './console.mjs';
import { openDisplay } from './display.mjs';
import { NODE_MODULES, projectNode, ROOT } from './paths.mjs';
import { run } from './run.mjs';
import { setUp } from './setup.mjs';

await runEntry(async () => {
  const { electron, env } = await setUp();
  const display = await openDisplay();
  const isRoot = process.getuid?.() === 0;
  const { code } = await run(
    projectNode(),
    [`${NODE_MODULES}/electron-vite/bin/electron-vite.js`, 'dev', ...process.argv.slice(2)],
    {
      cwd: ROOT,
      env: {
        ...process.env,
        ...env,
        ...display.env,
        ELECTRON_EXEC_PATH: electron.executable,
        ...(isRoot ? { NO_SANDBOX: '1' } : {}),
      },
      inherit: true,
    },
  );
  display.stop();
  return code;
});
