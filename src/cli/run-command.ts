import type { CommandContext } from './command';

/** Runs a command's work; keeps its exit code, and turns what it throws into one. */
export type RunCommand = (
  options: { readonly json?: boolean },
  work: (context: CommandContext) => Promise<number>,
) => Promise<void>;
