/** Open Images' CSV as files: boxes, descriptions of classes, and a list of the images with their names and sizes. */
import type { PredictionColumns, Truth } from '../../dataset/dataset';
import { FLAG_GROUP_OF } from '../../dataset/dataset';
import { harmless } from '../csv/write-csv';
import { parseExtra } from '../extra';
import type { ImageSize, TargetFile } from '../format';
import type { Box } from '../named-truth';
import { stemOf } from '../names';
import { writeCorners } from '../shares';
import { rowsByImage } from '../yolo/write-yolo';

const BOX_HEADER =
  'ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepiction,IsInside';

const quoted = (text: string): string => {
  const safe = harmless(text);
  return /[",;\r\n\t]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

const knownIds = new WeakMap<Truth, string[]>();

/** Ids of the images: their stems, and their whole names where several share one. */
export function idsOf(truth: Truth): readonly string[] {
  const known = knownIds.get(truth);
  if (known) return known;
  const count = new Map<string, number>();
  for (const { fileName } of truth.images)
    count.set(stemOf(fileName), (count.get(stemOf(fileName)) ?? 0) + 1);
  const ids = truth.images.map(({ fileName }) =>
    count.get(stemOf(fileName)) === 1 ? stemOf(fileName) : fileName,
  );
  knownIds.set(truth, ids);
  return ids;
}

function sharesOf(box: Float64Array, row: number, { width, height }: ImageSize): string {
  const [x, y, w, h] = box.subarray(row * 4, row * 4 + 4) as unknown as Box;
  const across = writeCorners(x, w, width);
  const down = writeCorners(y, h, height);
  return [across.low, across.high, down.low, down.high].join(',');
}

const midOf = ({ name, extra }: Truth['categories'][number]): string => {
  const { mid } = parseExtra(extra);
  return typeof mid === 'string' ? mid : name;
};

function* boxLines(truth: Truth): Generator<string> {
  const { annotations, categories } = truth;
  const rows = rowsByImage(annotations.image, truth.images.length);
  const ids = idsOf(truth);
  yield `${BOX_HEADER}\n`;
  for (const [index, { width, height }] of truth.images.entries()) {
    if (!width || !height) continue;
    for (const row of rows[index]!) {
      const kept = parseExtra(annotations.extra.get(row) ?? null);
      const flag = (name: string): string => (typeof kept[name] === 'number' ? String(kept[name]) : '0');
      const own = typeof kept['Source'] === 'string' ? kept['Source'] : 'xclick';
      const confidence = typeof kept['Confidence'] === 'string' ? kept['Confidence'] : '1';
      yield (
        [
          quoted(ids[index]!),
          own,
          quoted(midOf(categories[annotations.category[row]!]!)),
          confidence,
          sharesOf(annotations.box, row, { width, height }),
          ...[flag('IsOccluded'), flag('IsTruncated'), annotations.flags[row]! & FLAG_GROUP_OF ? '1' : '0'],
          ...[flag('IsDepiction'), flag('IsInside')],
        ].join(',') + '\n'
      );
    }
  }
}

export function* writeOpenImages(truth: Truth): Generator<TargetFile> {
  yield { path: 'annotations-bbox.csv', content: boxLines(truth) };
  const classes = truth.categories.map((category) => `${quoted(midOf(category))},${quoted(category.name)}\n`);
  yield { path: 'class-descriptions.csv', content: [`LabelName,DisplayName\n${classes.join('')}`] };
  const homes = new Map(
    truth.subsets.flatMap(({ name, images }) => [...images].map((image) => [image, name])),
  );
  const ids = idsOf(truth);
  const images = truth.images.map(({ fileName, width, height }, index) => {
    const texts = [ids[index]!, homes.get(index) ?? '', fileName].map(quoted);
    return [...texts, width ?? '', height ?? ''].join(',');
  });
  yield { path: 'images.csv', content: [`ImageID,Subset,FileName,Width,Height\n${images.join('\n')}\n`] };
}

export function* predictionLines(truth: Truth, predictions: PredictionColumns): Generator<string> {
  yield 'ImageID,LabelName,Score,XMin,XMax,YMin,YMax\n';
  const ids = idsOf(truth);
  for (let row = 0; row < predictions.count; row++) {
    const { width, height } = truth.images[predictions.image[row]!]!;
    if (!width || !height) continue;
    const label = quoted(midOf(truth.categories[predictions.category[row]!]!));
    const shares = sharesOf(predictions.box, row, { width, height });
    yield `${quoted(ids[predictions.image[row]!]!)},${label},${predictions.score[row]},${shares}\n`;
  }
}
