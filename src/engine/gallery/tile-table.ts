/** All tiles of a run at an operating point, as columns: queries over hundreds of thousands stay quick. */
import type { ReviewStatus, TileOutcome } from '../../contract/view-types';
import { PREDICTION_OUTCOMES, TRUTH_OUTCOMES } from '../../core/metrics/evaluation';
import type { OperatingPoint, LiveProtocol } from '../../core/metrics/evaluation';
import { MEDIUM_BELOW, SMALL_BELOW } from '../../core/dataset/statistics';
import type { ProjectSession } from '../project/session';

export const TILE_OUTCOMES: readonly TileOutcome[] = [
  'false-positive',
  'miss',
  'wrong-class',
  'loose-box',
  'duplicate',
  'true-positive',
  'ignored',
];
export const SIZES = ['small', 'medium', 'large'] as const;
export type SizeName = (typeof SIZES)[number];

/** Outcomes that are failures; the other two are tiles only where they are asked for. */
export const isFailure = (outcome: TileOutcome): boolean =>
  outcome !== 'true-positive' && outcome !== 'ignored';

export const CODE_OF_TILE = Object.fromEntries(
  TILE_OUTCOMES.map((outcome, code) => [outcome, code]),
) as Record<TileOutcome, number>;
/** By PREDICTION_OUTCOMES; -1 for those that are no tile. */
export const CODE_OF_PREDICTION = PREDICTION_OUTCOMES.map((outcome) =>
  outcome === 'cut' ? -1 : CODE_OF_TILE[outcome],
);
const MISS = TRUTH_OUTCOMES.indexOf('miss');

export interface TileTable {
  readonly count: number;
  /** Index into TILE_OUTCOMES. */
  readonly outcome: Uint8Array;
  /** Index of the image. */
  readonly image: Int32Array;
  /** Row of the run's predictions; -1 for a miss. */
  readonly prediction: Int32Array;
  /** Row within the image's annotations; -1 for none. */
  readonly annotation: Int32Array;
  /** Index of the class: the prediction's, or the missed annotation's. */
  readonly category: Int32Array;
  /** Of the prediction; NaN for a miss. */
  readonly score: Float64Array;
  readonly iou: Float64Array;
  readonly area: Float64Array;
}

export const sizeOf = (area: number): SizeName =>
  area < SMALL_BELOW ? 'small' : area < MEDIUM_BELOW ? 'medium' : 'large';

export class TileBuilder {
  readonly #rows: number[][] = [];

  add(
    ...row: [
      outcome: number,
      image: number,
      prediction: number,
      annotation: number,
      category: number,
      score: number,
      iou: number,
      area: number,
    ]
  ): void {
    this.#rows.push(row);
  }

  build(): TileTable {
    const column = (index: number) => this.#rows.map((row) => row[index]!);
    return {
      count: this.#rows.length,
      outcome: Uint8Array.from(column(0)),
      image: Int32Array.from(column(1)),
      prediction: Int32Array.from(column(2)),
      annotation: Int32Array.from(column(3)),
      category: Int32Array.from(column(4)),
      score: Float64Array.from(column(5)),
      iou: Float64Array.from(column(6)),
      area: Float64Array.from(column(7)),
    };
  }
}

/** One tile a prediction, and one a miss that no loose box or wrong class already shows. */
export function buildTiles(
  session: ProjectSession,
  run: number,
  protocol: LiveProtocol,
  point: OperatingPoint,
): TileTable {
  const { data } = session;
  const { columns } = data.predictions(run);
  const scorer = session.scorer(run, protocol);
  const outcomes = scorer.allOutcomes(point);
  const tiles = new TileBuilder();
  const isShown = new Uint8Array(outcomes.truthOutcome.length);
  const firstRow = data.images.map((_, image) => scorer.annotationRows(image)[0]);
  for (let row = 0; row < columns.count; row++) {
    const code = CODE_OF_PREDICTION[outcomes.predictionOutcome[row]!]!;
    if (code < 0) continue;
    const truth = outcomes.predictionTruth[row]!;
    const image = columns.image[row]!;
    if (truth >= 0 && (code === CODE_OF_TILE['loose-box'] || code === CODE_OF_TILE['wrong-class']))
      isShown[truth] = 1;
    const area = columns.box[row * 4 + 2]! * columns.box[row * 4 + 3]!;
    tiles.add(
      code,
      image,
      row,
      truth < 0 ? -1 : truth - firstRow[image]!,
      columns.category[row]!,
      columns.score[row]!,
      outcomes.predictionIou[row]!,
      area,
    );
  }
  data.annotations.forEach((records, image) => {
    records.forEach((record, index) => {
      const row = firstRow[image]! + index;
      if (outcomes.truthOutcome[row] !== MISS || isShown[row] === 1) return;
      tiles.add(
        CODE_OF_TILE.miss,
        image,
        -1,
        index,
        data.indexOfCategory.get(record.category)!,
        NaN,
        0,
        record.box[2] * record.box[3],
      );
    });
  });
  return tiles.build();
}

/** Verdict on a tile: the prediction's own, the annotation's for a miss. */
export function statusOfTile(
  session: ProjectSession,
  run: number,
  tiles: TileTable,
  tile: number,
): ReviewStatus {
  const { data } = session;
  const prediction = tiles.prediction[tile]!;
  const key =
    prediction >= 0
      ? `p:${run}:${data.predictions(run).columns.fileIndex[prediction]!}`
      : `a:${data.annotations[tiles.image[tile]!]![tiles.annotation[tile]!]!.id}`;
  return data.verdicts.get(key) ?? 'to-do';
}
