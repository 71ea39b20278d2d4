/** Windows of a gallery: the few tiles on screen, with all that is drawn on them. */
import type { Box, FailureTile, ImageTile, OverlayBox, Tile, TileOutcome } from '../../contract/view-types';
import type { LiveProtocol } from '../../core/metrics/evaluation';
import { TRUTH_OUTCOMES } from '../../core/metrics/evaluation';
import type { ProjectSession } from '../project/session';
import type { GalleryResult } from './query';
import { statusOfTile, TILE_OUTCOMES } from './tile-table';

/** How far around a box its neighbours are drawn, in lengths of its longer side. */
const NEIGHBOURHOOD = 1.5;

const overlaps = (a: Box, b: Box): boolean =>
  a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3];

function surroundings([x, y, width, height]: Box): Box {
  const reach = NEIGHBOURHOOD * Math.max(width, height, 8);
  return [x - reach, y - reach, width + 2 * reach, height + 2 * reach];
}

const OUTCOME_OF_TRUTH: Readonly<Record<(typeof TRUTH_OUTCOMES)[number], TileOutcome>> = {
  matched: 'true-positive',
  miss: 'miss',
  ignored: 'ignored',
};

class TileMaker {
  readonly #session: ProjectSession;
  readonly #result: GalleryResult;

  constructor(session: ProjectSession, result: GalleryResult) {
    this.#session = session;
    this.#result = result;
  }

  /** Whose outcomes the tiles have. */
  get #protocol(): LiveProtocol {
    const { filter, protocol } = this.#result.query;
    return filter.behind?.protocol ?? protocol ?? 'coco';
  }

  #truthBoxes(image: number): OverlayBox[] {
    const { query } = this.#result;
    const records = this.#session.data.annotations[image]!;
    const outcomes =
      query.run === null
        ? null
        : this.#session.scorer(query.run, this.#protocol).outcomes(image, query.point).truth;
    return records.map((record, row) => ({
      box: record.box,
      isTruth: true,
      outcome: outcomes ? OUTCOME_OF_TRUTH[TRUTH_OUTCOMES[outcomes[row]!]!] : 'ignored',
    }));
  }

  failure(tile: number): FailureTile {
    const { tiles, query } = this.#result;
    const { data } = this.#session;
    const run = query.run!;
    const { columns } = data.predictions(run);
    const image = tiles.image[tile]!;
    const facts = data.images[image]!;
    const prediction = tiles.prediction[tile]!;
    const annotation =
      tiles.annotation[tile]! < 0 ? null : data.annotations[image]![tiles.annotation[tile]!]!;
    const box =
      prediction < 0
        ? annotation!.box
        : (Array.from(columns.box.subarray(prediction * 4, prediction * 4 + 4)) as unknown as Box);
    const near = surroundings(box);
    const truthBoxes = this.#truthBoxes(image).filter(
      (other, row) => row !== tiles.annotation[tile] && overlaps(other.box, near),
    );
    return {
      kind: 'failure',
      image: facts.key,
      imageName: facts.fileName,
      imageWidth: facts.width,
      imageHeight: facts.height,
      outcome: TILE_OUTCOMES[tiles.outcome[tile]!]!,
      category: data.categories[tiles.category[tile]!]!.id,
      truthCategory: annotation?.category ?? null,
      score: prediction < 0 ? null : tiles.score[tile]!,
      iou: prediction < 0 ? null : tiles.iou[tile]!,
      box,
      truthBox: annotation?.box ?? null,
      annotation: annotation?.id ?? null,
      prediction: prediction < 0 ? null : columns.fileIndex[prediction]!,
      status: statusOfTile(this.#session, run, tiles, tile),
      gain: this.#result.gains?.[tile] ?? null,
      neighbours: truthBoxes,
    };
  }

  image(image: number): ImageTile {
    const { data } = this.#session;
    const facts = data.images[image]!;
    const { tiles, countsOfImage } = this.#result;
    const boxes = this.#truthBoxes(image);
    if (this.#result.query.run !== null) {
      const { columns } = data.predictions(this.#result.query.run);
      for (const tile of this.#tilesOfImage(image)) {
        const row = tiles.prediction[tile]!;
        if (row < 0) continue;
        boxes.push({
          box: Array.from(columns.box.subarray(row * 4, row * 4 + 4)) as unknown as Box,
          isTruth: false,
          outcome: TILE_OUTCOMES[tiles.outcome[tile]!]!,
        });
      }
    }
    return {
      kind: 'image',
      image: facts.key,
      imageName: facts.fileName,
      imageWidth: facts.width,
      imageHeight: facts.height,
      status: facts.status,
      hasNote: facts.note !== '',
      isMissing: facts.location === null,
      counts: Object.fromEntries(
        TILE_OUTCOMES.map((outcome, code) => [outcome, countsOfImage[image]![code]!]),
      ) as Record<TileOutcome, number>,
      boxes,
    };
  }

  #byImage: Map<number, number[]> | null = null;

  #tilesOfImage(image: number): readonly number[] {
    if (!this.#byImage) {
      this.#byImage = new Map();
      for (let tile = 0; tile < this.#result.tiles.count; tile++) {
        const of = this.#result.tiles.image[tile]!;
        const list = this.#byImage.get(of);
        if (list) list.push(tile);
        else this.#byImage.set(of, [tile]);
      }
    }
    return this.#byImage.get(image) ?? [];
  }
}

export function tilesOf(session: ProjectSession, result: GalleryResult, from: number, count: number): Tile[] {
  const maker = new TileMaker(session, result);
  return Array.from(result.order.subarray(from, from + count), (place) =>
    result.query.kind === 'failures' ? maker.failure(place) : maker.image(place),
  );
}
