/** The images behind a bar or a cell of the data page: a rule, so that it holds after edits too. */
import type { Resizer } from '../../../training/pipeline-config';
import { fileSource, sourceName } from '../file-source';
import type { ImageSet, MeasureKey } from '../properties';
import { measureOf } from '../properties';

export interface MeasureRange {
  readonly measure: MeasureKey;
  /** Inclusive; null: no bound. */
  readonly low: number | null;
  /** Exclusive; null: no bound. */
  readonly high: number | null;
}

export interface DataSelection {
  /** Of labels: one label has to pass all of them. */
  readonly ranges: readonly MeasureRange[];
  /** Id of a class that the label has to be of; null: any. */
  readonly category: number | null;
  /** As `sourceName` gives it; null: any. */
  readonly source: string | null;
  /** What sizes at the model's input are worked out with. */
  readonly resizer: Resizer | null;
}

/** By image: 1 where it passes. */
export function imagesBehind(set: ImageSet, selection: DataSelection): Uint8Array {
  const { images, annotations, categories } = set.truth;
  const tests = selection.ranges.map(({ measure, low, high }) => ({
    property: measureOf(measure, selection.resizer),
    passes: (value: number): boolean => (low === null || value >= low) && (high === null || value < high),
  }));
  const ofImages = tests.filter(({ property }) => property.of === 'images');
  const ofLabels = tests.filter(({ property }) => property.of === 'labels');
  const passing = Uint8Array.from(images, ({ fileName }, image) =>
    Number(
      (selection.source === null || sourceName(fileSource(fileName)) === selection.source) &&
        ofImages.every(({ property, passes }) => isKnownAnd(passes, property.value(set, image, -1))),
    ),
  );
  if (ofLabels.length === 0 && selection.category === null) return passing;
  const labelled = new Uint8Array(images.length);
  for (let row = 0; row < annotations.count; row++) {
    const image = annotations.image[row]!;
    if (labelled[image] === 1 || passing[image] === 0) continue;
    const isOfClass =
      selection.category === null || categories[annotations.category[row]!]!.id === selection.category;
    if (
      isOfClass &&
      ofLabels.every(({ property, passes }) => isKnownAnd(passes, property.value(set, image, row)))
    )
      labelled[image] = 1;
  }
  return labelled;
}

const isKnownAnd = (passes: (value: number) => boolean, value: number): boolean =>
  Number.isFinite(value) && passes(value);
