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
import { useModel } from './model-state';
import { BACKEND_WORDS } from './model-words';

const RUN_TITLE = 'Running the model';
const ESTIMATE_TITLE = 'Trying the model';
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
const DEFAULTS = { backend: 'auto', scoreThreshold: 0.001, maxDetections: 100, images: ALL_IMAGES } as const;
/** From here on a threshold costs score that can be seen. */
const HARMFUL_THRESHOLD = 0.05;

const failed = (error: unknown): void => useSession.getState().showFailure(error);

/** What the engine is asked for, the same for estimate and run. */
function requestOf(settings: RunSettings) {
  const { choice } = useModel.getState();
  const { path, labelMap, overrides } = choice!;
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
  const request = { ...requestOf(settings), name: settings.name.trim() || null };
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
      <RunControls settings={settings} />
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

function RunControls({ settings }: { readonly settings: RunSettings }): ReactNode {
  const [estimate, setEstimate] = useState<ModelEstimate | null>(null);
  const isTrying = useSession((session) => session.jobs.some(({ title }) => title === ESTIMATE_TITLE));
  const jobs = useSession((session) => session.jobs);
  const running = jobs.filter(({ title }) => title === RUN_TITLE);
  const tryIt = async () => {
    const { runJob } = useSession.getState();
    setEstimate(
      await runJob(ESTIMATE_TITLE, (job) => engine('models.estimate', { job, ...requestOf(settings) })),
    );
  };
  return (
    <>
      <div className="run-controls">
        {running.length > 0 ? (
          <>
            <JobProgress title={RUN_TITLE} />
            <PauseButton job={running[0]!.job} />
          </>
        ) : (
          <EstimateWords estimate={estimate} />
        )}
        <button
          type="button"
          className="button"
          disabled={isTrying}
          onClick={() => void tryIt().catch(failed)}
        >
          {isTrying ? 'Trying…' : 'How long will it take?'}
        </button>
        <button
          type="button"
          className="button primary"
          onClick={() => void runModel(settings).catch(failed)}
        >
          {running.length > 0 ? 'Queue this run too' : 'Run'}
        </button>
      </div>
      {running.length > 1 && <p className="quiet">{count(running.length - 1)} more waiting.</p>}
    </>
  );
}

function EstimateWords({ estimate }: { readonly estimate: ModelEstimate | null }): ReactNode {
  if (!estimate) return <span className="grow" />;
  const { images, seconds: all, secondsPerImage, device, backend, fallback } = estimate;
  return (
    <span className="grow" role="status">
      {all === null
        ? `${count(images)} images`
        : `About ${seconds(Math.max(1, all))} for ${count(images)} images (${(1000 * (secondsPerImage ?? 0)).toFixed(0)} ms each)`}{' '}
      <span className="quiet">
        {BACKEND_WORDS[backend]}, {device}
        {fallback !== null && `. ${fallback}`}
      </span>
    </span>
  );
}

function PauseButton({ job }: { readonly job: string }): ReactNode {
  const [isPaused, setIsPaused] = useState(false);
  const toggle = async () => {
    await engine('models.pause', { job, paused: !isPaused });
    setIsPaused(!isPaused);
  };
  return (
    <button
      type="button"
      className="button"
      aria-pressed={isPaused}
      onClick={() => void toggle().catch(failed)}
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
