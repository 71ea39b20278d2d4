/** The dry run of an import: what was understood, what is in doubt, and what would be written. */
import { CircleAlert, FileJson, Folder, Info, Tag, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import type { ImportPlan, ImportSource } from '../../../contract/view-types';
import type { Finding } from '../../../core/foundation/finding';
import { app } from '../../state/app-client';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { count } from '../../ui/number-text';
import './start.css';

const KIND_NAMES: Readonly<Record<ImportSource['kind'], string>> = {
  truth: 'Ground truth',
  predictions: 'Predictions',
  'label-map': 'Label map',
  images: 'Images',
  project: 'Project',
  unknown: 'Not recognised',
};

interface Choice {
  readonly exclude: readonly string[];
  readonly subset: string | null;
  readonly into: boolean;
}

export function ImportPage(): ReactNode {
  const paths = useSession((session) => session.importPaths);
  const project = useSession((session) => session.project);
  // Predictions alone join the open project; anything else makes a new one unless the open one is still empty.
  const [choice, setChoice] = useState<Choice>({
    exclude: [],
    subset: null,
    into: project !== null && project.images === 0,
  });
  const plan = useExamined(paths, choice, setChoice);
  const [runName, setRunName] = useState<string | null>(null);
  const close = () => useSession.getState().setSection(project ? 'failures' : 'start');
  return (
    <div className="import" data-pane>
      <header>
        <h1>Import</h1>
        <span className="chip">dry run: nothing is written yet</span>
      </header>
      {plan === null ? (
        <p className="quiet">Reading…</p>
      ) : (
        <div className="import-body">
          <Sources
            plan={plan}
            exclude={choice.exclude}
            onToggle={(path) =>
              setChoice({
                ...choice,
                exclude: choice.exclude.includes(path)
                  ? choice.exclude.filter((one) => one !== path)
                  : [...choice.exclude, path],
              })
            }
          />
          <div className="import-columns">
            <Subsets plan={plan} onChoose={(subset) => setChoice({ ...choice, subset })} />
            <Classes plan={plan} />
          </div>
          {plan.problem && (
            <div className="banner danger" role="alert">
              <CircleAlert size={18} aria-hidden="true" />
              <div>
                <b>{plan.problem.message}</b>
                <p>{plan.problem.next}</p>
              </div>
            </div>
          )}
          <Findings findings={plan.findings} />
        </div>
      )}
      <footer>
        <span className="quiet grow">All or nothing; can be cancelled.</span>
        {plan?.suggestedRunName && (
          <label className="field">
            Run
            <input
              value={runName ?? plan.suggestedRunName}
              onChange={(event) => setRunName(event.target.value)}
            />
          </label>
        )}
        <button type="button" className="button" onClick={close}>
          Cancel
        </button>
        <button
          type="button"
          className="button primary"
          disabled={!plan || plan.problem !== null}
          onClick={() => plan && void runImport(plan, choice, runName)}
        >
          {plan && plan.images > 0
            ? `Import ${count(plan.images)} images`
            : `Import ${count(plan?.predictions ?? 0)} predictions`}
        </button>
      </footer>
    </div>
  );
}

function useExamined(
  paths: readonly string[],
  choice: Choice,
  setChoice: (choice: Choice) => void,
): ImportPlan | null {
  const [plan, setPlan] = useState<ImportPlan | null>(null);
  const hasProject = useSession((session) => session.project !== null);
  useEffect(() => {
    let isCurrent = true;
    const { runJob } = useSession.getState();
    void runJob('Reading', (job) =>
      engine('import.examine', {
        job,
        paths: [...paths],
        exclude: [...choice.exclude],
        subset: choice.subset,
        images: null,
        labelMap: null,
        into: choice.into,
      }),
    ).then((answer) => {
      if (!isCurrent) return;
      if (answer === null) {
        useSession.getState().setSection(hasProject ? 'failures' : 'start');
        return;
      }
      const isRunAlone = answer.images === 0 && answer.sources.some(({ kind }) => kind === 'predictions');
      if (isRunAlone && hasProject && !choice.into) setChoice({ ...choice, into: true });
      else setPlan(answer);
    });
    return () => {
      isCurrent = false;
    };
  }, [paths, choice, setChoice, hasProject]);
  return plan;
}

async function runImport(plan: ImportPlan, choice: Choice, runName: string | null): Promise<void> {
  const { importPaths, runJob, showToast, setSection } = useSession.getState();
  const project = choice.into
    ? null
    : await app('dialog.save', { kind: 'project', suggestedName: plan.suggestedName });
  if (!choice.into && project === null) return;
  const done = await runJob('Importing', (job) =>
    engine('import.run', {
      job,
      paths: [...importPaths],
      exclude: [...choice.exclude],
      subset: plan.subset,
      images: null,
      labelMap: null,
      project,
      runName: runName?.trim() ? runName.trim() : null,
      replace: false,
    }),
  );
  if (!done) return;
  useSession.getState().adopt(done);
  useSession.setState({ run: done.runs.at(-1)?.id ?? null });
  setSection('failures');
  showToast(`Imported ${count(done.images)} images, ${count(done.annotations)} boxes.`);
}

const iconOf = (kind: ImportSource['kind']): ReactNode =>
  kind === 'label-map' ? (
    <Tag size={18} aria-hidden="true" />
  ) : kind === 'predictions' ? (
    <FileJson size={18} aria-hidden="true" />
  ) : (
    <Folder size={18} aria-hidden="true" />
  );

function Sources({
  plan,
  exclude,
  onToggle,
}: {
  readonly plan: ImportPlan;
  readonly exclude: readonly string[];
  readonly onToggle: (path: string) => void;
}): ReactNode {
  return (
    <ul className="sources">
      {plan.sources.map(({ path, name, kind, why }) => (
        <li key={path} data-excluded={exclude.includes(path)}>
          {iconOf(kind)}
          <span className="grow">
            <b>{name}</b>{' '}
            <span className="quiet">
              {KIND_NAMES[kind]}: {why}
            </span>
          </span>
          <button type="button" className="link" onClick={() => onToggle(path)}>
            {exclude.includes(path) ? 'use it' : 'not this'}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Subsets({
  plan,
  onChoose,
}: {
  readonly plan: ImportPlan;
  readonly onChoose: (subset: string | null) => void;
}): ReactNode {
  const { join } = plan;
  return (
    <section>
      <h2>What will be imported</h2>
      <table>
        <thead>
          <tr>
            <th>Split</th>
            <th className="number">Images</th>
            <th className="number">Annotations</th>
          </tr>
        </thead>
        <tbody>
          {plan.subsets.map(({ name, images, annotations }) => (
            <tr key={name} data-chosen={plan.subset === name}>
              <td>
                <label>
                  <input
                    type="radio"
                    name="subset"
                    checked={plan.subset === name}
                    onChange={() => onChoose(name)}
                  />{' '}
                  {name}
                </label>
              </td>
              <td className="number">{count(images)}</td>
              <td className="number">{count(annotations)}</td>
            </tr>
          ))}
          {plan.subset === null && (
            <tr data-chosen>
              <td>{plan.subsets.length > 0 ? 'all together' : 'all'}</td>
              <td className="number">{count(plan.images)}</td>
              <td className="number">{count(plan.annotations)}</td>
            </tr>
          )}
        </tbody>
      </table>
      {plan.subsetReason && <p className="quiet">{plan.subsetReason}</p>}
      {plan.images > 0 && (
        <p className="quiet">
          {count(plan.imagesFound)} of {count(plan.images)} image files found.
        </p>
      )}
      {join && (
        <p className="quiet">
          {count(join.predictions)} predictions on {count(join.images)} images, joined by{' '}
          {join.by === 'file-name' ? 'file name' : join.by}
          {join.left > 0 ? `; ${count(join.left)} left out` : ''}.
        </p>
      )}
    </section>
  );
}

function Classes({ plan }: { readonly plan: ImportPlan }): ReactNode {
  const most = Math.max(1, ...plan.classes.map(({ truth }) => truth));
  return (
    <section>
      <h2>Classes{plan.subset ? ` in ${plan.subset}` : ''}</h2>
      <table>
        <thead>
          <tr>
            <th>Class</th>
            <th />
            <th className="number">Truth</th>
            <th className="number">Predicted</th>
          </tr>
        </thead>
        <tbody>
          {plan.classes.map(({ id, name, truth, predictions }) => (
            <tr key={id}>
              <td>{name}</td>
              <td className="bar-cell">
                <span className="bar" style={{ width: `${(100 * truth) / most}%` }} />
              </td>
              <td className="number">{count(truth)}</td>
              <td className="number quiet">{count(predictions)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const SEVERITY_ICONS = { error: CircleAlert, warning: TriangleAlert, info: Info } as const;

const placeOf = ({ where }: Finding): string =>
  [
    where.file?.split('/').at(-1),
    where.line === undefined ? null : `line ${where.line}`,
    where.record === undefined ? null : `record ${where.record}`,
    where.image,
  ]
    .filter(Boolean)
    .join(', ');

function Findings({ findings }: { readonly findings: readonly Finding[] }): ReactNode {
  if (findings.length === 0) return <p className="quiet">No findings: everything was understood.</p>;
  return (
    <section>
      <h2>
        Findings <span className="quiet">{findings.length}; none of them stops the import</span>
      </h2>
      <ul className="findings">
        {findings.map((finding) => {
          const Icon = SEVERITY_ICONS[finding.severity];
          return (
            <li key={`${finding.code} ${finding.message}`} data-severity={finding.severity}>
              <Icon size={16} aria-label={finding.severity} />
              <div>
                <b>{finding.message}</b>{' '}
                {finding.count > 1 && <span className="quiet">{count(finding.count)} times</span>}
                <p className="quiet">{placeOf(finding)}</p>
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
