/** The import behind its page: the dry run again whenever what is chosen changes, and the import itself. */
import { useEffect, useState } from 'react';
import type { ImportHow, ImportPlan } from '../../../contract/import-view';
import type { ConventionChoice } from '../../../core/formats/conventions/box-convention';
import { app } from '../../state/app-client';
import { engine } from '../../state/engine-client';
import { homeOf, useSession } from '../../state/session';
import { count } from '../../ui/number-text';
import { counted } from '../../ui/counted';

export interface Choice {
  /** Paths of sources that are not meant. */
  readonly exclude: readonly string[];
  readonly subset: string | null;
  /** Folder of the images where they are not beside the labels. */
  readonly images: string | null;
  readonly conventions: { readonly truth: ConventionChoice; readonly predictions: ConventionChoice };
  /** Classes by their name in the files: what they become; null leaves one out. */
  readonly classes: Readonly<Record<string, string | null>>;
  readonly how: ImportHow;
  readonly overwriteEdits: boolean;
  readonly removeMissing: boolean;
}

const isUpdate = ({ how }: Choice): boolean => how === 'add' || how === 'update';

/** What the engine is asked, of the sources and the choice alike in the dry run and the import. */
function sourcesOf(job: string, paths: readonly string[], choice: Choice) {
  const { exclude, subset, images, conventions, classes, how, overwriteEdits, removeMissing } = choice;
  return {
    job,
    paths: [...paths],
    exclude: [...exclude],
    subset,
    images,
    labelMap: null,
    conventions,
    classes: { ...classes },
    update: how === 'add' || how === 'update' ? { how, overwriteEdits, removeMissing } : null,
  };
}

interface Examined {
  /** The last one, while the next is read. */
  readonly plan: ImportPlan | null;
  readonly isReading: boolean;
}

export function useExamined(
  paths: readonly string[],
  choice: Choice,
  setChoice: (choice: Choice) => void,
): Examined {
  const [plan, setPlan] = useState<ImportPlan | null>(null);
  const [answered, setAnswered] = useState<unknown>(null);
  const hasProject = useSession((session) => session.project !== null);
  useEffect(() => {
    let isCurrent = true;
    let running: string | null = null;
    void useSession
      .getState()
      .runJob('Reading', (job) => {
        running = job;
        return engine('import.examine', { ...sourcesOf(job, paths, choice), into: choice.how !== 'new' });
      })
      .then((answer) => {
        running = null;
        if (!isCurrent) return;
        if (answer === null) {
          useSession.getState().setSection(homeOf(useSession.getState().project));
          return;
        }
        const isRunAlone = answer.images === 0 && answer.sources.some(({ kind }) => kind === 'predictions');
        if (isRunAlone && hasProject && choice.how === 'new') {
          setChoice({ ...choice, how: 'replace' });
          return;
        }
        setPlan(answer);
        setAnswered(choice);
      });
    return () => {
      isCurrent = false;
      // What nobody waits for any more need not go on.
      if (running !== null) void engine('job.cancel', { job: running }).catch(() => undefined);
    };
  }, [paths, choice, setChoice, hasProject]);
  return { plan, isReading: answered !== choice };
}

export interface ImportNames {
  /** File name proposed for a new project. */
  readonly project: string;
  /** null: as suggested. */
  readonly run: string | null;
}

/** Asks where a new project goes, and imports; stays where that was cancelled or failed. */
export async function runImport(plan: ImportPlan, choice: Choice, names: ImportNames): Promise<void> {
  const { importPaths, runJob, showToast, setSection, adopt, project: open } = useSession.getState();
  const isNew = choice.how === 'new';
  const project = isNew ? await app('dialog.save', { kind: 'project', suggestedName: names.project }) : null;
  if (isNew && project === null) return;
  const exchanges = choice.how === 'replace' && plan.images > 0 && (open?.images ?? 0) > 0;
  const done = await runJob('Importing', (job) =>
    engine('import.run', {
      ...sourcesOf(job, importPaths, { ...choice, subset: plan.subset }),
      project,
      runName: names.run,
      replace: exchanges,
    }),
  );
  if (!done) return;
  adopt(done);
  const run = done.runs.at(-1);
  if (plan.predictions > 0 && run) useSession.getState().setRun(run.id);
  setSection(homeOf(done));
  showToast(doneWords(plan, choice, done, run?.name ?? null));
}

function doneWords(
  { images, predictions, difference }: ImportPlan,
  choice: Choice,
  done: { readonly images: number; readonly annotations: number },
  run: string | null,
): string {
  if (images === 0) return `Added ${counted(predictions, 'prediction')}${run ? ` as ${run}` : ''}.`;
  if (isUpdate(choice) && difference) {
    const { added, changed, removed } = difference.images;
    return `${counted(added, 'image')} added, ${count(changed)} changed, ${count(removed)} removed; undo takes it back.`;
  }
  return `Imported ${counted(done.images, 'image')}, ${counted(done.annotations, 'box')}.`;
}
