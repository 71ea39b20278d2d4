// A command measured from its start to its end, in a process of its own.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { projectNode, ROOT } from '../../scripts/bootstrap/paths.mjs';

const SCRIPT = path.join(ROOT, 'bench', 'data', 'measure.py');

export const python = () => process.env.PYTHON ?? (process.platform === 'win32' ? 'python' : 'python3');

/** @returns {{ seconds: number, cpu: number, memory: number, output: string }} memory in bytes */
export function measure(command) {
  const { stdout, stderr, error } = spawnSync(python(), [SCRIPT, ...command], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (error) throw new Error(`${python()} is needed to measure: ${error.message}`);
  const lines = stdout.trimEnd().split('\n');
  const { code, ...taken } = JSON.parse(lines.pop());
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}\n${stderr.slice(-1500)}`);
  return { ...taken, output: lines.join('\n').trim() };
}

/** The command line, start to finish. */
export const reticle = (...args) => [projectNode(), path.join(ROOT, 'bin', 'reticle.mjs'), ...args];

export const evaluateCommand = ({ truth, predictions }, ...more) =>
  reticle('evaluate', '--truth', truth, '--predictions', predictions, '--json', ...more);

export const KEYS = [
  ...['AP', 'AP50', 'AP75', 'APsmall', 'APmedium', 'APlarge'],
  ...['AR1', 'AR10', 'AR100', 'ARsmall', 'ARmedium', 'ARlarge'],
];

/** The twelve numbers of a document of the command line. */
export function twelveOf(output) {
  const { metrics } = JSON.parse(output).results[0];
  return KEYS.map((key) => metrics[key]);
}

export const best = (values) => Math.min(...values);
export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];

const size = (bytes) => `${Math.round(bytes / 1e6)} MB`;
const time = (seconds) => (seconds < 1 ? `${(seconds * 1000).toFixed(0)} ms` : `${seconds.toFixed(2)} s`);
export const inWords = { size, time };

/** @param {readonly string[]} head @param {readonly (readonly string[])[]} rows */
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  console.log([line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n'));
}

/** `--name value` among the arguments, else the default. */
export function option(name, otherwise) {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1];
}
