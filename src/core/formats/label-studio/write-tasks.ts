/** Label Studio's tasks, as its import takes them. */
import type { PredictionColumns, Truth } from '../../dataset/dataset';
import { exactMember } from '../exact-box';
import { parseExtra } from '../extra';
import type { ImageSize } from '../format';
import { listOf, recordOf, textOf } from '../json/read-json';
import type { Box } from '../named-truth';
import { safeRelativePath } from '../names';
import { partsOf } from '../shares';
import { rowsByImage } from '../yolo/write-yolo';
import type { Members } from './read-tasks';
import { BESIDE_DATA, LABELS, OF_VALUE, PARTS, boxOfValue } from './read-tasks';

function addressOf(fileName: string): string {
  const path = safeRelativePath(fileName).split('/').map(encodeURIComponent).join('/');
  return `/data/local-files/?d=${path}`;
}

/** The kept shape, where the box is still the one around it (`isWhole`); else members of the value that are none of it. */
function shapeOf(value: Members, box: Box, size: ImageSize): { isWhole: boolean; members: Members } {
  const own = 'points' in value || 'x' in value ? boxOfValue(value, size) : null;
  const isWhole = own !== null && own.every((number, at) => number === box[at]);
  const members = Object.entries(value).filter(([name]) =>
    isWhole ? !(LABELS as readonly string[]).includes(name) : !OF_VALUE.has(name),
  );
  return { isWhole, members: Object.fromEntries(members) };
}

/** A result, or null where the image has no size to take shares of. */
function resultOf(
  box: Box,
  className: string,
  { width, height }: Partial<ImageSize>,
  { value: ownValue, type: ownType, meta, ...members }: Members,
): object | null {
  if (!width || !height) return null;
  const x = partsOf(box[0], box[2], width, PARTS);
  const y = partsOf(box[1], box[3], height, PARTS);
  const { isWhole, members: kept } = shapeOf(recordOf(ownValue), box, { width, height });
  const plain = { x: x.start, y: y.start, width: x.length, height: y.length };
  const value = isWhole ? kept : { ...plain, rotation: 0, ...kept };
  const exact = exactMember(box, boxOfValue(value, { width, height }) ?? box);
  const control = isWhole && textOf(ownType).startsWith('polygon') ? 'polygonlabels' : 'rectanglelabels';
  const about = { ...recordOf(meta), ...exact };
  return {
    type: control,
    from_name: 'label',
    to_name: 'image',
    original_width: width,
    original_height: height,
    image_rotation: 0,
    value: { ...value, [control]: [className] },
    ...members,
    ...(Object.keys(about).length > 0 ? { meta: about } : {}),
  };
}

const boxAt = (box: Float64Array, row: number): Box =>
  [...box.subarray(row * 4, row * 4 + 4)] as unknown as Box;

function* writeTasks(truth: Truth, perTask: (image: number, kept: Members) => object): Generator<string> {
  yield '[';
  for (const [index, { fileName, width, height, extra }] of truth.images.entries()) {
    const { [BESIDE_DATA]: beside, ...known } = parseExtra(extra);
    const kept = recordOf(beside);
    const data = {
      image: addressOf(fileName),
      ...(width === null ? {} : { width }),
      ...(height === null ? {} : { height }),
      ...known,
      ...recordOf(kept['data']),
    };
    yield `${index > 0 ? ',' : ''}\n${JSON.stringify({ id: index + 1, data, ...perTask(index, kept), ...recordOf(kept['task']) })}`;
  }
  yield '\n]\n';
}

export function writeTruth(truth: Truth): Iterable<string> {
  const { annotations, categories, images } = truth;
  const rows = rowsByImage(annotations.image, images.length);
  return writeTasks(truth, (image, kept) => ({
    annotations: [
      {
        id: image + 1,
        result: rows[image]!.flatMap((row): unknown => {
          const { width, height } = images[image]!;
          const name = categories[annotations.category[row]!]!.name;
          const size = { ...(width ? { width } : {}), ...(height ? { height } : {}) };
          const members = { id: `box-${row + 1}`, ...parseExtra(annotations.extra.get(row) ?? null) };
          return resultOf(boxAt(annotations.box, row), name, size, members) ?? [];
        }).concat(listOf(kept['results'])),
        ...recordOf(kept['annotation']),
      },
    ],
  }));
}

export function writePredictions(truth: Truth, predictions: PredictionColumns): Iterable<string> {
  const rows = rowsByImage(predictions.image, truth.images.length);
  return writeTasks(truth, (image) => ({
    predictions: [
      {
        result: rows[image]!.flatMap((row) => {
          const { width, height } = truth.images[image]!;
          const name = truth.categories[predictions.category[row]!]!.name;
          const size = { ...(width ? { width } : {}), ...(height ? { height } : {}) };
          const members = { id: `prediction-${row + 1}`, score: predictions.score[row] };
          return resultOf(boxAt(predictions.box, row), name, size, members) ?? [];
        }),
      },
    ],
  }));
}
