/** The built program of a session's process: tests start the same one that users do. */
import path from 'node:path';
import { buildCommandLine } from '../../../../scripts/bootstrap/build.mjs';
import { ROOT } from '../../../../scripts/bootstrap/paths.mjs';
import { startChildProcess } from './child-process';
import type { StartProcess } from './client';

/** Builds where a source has changed. */
export async function sessionProgram(): Promise<StartProcess> {
  await buildCommandLine();
  return () => startChildProcess(path.join(ROOT, 'out', 'cli', 'inference.js'));
}
