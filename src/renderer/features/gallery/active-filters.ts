/** The filters that are on, in words, each with the filter that is left when it is taken away. */
import { behindWords } from './behind-words';
import type { CategorySummary, GalleryFilter } from '../../../contract/view-types';
import { OUTCOME_NAMES, STATUS_WORDS } from '../../ui/words';

export interface ActiveFilter {
  readonly label: string;
  /** The change that takes it away. */
  readonly without: Partial<GalleryFilter>;
}

const MOST_NAMED = 2;

function listed(names: readonly string[], what: string): string {
  if (names.length === 0) return `no ${what}`;
  return names.length > MOST_NAMED ? `${names.length} ${what}` : names.join(', ');
}

/** `categories`: those of the project, for their names. */
export function activeFilters(
  filter: GalleryFilter,
  categories: readonly CategorySummary[],
): readonly ActiveFilter[] {
  const active: ActiveFilter[] = [];
  const { outcomes, sizes, statuses, confidence, text } = filter;
  if (outcomes)
    active.push({
      label: listed(
        outcomes.map((one) => OUTCOME_NAMES[one]),
        'outcomes',
      ),
      without: { outcomes: null },
    });
  if (filter.categories) {
    const names = categories.filter(({ id }) => filter.categories?.includes(id)).map(({ name }) => name);
    active.push({ label: listed(names, 'classes'), without: { categories: null } });
  }
  if (sizes) active.push({ label: listed(sizes, 'sizes'), without: { sizes: null } });
  if (statuses)
    active.push({
      label: listed(
        statuses.map((one) => STATUS_WORDS[one]),
        'review states',
      ),
      without: { statuses: null },
    });
  if (confidence)
    active.push({
      label: `Confidence ${confidence[0].toFixed(2)} to ${confidence[1].toFixed(2)}`,
      without: { confidence: null },
    });
  if (filter.behind)
    active.push({ label: behindWords(filter.behind, categories), without: { behind: null } });
  if (filter.data) active.push({ label: filter.data.words, without: { data: null } });
  if (text !== '') active.push({ label: `“${text}”`, without: { text: '' } });
  return active;
}
