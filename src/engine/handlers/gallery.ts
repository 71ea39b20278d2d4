import type { Handlers } from '../../contract/call';
import type { EngineCalls } from '../../contract/engine-calls';
import type { GalleryQuery } from '../../contract/view-types';
import { BadInput } from '../../core/foundation/bad-input';
import { imagesBehindData } from '../data/images-behind-data';
import type { EngineState } from '../engine-state';
import type { GalleryResult } from '../gallery/query';
import { queryGallery, tilesOfRun } from '../gallery/query';
import { tilesOf } from '../gallery/tiles';
import { buildTilesBehind } from '../gallery/tiles-behind';

interface Kept {
  result: GalleryResult;
  revision: number;
}

/** The last two queries of each kind; made again where the project changed under them. */
export class GalleryQueries {
  readonly #state: EngineState;
  readonly #kept = new Map<number, Kept>();
  #last = 0;

  constructor(state: EngineState) {
    this.#state = state;
  }

  ask(query: GalleryQuery): number {
    const ofKind = [...this.#kept].filter(([, { result }]) => result.query.kind === query.kind);
    // The window may still ask about the one that it shows while the answer to this is on its way.
    for (const [id] of ofKind.slice(0, -1)) this.#kept.delete(id);
    const id = ++this.#last;
    this.#kept.set(id, { result: this.#run(query), revision: this.#state.project.revision });
    return id;
  }

  get(id: number): GalleryResult {
    const kept = this.#kept.get(id);
    if (!kept) throw new BadInput('query-gone', 'The gallery has changed meanwhile.', 'Ask again.');
    if (kept.revision !== this.#state.project.revision) {
      kept.result = this.#run(kept.result.query);
      kept.revision = this.#state.project.revision;
    }
    return kept.result;
  }

  #run(query: GalleryQuery): GalleryResult {
    const { project, data } = this.#state;
    const { session } = project.current();
    const { run, protocol, point, filter } = query;
    const tiles =
      run !== null && filter.behind
        ? buildTilesBehind(session, run, filter.behind, point)
        : tilesOfRun(session, run, point, protocol);
    const chosen = filter.data ? imagesBehindData(session, data.looks, filter.data) : null;
    return queryGallery(session, query, tiles, chosen);
  }
}

const queriesOf = new WeakMap<EngineState, GalleryQueries>();

export function galleryQueries(state: EngineState): GalleryQueries {
  const known = queriesOf.get(state) ?? new GalleryQueries(state);
  queriesOf.set(state, known);
  return known;
}

export function galleryHandlers(
  state: EngineState,
): Pick<Handlers<EngineCalls>, 'gallery.query' | 'gallery.window' | 'gallery.images'> {
  const queries = galleryQueries(state);
  return {
    'gallery.query': (query) => {
      const id = queries.ask(query);
      return { query: id, ...queries.get(id).summary };
    },
    'gallery.window': ({ query, from, count }) =>
      tilesOf(state.project.current().session, queries.get(query), from, count),
    'gallery.images': ({ query }) => {
      const { images } = state.project.current().session.data;
      return queries.get(query).images.map((index) => images[index]!.key);
    },
  };
}
