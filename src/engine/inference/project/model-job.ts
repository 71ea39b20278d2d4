/**
 * A model run over a project's images that survives the end of the app: what it is stands in one file, what is done in
 * another (`predict/unfinished.ts`), both in the app's data folder until the run stands in the project.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { PlanOverrides } from '../../../core/inference/model';
import { writeFileWhole } from '../../export/atomic';
import type { Backend } from '../engines/session';
import { unfinishedPath } from '../predict/unfinished';

export interface ModelJob {
  readonly id: string;
  /** Absolute path of the project's file. */
  readonly project: string;
  /** Name that the run gets. */
  readonly name: string;
  readonly model: string;
  readonly hash: string;
  readonly labelMap: string | null;
  readonly overrides: PlanOverrides;
  readonly backend: Backend | 'auto';
  readonly scoreThreshold: number;
  readonly maxDetections: number;
  readonly batch: number | null;
  readonly startedAt: string;
  /** Keys of the images to run, in order. */
  readonly images: readonly number[];
}

export class ModelJobStore {
  readonly #folder: string;

  constructor(dataFolder: string) {
    this.#folder = path.join(dataFolder, 'models', 'jobs');
  }

  #file(id: string): string {
    return path.join(this.#folder, `${id}.json`);
  }

  /** Where its finished images are kept. */
  resultsOf({ id }: ModelJob): string {
    return unfinishedPath(this.#file(id));
  }

  async write(job: ModelJob): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    await writeFileWhole(this.#file(job.id), [JSON.stringify(job)]);
  }

  /** Jobs of a project that have not become runs, oldest first. Files that cannot be read are passed over. */
  of(project: string): readonly ModelJob[] {
    if (!existsSync(this.#folder)) return [];
    const jobs = readdirSync(this.#folder)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => {
        try {
          return [JSON.parse(readFileSync(path.join(this.#folder, name), 'utf8')) as ModelJob];
        } catch {
          return [];
        }
      });
    return jobs.filter((job) => job.project === project).sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  }

  remove(job: ModelJob): void {
    rmSync(this.#file(job.id), { force: true });
    rmSync(this.resultsOf(job), { force: true });
  }
}
