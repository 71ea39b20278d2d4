/** Files that a command derives: written anew each time, over what a run before wrote, but never over what it reads. */
import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { BadInput } from '../core/foundation/bad-input';
import { folderMissing, notWritable } from '../engine/export/atomic';

const OUTPUT_OPTIONS = ['output', 'matches', 'partial', 'report'];
/** This one is made, with all folders above it. */
const OUTPUT_FOLDER = 'arrays';

const isFolder = (place: string): boolean =>
  statSync(place, { throwIfNoEntry: false })?.isDirectory() ?? false;

function isWritable(place: string): boolean {
  try {
    accessSync(place, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function refuseFile(target: string): void {
  if (isFolder(target))
    throw new BadInput('target-is-folder', 'The target is a folder, not a file.', 'Name a file in it.', {
      file: target,
    });
  const folder = path.dirname(target);
  if (!isFolder(folder)) throw folderMissing(target);
  // Devices and pipes are written straight; all else is put in place within its folder.
  const takesAll = existsSync(target) && !statSync(target).isFile();
  if (!isWritable(takesAll ? target : folder)) throw notWritable(target);
}

function refuseFolder(target: string): void {
  let place = target;
  while (!existsSync(place) && path.dirname(place) !== place) place = path.dirname(place);
  if (!isFolder(place))
    throw new BadInput('target-is-file', 'There is a file where a folder is to go.', 'Name another folder.', {
      file: place,
    });
  if (!isWritable(place)) throw notWritable(target);
}

/** Before any work: a result that cannot be put anywhere would be lost at the end of it. Throws `BadInput`. */
export function refuseUnwritableTargets(cwd: string, options: Readonly<Record<string, unknown>>): void {
  for (const option of OUTPUT_OPTIONS) {
    const given = options[option];
    if (typeof given === 'string' && given !== '-') refuseFile(path.resolve(cwd, given));
  }
  const folder = options[OUTPUT_FOLDER];
  if (typeof folder === 'string') refuseFolder(path.resolve(cwd, folder));
}

/** Folders of images are looked into late, and some not at all. Throws `BadInput` where one is not there. */
export function refuseMissingImages(cwd: string, options: Readonly<Record<string, unknown>>): void {
  for (const option of ['images', 'trainImages']) {
    const given = options[option];
    if (typeof given !== 'string' || existsSync(path.resolve(cwd, given))) continue;
    const file = path.resolve(cwd, given);
    throw new BadInput('file-unreadable', `${file} is not there.`, 'Check the path and its permissions.', {
      file,
    });
  }
}

/** Standard input comes once. Throws `BadInput` where several inputs are to be read from it. */
export function refuseSharedStandardInput(options: Readonly<Record<string, unknown>>): void {
  const inputs = Object.entries(options).filter(([name]) => !OUTPUT_OPTIONS.includes(name));
  if (inputs.flatMap(([, value]) => value).filter((value) => value === '-').length > 1)
    throw new BadInput('usage', 'Standard input can be one file only.', 'Name the others.');
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
