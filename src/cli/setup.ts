/** `reticle setup tensorflow`: the component that runs SavedModels. */
import path from 'node:path';
import type { Command } from 'commander';
import { cacheFolder } from '../engine/inference/tensorflow/component';
import type { CommandContext } from './command';
import { EXIT, progressOnStderr, usage } from './command';
import type { RunCommand } from './run-command';

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

export function registerSetup(program: Command, run: RunCommand): void {
  program
    .command('setup')
    .description('install a part that is not needed by all: tensorflow')
    .argument('<part>', 'tensorflow')
    .option('--gpu', 'for NVIDIA graphics cards')
    .action((part: string, options: { readonly gpu?: boolean }) =>
      run({}, async (context) => {
        if (part !== 'tensorflow') throw usage(`There is no part called ${part}.`, 'There is: tensorflow.');
        return setUpTensorflow(context, options.gpu === true);
      }),
    );
}

async function setUpTensorflow(context: CommandContext, isGpu: boolean): Promise<number> {
  const { installTensorflow, planInstall, shippedAddon } =
    await import('../engine/inference/tensorflow/install');
  const { componentName, readComponent } = await import('../engine/inference/tensorflow/component');
  const plan = planInstall(isGpu);
  const home = context.dataFolder === null ? cacheFolder() : path.join(context.dataFolder, 'components');
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
  const downloads = path.join(cacheFolder(), 'downloads');
  const place = { home, downloads, readyAddon: shippedAddon(context.resources), nodeHeaders };
  const { folder, version } = await installTensorflow(plan, place, progressOnStderr({ cancelled: false }));
  process.stderr.write(`TensorFlow ${version} is ready in ${folder}\n`);
  return EXIT.done;
}
