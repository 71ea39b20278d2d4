/** The dry run of an import: what was understood, what is in doubt, and what would be written. */
import { CircleAlert, FolderSearch } from 'lucide-react';
import type { ReactNode } from 'react';
import { useState } from 'react';
import type { ImportPlan } from '../../../contract/view-types';
import { OFFICIAL_CORNERS } from '../../../core/formats/conventions/convention';
import { app } from '../../state/app-client';
import { useSession } from '../../state/session';
import { JobProgress } from '../../ui/job-progress';
import { Switch } from '../../ui/switch';
import { count } from '../../ui/number-text';
import { Classes, Findings, Sources, Subsets } from './import-parts';
import './start.css';
import type { Choice } from './use-import';
import { runImport, useExamined } from './use-import';

const PROJECT_SUFFIX = '.reticle';

export function ImportPage(): ReactNode {
  const paths = useSession((session) => session.importPaths);
  const project = useSession((session) => session.project);
  // Predictions alone join the open project; anything else makes a new one unless the open one is still empty.
  const [choice, setChoice] = useState<Choice>({
    exclude: [],
    subset: null,
    images: null,
    conventions: { truth: {}, predictions: {} },
    into: project !== null && project.images === 0,
  });
  const { plan, isReading } = useExamined(paths, choice, setChoice);
  const [isImporting, setIsImporting] = useState(false);
  const [runName, setRunName] = useState<string | null>(null);
  const [projectName, setProjectName] = useState<string | null>(null);
  const close = () => useSession.getState().setSection(project ? 'failures' : 'start');
  const start = async (ready: ImportPlan) => {
    setIsImporting(true);
    const name = (projectName ?? withoutSuffix(ready.suggestedName)).trim();
    await runImport(ready, choice, {
      project: `${name === '' ? withoutSuffix(ready.suggestedName) : name}${PROJECT_SUFFIX}`,
      run: runName?.trim() || null,
    }).catch(useSession.getState().showFailure);
    setIsImporting(false);
  };
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
        {choice.into && project && <span className="quiet">into {project.name}</span>}
      </header>
      <div className="import-body" aria-busy={isReading}>
        {plan === null ? (
          <Skeleton />
        ) : (
          <>
            <Sources plan={plan} exclude={choice.exclude} onToggle={toggle} />
            {plan.problem && <Problem problem={plan.problem} />}
            <div className="import-columns">
              <Subsets plan={plan} onChoose={(subset) => setChoice({ ...choice, subset })}>
                <Images plan={plan} onChoose={(images) => setChoice({ ...choice, images })} />
                {plan.sources.some(({ kind, format }) => kind === 'truth' && format === 'voc') && (
                  <Switch
                    label="Official VOC corners"
                    detail="Pixels from 1, the last one included; otherwise edges from 0, as most tools write them"
                    isOn={choice.conventions.truth.origin === 1}
                    onChange={(isOn) =>
                      setChoice({
                        ...choice,
                        conventions: { ...choice.conventions, truth: isOn ? OFFICIAL_CORNERS : {} },
                      })
                    }
                  />
                )}
              </Subsets>
              {plan.classes.length > 0 && <Classes plan={plan} />}
            </div>
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
            isNew={!choice.into}
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
          disabled={!plan || plan.problem !== null || isImporting || isReading}
          onClick={() => plan && void start(plan)}
        >
          {plan && plan.images > 0
            ? `Import ${count(plan.images)} ${plan.images === 1 ? 'image' : 'images'}`
            : `Import ${count(plan?.predictions ?? 0)} predictions`}
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
        <b>{problem.message}</b>
        <p>{problem.next}</p>
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
