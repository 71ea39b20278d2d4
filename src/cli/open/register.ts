/** `reticle open`: the window on a project. */
import type { Command } from 'commander';
import type { RunCommand } from '../run-command';
import type * as Work from './open';

export function registerOpen(program: Command, run: RunCommand): void {
  program
    .command('open')
    .description('open a project in the window')
    .argument('<file>')
    .option('--view <name>', 'saved view to show')
    .action((file: string, options: Work.OpenOptions) =>
      run({}, async (context) => (await import('./open')).open(context, file, options)),
    );
}
