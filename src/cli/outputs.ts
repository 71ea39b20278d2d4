/** Files that a command derives: written anew each time, over what a run before wrote, but never over what it reads. */
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { BadInput } from '../core/foundation/bad-input';
import { folderMissing } from '../engine/export/atomic';

const OUTPUT_OPTIONS = ['output', 'matches', 'partial', 'report'];

/** Before any work: a result that cannot be put anywhere would be lost at the end of it. */
export function refuseMissingFolders(cwd: string, options: Readonly<Record<string, unknown>>): void {
  for (const option of OUTPUT_OPTIONS) {
    const given = options[option];
    if (typeof given !== 'string' || given === '-') continue;
    const target = path.resolve(cwd, given);
    if (!existsSync(path.dirname(target))) throw folderMissing(target);
  }
}

/**
 * Throws `BadInput` where an output is a file that the command line names a second time, as an input or as another
 * output. `args`: as given; `options`: as parsed from them.
 */
export function refuseInputsAsOutputs(
  cwd: string,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
): void {
  const realPath = (text: string): string | null => {
    const file = path.resolve(cwd, text);
    return existsSync(file) ? realpathSync(file) : null;
  };
  for (const option of OUTPUT_OPTIONS) {
    const given = options[option];
    const target = typeof given === 'string' ? realPath(given) : null;
    if (target === null) continue;
    const values = args.map((argument) => argument.replace(/^--[\w-]+=/, ''));
    if (values.filter((value) => realPath(value) === target).length > 1)
      throw new BadInput(
        'target-is-input',
        `--${option} names a file that is given as something else too; it was left as it is.`,
        'Choose another name.',
        { file: target },
      );
  }
}
