/** A part of the set in words. */
import type { CategorySummary, PartOfSet } from '../../../contract/view-types';
import { activeFilters } from '../gallery/active-filters';

const MOST_NAMED = 3;

/** `RBC, WBC only; images of the subset val; images that match “cell”`. */
export function partWords(part: PartOfSet, categories: readonly CategorySummary[]): string {
  const words: string[] = [];
  if (part.categories) {
    const names = categories.filter(({ id }) => part.categories?.includes(id)).map(({ name }) => name);
    words.push(
      names.length > MOST_NAMED
        ? `${names.length} of ${categories.length} classes`
        : `${names.join(', ')} only`,
    );
  }
  if (part.subset !== null) words.push(`images of the subset ${part.subset}`);
  if (part.images) {
    const filters = activeFilters(part.images.filter, categories).map(({ label }) => label);
    words.push(`images that match ${filters.join(', ') || 'everything'}`);
  }
  return words.join('; ');
}
