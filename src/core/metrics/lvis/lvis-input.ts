/** What LVIS leaves out or leaves open before anything is matched. */
import type { AnnotationColumns, PredictionColumns } from '../../dataset/dataset';
import { annotationRows, predictionRows } from '../../dataset/rows';
import { countingSort, rowNumbers } from '../../matching/grouping';
import { OPEN_SCOPE } from '../../matching/match-rule';
import { ScoreSorter } from '../../matching/score-order';
import type { LvisParameters, ScoringInput } from '../evaluation';
import type { ProtocolView } from '../protocol-scoring';

/**
 * The limit counts detections of an image over all classes, highest scores first, equal ones in file order, and comes
 * before every other rule. A detection then counts only where its class has truth in the image or is known to be absent,
 * and where that class was annotated exhaustively; boxes without area never do. (lvis `results.py`, `eval.py`.)
 */
export function lvisInput(
  given: ScoringInput,
  { maxDetections, area }: Pick<LvisParameters, 'maxDetections' | 'area'>,
): ProtocolView {
  const annotations = withArea(given.annotations, area);
  const predictions = withinLimit(given.predictions, given.imageIds.length, maxDetections[0]!);
  const input = { ...given, annotations, predictions };
  const open = openCells(input);
  const classes = given.categories.length;
  return {
    input,
    scope: {
      ...OPEN_SCOPE,
      isIgnoredUnmatched: (row) => {
        const cell = predictions.image[row]! * classes + predictions.category[row]!;
        return !(predictions.box[row * 4 + 2]! * predictions.box[row * 4 + 3]! > 0) || open(cell);
      },
    },
    truth: (truth) => truth,
  };
}

/** Truth without area is never read; which area that is, the file's (the package's way) or the box's, is a parameter. */
function withArea(annotations: AnnotationColumns, area: LvisParameters['area']): AnnotationColumns {
  const { box } = annotations;
  const areaOf = (row: number): number =>
    area === 'file' ? annotations.area[row]! : box[row * 4 + 2]! * box[row * 4 + 3]!;
  const rows = rowNumbers(annotations.count).filter((row) => areaOf(row) > 0);
  return rows.length === annotations.count ? annotations : annotationRows(annotations, rows);
}

function withinLimit(predictions: PredictionColumns, images: number, limit: number): PredictionColumns {
  const { rows, starts } = countingSort(rowNumbers(predictions.count), predictions.image, images);
  const isKept = new Uint8Array(predictions.count).fill(1);
  const sorter = new ScoreSorter();
  let cut = 0;
  for (let image = 0; image < images; image++) {
    const count = starts[image + 1]! - starts[image]!;
    if (count <= limit) continue;
    const ofImage = rows.slice(starts[image], starts[image + 1]);
    sorter.sort(ofImage, predictions.score);
    for (const row of ofImage.subarray(limit)) isKept[row] = 0;
    cut += count - limit;
  }
  if (cut === 0) return predictions;
  return predictionRows(
    predictions,
    rowNumbers(predictions.count).filter((row) => isKept[row] === 1),
  );
}

/** Cells (image * classes + class) in which an unmatched detection says nothing. */
function openCells({ annotations, categories, federation }: ScoringInput): (cell: number) => boolean {
  const classes = categories.length;
  const known = new Set<number>();
  const notExhaustive = new Set<number>();
  for (let row = 0; row < annotations.count; row++) {
    known.add(annotations.image[row]! * classes + annotations.category[row]!);
  }
  federation?.negative.forEach((list, image) => list.forEach((klass) => known.add(image * classes + klass)));
  federation?.notExhaustive.forEach((list, image) =>
    list.forEach((klass) => notExhaustive.add(image * classes + klass)),
  );
  return (cell) => !known.has(cell) || notExhaustive.has(cell);
}
