/** What the user decided about a model, kept in the app's data folder by the model's hash: asked once, not each time. */
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { PlanOverrides } from '../../../core/inference/model';
import { writeFileWhole } from '../../export/atomic';

export interface ModelDecisions {
  readonly overrides: PlanOverrides;
  /** Label map chosen for it; null: the one beside it, if any. */
  readonly labelMap: string | null;
}

export class DecisionStore {
  readonly #folder: string;

  constructor(dataFolder: string) {
    this.#folder = path.join(dataFolder, 'models');
  }

  #file(hash: string): string {
    return path.join(this.#folder, `${hash}.json`);
  }

  /** Null where nothing was decided, or what was kept cannot be read: then it is asked again. */
  async read(hash: string): Promise<ModelDecisions | null> {
    try {
      return JSON.parse(await readFile(this.#file(hash), 'utf8')) as ModelDecisions;
    } catch {
      return null;
    }
  }

  /** What is in force for a model: what is said of it now, else what was decided before. `overrides` null: nothing said. */
  async inForce(
    hash: string,
    labelMap: string | null,
    overrides: PlanOverrides | null,
  ): Promise<ModelDecisions> {
    const remembered = overrides === null ? await this.read(hash) : null;
    return {
      labelMap: labelMap ?? remembered?.labelMap ?? null,
      overrides: overrides ?? remembered?.overrides ?? {},
    };
  }

  async write(hash: string, decisions: ModelDecisions): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    await writeFileWhole(this.#file(hash), [JSON.stringify(decisions)]);
  }
}
