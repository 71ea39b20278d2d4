/** TensorFlow, where a model needs it and it is not there. */
import type { ReactNode } from 'react';
import type { ModelView } from '../../../contract/model-view';
import { engine } from '../../state/engine-client';
import { SetUpBanner } from './set-up-banner';
import { usePart } from './use-part';

const ask = () => engine('tensorflow.state', {});
const setUp = (job: string) => engine('tensorflow.install', { job, gpu: false });

export function TensorflowSection({ form }: Pick<ModelView, 'form'>): ReactNode {
  const { state, install } = usePart(ask, setUp, 'TensorFlow is set up.');
  if (!state || state.cpu.present || state.gpu.present) return null;
  return (
    <SetUpBanner
      name="TensorFlow"
      use={
        form === 'saved-model' || form === 'frozen-graph'
          ? 'SavedModels and frozen graphs run on it.'
          : 'Without it TensorFlow.js models run on WebAssembly, several times slower.'
      }
      plan={state.plans.cpu}
      install={install}
    />
  );
}
