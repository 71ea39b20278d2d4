/** What an engine says of an error, for the middle of our own text. */

/** The first line of it as the end of a sentence. */
export function engineWords(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const line = message.split('\n')[0]!.trim();
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
