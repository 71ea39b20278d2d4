/**
 * Findings: what a reader or a check has to remark, with its place. A bad record is a finding, never an exception.
 * The shape is the one the command line prints.
 */
export type Severity = 'error' | 'warning' | 'info';

export interface FindingPlace {
  /** File as the user named it. */
  readonly file?: string;
  /** Line, from 1. */
  readonly line?: number;
  /** Record (annotation, prediction, row), from 0. */
  readonly record?: number;
  /** Byte offset, from 0. */
  readonly byte?: number;
  /** Image, by file name. */
  readonly image?: string;
}

export interface Finding {
  /** Stable, kebab-case. */
  readonly code: string;
  readonly severity: Severity;
  /** One sentence for people: what, and what was done about it. */
  readonly message: string;
  /** The first place where it was seen. */
  readonly where: FindingPlace;
  /** How many records it concerns. */
  readonly count: number;
}

/**
 * Collects findings; those with the same code and message are one finding with a count and the first place.
 * Put what varies from record to record into the place, not into the message.
 */
export class FindingCollector {
  readonly #byKey = new Map<string, { -readonly [K in keyof Finding]: Finding[K] }>();

  add(code: string, severity: Severity, message: string, where: FindingPlace = {}, count = 1): void {
    const key = `${code}\u0000${message}`;
    const known = this.#byKey.get(key);
    if (known) known.count += count;
    else this.#byKey.set(key, { code, severity, message, where, count });
  }

  addAll(findings: Iterable<Finding>): void {
    for (const { code, severity, message, where, count } of findings)
      this.add(code, severity, message, where, count);
  }

  /** In the order first seen. */
  list(): Finding[] {
    return [...this.#byKey.values()].map((finding) => ({ ...finding }));
  }
}
