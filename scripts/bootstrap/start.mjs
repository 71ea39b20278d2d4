// npm start: sets up what is missing and opens the app (on the sample project the first time).
import { spawn } from 'node:child_process';
import { runEntry, say } from './console.mjs';
import { openDisplay } from './display.mjs';
import { ROOT } from './paths.mjs';
import { setUp } from './setup.mjs';

await runEntry(async () => {
  const { electron, env } = await setUp();
  const display = await openDisplay();
  say(
    display.env.DISPLAY ? `opening Reticle on the virtual display ${display.env.DISPLAY}` : 'opening Reticle',
  );
  const isRoot = process.getuid?.() === 0;
  const args = [...(isRoot ? ['--no-sandbox'] : []), ROOT, ...process.argv.slice(2)];
  const app = spawn(electron.executable, args, {
    stdio: 'inherit',
    env: { ...process.env, ...env, ...display.env },
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => app.kill(signal));
  const code = await new Promise((resolve) => app.on('exit', (exitCode) => resolve(exitCode ?? 1)));
  display.stop();
  return code;
});
