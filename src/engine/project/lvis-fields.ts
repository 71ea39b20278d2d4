/** LVIS's fields, from what the importer kept without using it. */
import type { Category, Federation, Frequency, ImageRecord } from '../../core/dataset/dataset';

const FREQUENCIES: readonly Frequency[] = ['r', 'c', 'f'];

function membersOf(extra: string | null): Readonly<Record<string, unknown>> {
  return extra === null ? {} : (JSON.parse(extra) as Record<string, unknown>);
}

/** Null where no image has LVIS's lists. */
export function federationOf(
  images: readonly Pick<ImageRecord, 'extra'>[],
  categories: readonly Category[],
): Federation | null {
  const mayHave = images.some(({ extra }) => extra?.includes('_category_ids'));
  if (!mayHave) return null;
  const indexOf = new Map(categories.map(({ id }, index) => [id, index]));
  const read = (value: unknown): number[] =>
    Array.isArray(value) ? value.flatMap((id: number) => indexOf.get(id) ?? []) : [];
  const members = images.map(({ extra }) => membersOf(extra));
  return {
    negative: members.map((one) => read(one['neg_category_ids'])),
    notExhaustive: members.map((one) => read(one['not_exhaustive_category_ids'])),
  };
}

/** The categories with the frequency that their file gave them. */
export function withFrequencies(categories: readonly Category[]): Category[] {
  return categories.map((category) => {
    const frequency = FREQUENCIES.find((letter) => letter === membersOf(category.extra)['frequency']);
    return frequency ? { ...category, frequency } : category;
  });
}
