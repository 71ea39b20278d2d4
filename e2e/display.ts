/** Gives the tests a display where the machine has none: a virtual one, on a number that it picks itself. */
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

function needsDisplay(): boolean {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  return process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY;
}

/** Playwright's global set-up: the tests inherit the variable; what is returned runs after the last of them. */
async function startDisplay(): Promise<() => void> {
  if (!needsDisplay()) return () => undefined;
  const args = ['-displayfd', '3', '-screen', '0', '1920x1200x24', '-nolisten', 'tcp'];
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const pipe = server.stdio[3] as Readable;
  const number = await new Promise<string>((resolve, reject) => {
    server.once('error', (error) => {
      reject(
        new Error(`There is no display, and Xvfb cannot be started: apt-get install xvfb (${error.message})`),
      );
    });
    server.once('exit', (code) => {
      reject(new Error(`Xvfb ended with code ${String(code)} before it gave its display.`));
    });
    pipe.once('data', (data: Buffer) => {
      resolve(data.toString('utf8').trim());
    });
  });
  process.env['DISPLAY'] = `:${number}`;
  return () => {
    server.removeAllListeners('exit');
    server.kill();
  };
}

// Playwright takes the default export of this file and nothing else.
// eslint-disable-next-line no-restricted-syntax
export default startDisplay;
