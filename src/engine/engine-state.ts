/** What the engine is given and what its handlers share. */
import type { EngineEvents } from '../contract/engine-calls';
import type { ProjectState } from '../contract/view-types';
import type { DataTools } from './data/data-tools';
import type { StartProcess } from './inference/session/client';
import type { Jobs } from './jobs/jobs';
import type { OpenProject } from './project/open-project';

export interface EngineContext {
  /** Folder of the app's own data. */
  readonly userData: string;
  /** Folder of what ships with the app; `sample/` in it. */
  readonly resources: string;
  /** Written into the history of edits. */
  readonly author: string;
  readonly version: string;
  /** Starts a process for one model (`inference/session/program.ts`). */
  startSession: StartProcess;
  emit<K extends keyof EngineEvents>(name: K, data: EngineEvents[K]): void;
  log(text: string): void;
}

/** What handlers share. */
export interface EngineState {
  readonly context: EngineContext;
  readonly jobs: Jobs;
  readonly project: OpenProject;
  /** What was measured of pixels, and the training set that was last read. */
  readonly data: DataTools;
  /** Tells the window that the project is another one, or has other parts. */
  projectChanged(): ProjectState | null;
}
