/** `--require '[PROTOCOL:]KEY>=0.5'`. */
import type { EvaluationResult } from '../core/metrics/evaluation';
import { usage } from './command';

export interface Requirement {
  readonly protocol: string | null;
  readonly key: string;
  readonly operator: '>=' | '>' | '<=' | '<';
  readonly value: number;
}

export function parseRequirement(text: string): Requirement {
  const match = /^\s*(.+?)\s*(>=|<=|>|<)\s*([^<>=]+?)\s*$/.exec(text);
  const value = match ? Number(match[3]) : NaN;
  if (!match || !Number.isFinite(value)) throw usage(`“${text}” is no condition.`, "Write it as 'AP>=0.5'.");
  const named = /^([a-z][a-z0-9-]*):(.+)$/.exec(match[1]!);
  return {
    protocol: named?.[1] ?? null,
    key: named?.[2] ?? match[1]!,
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
export function missesRequirement(requirement: Requirement, results: readonly EvaluationResult[]): boolean {
  const values = results
    .filter(({ protocol }) => requirement.protocol === null || protocol === requirement.protocol)
    .flatMap(({ metrics }) => (requirement.key in metrics ? [metrics[requirement.key]!] : []));
  return (
    values.length === 0 || values.some((value: number | null) => value === null || !holds(requirement, value))
  );
}
