// Sets up what is missing and opens the app, until its window is closed.
import { spawn } from 'node:child_process';
import { say } from './console.mjs';
import { openDisplay } from './display.mjs';
import { ROOT } from './paths.mjs';
import { setUp } from './setup.mjs';

/** @returns {Promise<number>} the app's exit code */
export async function openApp(given) {
  const { electron, env } = await setUp();
  const display = await openDisplay();
  say(
    display.env.DISPLAY ? `opening Reticle on the virtual display ${display.env.DISPLAY}` : 'opening Reticle',
  );
  const isRoot = process.getuid?.() === 0;
  const args = [...(isRoot ? ['--no-sandbox'] : []), ROOT, ...given];
  const app = spawn(electron.executable, args, {
    stdio: 'inherit',
    env: { ...process.env, ...env, ...display.env },
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => app.kill(signal));
  const code = await new Promise((resolve) => app.on('exit', (exitCode) => resolve(exitCode ?? 1)));
  display.stop();
  return code;
}
