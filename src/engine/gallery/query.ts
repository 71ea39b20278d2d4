/** Filters, facets and order of the galleries. */
import type {
  GalleryFilter,
  GalleryQuery,
  GallerySummary,
  ReviewStatus,
  TileOutcome,
} from '../../contract/view-types';
import { REVIEW_STATUSES } from '../../contract/view-types';
import type { OperatingPoint } from '../../core/metrics/evaluation';
import type { LiveProtocol } from '../../core/metrics/evaluation';
import type { ProjectSession } from '../project/session';
import { tileGains } from './tile-gains';
import type { SizeName, TileTable } from './tile-table';
import { buildTiles, isFailure, sizeOf, statusOfTile, TILE_OUTCOMES } from './tile-table';

export interface GalleryResult {
  readonly query: GalleryQuery;
  readonly tiles: TileTable;
  /** Failures: places in `tiles`. Images: indices of images. In order. */
  readonly order: Int32Array;
  /** Images of the order, each once. */
  readonly images: readonly number[];
  readonly summary: Omit<GallerySummary, 'query'>;
  /** By tile, where they are sorted by it. */
  readonly gains: Float64Array | null;
  /** Tiles of each image, by outcome. */
  readonly countsOfImage: readonly Uint32Array[];
}

const NO_TILES: TileTable = {
  count: 0,
  outcome: new Uint8Array(0),
  image: new Int32Array(0),
  prediction: new Int32Array(0),
  annotation: new Int32Array(0),
  category: new Int32Array(0),
  score: new Float64Array(0),
  iou: new Float64Array(0),
  area: new Float64Array(0),
};

class Facets {
  readonly outcomes = Object.fromEntries(TILE_OUTCOMES.map((name) => [name, 0])) as Record<
    TileOutcome,
    number
  >;
  readonly categories = new Map<number, number>();
  readonly sizes: Record<SizeName, number> = { small: 0, medium: 0, large: 0 };
  readonly statuses = Object.fromEntries(REVIEW_STATUSES.map((name) => [name, 0])) as Record<
    ReviewStatus,
    number
  >;
}

interface Facts {
  readonly outcome: TileOutcome;
  readonly category: number;
  readonly size: SizeName;
  readonly status: ReviewStatus;
}

/** Tests of one tile, in the order of `FACETS`; what is left is tested before. */
const passes = (filter: GalleryFilter, { outcome, category, size, status }: Facts): readonly boolean[] => [
  filter.outcomes?.includes(outcome) ?? isFailure(outcome),
  filter.categories?.includes(category) ?? true,
  filter.sizes?.includes(size) ?? true,
  filter.statuses?.includes(status) ?? true,
];

/** Counts a tile in every facet whose own filter is the only one that it may fail. */
function countFacets(facets: Facets, passed: readonly boolean[], facts: Facts): void {
  const failed = passed.filter((value) => !value).length;
  if (failed > 1) return;
  const counts = (index: number): boolean => failed === 0 || !passed[index];
  if (counts(0)) facets.outcomes[facts.outcome]++;
  if (counts(1)) facets.categories.set(facts.category, (facets.categories.get(facts.category) ?? 0) + 1);
  if (counts(2)) facets.sizes[facts.size]++;
  if (counts(3)) facets.statuses[facts.status]++;
}

function matchesText(session: ProjectSession, text: string): (image: number) => boolean {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return () => true;
  const found = session.data.images.map(
    ({ fileName, note }) => fileName.toLowerCase().includes(wanted) || note.toLowerCase().includes(wanted),
  );
  return (image) => found[image]!;
}

const inConfidence = (range: GalleryFilter['confidence'], score: number): boolean =>
  range === null || (Number.isNaN(score) ? range[0] <= 0 : score >= range[0] && score <= range[1]);

/**
 * `tiles`: all that the filter chooses from, as `tilesOfRun` gives them or those behind a number. `chosen`: by image, 1 for
 * those that the gallery of images may show; null: all.
 */
export function queryGallery(
  session: ProjectSession,
  query: GalleryQuery,
  tiles: TileTable,
  chosen: Uint8Array | null = null,
): GalleryResult {
  return query.kind === 'failures'
    ? queryFailures(session, query, tiles)
    : queryImages(session, query, tiles, chosen);
}

/** Tiles of a run; none without one. Outcomes follow the protocol's matching. */
export function tilesOfRun(
  session: ProjectSession,
  run: number | null,
  point: OperatingPoint,
  protocol: LiveProtocol = 'coco',
): TileTable {
  return run === null ? NO_TILES : buildTiles(session, run, protocol, point);
}

function countByImage(session: ProjectSession, tiles: TileTable): Uint32Array[] {
  const counts = session.data.images.map(() => new Uint32Array(TILE_OUTCOMES.length));
  for (let tile = 0; tile < tiles.count; tile++) counts[tiles.image[tile]!]![tiles.outcome[tile]!]!++;
  return counts;
}

function queryFailures(session: ProjectSession, query: GalleryQuery, tiles: TileTable): GalleryResult {
  const { filter } = query;
  const facets = new Facets();
  const hasText = matchesText(session, filter.text);
  const matching: number[] = [];
  let total = 0;
  for (let tile = 0; tile < tiles.count; tile++) {
    const outcome = TILE_OUTCOMES[tiles.outcome[tile]!]!;
    if (filter.outcomes?.includes(outcome) ?? isFailure(outcome)) total++;
    if (!hasText(tiles.image[tile]!) || !inConfidence(filter.confidence, tiles.score[tile]!)) continue;
    const facts: Facts = {
      outcome,
      category: session.data.categories[tiles.category[tile]!]!.id,
      size: sizeOf(tiles.area[tile]!),
      status: statusOfTile(session, query.run!, tiles, tile),
    };
    const passed = passes(filter, facts);
    countFacets(facets, passed, facts);
    if (passed.every(Boolean)) matching.push(tile);
  }
  const countsOfImage = countByImage(session, tiles);
  const gains = query.sort === 'gain' ? tileGains(session, query, tiles) : null;
  const order = Int32Array.from(matching).sort(tileOrder(session, query, tiles, countsOfImage, gains));
  const images = [...new Set([...order].map((tile) => tiles.image[tile]!))];
  return {
    query,
    tiles,
    order,
    images,
    gains,
    countsOfImage,
    summary: summarise(session, facets, matching.length, total, images.length),
  };
}

const failuresOf = (counts: Uint32Array): number =>
  counts.reduce((sum, count, code) => sum + (isFailure(TILE_OUTCOMES[code]!) ? count : 0), 0);

function tileOrder(
  session: ProjectSession,
  query: GalleryQuery,
  tiles: TileTable,
  counts: readonly Uint32Array[],
  gains: Float64Array | null,
): (a: number, b: number) => number {
  const direction = query.descending ? -1 : 1;
  const names = session.data.images.map(({ fileName }) => fileName);
  const key: Readonly<Record<GalleryQuery['sort'], (tile: number) => number>> = {
    gain: (tile) => gains![tile]!,
    failures: (tile) => failuresOf(counts[tiles.image[tile]!]!),
    // A miss has no confidence: it stands after all others, whichever way.
    confidence: (tile) =>
      Number.isNaN(tiles.score[tile]!) ? (query.descending ? -1 : 2) : tiles.score[tile]!,
    iou: (tile) => tiles.iou[tile]!,
    size: (tile) => tiles.area[tile]!,
    name: () => 0,
  };
  const keys = Float64Array.from({ length: tiles.count }, (_, tile) => key[query.sort](tile));
  const rank = rankNames(names);
  return (a, b) => {
    const byName = rank[tiles.image[a]!]! - rank[tiles.image[b]!]!;
    if (query.sort === 'name') return direction * byName || a - b;
    return direction * (keys[a]! - keys[b]!) || byName || a - b;
  };
}

const collator = new Intl.Collator('en', { numeric: true });
function rankNames(names: readonly string[]): Int32Array {
  const rank = new Int32Array(names.length);
  names
    .map((name, index) => ({ name, index }))
    .sort((a, b) => collator.compare(a.name, b.name))
    .forEach(({ index }, place) => {
      rank[index] = place;
    });
  return rank;
}

function queryImages(
  session: ProjectSession,
  query: GalleryQuery,
  tiles: TileTable,
  chosen: Uint8Array | null,
): GalleryResult {
  const { filter } = query;
  const { data } = session;
  const facets = new Facets();
  const holdsText = matchesText(session, filter.text);
  const hasText = (image: number): boolean => chosen?.[image] !== 0 && holdsText(image);
  const countsOfImage = countByImage(session, tiles);
  // An image passes where one of its tiles does; with no filter on tiles all images pass.
  const filtersTiles =
    filter.outcomes !== null ||
    filter.categories !== null ||
    filter.sizes !== null ||
    filter.confidence !== null;
  const holds = new Uint8Array(data.images.length);
  for (let tile = 0; tile < tiles.count; tile++) {
    const image = tiles.image[tile]!;
    if (!hasText(image) || !inConfidence(filter.confidence, tiles.score[tile]!)) continue;
    const facts: Facts = {
      outcome: TILE_OUTCOMES[tiles.outcome[tile]!]!,
      category: data.categories[tiles.category[tile]!]!.id,
      size: sizeOf(tiles.area[tile]!),
      status: data.images[image]!.status,
    };
    const passed = [...passes(filter, facts).slice(0, 3), true];
    if (!filter.outcomes) passed[0] = true;
    countFacets(facets, passed, facts);
    if (passed.every(Boolean)) holds[image] = 1;
  }
  for (const name of REVIEW_STATUSES) facets.statuses[name] = 0;
  const matching: number[] = [];
  data.images.forEach(({ status }, image) => {
    if (!hasText(image) || (filtersTiles && holds[image] === 0)) return;
    facets.statuses[status]++;
    if (filter.statuses?.includes(status) ?? true) matching.push(image);
  });
  const order = Int32Array.from(matching).sort(imageOrder(session, query, tiles, countsOfImage));
  return {
    query,
    tiles,
    order,
    images: [...order],
    gains: null,
    countsOfImage,
    summary: summarise(session, facets, matching.length, data.images.length, matching.length),
  };
}

function imageOrder(
  session: ProjectSession,
  query: GalleryQuery,
  tiles: TileTable,
  counts: readonly Uint32Array[],
): (a: number, b: number) => number {
  const { images } = session.data;
  const direction = query.descending ? -1 : 1;
  const best = new Float64Array(images.length);
  for (let tile = 0; tile < tiles.count; tile++) {
    const image = tiles.image[tile]!;
    if (tiles.score[tile]! > best[image]!) best[image] = tiles.score[tile]!;
  }
  const key: Readonly<Record<GalleryQuery['sort'], (image: number) => number>> = {
    gain: (image) => failuresOf(counts[image]!),
    failures: (image) => failuresOf(counts[image]!),
    confidence: (image) => best[image]!,
    iou: () => 0,
    size: (image) => images[image]!.width * images[image]!.height,
    name: () => 0,
  };
  const rank = rankNames(images.map(({ fileName }) => fileName));
  return (a, b) => {
    const byName = rank[a]! - rank[b]!;
    return query.sort === 'name'
      ? direction * byName
      : direction * (key[query.sort](a) - key[query.sort](b)) || byName;
  };
}

function summarise(
  session: ProjectSession,
  facets: Facets,
  matching: number,
  total: number,
  images: number,
): Omit<GallerySummary, 'query'> {
  return {
    matching,
    total,
    matchingImages: images,
    totalImages: session.data.images.length,
    facets: {
      outcomes: facets.outcomes,
      categories: session.data.categories.map(({ id }) => ({ id, count: facets.categories.get(id) ?? 0 })),
      sizes: facets.sizes,
      statuses: facets.statuses,
    },
  };
}
