/** Mistakes in how a command is called: each told in one line, with where to look. */
import type { Command, CommanderError } from 'commander';
import { BadInput } from '../core/foundation/bad-input';
import { collect, usage } from './command';

/** The command that the arguments name, as far as they name one: `reticle project edit`. */
export function commandOf(program: Command, args: readonly string[]): string {
  let command = program;
  let name = program.name();
  for (const argument of args) {
    const named = command.commands.find((one) => one.name() === argument);
    if (!named) break;
    command = named;
    name += ` ${argument}`;
  }
  return name;
}

/** What the parser says, in the form of all other errors. */
export function usageError(error: CommanderError | BadInput, command: string): BadInput {
  if (error instanceof BadInput) return error;
  const isHelp = error.code === 'commander.help';
  const said = isHelp ? `“${command}” needs a command.` : error.message.replace(/^error: /, '');
  return usage(sentence(said.replaceAll('\n', ' ')), `See ${command} --help.`);
}

const sentence = (text: string): string => {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?)]$/.test(whole) ? whole : `${whole}.`;
};

/** An option that is given twice would silently count once, and an empty path would be the folder one is in. */
export function refuseRepeatedAndEmpty(command: Command): void {
  for (const option of command.options) {
    if (!option.required) continue;
    const name = option.long ?? option.flags;
    let first: string | null = null;
    command.on(`option:${option.name()}`, (value: string) => {
      if (value.trim() === '') throw usage(`${name} is empty.`, 'Give it a value, or leave it out.');
      if (first !== null && first !== value && option.parseArg !== collect)
        throw usage(`${name} is given twice, as “${first}” and as “${value}”.`, 'Give it once.');
      first = value;
    });
  }
  command.hook('preAction', (_, action) => {
    if (action.args.some((argument) => argument.trim() === ''))
      throw usage('An argument is empty.', 'Give it a value, or leave it out.');
  });
}
