// A virtual display for machines without one. Xvfb picks a free number itself and tells it, so parallel runs do not meet.
import { spawn } from 'node:child_process';
import { SetupError } from './console.mjs';
import { hasDisplay } from './system.mjs';

/** @returns {Promise<{env: Record<string, string>, stop(): void}>} `env` is empty where there is a display */
export async function openDisplay() {
  if (hasDisplay()) return { env: {}, stop: () => {} };
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1920x1200x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise((resolve, reject) => {
    server.on('error', reject);
    server.on('exit', () => reject(new SetupError('Xvfb ended at once', 'Xvfb :99')));
    server.stdio[3].once('data', resolve);
  });
  return { env: { DISPLAY: `:${String(number).trim()}` }, stop: () => server.kill() };
}
