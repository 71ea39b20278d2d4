/** A small set to score in parts, and the command that the examples run. */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const EXAMPLES = import.meta.dirname;
const ROOT = path.dirname(EXAMPLES);
export const RETICLE = path.join(ROOT, 'bin', 'reticle.mjs');

export interface Workplace {
  readonly folder: string;
  readonly truth: string;
  readonly predictions: string;
  /** Environment in which `reticle` is on the path. */
  readonly env: NodeJS.ProcessEnv;
  /** The document of one run over the whole set. */
  whole(...options: string[]): unknown;
  remove(): void;
}

/** A folder with a truth, predictions and a `reticle` to call. */
export function makeWorkplace(): Workplace {
  const folder = mkdtempSync(path.join(tmpdir(), 'reticle-examples-'));
  const source = path.join(ROOT, 'src', 'core', 'metrics', 'fixtures', 'coco', 'crowd');
  const [truth, predictions] = ['truth.json', 'predictions.json'].map((name) => {
    copyFileSync(path.join(source, name), path.join(folder, name));
    return path.join(folder, name);
  }) as [string, string];
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(path.join(bin, 'reticle'), `#!/bin/sh\nexec '${process.execPath}' '${RETICLE}' "$@"\n`);
  chmodSync(path.join(bin, 'reticle'), 0o755);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}`,
  };
  // Under npm relative paths would belong to the folder that npm was called from.
  delete env['INIT_CWD'];
  const whole = (...options: string[]): unknown => {
    const args = ['evaluate', '--truth', truth, '--predictions', predictions, '--json', ...options];
    return JSON.parse(execFileSync('reticle', args, { cwd: folder, env, encoding: 'utf8' }));
  };
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  return { folder, truth, predictions, env, whole, remove };
}
