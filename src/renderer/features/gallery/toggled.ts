/** A list with one value in or out; null stands for the start, `all`. Everything is null again. */
export function toggled<T>(list: readonly T[] | null, value: T, all: readonly T[]): readonly T[] | null {
  const current = list ?? all;
  const next = current.includes(value) ? current.filter((other) => other !== value) : [...current, value];
  return next.length === all.length && all.every((one) => next.includes(one)) ? null : next;
}
