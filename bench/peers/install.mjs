// Other evaluators, each in an environment of its own, as far as pip can install them.
import { say } from '../../scripts/bootstrap/console.mjs';
import { pythonWith } from '../../scripts/bootstrap/python-packages.mjs';

/** The slow ones run fewer times. */
const PEERS = [
  { name: 'ultrafast-pycocotools', version: '0.1.14', isSlow: false },
  { name: 'hotcoco', version: '1.3.0', isSlow: false },
  { name: 'vernier', version: '0.5.4', isSlow: false },
  { name: 'faster-coco-eval', version: '1.8.0', isSlow: true },
  { name: 'pycocotools', version: '2.0.11', isSlow: true },
];
const NUMPY = 'numpy==2.4.6';

/**
 * @returns {Promise<{
 *   peers: { name: string, version: string, isSlow: boolean, python: string }[],
 *   missing: { name: string, reason: string }[],
 * }>}
 */
export async function installPeers() {
  const peers = [];
  const missing = [];
  for (const peer of PEERS) {
    const { name, version } = peer;
    say(`peers: ${name} ${version}`);
    const environment = await pythonWith([NUMPY, `${name}==${version}`]);
    if ('missing' in environment) missing.push({ name, reason: environment.missing });
    else peers.push({ ...peer, ...environment });
  }
  return { peers, missing };
}
