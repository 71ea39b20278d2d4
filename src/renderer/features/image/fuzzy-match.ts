/** Finds names by a few of their letters, in order. */

/**
 * How well `name` fits what was typed, case ignored: null where the letters do not all occur in order; else higher is
 * better (whole name, start, start of a word, run of letters, in this order; then the shorter name).
 */
export function fuzzyScore(name: string, typed: string): number | null {
  const text = name.toLowerCase();
  const wanted = typed.trim().toLowerCase();
  if (wanted === '') return 0;
  if (text === wanted) return 1000;
  if (text.startsWith(wanted)) return 500 - text.length / 100;
  const within = text.indexOf(wanted);
  if (within >= 0) return (isWordStart(text, within) ? 300 : 200) - text.length / 100;
  let score = 0;
  let at = -1;
  for (const letter of wanted) {
    const next = text.indexOf(letter, at + 1);
    if (next < 0) return null;
    score += next === at + 1 ? 3 : isWordStart(text, next) ? 2 : 0;
    at = next;
  }
  return score - text.length / 100;
}

function isWordStart(text: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? '');
}

/** The items that fit, best first; items that fit equally keep their order. */
export function fuzzyFilter<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  typed: string,
): readonly T[] {
  return items
    .map((item) => ({ item, score: fuzzyScore(nameOf(item), typed) }))
    .filter((entry) => entry.score !== null)
    .sort((a, b) => (b.score ?? 0) - (a.score ?? 0))
    .map((entry) => entry.item);
}
