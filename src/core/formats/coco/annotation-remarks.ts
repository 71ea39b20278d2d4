/** What a reader of COCO ground truth remarks on annotations that it keeps. */
import type { ImageRecord } from '../../dataset/dataset';
import type { Severity } from '../../foundation/finding';
import { isOutside } from '../box-checks';
import type { RecordReporter } from '../reading';

export function remarkMissingCrowd(report: RecordReporter, record: number): void {
  report.note(
    'iscrowd-missing',
    'info',
    'An annotation has no iscrowd; it counts as an ordinary box here. pycocotools stops with an error.',
    { record },
  );
}

/** `record`: its place in the file. `boxes`: x, y, width, height a row. `area`: NaN where the file has none. */
export function remarkAnnotation(
  report: RecordReporter,
  record: number,
  boxes: Float64Array,
  row: number,
  area: number,
  image: ImageRecord,
): void {
  const x = boxes[row * 4]!;
  const y = boxes[row * 4 + 1]!;
  const width = boxes[row * 4 + 2]!;
  const height = boxes[row * 4 + 3]!;
  const note = (code: string, message: string, severity: Severity = 'warning'): void =>
    report.note(code, severity, message, { record, image: image.fileName });
  if (width === 0 || height === 0)
    note('box-without-area', 'A box has no area; it is kept and can match nothing.');
  if (isOutside(x, y, width, height, image.width, image.height))
    note('box-outside-image', 'A box reaches outside its image; it is kept as it is.');
  if (Number.isNaN(area))
    note('area-missing', 'An annotation has no area; width times height is taken.', 'info');
  else if (area < 0) note('area-negative', 'An annotation has a negative area; it is kept.');
}

/** Missing and textual ids (NaN) get numbers above all others. `recordOf`: a row's place in the file. */
export function giveAnnotationIds(
  report: RecordReporter,
  ids: Float64Array,
  recordOf: (row: number) => number,
): void {
  let highest = 0;
  for (const id of ids) if (id > highest) highest = id;
  const used = new Set<number>();
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row]!;
    const place = { record: recordOf(row) };
    if (Number.isNaN(id)) {
      report.note(
        'annotation-id-given',
        'info',
        'An annotation has no whole number as id; it was given one.',
        place,
      );
      ids[row] = ++highest;
      continue;
    }
    if (id === 0)
      report.note(
        'annotation-id-zero',
        'warning',
        'An annotation has id 0; it counts as any other here. pycocotools reads 0 as “no match” and counts a hit on it as a miss and a false positive.',
        place,
      );
    if (used.has(id))
      report.note(
        'annotation-id-repeated',
        'warning',
        'An annotation repeats an id; it counts as a box of its own here. pycocotools scores the last box of an id in place of each.',
        place,
      );
    used.add(id);
  }
}
