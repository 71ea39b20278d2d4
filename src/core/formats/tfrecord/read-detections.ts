/** Detections in TFRecords (`image/detection/...`), as the Object Detection API's offline inference writes them. */
import { BadInput } from '../../foundation/bad-input';
import type { RawPredictions } from '../coco/read-results';
import type { PredictionsContext } from '../format';
import { RawPredictionsBuilder } from '../raw-predictions';
import { RecordReporter } from '../reading';
import { isUsableBox, leaveOutWithoutSize } from '../record-box';
import type { Source } from '../source';
import type { Example } from './example';
import { numbers } from './example';
import { doublesOf } from './float-shares';
import { KEYS } from './keys';
import { boxesOf, exampleOf, imageOf } from './read-tfrecord';
import { readRecords, shardSets } from './records';

const DETECTION_KEYS = {
  xmin: KEYS.detectionXmin,
  ymin: KEYS.detectionYmin,
  xmax: KEYS.detectionXmax,
  ymax: KEYS.detectionYmax,
  exact: KEYS.exactDetection,
};

interface Kept {
  readonly example: Example;
  readonly file: string;
  readonly record: number;
}

/** Only what detections need: views into a record are not valid after it. */
function detached(example: Example): Example {
  const copied = new Map(example);
  const { encoded, exactDetection, exactScore, filename, sourceId } = KEYS;
  copied.delete(encoded);
  for (const key of [exactDetection, exactScore, filename, sourceId]) {
    const feature = copied.get(key);
    if (feature?.kind === 'bytes')
      copied.set(key, { kind: 'bytes', values: feature.values.map((value) => value.slice()) });
  }
  for (const [key, feature] of [...copied])
    if (feature.kind === 'bytes' && !(Object.values(KEYS) as string[]).includes(key)) copied.delete(key);
  return copied;
}

export async function readDetections(
  source: Source,
  paths: readonly string[],
  context: PredictionsContext,
): Promise<RawPredictions> {
  const report = new RecordReporter(context);
  const predictions = new RawPredictionsBuilder(report);
  let records = 0;
  for (const { paths: shards } of shardSets(source, paths)) {
    let record = 0;
    for (const path of shards) {
      const file = source.nameOf(path);
      const waiting: (Kept & { readonly image: ReturnType<typeof imageOf> })[] = [];
      await readRecords(source, path, context, (data, place) => {
        const example = exampleOf(data, file, place);
        waiting.push({ example: detached(example), image: imageOf(example), file, record: record++ });
      });
      for (const { example, image, record: at } of waiting)
        await addDetections(example, image, { file, record: at }, predictions, report, context);
    }
    records += record;
  }
  if (records === 0)
    throw new BadInput(
      'predictions-without-records',
      'The file has no records.',
      'Check that it holds the detections.',
      context,
    );
  return predictions.finish();
}

async function addDetections(
  example: Example,
  image: ReturnType<typeof imageOf>,
  where: { readonly file: string; readonly record: number },
  predictions: RawPredictionsBuilder,
  report: RecordReporter,
  context: PredictionsContext,
): Promise<void> {
  const name = image.name ?? image.sourceId;
  const place = { ...where, ...(name === null ? {} : { image: name }) };
  const labels = numbers(example, KEYS.detectionLabel);
  const scores = numbers(example, KEYS.detectionScore);
  if (labels.length === 0 && scores.length === 0) return;
  const size =
    image.width !== null && image.height !== null
      ? { width: image.width, height: image.height }
      : name === null
        ? null
        : await context.sizeOf(name);
  if (size === null) {
    leaveOutWithoutSize(report, place, labels.length);
    return;
  }
  const boxes = boxesOf(example, DETECTION_KEYS, size);
  if (boxes === null || name === null || boxes.length !== labels.length || boxes.length !== scores.length) {
    report.leaveOut(
      'record-invalid',
      'A record has lists of different lengths, or names no image; its detections were left out.',
      place,
    );
    return;
  }
  const exact = example.get(KEYS.exactScore);
  const doubles = exact?.kind === 'bytes' && exact.values[0] ? doublesOf(exact.values[0]) : [];
  const id =
    image.sourceId !== null && /^\d{1,15}$/.test(image.sourceId) ? Number(image.sourceId) : image.sourceId;
  const index = predictions.image(id, image.name);
  boxes.forEach((box, at) => {
    const record = predictions.nextRecord();
    const score = Math.fround(doubles[at] ?? NaN) === scores[at] ? doubles[at]! : scores[at]!;
    if (isUsableBox(box, size, report, place)) predictions.add(record, index, labels[at]!, box, score);
  });
}
