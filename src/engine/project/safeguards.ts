/** What protects a project before something is done to it. */
import type { Finding } from '../../core/foundation/finding';
import { backUp } from '../store/backups';
import { riskOfLocation } from '../store/location';
import type { ProjectSession } from './session';

/** A copy that cannot be taken keeps nobody from working: `tell` says why there is none. */
export async function backUpQuietly(session: ProjectSession, tell: (text: string) => void): Promise<void> {
  try {
    await backUp(session.db, session.path, session.log.nextStep - 1);
  } catch (error) {
    // Closed meanwhile: the copy that was being taken went with it, and the next opening takes one.
    if (!session.db.open) return;
    tell(`No backup of ${session.path}: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** As many changes in one step are worth a copy of the project before them. */
const BULK = 50;

export async function backUpBeforeBulk(
  session: ProjectSession,
  changes: number,
  tell: (text: string) => void,
): Promise<void> {
  if (changes >= BULK) await backUpQuietly(session, tell);
}

/** A project on another computer's disk or in a synchronised folder is in danger. */
export function locationFindings(file: string): Finding[] {
  const risk = riskOfLocation(file);
  if (!risk) return [];
  const message =
    risk.kind === 'network'
      ? `The project lies on a network drive (${risk.name}), where a lost connection can damage it; keep it on a local disk.`
      : `The project lies in a synchronised folder (${risk.name}), whose program may copy it half written; keep it outside.`;
  return [{ code: 'project-location', severity: 'warning', message, where: { file }, count: 1 }];
}
