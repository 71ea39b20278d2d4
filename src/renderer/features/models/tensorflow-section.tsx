/** TensorFlow, where a model needs it and it is not there: one click, its size said first. */
import { Download } from 'lucide-react';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import type { TensorflowState } from '../../../contract/model-calls';
import type { ModelView } from '../../../contract/model-view';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { JobProgress } from '../../ui/job-progress';

const TITLE = 'Setting up TensorFlow';

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

export function TensorflowSection({ view }: { readonly view: ModelView }): ReactNode {
  const isOnnx = view.form === 'onnx';
  const [state, setState] = useState<TensorflowState | null>(null);
  const isSettingUp = useSession((session) => session.jobs.some(({ title }) => title === TITLE));
  useEffect(() => {
    if (isOnnx) return;
    let isCurrent = true;
    engine('tensorflow.state', {}).then(
      (found) => isCurrent && setState(found),
      useSession.getState().showFailure,
    );
    return () => {
      isCurrent = false;
    };
  }, [isOnnx]);
  if (isOnnx || !state || state.cpu.present || state.gpu.present) return null;
  const install = async (gpu: boolean) => {
    const { runJob, showToast } = useSession.getState();
    const done = await runJob(TITLE, (job) => engine('tensorflow.install', { job, gpu }));
    if (!done) return;
    setState(done);
    showToast('TensorFlow is set up.');
  };
  const plan = state.plans.cpu;
  return (
    <div className="banner info">
      <Download size={18} aria-hidden="true" />
      <div>
        <b>TensorFlow is not set up</b>
        <p>
          {view.form === 'saved-model'
            ? 'SavedModels run on it.'
            : 'Without it TensorFlow.js models run on WebAssembly, several times slower.'}{' '}
          {plan
            ? `It downloads ${megabytes(plan.download)} and takes ${megabytes(plan.disk)} of disk; stopped, it goes on where it was.`
            : 'There is no ready part for this system.'}
        </p>
        {isSettingUp ? (
          <JobProgress title={TITLE} />
        ) : (
          plan && (
            <button
              type="button"
              className="button"
              onClick={() => void install(false).catch(useSession.getState().showFailure)}
            >
              Set up TensorFlow
            </button>
          )
        )}
      </div>
    </div>
  );
}
