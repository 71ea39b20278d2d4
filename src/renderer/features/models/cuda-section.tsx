/** CUDA, where the machine has an NVIDIA card that ONNX models could run on faster. */
import type { ReactNode } from 'react';
import { engine } from '../../state/engine-client';
import { SetUpBanner } from './set-up-banner';
import { usePart } from './use-part';

const ask = () => engine('cuda.state', {});
const setUp = (job: string) => engine('cuda.install', { job });

export function CudaSection(): ReactNode {
  const { state, install } = usePart(ask, setUp, 'CUDA is set up: the next run uses it.');
  if (!state?.plan || state.component.present) return null;
  return (
    <SetUpBanner
      name="CUDA"
      use="This machine has an NVIDIA card. Large ONNX models run fastest on it with CUDA; without, they use it through WebGPU."
      plan={state.plan}
      install={install}
    />
  );
}
