/** `reticle setup tensorflow|cuda`: the components that run SavedModels, and ONNX models on NVIDIA cards. */
import path from 'node:path';
import type { Command } from 'commander';
import { componentPlace, readComponent } from '../engine/inference/components/component';
import type { CommandContext } from './command';
import { EXIT, progressOnStderr, usage } from './command';
import type { RunCommand } from './run-command';

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

export function registerSetup(program: Command, run: RunCommand): void {
  program
    .command('setup')
    .description('install a part that is not needed by all: tensorflow, cuda')
    .argument('<part>', 'tensorflow: SavedModels; cuda: ONNX models on NVIDIA graphics cards')
    .option('--gpu', 'TensorFlow for NVIDIA graphics cards')
    .action((part: string, options: { readonly gpu?: boolean }) =>
      run({}, async (context) => {
        if (part === 'tensorflow') return setUpTensorflow(context, options.gpu === true);
        if (part === 'cuda') return setUpCuda(context);
        throw usage(`There is no part called ${part}.`, 'There are: tensorflow, cuda.');
      }),
    );
}

async function setUpCuda(context: CommandContext): Promise<number> {
  const { installCuda, planCuda } = await import('../engine/inference/cuda/install');
  const { findCuda } = await import('../engine/inference/cuda/component');
  const plan = planCuda();
  const place = componentPlace(context.dataFolder);
  if (!findCuda(context.dataFolder))
    process.stderr.write(
      `CUDA for ONNX models: ${megabytes(plan.download)} to download, ${megabytes(plan.disk)} on disk in ${place.home}\n`,
    );
  const { folder, version } = await installCuda(plan, place, progressOnStderr({ cancelled: false }));
  process.stderr.write(`ONNX Runtime ${version} with CUDA is ready in ${folder}\n`);
  return EXIT.done;
}

async function setUpTensorflow(context: CommandContext, isGpu: boolean): Promise<number> {
  const { installTensorflow, planInstall, shippedAddon } =
    await import('../engine/inference/tensorflow/install');
  const { componentName } = await import('../engine/inference/tensorflow/component');
  const plan = planInstall(isGpu);
  const { home, downloads } = componentPlace(context.dataFolder);
  const known = readComponent(path.join(home, componentName(isGpu)));
  if (!known)
    process.stderr.write(
      `TensorFlow${isGpu ? ' for graphics cards' : ''}: ${megabytes(plan.download)} to download, ${megabytes(plan.disk)} on disk in ${home}\n`,
    );
  const nodeHeaders = path.join(
    context.root,
    'node_modules',
    `node-${process.platform}-${process.arch}`,
    'include',
    'node',
  );
  const place = { home, downloads, readyAddon: shippedAddon(context.resources), nodeHeaders };
  const { folder, version } = await installTensorflow(plan, place, progressOnStderr({ cancelled: false }));
  process.stderr.write(`TensorFlow ${version} is ready in ${folder}\n`);
  return EXIT.done;
}
