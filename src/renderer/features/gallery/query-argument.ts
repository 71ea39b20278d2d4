import type { ArgumentsOf } from '../../../contract/call';
import type { EngineCalls } from '../../../contract/engine-calls';
import type { GalleryQuery } from '../../../contract/view-types';

const copied = <T>(list: readonly T[] | null): T[] | null => list && [...list];

/** A query as the call takes it: lists of its own. */
export function queryArgument({ filter, ...query }: GalleryQuery): ArgumentsOf<EngineCalls['gallery.query']> {
  return {
    ...query,
    filter: {
      ...filter,
      outcomes: copied(filter.outcomes),
      categories: copied(filter.categories),
      sizes: copied(filter.sizes),
      statuses: copied(filter.statuses),
      confidence: filter.confidence && [filter.confidence[0], filter.confidence[1]],
    },
  };
}
