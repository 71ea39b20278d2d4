/** Names of images as files beside them say them: relative to the file, often with `..` and Windows' separators. */
import { baseName, fileNameProblem, folderOf, normaliseFileName, safeRelativePath } from './names';

/** The name relative to the dataset's root; only its last part where it would lead outside. Never empty. */
export function nameBeside(file: string, written: string): string {
  const normal = normaliseFileName(written);
  const parts: string[] = [];
  for (const part of `${folderOf(file)}${normal}`.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return lastPart(normal);
    } else if (part !== '.' && part !== '') parts.push(part);
  }
  const name = parts.join('/');
  return name !== '' && fileNameProblem(normal.replaceAll('../', '')) === null ? name : lastPart(normal);
}

function lastPart(name: string): string {
  const last = baseName(name);
  return last === '' || last === '.' || last === '..' ? safeRelativePath(name) : last;
}
