/** `--require '[PROTOCOL:]KEY>=0.5'`; with `--against` KEY may be `difference:KEY`. */
import { PROTOCOLS } from '../../core/metrics/evaluation';
import { usage } from '../command';
import type { ScoredResult } from './scored-result';

export interface Requirement {
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

/** Whether a metric that it names misses it, or none is there. */
export function missesRequirement(requirement: Requirement, results: readonly ScoredResult[]): boolean {
  const { key, isDifference, protocol } = requirement;
  const values = results
    .filter((result) => protocol === null || result.protocol === protocol)
    .flatMap(({ metrics, against }): (number | null)[] => {
      if (isDifference)
        return against && key in against.differences ? [against.differences[key]!.difference] : [];
      return key in metrics ? [metrics[key]!] : [];
    });
  return values.length === 0 || values.some((value) => value === null || !holds(requirement, value));
}
