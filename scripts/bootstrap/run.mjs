// Child processes, told in one place.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/**
 * Runs a command to its end.
 * @returns {Promise<{code: number, output: string}>} output of both streams, kept unless it is inherited
 */
export function run(command, args, { cwd, env, inherit = false, input } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: env ?? process.env,
      stdio: inherit ? 'inherit' : [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && !command.endsWith('.exe'),
    });
    let output = '';
    if (!inherit) {
      child.stdout.on('data', (chunk) => (output += chunk));
      child.stderr.on('data', (chunk) => (output += chunk));
      if (input !== undefined) child.stdin.end(input);
    }
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve({ code: code ?? 128 + (signal ? 1 : 0), output }));
  });
}

/** As `run`; a failure throws with the end of the output. */
export async function runOrThrow(command, args, options) {
  const { code, output } = await run(command, args, options);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}\n${output.slice(-3000)}`);
  return output;
}

/** Whether a program is on the PATH. */
export function isInstalled(program) {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const names = process.platform === 'win32' ? [`${program}.exe`, `${program}.cmd`] : [program];
  return folders.some((folder) => names.some((name) => fs.existsSync(path.join(folder, name))));
}
