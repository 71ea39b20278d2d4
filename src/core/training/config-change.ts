/** Changes of a configuration, line by line, as they are shown and as they are applied. */
import type { LineRange, PipelineConfig } from './pipeline-config';
import type { Schedule } from './schedule';

export interface ConfigChange {
  /** Lines that go, from 1; null: nothing goes, and the new lines come after line `after`. */
  readonly remove: LineRange | null;
  readonly after: number;
  readonly add: readonly string[];
}

/** The text with all changes; they may not overlap. */
export function changedText(text: string, changes: readonly ConfigChange[]): string {
  const lines = text.split('\n');
  const fromBelow = [...changes].sort((a, b) => placeOf(b) - placeOf(a));
  for (const { remove, after, add } of fromBelow) {
    if (remove) lines.splice(remove.from - 1, remove.to - remove.from + 1, ...add);
    else lines.splice(after, 0, ...add);
  }
  return lines.join('\n');
}

const placeOf = ({ remove, after }: ConfigChange): number => remove?.from ?? after;

/** As a reader of differences expects it: `-` and `+` before each line. */
export function asDifference(text: string, { remove, add }: ConfigChange): string[] {
  const gone = remove ? text.split('\n').slice(remove.from - 1, remove.to) : [];
  return [...gone.map((line) => `-${line}`), ...add.map((line) => `+${line}`)];
}

/** Puts another schedule in place of the configuration's; null where it has none. */
export function scheduleChange(config: PipelineConfig, schedule: Schedule): ConfigChange | null {
  const { scheduleLines } = config.train;
  if (!scheduleLines) return null;
  const line = config.text.split('\n')[scheduleLines.from - 1]!;
  const indent = /^\s*/.exec(line)![0];
  // What stands before the schedule on its first line belongs to the message around it.
  const before =
    /^(.*?)(constant|manual_step|exponential_decay|cosine_decay)_learning_rate/.exec(line)?.[1] ?? '';
  if (before.trim() !== '') return null;
  const add = linesOf(schedule).map((one) => indent + one);
  return { remove: scheduleLines, after: scheduleLines.from, add };
}

/** A schedule in the configuration's language; cyclical and one-cycle schedules have no form in it. */
export function linesOf(schedule: Schedule): string[] {
  switch (schedule.kind) {
    case 'constant':
      return [`constant_learning_rate { learning_rate: ${schedule.rate} }`];
    case 'step':
      return [
        'manual_step_learning_rate {',
        `  initial_learning_rate: ${schedule.initial}`,
        ...schedule.changes.map(({ step, rate }) => `  schedule { step: ${step} learning_rate: ${rate} }`),
        ...(schedule.warmsUp ? ['  warmup: true'] : []),
        '}',
      ];
    case 'exponential':
      return [
        'exponential_decay_learning_rate {',
        `  initial_learning_rate: ${schedule.initial}`,
        `  decay_steps: ${schedule.decaySteps}`,
        `  decay_factor: ${schedule.factor}`,
        `  staircase: ${schedule.isStaircase}`,
        ...(schedule.burnInSteps > 0
          ? [`  burnin_learning_rate: ${schedule.burnInRate}`, `  burnin_steps: ${schedule.burnInSteps}`]
          : []),
        ...(schedule.lowest > 0 ? [`  min_learning_rate: ${schedule.lowest}`] : []),
        '}',
      ];
    case 'cosine':
      return [
        'cosine_decay_learning_rate {',
        `  learning_rate_base: ${schedule.base}`,
        `  total_steps: ${schedule.totalSteps}`,
        `  warmup_learning_rate: ${schedule.warmUpRate}`,
        `  warmup_steps: ${schedule.warmUpSteps}`,
        ...(schedule.holdSteps > 0 ? [`  hold_base_rate_steps: ${schedule.holdSteps}`] : []),
        '}',
      ];
    case 'cyclical':
    case 'one-cycle':
      return [];
  }
}

/** What is proposed where a schedule is at fault: a cosine over the whole training after a short warm-up. */
export function proposedSchedule(given: number, steps: number): Schedule {
  // Logged rates are float32: 0.002 comes back as 0.0020000000949949026.
  const rate = Number(given.toPrecision(6));
  return {
    kind: 'cosine',
    base: rate,
    totalSteps: steps,
    warmUpRate: Number((rate / 100).toPrecision(2)),
    warmUpSteps: Math.min(1000, Math.round(steps / 10)),
    holdSteps: 0,
  };
}
