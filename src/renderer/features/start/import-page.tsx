/** The dry run of an import: what was understood, what is in doubt, and what would be written. */
import { CircleAlert, FolderSearch } from 'lucide-react';
import type { ReactNode } from 'react';
import { useState } from 'react';
import type { ImportPlan } from '../../../contract/import-view';
import { useAction } from '../../app/use-action';
import { app } from '../../state/app-client';
import { homeOf, useSession } from '../../state/session';
import { JobProgress } from '../../ui/job-progress';
import { count } from '../../ui/number-text';
import { withoutFlags } from '../../ui/without-flags';
import { Boxes } from './import-boxes';
import { Classes } from './import-classes';
import { Difference, Into, startWords } from './import-difference';
import { Findings, Sources, Subsets } from './import-parts';
import './start.css';
import './import.css';
import type { Choice } from './use-import';
import { runImport, useExamined } from './use-import';

const PROJECT_SUFFIX = '.reticle';

export function ImportPage(): ReactNode {
  const paths = useSession((session) => session.importPaths);
  const start = useSession((session) => session.importStart);
  const project = useSession((session) => session.project);
  const hasLabels = project !== null && project.images > 0;
  const [choice, setChoice] = useState<Choice>({
    exclude: [],
    subset: null,
    images: null,
    conventions: { truth: {}, predictions: {} },
    classes: {},
    overwriteEdits: false,
    removeMissing: false,
    ...(start.source ?? {}),
    // Predictions alone join the open project; anything else makes a new one unless the open one is still empty.
    how: start.how ?? (project !== null && !hasLabels ? 'replace' : 'new'),
  });
  const { plan, isReading } = useExamined(paths, choice, setChoice);
  const [isImporting, setIsImporting] = useState(false);
  const [runName, setRunName] = useState<string | null>(null);
  const [projectName, setProjectName] = useState<string | null>(null);
  const close = () => useSession.getState().setSection(homeOf(project));
  const run = async (ready: ImportPlan) => {
    setIsImporting(true);
    const name = (projectName ?? withoutSuffix(ready.suggestedName)).trim();
    await runImport(ready, choice, {
      project: `${name === '' ? withoutSuffix(ready.suggestedName) : name}${PROJECT_SUFFIX}`,
      run: runName?.trim() || null,
    }).catch(useSession.getState().showFailure);
    setIsImporting(false);
  };
  const isReady = plan !== null && plan.problem === null && !isImporting && !isReading;
  useAction('import.start', () => plan && run(plan), isReady);
  const toggle = (path: string) =>
    setChoice({
      ...choice,
      subset: null,
      exclude: choice.exclude.includes(path)
        ? choice.exclude.filter((one) => one !== path)
        : [...choice.exclude, path],
    });
  return (
    <section className="import" data-pane aria-label="Import">
      <header>
        <h1>Import</h1>
        <span className="chip">{isImporting ? 'all or nothing' : 'dry run: nothing is written yet'}</span>
        {choice.how !== 'new' && project && <span className="quiet">into {project.name}</span>}
      </header>
      <div className="import-body" aria-busy={isReading}>
        {plan === null ? (
          <Skeleton />
        ) : (
          <>
            <Sources plan={plan} exclude={choice.exclude} onToggle={toggle} />
            {plan.problem && <Problem problem={plan.problem} />}
            {hasLabels && plan.images > 0 && <Into project={project} choice={choice} onChange={setChoice} />}
            <div className="import-columns">
              <Subsets plan={plan} onChoose={(subset) => setChoice({ ...choice, subset })}>
                <Images plan={plan} onChoose={(images) => setChoice({ ...choice, images })} />
              </Subsets>
              {plan.classes.length > 0 && (
                <Classes
                  plan={plan}
                  classes={choice.classes}
                  onChange={(classes) => setChoice({ ...choice, classes })}
                />
              )}
            </div>
            {plan.difference && (
              <Difference difference={plan.difference} choice={choice} onChange={setChoice} />
            )}
            {plan.problem === null && (
              <Boxes
                plan={plan}
                choice={choice}
                onChange={(conventions) => setChoice({ ...choice, conventions })}
              />
            )}
            <Findings findings={plan.findings} isPossible={plan.problem === null} />
          </>
        )}
      </div>
      <footer>
        {isImporting || isReading ? (
          <JobProgress title={isImporting ? 'Importing' : 'Reading'} />
        ) : (
          <span className="quiet grow">All or nothing; can be cancelled.</span>
        )}
        {plan && !isImporting && (
          <Names
            plan={plan}
            isNew={choice.how === 'new'}
            project={projectName}
            run={runName}
            onProject={setProjectName}
            onRun={setRunName}
          />
        )}
        {!isImporting && (
          <button type="button" className="button" onClick={close}>
            Cancel
          </button>
        )}
        <button
          type="button"
          className="button primary"
          disabled={!isReady}
          onClick={() => plan && void run(plan)}
        >
          {startWords(plan, choice.how)}
        </button>
      </footer>
    </section>
  );
}

const withoutSuffix = (name: string): string =>
  name.endsWith(PROJECT_SUFFIX) ? name.slice(0, -PROJECT_SUFFIX.length) : name;

/** The layout at once, while files are read. */
function Skeleton(): ReactNode {
  return (
    <div className="skeleton" aria-hidden="true">
      {Array.from({ length: 8 }, (_, row) => (
        <span key={row} />
      ))}
    </div>
  );
}

function Problem({ problem }: { readonly problem: NonNullable<ImportPlan['problem']> }): ReactNode {
  return (
    <div className="banner danger" role="alert">
      <CircleAlert size={18} aria-hidden="true" />
      <div>
        <b>{withoutFlags(problem.message)}</b>
        <p>{withoutFlags(problem.next)}</p>
      </div>
    </div>
  );
}

interface NamesProps {
  readonly plan: ImportPlan;
  readonly isNew: boolean;
  /** As typed; null as suggested. */
  readonly project: string | null;
  readonly run: string | null;
  readonly onProject: (name: string) => void;
  readonly onRun: (name: string) => void;
}

function Names({ plan, isNew, project, run, onProject, onRun }: NamesProps): ReactNode {
  return (
    <>
      {plan.suggestedRunName && (
        <label className="field">
          Run
          <input value={run ?? plan.suggestedRunName} onChange={(event) => onRun(event.target.value)} />
        </label>
      )}
      {isNew && (
        <label className="field">
          Project
          <input
            value={project ?? withoutSuffix(plan.suggestedName)}
            onChange={(event) => onProject(event.target.value)}
          />
        </label>
      )}
    </>
  );
}

/** How many image files were found, and the way to the others. */
function Images({
  plan,
  onChoose,
}: {
  readonly plan: ImportPlan;
  readonly onChoose: (folder: string) => void;
}): ReactNode {
  if (plan.images === 0) return null;
  const choose = async () => {
    try {
      const [folder] = await app('dialog.open', { kind: 'folder' });
      if (folder) onChoose(folder);
    } catch (error) {
      useSession.getState().showFailure(error);
    }
  };
  return (
    <p className="images-found">
      <span className="quiet">
        {count(plan.imagesFound)} of {count(plan.images)} image files found.
      </span>
      {plan.imagesFound < plan.images && (
        <button type="button" className="link" onClick={() => void choose()}>
          <FolderSearch size={14} aria-hidden="true" /> Where are the images?
        </button>
      )}
    </p>
  );
}
