/** Places where a project file is in danger: other computers and synchronising programs do not keep SQLite's rules. */
import { statfsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export interface RiskyLocation {
  readonly kind: 'network' | 'cloud';
  /** Which one, for people. */
  readonly name: string;
}

/** Linux's magic numbers of file systems that lie on another computer (statfs(2)). */
const NETWORK_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB 2'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x01021997, '9P'],
  [0x0bd00bd0, 'Lustre'],
  [0x47504653, 'GPFS'],
]);

/** Folders of programs that copy files to a server while they are being written. */
const CLOUD_FOLDERS: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^OneDrive( - .+)?$/i, 'OneDrive'],
  [/^Dropbox( \(.+\))?$/i, 'Dropbox'],
  [/^(Google ?Drive|My Drive|GoogleDrive-.+)$/i, 'Google Drive'],
  [/^(iCloud ?Drive|Mobile Documents)$/i, 'iCloud Drive'],
  [/^Nextcloud$/i, 'Nextcloud'],
  [/^ownCloud$/i, 'ownCloud'],
  [/^(Box|Box Sync|Box-Box)$/i, 'Box'],
  [/^(pCloud ?Drive|pCloudDrive)$/i, 'pCloud'],
  [/^(MEGA|MEGAsync)$/i, 'MEGA'],
  [/^(SynologyDrive|Syncthing|Sync)$/i, 'a synchronised folder'],
];

function networkSystem(folder: string): string | null {
  if (folder.startsWith('\\\\')) return 'a shared folder';
  if (process.platform !== 'linux') return null;
  try {
    return NETWORK_SYSTEMS.get(statfsSync(folder).type) ?? null;
  } catch {
    return null;
  }
}

/** What is risky about where a file lies; null where nothing is known to be. Folders above the user's own are not judged. */
export function riskOfLocation(file: string, home = os.homedir()): RiskyLocation | null {
  const folder = path.dirname(path.resolve(file));
  const network = networkSystem(folder);
  if (network !== null) return { kind: 'network', name: network };
  const below = path.relative(home, folder);
  const names = (below.startsWith('..') ? folder : below).split(/[\\/]/);
  for (const [pattern, name] of CLOUD_FOLDERS)
    if (names.some((one) => pattern.test(one))) return { kind: 'cloud', name };
  return null;
}
