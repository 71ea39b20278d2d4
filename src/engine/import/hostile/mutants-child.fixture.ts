/** Runs mutants in a process of its own, and tells the parent before and after each. */
import { rmSync } from 'node:fs';
import { checkFiles } from './check.fixture';
import { isSilentLoss, mutantOf } from './mutants.fixture';
import { seedCorpus } from './seeds.fixture';

export type FromChild =
  | { readonly kind: 'started'; readonly mutant: number }
  | {
      readonly kind: 'done';
      readonly mutant: number;
      readonly isRead: boolean;
      readonly faults: readonly string[];
      /** Seconds of processor time. */
      readonly seconds: number;
    }
  | { readonly kind: 'ended' };

const [run, from, to, folder] = process.argv.slice(2) as [string, string, string, string];
const tell = (message: FromChild): void => {
  process.send!(message);
};

async function work(): Promise<void> {
  const corpus = await seedCorpus();
  for (let number = Number(from); number < Number(to); number++) {
    tell({ kind: 'started', mutant: number });
    const mutant = mutantOf(corpus, Number(run), number);
    const start = process.cpuUsage();
    const verdict = await checkFiles({ ...mutant.seed, files: mutant.files }, folder);
    const { user, system } = process.cpuUsage(start);
    const faults = [...verdict.faults];
    if (isSilentLoss(mutant, verdict)) faults.push('no objects, and nothing said');
    const isRead = verdict.boxes !== null;
    tell({ kind: 'done', mutant: number, isRead, faults, seconds: (user + system) / 1e6 });
  }
  rmSync(folder, { recursive: true, force: true });
  tell({ kind: 'ended' });
}

void work().then(() => process.disconnect());
