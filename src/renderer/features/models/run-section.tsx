/** Running the open model over the project's images: with what, how long it takes, progress, pause and stop. */
import { Pause, Play } from 'lucide-react';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import type { Backend } from '../../../contract/backends';
import type { ModelEstimate, UnfinishedModelRun } from '../../../contract/model-calls';
import type { ModelView } from '../../../contract/model-view';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { JobProgress } from '../../ui/job-progress';
import { count, seconds } from '../../ui/number-text';
import type { Chosen } from './model-state';
import { pauseRun, useModel } from './model-state';
import { BACKEND_WORDS, deviceWords } from './model-words';
import type { Estimating } from './use-estimate';
import { useEstimate } from './use-estimate';

const RUN_TITLE = 'Running the model';
const ALL_IMAGES = 'all';

interface RunSettings {
  readonly name: string;
  readonly backend: Backend | 'auto';
  readonly scoreThreshold: number;
  readonly maxDetections: number;
  /** `all`, or the id of the run whose missing images are run. */
  readonly images: string;
}

/** What scorers need: nearly every box, and as many as they look at. */
const KEPT_BY_DEFAULT = { scoreThreshold: 0.001, maxDetections: 100 } as const;
const DEFAULTS = { backend: 'auto', images: ALL_IMAGES, ...KEPT_BY_DEFAULT } as const;
/** From here on a threshold costs score that can be seen. */
const HARMFUL_THRESHOLD = 0.05;

const failed = (error: unknown): void => useSession.getState().showFailure(error);

/** What the engine is asked for, the same for estimate and run. */
function requestOf({ path, labelMap, overrides }: Chosen, settings: RunSettings) {
  const { backend, scoreThreshold, maxDetections, images } = settings;
  return {
    path,
    labelMap,
    overrides,
    backend,
    scoreThreshold,
    maxDetections,
    batch: null,
    images: images === ALL_IMAGES ? (ALL_IMAGES as 'all') : { without: Number(images) },
  };
}

async function runModel(settings: RunSettings): Promise<void> {
  const { runJob, setRun, showToast } = useSession.getState();
  const { choice } = useModel.getState();
  if (!choice) return;
  const request = { ...requestOf(choice, settings), name: settings.name.trim() || null };
  const done = await runJob(RUN_TITLE, (job) => engine('models.run', { job, ...request }));
  if (!done) return;
  setRun(done.run);
  const remarks = done.findings.length;
  showToast(
    `The run ${done.project.runs.find(({ id }) => id === done.run)?.name ?? ''} is in the project${remarks > 0 ? `, with ${count(remarks)} remarks: ${done.findings[0]!.message}` : '.'}`,
  );
}

async function resume({ id }: UnfinishedModelRun): Promise<void> {
  const { runJob, setRun } = useSession.getState();
  const done = await runJob(RUN_TITLE, (job) => engine('models.resume', { job, id }));
  if (done) setRun(done.run);
}

export function RunSection({ view }: { readonly view: ModelView }): ReactNode {
  const project = useSession((session) => session.project);
  const [settings, setSettings] = useState<RunSettings>({
    ...DEFAULTS,
    name: view.name.replace(/\.onnx$/i, ''),
  });
  const change = (changes: Partial<RunSettings>) => setSettings({ ...settings, ...changes });
  if (!project) return <p className="quiet">Open a project, or import images, to run the model over them.</p>;
  if (!view.plan) return null;
  return (
    <section aria-label="Run it">
      <h3>Run it over the images of {project.name}</h3>
      <div className="model-fields">
        <label className="model-field">
          <span>Name of the run</span>
          <input value={settings.name} onChange={({ target }) => change({ name: target.value })} />
        </label>
        <label className="model-field">
          <span>Images</span>
          <select value={settings.images} onChange={({ target }) => change({ images: target.value })}>
            <option value={ALL_IMAGES}>all {count(project.images)}</option>
            {project.runs.map(({ id, name }) => (
              <option key={id} value={String(id)}>
                those without predictions in {name}
              </option>
            ))}
          </select>
        </label>
        <label className="model-field">
          <span>Engine and device</span>
          <select
            value={settings.backend}
            onChange={({ target }) => change({ backend: target.value as RunSettings['backend'] })}
          >
            <option value="auto">the best that is here</option>
            {view.backends.map((backend) => (
              <option key={backend} value={backend}>
                {BACKEND_WORDS[backend]}
              </option>
            ))}
          </select>
        </label>
        <NumberField
          label="Score at least"
          value={settings.scoreThreshold}
          step={0.001}
          onChange={(scoreThreshold) => change({ scoreThreshold: Math.min(1, scoreThreshold) })}
        />
        <NumberField
          label="Boxes an image at most"
          value={settings.maxDetections}
          step={1}
          onChange={(boxes) => change({ maxDetections: Math.max(1, Math.round(boxes)) })}
        />
      </div>
      <ThresholdWords threshold={settings.scoreThreshold} />
      <RunControls view={view} settings={settings} />
      <Unfinished />
    </section>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly value: number;
  readonly step: number;
  readonly onChange: (value: number) => void;
}

function NumberField({ label, value, step, onChange }: NumberFieldProps): ReactNode {
  return (
    <label className="model-field">
      <span>{label}</span>
      <input
        type="number"
        min={0}
        step={step}
        value={value}
        onChange={({ target }) => Number.isFinite(target.valueAsNumber) && onChange(target.valueAsNumber)}
      />
    </label>
  );
}

function ThresholdWords({ threshold }: { readonly threshold: number }): ReactNode {
  const isHarmful = threshold >= HARMFUL_THRESHOLD;
  return (
    <p className={isHarmful ? 'field-problem' : 'quiet detail'} role={isHarmful ? 'status' : undefined}>
      Average precision is the area under the whole curve, down to the least certain boxes: cut at 0.5, recall
      ends where the cut falls and the score with it. Boxes are hidden afterwards, by the confidence slider.
    </p>
  );
}

function RunControls({
  view,
  settings,
}: {
  readonly view: ModelView;
  readonly settings: RunSettings;
}): ReactNode {
  const choice = useModel((state) => state.choice);
  const running = useSession((session) => session.jobs).filter(({ title }) => title === RUN_TITLE);
  const [first] = running;
  const canRun = choice !== null && view.backends.length > 0;
  const estimating = useEstimate(
    // A threshold changes the boxes that are kept, not the time.
    canRun ? requestOf(choice, { ...settings, ...KEPT_BY_DEFAULT }) : null,
    view.bytes,
    first !== undefined,
  );
  return (
    <>
      <div className="run-controls">
        {first ? (
          <>
            <JobProgress title={RUN_TITLE} />
            <PauseButton job={first.job} />
          </>
        ) : (
          <EstimateLine estimating={estimating} canTry={canRun} />
        )}
        <button
          type="button"
          className="button primary"
          onClick={() => void runModel(settings).catch(failed)}
        >
          {first ? 'Queue this run too' : 'Run'}
        </button>
      </div>
      {first && (
        <p className="quiet detail">
          {running.length > 1 && `${count(running.length - 1)} more waiting. `}
          It goes on when this is closed; the status bar shows how far it is.
        </p>
      )}
    </>
  );
}

/** How long it would take, what hinders it, or the way to find out. */
function EstimateLine({
  estimating: { state, tryNow, stop },
  canTry,
}: {
  readonly estimating: Estimating;
  readonly canTry: boolean;
}): ReactNode {
  return (
    <>
      <span className="grow" role="status">
        {state.kind === 'trying' && (
          <>
            <span className="quiet">Trying a few images to see how long it takes…</span>{' '}
            <button type="button" className="link" onClick={stop}>
              Stop
            </button>
          </>
        )}
        {state.kind === 'known' && <EstimateWords estimate={state.estimate} />}
        {state.kind === 'failed' && <span className="field-problem">{state.message}</span>}
      </span>
      {(state.kind === 'none' || state.kind === 'failed') && canTry && (
        <button type="button" className="button" onClick={tryNow}>
          {state.kind === 'failed' ? 'Try again' : 'How long will it take?'}
        </button>
      )}
    </>
  );
}

function EstimateWords({ estimate }: { readonly estimate: ModelEstimate }): ReactNode {
  const { images, seconds: all, secondsPerImage, fallback } = estimate;
  return (
    <>
      {all === null
        ? `${count(images)} images`
        : `About ${seconds(Math.max(1, all))} for ${count(images)} images (${(1000 * (secondsPerImage ?? 0)).toFixed(0)} ms each)`}{' '}
      <span className="quiet">
        {deviceWords(estimate)}
        {fallback !== null && `. ${fallback}`}
      </span>
    </>
  );
}

function PauseButton({ job }: { readonly job: string }): ReactNode {
  const isPaused = useModel((state) => state.paused.has(job));
  return (
    <button
      type="button"
      className="button"
      aria-pressed={isPaused}
      onClick={() => void pauseRun(job, !isPaused).catch(failed)}
    >
      {isPaused ? <Play size={14} aria-hidden="true" /> : <Pause size={14} aria-hidden="true" />}
      {isPaused ? ' Go on' : ' Pause'}
    </button>
  );
}

/** Runs that were stopped or broken off, to go on with or to drop. */
function Unfinished(): ReactNode {
  const [runs, setRuns] = useState<readonly UnfinishedModelRun[]>([]);
  const running = useSession((session) => session.jobs.filter(({ title }) => title === RUN_TITLE).length);
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    if (running > 0) return;
    let isCurrent = true;
    engine('models.unfinished', {}).then((found) => isCurrent && setRuns(found), failed);
    return () => {
      isCurrent = false;
    };
  }, [running, changes]);
  if (running > 0 || runs.length === 0) return null;
  const discard = async ({ id }: UnfinishedModelRun) => {
    await engine('models.discard', { id });
    setChanges(changes + 1);
  };
  return (
    <ul className="unfinished" aria-label="Unfinished runs">
      {runs.map((run) => (
        <li key={run.id}>
          <span className="grow">
            {run.name}{' '}
            <span className="quiet">
              stopped after {count(run.done)} of {count(run.total)} images
            </span>
          </span>
          <button type="button" className="button" onClick={() => void resume(run).catch(failed)}>
            Go on
          </button>
          <button type="button" className="button" onClick={() => void discard(run).catch(failed)}>
            Drop it
          </button>
        </li>
      ))}
    </ul>
  );
}
