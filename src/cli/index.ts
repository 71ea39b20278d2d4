/** The command line. Commands that need no database load none: they start at once. */
import path from 'node:path';
import { Command, CommanderError } from 'commander';
import manifest from '../../package.json';
import { startChildProcess } from '../engine/inference/session/child-process';
import { BadInput } from '../core/foundation/bad-input';
import type { CommandContext } from './command';
import { EXIT, reportError } from './command';
import {
  refuseInputsAsOutputs,
  refuseMissingImages,
  refuseSharedStandardInput,
  refuseUnwritableTargets,
} from './outputs';
import { watchStandardOutput } from './standard-output';
import { commandOf, refuseRepeatedAndEmpty, usageError } from './usage';
import type { RunCommand } from './run-command';

/** Loads what a command is called and takes; the one that is asked for alone, so that it starts at once. */
const COMMANDS: Readonly<Record<string, () => Promise<(program: Command, run: RunCommand) => void>>> = {
  evaluate: async () => (await import('./evaluate/evaluate')).registerEvaluate,
  'merge-evaluations': async () => (await import('./evaluate/merge-evaluations')).registerMergeEvaluations,
  diagnose: async () => (await import('./diagnose/diagnose')).registerDiagnose,
  inspect: async () => (await import('./inspect')).registerInspect,
  convert: async () => (await import('./convert')).registerConvert,
  doctor: async () => (await import('./doctor')).registerDoctor,
  predict: async () => (await import('./predict/register')).registerPredict,
  project: async () => (await import('./project/register')).registerProject,
  open: async () => (await import('./open/register')).registerOpen,
  setup: async () => (await import('./setup')).registerSetup,
};

/** Runs one command; the answer is the exit code. `root`: the checkout or the installed app. */
export async function main(
  args: readonly string[],
  place: Pick<CommandContext, 'cwd' | 'root'> & Partial<CommandContext>,
): Promise<number> {
  const context: CommandContext = {
    openWindow: () => Promise.reject(new Error('There is no window to open here.')),
    startModel: () => startChildProcess(path.join(place.root, 'out', 'cli', 'inference.js')),
    dataFolder: null,
    resources: path.join(place.root, 'resources'),
    ...place,
    version: manifest.version,
  };
  let code: number = EXIT.done;
  const run: RunCommand = async (options, work) => {
    try {
      refuseSharedStandardInput({ ...options });
      refuseMissingImages(place.cwd, { ...options });
      refuseUnwritableTargets(place.cwd, { ...options });
      refuseInputsAsOutputs(place.cwd, args, { ...options });
      code = await work(context);
    } catch (error) {
      code = reportError(error, options.json === true);
    }
  };
  const program = new Command('reticle')
    .description(manifest.description)
    .version(manifest.version)
    .exitOverride()
    // Told below, in one line.
    .configureOutput({ outputError: () => undefined });
  const stop = (): void => process.exit(EXIT.cancelled);
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const isOutputWhole = watchStandardOutput();
  const asked = args[0] === undefined || !Object.hasOwn(COMMANDS, args[0]) ? null : COMMANDS[args[0]]!;
  for (const load of asked ? [asked] : Object.values(COMMANDS)) (await load())(program, run);
  for (const command of [...program.commands, ...program.commands.flatMap(({ commands }) => commands)]) {
    command.exitOverride();
    refuseRepeatedAndEmpty(command);
  }
  try {
    await program.parseAsync([...args], { from: 'user' });
    if (!(await isOutputWhole())) return EXIT.badInput;
  } catch (error) {
    if (!(error instanceof CommanderError || error instanceof BadInput)) throw error;
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
    return reportError(usageError(error, commandOf(program, args)), args.includes('--json'));
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
  return code;
}
