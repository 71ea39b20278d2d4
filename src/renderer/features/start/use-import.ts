/** The import behind its page: the dry run again whenever what is chosen changes, and the import itself. */
import { useEffect, useState } from 'react';
import type { ImportPlan } from '../../../contract/view-types';
import type { ConventionChoice } from '../../../core/formats/conventions/box-convention';
import { app } from '../../state/app-client';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { count } from '../../ui/number-text';

export interface Choice {
  /** Paths of sources that are not meant. */
  readonly exclude: readonly string[];
  readonly subset: string | null;
  /** Folder of the images where they are not beside the labels. */
  readonly images: string | null;
  readonly conventions: { readonly truth: ConventionChoice; readonly predictions: ConventionChoice };
  /** Into the open project; else into a new one. */
  readonly into: boolean;
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
        return engine('import.examine', {
          job,
          paths: [...paths],
          exclude: [...choice.exclude],
          subset: choice.subset,
          images: choice.images,
          conventions: choice.conventions,
          labelMap: null,
          into: choice.into,
        });
      })
      .then((answer) => {
        running = null;
        if (!isCurrent) return;
        if (answer === null) {
          useSession.getState().setSection(hasProject ? 'failures' : 'start');
          return;
        }
        const isRunAlone = answer.images === 0 && answer.sources.some(({ kind }) => kind === 'predictions');
        if (isRunAlone && hasProject && !choice.into) {
          setChoice({ ...choice, into: true });
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
  const { importPaths, runJob, showToast, setSection, adopt } = useSession.getState();
  const project = choice.into
    ? null
    : await app('dialog.save', { kind: 'project', suggestedName: names.project });
  if (!choice.into && project === null) return;
  const done = await runJob('Importing', (job) =>
    engine('import.run', {
      job,
      paths: [...importPaths],
      exclude: [...choice.exclude],
      subset: plan.subset,
      images: choice.images,
      conventions: choice.conventions,
      labelMap: null,
      project,
      runName: names.run,
      replace: false,
    }),
  );
  if (!done) return;
  adopt(done);
  const run = done.runs.at(-1);
  if (plan.predictions > 0 && run) useSession.getState().setRun(run.id);
  setSection('failures');
  showToast(
    plan.images > 0
      ? `Imported ${count(done.images)} images, ${count(done.annotations)} boxes.`
      : `Added ${count(plan.predictions)} predictions${run ? ` as ${run.name}` : ''}.`,
  );
}
