/** File names as annotations give them: names to compare and show, never paths to open as they are. */

/** With `/` for `\`, and without leading `./`. */
export function normaliseFileName(name: string): string {
  // Most names are so already.
  if (!name.startsWith('.') && !name.includes('\\')) return name;
  return name.replaceAll('\\', '/').replace(/^(?:\.\/+)+/, '');
}

/** The part after the last `/`. */
export function baseName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** The part up to and with the last `/`; empty where there is none. */
export function folderOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/') + 1);
}

/** Paths by their folders, both in the order in which they come. */
export function byFolder(paths: readonly string[]): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const path of paths) {
    const folder = folderOf(path);
    const members = folders.get(folder);
    if (members) members.push(path);
    else folders.set(folder, [path]);
  }
  return folders;
}

/** The name (without folders) up to its last dot; a leading dot does not count. */
export function stemOf(name: string): string {
  const base = baseName(name);
  const dot = base.lastIndexOf('.');
  return dot > 0 ? base.slice(0, dot) : base;
}

/** From the last dot of the name, with the dot; empty where there is none. */
export function extensionOf(name: string): string {
  const base = baseName(name);
  const dot = base.lastIndexOf('.');
  return dot > 0 ? base.slice(dot) : '';
}

/** Order of the UTF-8 bytes, which is the order of code points (JavaScript's own is that of UTF-16 units). */
export function compareBytes(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const a = left.charCodeAt(at);
    const b = right.charCodeAt(at);
    if (a === b) continue;
    // Surrogates stand for code points above every other unit.
    const surrogateA = a >= 0xd800 && a <= 0xdfff;
    const surrogateB = b >= 0xd800 && b <= 0xdfff;
    if (surrogateA !== surrogateB) return surrogateA ? 1 : -1;
    return a - b;
  }
  return left.length - right.length;
}

const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;

/** Of such a name nothing can be said but that it is reserved. */
const PLAIN = /^[\w-]+(?:\.[\w-]+)*$/;

/**
 * Why a name must not be used as a path below the folder of images, or null where it may. Windows' rules hold
 * everywhere, so that a project means the same on every system.
 */
export function fileNameProblem(name: string): string | null {
  const normal = normaliseFileName(name);
  if (PLAIN.test(normal)) return RESERVED.test(normal) ? 'is reserved on Windows' : null;
  if (normal === '') return 'is empty';
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f]/.test(normal)) return 'holds a control character';
  if (/^[a-z][a-z0-9+.-]+:/i.test(normal)) return 'is a URL';
  if (/^[a-z]:/i.test(normal)) return 'starts with a drive letter';
  if (normal.startsWith('//')) return 'is a network path';
  if (normal.startsWith('/')) return 'is an absolute path';
  for (const part of normal.split('/')) {
    if (part === '..') return 'leaves its folder';
    if (RESERVED.test(part)) return 'is reserved on Windows';
    if (part !== '.' && /[. ]$/.test(part)) return 'ends in a dot or a space';
  }
  return null;
}

/** A relative path that can be written anywhere, as near to the name as that allows. */
export function safeRelativePath(name: string): string {
  const parts = normaliseFileName(name)
    .replace(/^[a-z][a-z0-9+.-]*:/i, '')
    .split('/')
    .map((part) =>
      part
        // eslint-disable-next-line no-control-regex -- control characters cannot be part of a file's name
        .replace(/[\u0000-\u001f<>:"|?*]/g, '_')
        .replace(/[. ]+$/, '')
        .replace(RESERVED, (word) => `_${word}`),
    )
    .filter((part) => part !== '');
  return parts.join('/') || '_';
}
