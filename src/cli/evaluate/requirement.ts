/** `--require '[PROTOCOL:]KEY>=0.5'`; with `--against` KEY may be `difference:KEY`. */
import { PROTOCOLS } from '../../core/metrics/evaluation';
import { usage } from '../command';
import type { ScoredResult } from './scored-result';

export interface Requirement {
  /** As given. */
  readonly text: string;
  readonly protocol: string | null;
  readonly key: string;
  /** Of the difference to the second set, not of the metric itself. */
  readonly isDifference: boolean;
  readonly operator: '>=' | '>' | '<=' | '<';
  readonly value: number;
}

const DIFFERENCE = 'difference:';

export function parseRequirement(text: string): Requirement {
  const match = /^\s*(.+?)\s*(>=|<=|>|<)\s*([^<>=]+?)\s*$/.exec(text);
  const value = match ? Number(match[3]) : NaN;
  if (!match || !Number.isFinite(value)) throw usage(`“${text}” is no condition.`, "Write it as 'AP>=0.5'.");
  const name = match[1]!;
  const protocol = PROTOCOLS.find((one) => name.startsWith(`${one}:`)) ?? null;
  const key = protocol === null ? name : name.slice(protocol.length + 1);
  const isDifference = key.startsWith(DIFFERENCE);
  return {
    text,
    protocol,
    key: isDifference ? key.slice(DIFFERENCE.length) : key,
    isDifference,
    operator: match[2] as Requirement['operator'],
    value,
  };
}

function holds({ operator, value }: Requirement, metric: number): boolean {
  switch (operator) {
    case '>=':
      return metric >= value;
    case '>':
      return metric > value;
    case '<=':
      return metric <= value;
    case '<':
      return metric < value;
  }
}

/** What it is that misses a requirement, in words; null where all that it names hold it. */
function missOf(requirement: Requirement, results: readonly ScoredResult[]): string | null {
  const { key, isDifference, protocol, text } = requirement;
  const values = results
    .filter((result) => protocol === null || result.protocol === protocol)
    .flatMap(({ metrics, against }): (number | null)[] => {
      if (isDifference)
        return against && key in against.differences ? [against.differences[key]!.difference] : [];
      return key in metrics ? [metrics[key]!] : [];
    });
  if (values.length === 0) return `${text} does not hold: there is no such number`;
  const missing = values.find((value) => value === null || !holds(requirement, value));
  return missing === undefined ? null : `${text} does not hold: it is ${missing ?? 'undefined'}`;
}

/** Whether all hold; those that do not are told on stderr. */
export function holdAll(requirements: readonly Requirement[], results: readonly ScoredResult[]): boolean {
  const misses = requirements.flatMap((requirement) => missOf(requirement, results) ?? []);
  for (const miss of misses) process.stderr.write(`reticle: ${miss}.\n`);
  return misses.length === 0;
}
