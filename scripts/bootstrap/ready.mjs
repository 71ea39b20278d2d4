// Whether the command line's bundle and packages are those of the sources, told by sizes and times of change alone: two
// milliseconds, where loading the set-up and working out a signature take twenty-five. Imports nothing but fs and path,
// because every command waits for it.
import fs from 'node:fs';
import path from 'node:path';

const FILE = path.join('out', '.cli-files.json');

const OR_NONE = { throwIfNoEntry: false };

/** Time of change and size; a folder's time tells of files that came or went, its size means nothing. */
function stateOfOne(file) {
  const entry = fs.statSync(file, OR_NONE);
  return entry ? [entry.mtimeMs, entry.isDirectory() ? 0 : entry.size] : null;
}

/** How these files, and the folders they lie in, are now, by path relative to `root`. */
export function stateOf(root, files) {
  const folders = new Set(
    files.map((file) => path.dirname(file)).filter((folder) => folder.includes(`${path.sep}src`)),
  );
  return [...files, ...folders].map((file) => [path.relative(root, file), stateOfOne(file)]);
}

/** Keeps what `stateOf` said. */
export function noteReady(root, state) {
  fs.writeFileSync(path.join(root, FILE), JSON.stringify(state));
}

/** False where anything differs from what was kept, or nothing was. */
export function isReady(root) {
  try {
    const kept = JSON.parse(fs.readFileSync(path.join(root, FILE), 'utf8'));
    return kept.every(([file, was]) => {
      // Put together by hand: joining paths takes as long as asking for them.
      const now = stateOfOne(`${root}/${file}`);
      return now !== null && was !== null && now[0] === was[0] && now[1] === was[1];
    });
  } catch {
    return false;
  }
}
