// Other evaluators, each in one virtual environment, as far as pip can install them.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { say } from '../../scripts/bootstrap/console.mjs';
import { cacheFolder } from '../../scripts/bootstrap/paths.mjs';
import { python } from '../data/measure.mjs';

/** The slow ones run fewer times. */
export const PEERS = [
  { name: 'ultrafast-pycocotools', version: '0.1.14', isSlow: false },
  { name: 'hotcoco', version: '1.3.0', isSlow: false },
  { name: 'vernier', version: '0.5.4', isSlow: false },
  { name: 'faster-coco-eval', version: '1.8.0', isSlow: true },
  { name: 'pycocotools', version: '2.0.11', isSlow: true },
];
const NUMPY = 'numpy==2.4.6';

const run = (command, ...args) => spawnSync(command, args, { encoding: 'utf8' });

/** @returns {{ executable: string, peers: typeof PEERS, missing: { name: string, reason: string }[] }} */
export function installPeers() {
  const folder = path.join(cacheFolder(), 'bench', 'peers-1');
  const executable = path.join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (!fs.existsSync(executable)) {
    say('peers: a virtual environment ...');
    const made = run(python(), '-m', 'venv', folder);
    if (made.status !== 0) {
      const reason = (made.stderr || made.error?.message || '').trim().split('\n').pop();
      return { executable, peers: [], missing: PEERS.map(({ name }) => ({ name, reason })) };
    }
  }
  const missing = [];
  const peers = PEERS.filter((peer) => {
    const { name, version } = peer;
    const stamp = path.join(folder, `${name}-${version}.installed`);
    if (fs.existsSync(stamp)) return true;
    say(`peers: ${name} ${version} ...`);
    const { status, stderr } = run(executable, '-m', 'pip', 'install', '-q', NUMPY, `${name}==${version}`);
    if (status === 0) fs.writeFileSync(stamp, '');
    else missing.push({ name, reason: (stderr ?? '').trim().split('\n').pop() });
    return status === 0;
  });
  return { executable, peers, missing };
}
