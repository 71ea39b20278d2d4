/** What all commands share: results on stdout or in a file, errors as a line or a document, exit codes. */
import type { Command } from 'commander';
import { Option } from 'commander';
import { BadInput } from '../core/foundation/bad-input';
import { Cancelled } from '../core/foundation/cancellation';
import type { Progress } from '../core/foundation/cancellation';
import type { Finding, Severity } from '../core/foundation/finding';
import path from 'node:path';
import type { StartProcess } from '../engine/inference/session/client';

export const EXIT = { done: 0, missed: 1, badInput: 2, fault: 3, cancelled: 130 } as const;

export interface CommandContext {
  /** Relative paths belong to this folder. */
  readonly cwd: string;
  /** The checkout, or the installed app's folder. */
  readonly root: string;
  /** What ships with the app. */
  readonly resources: string;
  readonly version: string;
  /** Starts the app with its window and waits for its end; the answer is the exit code. */
  readonly openWindow: OpenWindow;
  /** Starts a process for one model. */
  readonly startModel: StartProcess;
  /** The installed app's own data, where a component may lie; null in a checkout. */
  readonly dataFolder: string | null;
}

export type OpenWindow = (args: readonly string[]) => Promise<number>;

export interface OutputOptions {
  readonly json?: boolean;
  readonly output?: string;
  readonly failOn?: Severity;
}

const SEVERITIES: readonly Severity[] = ['info', 'warning', 'error'];

/** `--json`, `--output`, `--fail-on`: on every command that prints a document. */
export function withOutput(command: Command): Command {
  return command
    .option('--json', 'print one JSON document')
    .option('--output <file>', 'write the document to a file; - is stdout')
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 when a finding is at least that severe').choices([
        ...SEVERITIES,
      ]),
    );
}

/** For options that may be repeated. */
export const collect = (value: string, list: readonly string[] | undefined): readonly string[] => [
  ...(list ?? []),
  value,
];

export const usage = (message: string, next: string): BadInput => new BadInput('usage', message, next);

export const inFolder = (context: CommandContext, file: string): string =>
  file === '-' ? file : path.resolve(context.cwd, file);

/** Prints a document for machines or people; returns the exit code that its findings ask for. */
export async function printDocument(
  context: CommandContext,
  options: OutputOptions,
  document: { readonly findings: readonly Finding[]; readonly [key: string]: unknown },
  forPeople: () => string,
): Promise<number> {
  if (options.output !== undefined && options.output !== '-') {
    const { writeFileWhole } = await import('../engine/export/atomic');
    await writeFileWhole(inFolder(context, options.output), [`${JSON.stringify(document)}\n`]);
  } else if (options.json || options.output === '-') process.stdout.write(`${JSON.stringify(document)}\n`);
  else process.stdout.write(forPeople());
  const least = options.failOn === undefined ? Infinity : SEVERITIES.indexOf(options.failOn);
  return document.findings.some(({ severity }) => SEVERITIES.indexOf(severity) >= least)
    ? EXIT.missed
    : EXIT.done;
}

/** Findings for people, on stderr; nothing where the document itself carries them. */
export function tellFindings(options: OutputOptions, findings: readonly Finding[]): void {
  if (options.json || options.output !== undefined) return;
  for (const { severity, message, where, count } of findings) {
    const place = [
      where.file,
      where.line === undefined ? null : `line ${where.line}`,
      where.record === undefined ? null : `record ${where.record}`,
      where.image,
    ]
      .filter(Boolean)
      .join(', ');
    process.stderr.write(
      `${severity}: ${message}${count > 1 ? ` (${count} times)` : ''}${place ? ` [${place}]` : ''}\n`,
    );
  }
}

export function reportError(error: unknown, isJson: boolean): number {
  const isExpected = error instanceof BadInput;
  const isCancelled = error instanceof Cancelled;
  const message = error instanceof Error ? error.message : String(error);
  const { code, where, next } = isExpected
    ? error
    : {
        code: isCancelled ? 'cancelled' : 'fault',
        where: {},
        next: isCancelled ? '' : 'This is a fault of Reticle; run again with the same input to report it.',
      };
  if (isJson && !isCancelled)
    process.stdout.write(`${JSON.stringify({ error: { code, message, where, next } })}\n`);
  const place = [
    where.file,
    where.line === undefined ? null : `line ${where.line}`,
    where.byte === undefined ? null : `byte ${where.byte}`,
  ]
    .filter((part) => part !== null && part !== undefined && !message.includes(part))
    .join(', ');
  const said = /[.!?:]$/.test(message) ? message : `${message}.`;
  process.stderr.write(`reticle: ${said}${place ? ` [${place}]` : ''}${next ? ` ${next}` : ''}\n`);
  if (!isExpected && !isCancelled && error instanceof Error && error.stack)
    process.stderr.write(`${error.stack}\n`);
  return isExpected ? EXIT.badInput : isCancelled ? EXIT.cancelled : EXIT.fault;
}

const SAY_EVERY = 2000;

/** Progress on stderr: a line that is written over on a terminal, one every few seconds elsewhere. */
export function progressOnStderr(signal: { readonly cancelled: boolean }): Progress {
  let said = performance.now();
  return {
    check: () => {
      if (signal.cancelled) throw new Cancelled();
    },
    report: (stage, done, total) => {
      const now = performance.now();
      if (now - said < (process.stderr.isTTY ? 100 : SAY_EVERY)) return;
      said = now;
      const text = `${stage}: ${done}${total === null ? '' : ` of ${total}`}`;
      process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${text}\r` : `${text}\n`);
    },
  };
}
