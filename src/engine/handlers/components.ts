/** Parts that models may need and that are set up on demand: TensorFlow, and CUDA for ONNX. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Handlers } from '../../contract/call';
import type { EngineCalls } from '../../contract/engine-calls';
import type { CudaState, TensorflowState } from '../../contract/model-calls';
import { BadInput } from '../../core/foundation/bad-input';
import { engineComponents } from '../doctor/components';
import type { EngineState } from '../engine-state';
import { componentPlace } from '../inference/components/component';
import { installCuda, planCuda } from '../inference/cuda/install';
import { lookAtMachine } from '../inference/engines/open';
import { installTensorflow, planInstall, shippedAddon } from '../inference/tensorflow/install';
import { keeping } from '../jobs/jobs';

type Names = Extract<keyof EngineCalls, `tensorflow.${string}` | `cuda.${string}`>;

const DOWNLOAD_KEPT = 'Stopped: what was downloaded is kept.';

export function componentHandlers({ context, jobs }: EngineState): Pick<Handlers<EngineCalls>, Names> {
  return {
    'tensorflow.state': () => tensorflowState(context.userData),

    'tensorflow.install': ({ job, gpu }) =>
      keeping(
        DOWNLOAD_KEPT,
        jobs.run(job, async (progress) => {
          const readyAddon = shippedAddon(context.resources);
          await installTensorflow(
            planInstall(gpu),
            { ...componentPlace(context.userData), readyAddon, nodeHeaders: nodeHeaders() },
            progress,
          );
          return tensorflowState(context.userData);
        }),
      ),

    'cuda.state': () => cudaState(context.userData),

    'cuda.install': ({ job }) =>
      keeping(
        DOWNLOAD_KEPT,
        jobs.run(job, async (progress) => {
          await installCuda(planCuda(), componentPlace(context.userData), progress);
          return cudaState(context.userData);
        }),
      ),
  };
}

/** What `plan` says of sizes; null where there is nothing for this system. */
function planOrNull(
  plan: () => { download: number; disk: number },
): { download: number; disk: number } | null {
  try {
    const { download, disk } = plan();
    return { download, disk };
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    return null;
  }
}

function cudaState(dataFolder: string): CudaState {
  const component = engineComponents(dataFolder).find(({ name }) => name === 'cuda')!;
  return { component, plan: lookAtMachine(dataFolder).hasNvidia ? planOrNull(planCuda) : null };
}

function tensorflowState(dataFolder: string): TensorflowState {
  const components = engineComponents(dataFolder);
  const named = (wanted: string) => components.find(({ name }) => name === wanted)!;
  return {
    cpu: named('tensorflow'),
    gpu: named('tensorflow-gpu'),
    plans: { cpu: planOrNull(() => planInstall(false)), gpu: planOrNull(() => planInstall(true)) },
  };
}

/** Of the checkout's own Node package; a packaged app ships the addon instead. */
function nodeHeaders(): string | null {
  const folder = path.resolve(
    import.meta.dirname,
    ...['..', '..', 'node_modules', `node-${process.platform}-${process.arch}`, 'include', 'node'],
  );
  return existsSync(folder) ? folder : null;
}
