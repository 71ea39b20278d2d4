// One set-up at a time: two started together must not trample each other's folders.
import fs from 'node:fs';
import path from 'node:path';
import { say } from './console.mjs';

const ASK_AGAIN_MS = 200;
/** A lock is made with its content in one step, so an empty one is what a full disk or a power cut left. */
const NO_HOLDER = 0;

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Process id of the holder; null where nobody holds the lock. */
function holderOf(file) {
  try {
    return Number(fs.readFileSync(file, 'utf8').trim()) || NO_HOLDER;
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/** True where this process has the lock now. The link makes name and content appear together. */
function take(file) {
  const own = `${file}.${process.pid}`;
  fs.writeFileSync(own, String(process.pid));
  try {
    fs.linkSync(own, file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  } finally {
    fs.rmSync(own, { force: true });
  }
}

/**
 * Removes the lock of a process that has ended. It is moved aside first: of two that see it, one moves it, and where that
 * one got a lock taken in the meantime it is put back.
 */
function dropAbandoned(file) {
  const aside = `${file}.${process.pid}.abandoned`;
  try {
    fs.renameSync(file, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  const holder = holderOf(aside);
  if (holder !== null && holder !== NO_HOLDER && isAlive(holder) && !fs.existsSync(file))
    fs.linkSync(aside, file);
  fs.rmSync(aside, { force: true });
}

/** Runs `work` while holding the lock file; waits for a living holder, takes over from a dead one. */
export async function withLock(file, work) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  for (let asked = 0; !take(file); asked++) {
    const holder = holderOf(file);
    if (holder !== null && (holder === NO_HOLDER || !isAlive(holder))) {
      dropAbandoned(file);
      continue;
    }
    if (holder !== null && asked % 50 === 0) say(`waiting for another set-up (process ${holder})`);
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
  try {
    return await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}
