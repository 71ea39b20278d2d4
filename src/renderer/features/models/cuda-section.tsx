/** CUDA, where the machine has an NVIDIA card that ONNX models could run on faster. */
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import type { CudaState } from '../../../contract/model-calls';
import type { ModelView } from '../../../contract/model-view';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { SetUpBanner } from './set-up-banner';

export function CudaSection({ view }: { readonly view: ModelView }): ReactNode {
  const isOnnx = view.form === 'onnx';
  const [state, setState] = useState<CudaState | null>(null);
  useEffect(() => {
    if (!isOnnx) return;
    let isCurrent = true;
    engine('cuda.state', {}).then((found) => isCurrent && setState(found), useSession.getState().showFailure);
    return () => {
      isCurrent = false;
    };
  }, [isOnnx]);
  if (!isOnnx || !state?.plan || state.component.present) return null;
  const install = async (title: string): Promise<void> => {
    const { runJob, showToast } = useSession.getState();
    const done = await runJob(title, (job) => engine('cuda.install', { job }));
    if (!done) return;
    setState(done);
    showToast('CUDA is set up: the next run uses it.');
  };
  return (
    <SetUpBanner
      name="CUDA"
      use="This machine has an NVIDIA card. Large ONNX models run fastest on it with CUDA; without, they use it through WebGPU."
      plan={state.plan}
      install={install}
    />
  );
}
