// Child processes, told in one place.
import { spawn } from 'node:child_process';

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
export async function isInstalled(program) {
  const find = process.platform === 'win32' ? 'where' : 'which';
  return run(find, [program]).then(
    ({ code }) => code === 0,
    () => false,
  );
}
