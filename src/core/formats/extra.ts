/** JSON text of the members of a record that a reader does not know; null where there are none. */
export function extraOf(
  record: Readonly<Record<string, unknown>>,
  known: ReadonlySet<string>,
): string | null {
  const entries = Object.entries(record).filter(([key]) => !known.has(key));
  return entries.length > 0 ? JSON.stringify(Object.fromEntries(entries)) : null;
}

export const parseExtra = (extra: string | null): Record<string, unknown> =>
  extra === null ? {} : (JSON.parse(extra) as Record<string, unknown>);

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
