// A cached folder carries a list of its files, written last; a folder that differs from its list is made again.
import fs from 'node:fs';
import path from 'node:path';

const LIST = '.complete';

function sizesIn(folder) {
  const files = fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== LIST)
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
  return Object.fromEntries(files.map((file) => [path.relative(folder, file), fs.statSync(file).size]));
}

/** Writes the list; call it when everything else is there. */
export function markWhole(folder) {
  fs.writeFileSync(path.join(folder, LIST), JSON.stringify(sizesIn(folder)));
}

/** Whether every file of the list is there with its size. */
export function isWhole(folder) {
  try {
    const sizes = JSON.parse(fs.readFileSync(path.join(folder, LIST), 'utf8'));
    return Object.entries(sizes).every(([file, size]) => fs.statSync(path.join(folder, file)).size === size);
  } catch {
    return false;
  }
}

/**
 * Puts a finished folder in its place, with one rename; what was there goes. Both are on the same disk.
 */
export function replaceFolder(from, to) {
  const old = `${to}.old-${process.pid}`;
  fs.mkdirSync(path.dirname(to), { recursive: true });
  if (fs.existsSync(to)) fs.renameSync(to, old);
  fs.renameSync(from, to);
  fs.rmSync(old, { recursive: true, force: true });
}
