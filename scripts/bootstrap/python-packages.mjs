// Python packages for tests and benchmarks alone, in virtual environments of the cache. Nothing that users run needs them.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { withLock } from './lock.mjs';
import { cacheFolder } from './paths.mjs';
import { run } from './run.mjs';

/** Written last: an environment without it was cut short, and is made again. */
const DONE = '.complete';

/**
 * The interpreter of an environment with exactly these packages (`name==version`), made where it is missing.
 * @returns {Promise<{python: string} | {missing: string}>} `missing`: why it cannot be had here
 */
export async function pythonWith(packages) {
  const key = createHash('sha256').update(packages.join('\n')).digest('hex').slice(0, 16);
  const folder = path.join(cacheFolder(), 'python', key);
  const python = path.join(folder, process.platform === 'win32' ? 'Scripts' : 'bin', 'python');
  if (fs.existsSync(path.join(folder, DONE))) return { python };
  return withLock(path.join(cacheFolder(), 'python', `${key}.lock`), async () => {
    if (fs.existsSync(path.join(folder, DONE))) return { python };
    fs.rmSync(folder, { recursive: true, force: true });
    for (const [command, ...args] of [
      ['python3', '-m', 'venv', folder],
      [python, '-m', 'pip', 'install', '--quiet', '--prefer-binary', ...packages],
    ]) {
      const { code, output } = await run(command, args).catch((error) => ({
        code: 1,
        output: error.message,
      }));
      if (code !== 0) return { missing: output.trim().split('\n').at(-1) };
    }
    fs.writeFileSync(path.join(folder, DONE), packages.join('\n'));
    return { python };
  });
}
