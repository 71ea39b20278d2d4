/** TensorFlow, where a model needs it and it is not there. */
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import type { TensorflowState } from '../../../contract/model-calls';
import type { ModelView } from '../../../contract/model-view';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { SetUpBanner } from './set-up-banner';

export function TensorflowSection({ view }: { readonly view: ModelView }): ReactNode {
  const isOnnx = view.form === 'onnx';
  const [state, setState] = useState<TensorflowState | null>(null);
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
  const install = async (title: string): Promise<void> => {
    const { runJob, showToast } = useSession.getState();
    const done = await runJob(title, (job) => engine('tensorflow.install', { job, gpu: false }));
    if (!done) return;
    setState(done);
    showToast('TensorFlow is set up.');
  };
  return (
    <SetUpBanner
      name="TensorFlow"
      use={
        view.form === 'saved-model'
          ? 'SavedModels run on it.'
          : 'Without it TensorFlow.js models run on WebAssembly, several times slower.'
      }
      plan={state.plans.cpu}
      install={install}
    />
  );
}
