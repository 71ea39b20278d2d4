/** Files handed to the app: on its command line, by a second instance, by the file manager. */
import path from 'node:path';

/** Paths among a command line's arguments, made absolute against the folder it was given in. Switches are left out. */
export function pathsOfArguments(args: readonly string[], folder: string): string[] {
  return args.filter((arg) => arg !== '' && !arg.startsWith('-')).map((arg) => path.resolve(folder, arg));
}

export const isProjectPath = (file: string): boolean => path.extname(file).toLowerCase() === '.reticle';
