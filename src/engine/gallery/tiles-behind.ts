/** Tiles of the boxes that a number counts: as many as the number says. */
import type { NumberBehind } from '../../contract/view-types';
import { TIDE_ERRORS } from '../../core/errors/tide-error';
import { confusionPlaces } from '../../core/metrics/analysis/confusion';
import { sliceOf } from '../../core/metrics/analysis/slices';
import type { OperatingPoint } from '../../core/metrics/evaluation';
import { TRUTH_OUTCOMES } from '../../core/metrics/evaluation';
import type { ScoredPart } from '../analysis/scored-part';
import { scoredPart } from '../analysis/scored-part';
import type { ProjectSession } from '../project/session';
import type { AnnotationRecord } from '../store/records';
import type { TileTable } from './tile-table';
import { CODE_OF_PREDICTION, CODE_OF_TILE, TileBuilder } from './tile-table';

const MISS = TRUTH_OUTCOMES.indexOf('miss');
const IGNORED = TRUTH_OUTCOMES.indexOf('ignored');
const POINTING: ReadonlySet<number> = new Set([CODE_OF_TILE['loose-box'], CODE_OF_TILE['wrong-class']]);

export function buildTilesBehind(
  session: ProjectSession,
  run: number,
  behind: NumberBehind,
  point: OperatingPoint,
): TileTable {
  const part = scoredPart(session, run, behind.protocol, behind.part);
  const maker = new BehindBuilder(session, run, behind, part, point);
  if (behind.of !== 'annotations') maker.addPredictions();
  if (behind.of !== 'predictions') maker.addAnnotations();
  return maker.build();
}

class BehindBuilder {
  readonly #session: ProjectSession;
  readonly #run: number;
  readonly #behind: NumberBehind;
  readonly #part: ScoredPart;
  readonly #all;
  readonly #cells;
  readonly #tiles = new TileBuilder();
  /** By annotation row: 1 where a loose box or a wrong class shows it. */
  readonly #isShown: Uint8Array;

  constructor(
    session: ProjectSession,
    run: number,
    behind: NumberBehind,
    part: ScoredPart,
    point: OperatingPoint,
  ) {
    this.#session = session;
    this.#run = run;
    this.#behind = behind;
    this.#part = part;
    this.#all = part.scorer.allOutcomes(point);
    this.#cells = behind.cell && confusionPlaces(part.scorer, point);
    this.#isShown = new Uint8Array(this.#all.truthOutcome.length);
    this.#all.predictionTruth.forEach((truth, row) => {
      if (truth >= 0 && POINTING.has(this.#codeOf(row))) this.#isShown[truth] = 1;
    });
  }

  build(): TileTable {
    return this.#tiles.build();
  }

  addPredictions(): void {
    const { scorer } = this.#part;
    scorer.input.imageIds.forEach((_, image) => {
      for (const row of scorer.predictionRows(image))
        if (this.#wantsPrediction(image, row)) this.#addPrediction(image, row);
    });
  }

  addAnnotations(): void {
    this.#part.annotations.forEach((records, image) => {
      const [from] = this.#part.scorer.annotationRows(image);
      records.forEach((record, index) => {
        if (this.#wantsAnnotation(image, from + index, record))
          this.#addAnnotation(image, from + index, record);
      });
    });
  }

  #codeOf(row: number): number {
    return CODE_OF_PREDICTION[this.#all.predictionOutcome[row]!]!;
  }

  #wantsPrediction(image: number, row: number): boolean {
    const code = this.#codeOf(row);
    const { of, error, cell } = this.#behind;
    // Ignored predictions count in no number.
    if (code < 0 || (of === 'predictions' && code === CODE_OF_TILE.ignored)) return false;
    if (error !== null && TIDE_ERRORS[this.#all.predictionError[row]!] !== error) return false;
    if (cell && this.#cells!.prediction[row] !== this.#cellIndex()) return false;
    const { box } = this.#part.scorer.input.predictions;
    return this.#isInSlice(image, [box[row * 4]!, box[row * 4 + 1]!, box[row * 4 + 2]!, box[row * 4 + 3]!]);
  }

  #wantsAnnotation(image: number, row: number, { box }: AnnotationRecord): boolean {
    const outcome = this.#all.truthOutcome[row];
    const { of, error, cell } = this.#behind;
    if (outcome === IGNORED) return false;
    // Beside predictions, a miss is a tile of its own where nothing points at it.
    if (of === null && (outcome !== MISS || this.#isShown[row] === 1)) return false;
    if (error !== null && error !== 'Miss') return false;
    if (cell && this.#cells!.annotation[row] !== this.#cellIndex()) return false;
    return this.#isInSlice(image, box);
  }

  #isInSlice(image: number, box: AnnotationRecord['box']): boolean {
    const { slice } = this.#behind;
    if (!slice) return true;
    const { width, height } = this.#session.data.images[this.#part.images[image]!]!;
    return sliceOf(slice.by, box, width, height) === slice.index;
  }

  #cellIndex(): number {
    const { categories } = this.#part.scorer.input;
    const place = (id: number | null): number =>
      id === null ? categories.length : categories.findIndex((category) => category.id === id);
    const { truth, predicted } = this.#behind.cell!;
    return place(truth) * (categories.length + 1) + place(predicted);
  }

  #addPrediction(image: number, row: number): void {
    const truth = this.#all.predictionTruth[row]!;
    const [from] = this.#part.scorer.annotationRows(image);
    const record = truth < 0 ? null : this.#part.annotations[image]![truth - from]!;
    this.#add(this.#codeOf(row), image, row, record);
  }

  /** One tile for the annotation, whatever it is shown by: its cell's prediction, its match, or a miss. */
  #addAnnotation(image: number, row: number, record: AnnotationRecord): void {
    const isMissed = this.#all.truthOutcome[row] === MISS;
    const partner = this.#cells ? this.#cells.partner[row]! : isMissed ? -1 : this.#all.truthPrediction[row]!;
    this.#add(partner < 0 ? CODE_OF_TILE.miss : this.#codeOf(partner), image, partner, record);
  }

  #add(code: number, image: number, row: number, record: AnnotationRecord | null): void {
    const { data } = this.#session;
    const { predictions, categories } = this.#part.scorer.input;
    const project = this.#part.images[image]!;
    const isMiss = row < 0;
    const id = isMiss ? record!.category : categories[predictions.category[row]!]!.id;
    this.#tiles.add(
      code,
      project,
      isMiss ? -1 : data.predictionRow(this.#run, predictions.fileIndex[row]!),
      record ? data.annotations[project]!.indexOf(record) : -1,
      data.indexOfCategory.get(id)!,
      isMiss ? NaN : predictions.score[row]!,
      isMiss ? 0 : this.#all.predictionIou[row]!,
      isMiss
        ? record!.box[2] * record!.box[3]
        : predictions.box[row * 4 + 2]! * predictions.box[row * 4 + 3]!,
    );
  }
}
