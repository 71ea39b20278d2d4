import { FLAG_CROWD } from '../../dataset/dataset';
import { countingSort, rowNumbers } from '../../matching/grouping';
import { ScoreSorter } from '../../matching/score-order';
import type { ScoringInput } from '../evaluation';

/** The boxes image by image, in the order in which TIDE visits them. Rows are those of the input's columns. */
export interface ImageBoxes {
  readonly input: ScoringInput;
  /** Prediction rows, images by index; within an image by falling score, equal ones in file order. */
  readonly predictionRows: Int32Array;
  /** First entry of `predictionRows` by image; one entry more than images. */
  readonly predictionStarts: Int32Array;
  /** Annotation rows, images by index, each image's in dataset order. */
  readonly annotationRows: Int32Array;
  readonly annotationStarts: Int32Array;
}

export function imageBoxes(input: ScoringInput): ImageBoxes {
  const { predictions, annotations } = input;
  const images = input.imageIds.length;
  const byScore = rowNumbers(predictions.count);
  new ScoreSorter().sort(byScore, predictions.score);
  const predicted = countingSort(byScore, predictions.image, images);
  const annotated = countingSort(rowNumbers(annotations.count), annotations.image, images);
  return {
    input,
    predictionRows: predicted.rows,
    predictionStarts: predicted.starts,
    annotationRows: annotated.rows,
    annotationStarts: annotated.starts,
  };
}

/** Crowds are regions to ignore; all other annotations count, whatever else is said of them. */
export function isCrowd(input: ScoringInput, annotation: number): boolean {
  return (input.annotations.flags[annotation]! & FLAG_CROWD) !== 0;
}

/** Annotations that count, by category index. */
export function countedTruth(input: ScoringInput): Int32Array {
  const counted = new Int32Array(input.categories.length);
  for (let row = 0; row < input.annotations.count; row++) {
    if (!isCrowd(input, row)) counted[input.annotations.category[row]!]!++;
  }
  return counted;
}
