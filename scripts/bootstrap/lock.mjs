// One set-up at a time: two started together must not trample each other's folders.
import fs from 'node:fs';
import path from 'node:path';
import { say } from './console.mjs';

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Runs `work` while holding the lock file; waits for a living holder, takes over from a dead one. */
export async function withLock(file, work) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  for (let waited = 0; ; waited++) {
    try {
      fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const holder = Number(fs.readFileSync(file, 'utf8').trim() || '0');
      if (holder === 0 ? waited > 20 : !isAlive(holder)) {
        fs.rmSync(file, { force: true });
        continue;
      }
      if (waited % 40 === 0) say(`waiting for another set-up (process ${holder})`);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
  try {
    return await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}
