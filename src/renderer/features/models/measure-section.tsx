/** What changes of the model's input do to the score, measured on some of the project's images. */
import type { ReactNode } from 'react';
import { useState } from 'react';
import type { ModelMeasurementView } from '../../../contract/model-calls';
import type { ModelView } from '../../../contract/model-view';
import type { FramePlace, MeasuredChange } from '../../../core/diagnosis/measured/measure-change';
import { allMoved } from '../../../core/diagnosis/measured/measure-change';
import { changeWords } from '../../../core/inference/change/model-change';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { JobProgress } from '../../ui/job-progress';
import { count, difference, differenceInterval, score } from '../../ui/number-text';
import { useModel } from './model-state';

const TITLE = 'Running the model with changes';
const IMAGES = 30;
const LIMITS = { scoreThreshold: 0.001, maxDetections: 100 } as const;

export function MeasureSection({ view }: { readonly view: ModelView }): ReactNode {
  const project = useSession((session) => session.project);
  const isRunning = useSession((session) => session.jobs.some(({ title }) => title === TITLE));
  const [images, setImages] = useState(IMAGES);
  const [measured, setMeasured] = useState<ModelMeasurementView | null>(null);
  if (!project || !view.plan) return null;
  const run = async (changes: 'input' | 'places') => {
    const { protocol, runJob } = useSession.getState();
    const { choice } = useModel.getState();
    if (!choice) return;
    const request = {
      ...choice,
      ...LIMITS,
      backend: 'auto',
      batch: null,
      images,
      changes,
      protocol,
    } as const;
    const done = await runJob(TITLE, (job) => engine('models.measure', { job, ...request }));
    if (done) setMeasured(done);
  };
  return (
    <section aria-label="What changes do">
      <h3>What changes of its input do to the score</h3>
      <p className="quiet">
        The model runs over some of the images as it is, and again with each change. A higher score means that
        it was trained in another way than it is run.
      </p>
      <div className="run-controls">
        <label className="model-field inline">
          <span>Images</span>
          <input
            type="number"
            min={1}
            max={project.images}
            value={images}
            onChange={({ target }) =>
              Number.isFinite(target.valueAsNumber) &&
              setImages(Math.max(1, Math.min(project.images, Math.round(target.valueAsNumber))))
            }
          />
        </label>
        <JobProgress title={TITLE} />
        <button type="button" className="button" disabled={isRunning} onClick={() => void run('input')}>
          Colours, values and size
        </button>
        <button type="button" className="button" disabled={isRunning} onClick={() => void run('places')}>
          Places in the frame
        </button>
      </div>
      {measured && <Measured measured={measured} />}
    </section>
  );
}

function Measured({ measured }: { readonly measured: ModelMeasurementView }): ReactNode {
  const { images, total, changes, runs } = measured;
  return (
    <>
      <p role="status">
        Measured on {count(images)} of {count(total)} images
        {runs.length > 0 ? '; the Causes page takes it as evidence from now on.' : '.'}
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Change</th>
            <th scope="col" className="number">
              As it is
            </th>
            <th scope="col" className="number">
              With it
            </th>
            <th scope="col" className="number">
              Difference
            </th>
            <th scope="col" className="number">
              95 %
            </th>
          </tr>
        </thead>
        <tbody>
          {changes.map((one) => (
            <ChangeRow key={changeWords(one.change)} measured={one} />
          ))}
        </tbody>
      </table>
      <MovedSentence changes={changes} from="edge" to="centre" />
      <MovedSentence changes={changes} from="centre" to="edge" />
    </>
  );
}

function ChangeRow({ measured }: { readonly measured: MeasuredChange }): ReactNode {
  const { change, scoreBefore, scoreAfter, gain, gainInterval } = measured;
  return (
    <tr>
      <td>{changeWords(change)}</td>
      <td className="number">{score(scoreBefore)}</td>
      <td className="number">{score(scoreAfter)}</td>
      <td className="number">{difference(gain, 3)}</td>
      <td className="number quiet">{differenceInterval(gainInterval)}</td>
    </tr>
  );
}

interface MovedSentenceProps {
  readonly changes: readonly MeasuredChange[];
  readonly from: FramePlace;
  readonly to: FramePlace;
}

function MovedSentence({ changes, from, to }: MovedSentenceProps): ReactNode {
  const { labels, foundBefore, foundAfter } = allMoved(changes, from, to);
  if (labels === 0) return null;
  return (
    <p>
      {count(labels)} objects moved from the {from} to the {to}: recall {score(foundBefore / labels, 2)}{' '}
      before, {score(foundAfter / labels, 2)} after.
    </p>
  );
}
