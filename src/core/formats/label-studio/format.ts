/** Label Studio's JSON: tasks with results in per cent of the image, by people (annotations) or models (predictions). */
import type { PredictionColumns, Truth } from '../../dataset/dataset';
import { BadInput } from '../../foundation/bad-input';
import type { FindingPlace } from '../../foundation/finding';
import { EXACT, exactBox, exactMember } from '../exact-box';
import { parseExtra } from '../extra';
import type { Format, ImageSize } from '../format';
import { boundsOfPoints, keptMembers, listOf, numberOf, readJson, recordOf, textOf } from '../json/read-json';
import type { Box } from '../named-truth';
import { NamedTruth } from '../named-truth';
import { baseName, normaliseFileName, safeRelativePath } from '../names';
import { RawPredictionsBuilder } from '../raw-predictions';
import { RecordReporter } from '../reading';
import { isUsableBox, leaveOutWithoutSize, sizeOrNull } from '../record-box';
import type { Source } from '../source';
import { partSpan, partsOf } from '../shares';
import { rowsByImage } from '../yolo/write-yolo';

type Members = Readonly<Record<string, unknown>>;

const PARTS = 100;
const OF_DATA = new Set(['image', 'img', 'url', 'width', 'height']);

/** Addresses are never fetched; only the name of the file in them counts. */
function nameOfAddress(address: string): string {
  const local = /[?&]d=([^&]+)/.exec(address)?.[1];
  const path = (local ?? address.replace(/[?#].*$/, '')).replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*\//i, '');
  let name = path;
  try {
    name = decodeURIComponent(path);
  } catch {
    // Not encoded: the name holds a percent sign.
  }
  const normal = normaliseFileName(name).replace(/^\/+/, '');
  if (local !== undefined) return normal;
  // An upload is called by eight hexadecimal digits and its own name.
  if (/^(?:.*\/)?data\/upload\//.test(normal) || /\/upload\//.test(normal))
    return baseName(normal).replace(/^[0-9a-f]{8}-/, '');
  return address === path ? normal : baseName(normal);
}

function imageOf(task: Members): string {
  const data = recordOf(task['data']);
  const named = textOf(data['image']) || textOf(data['img']) || textOf(data['url']);
  const other = Object.values(data).find(
    (value) => typeof value === 'string' && /\.(jpe?g|png|webp|bmp|gif|tiff?)(\?|$)/i.test(value),
  );
  return nameOfAddress(named || textOf(other) || textOf(task['image']));
}

interface Region {
  readonly className: string;
  readonly box: Box;
  readonly score: number;
  readonly size: ImageSize;
}

/** Labels of regions that have theirs in a result of their own. */
function labelsById(results: readonly unknown[]): Map<string, string> {
  const labels = new Map<string, string>();
  for (const result of results.map(recordOf)) {
    const label = listOf(recordOf(result['value'])['labels'])[0];
    if (label !== undefined) labels.set(textOf(result['id']), textOf(label));
  }
  return labels;
}

/** The box of a value in per cent, turned about its first corner as Label Studio turns it. */
function boxOfValue(value: Members, size: ImageSize): Box | null {
  if (value['points'] !== undefined) {
    const bounds = boundsOfPoints(listOf(value['points']));
    if (bounds === null) return null;
    const x = partSpan(bounds[0], bounds[2], size.width, PARTS);
    const y = partSpan(bounds[1], bounds[3], size.height, PARTS);
    return [x.start, y.start, x.length, y.length];
  }
  const [left, top, width, height] = ['x', 'y', 'width', 'height'].map((name) => numberOf(value[name])) as [
    number,
    number,
    number,
    number,
  ];
  const x = partSpan(left, width, size.width, PARTS);
  const y = partSpan(top, height, size.height, PARTS);
  const turned = numberOf(value['rotation']);
  if (!turned) return [x.start, y.start, x.length, y.length];
  const angle = (turned * Math.PI) / 180;
  const corners = [
    [0, 0],
    [x.length, 0],
    [0, y.length],
    [x.length, y.length],
  ].map(([dx, dy]) => [
    x.start + dx! * Math.cos(angle) - dy! * Math.sin(angle),
    y.start + dx! * Math.sin(angle) + dy! * Math.cos(angle),
  ]);
  return boundsOfPoints(corners);
}

function regionsOf(results: readonly unknown[], report: RecordReporter, where: FindingPlace): Region[] {
  const labels = labelsById(results);
  return results.flatMap((entry): Region | [] => {
    const result = recordOf(entry);
    const type = textOf(result['type']);
    const value = recordOf(result['value']);
    const isBox = type.startsWith('rectangle') || value['rectanglelabels'] !== undefined;
    const isPolygon = type.startsWith('polygon');
    if (!isBox && !isPolygon) {
      if (/^(brush|ellipse|keypoint|vector|bitmask)/.test(type))
        report.note(
          'shape-without-box',
          'info',
          'Regions that are neither boxes nor polygons are not read.',
          where,
        );
      return [];
    }
    const className =
      textOf(listOf(value['rectanglelabels'] ?? value['polygonlabels'])[0]) ||
      (labels.get(textOf(result['id'])) ?? '');
    if (className === '') {
      report.leaveOut('object-without-class', 'A region has no label and was left out.', where);
      return [];
    }
    const [width, height] = [sizeOrNull(result['original_width']), sizeOrNull(result['original_height'])];
    if (width === null || height === null) {
      leaveOutWithoutSize(report, where);
      return [];
    }
    if (numberOf(value['rotation']))
      report.note('box-rotated', 'warning', 'A turned box is read as the upright box around it.', where);
    if (isPolygon)
      report.note('polygons-as-boxes', 'info', 'Polygons are read as the boxes around them.', where);
    const bounds = boxOfValue(value, { width, height });
    const box = bounds && exactBox(result['meta'], bounds);
    if (!box) {
      report.leaveOut('box-invalid', 'A region has no box and was left out.', where);
      return [];
    }
    if (!isUsableBox(box, { width, height }, report, where)) return [];
    return { className, box, score: numberOf(result['score'] ?? value['score']), size: { width, height } };
  });
}

interface Task {
  readonly record: number;
  readonly name: string;
  readonly task: Members;
}

async function tasksOf(source: Source, path: string, report: RecordReporter): Promise<Task[]> {
  const file = source.nameOf(path);
  const document = readJson(await source.whole(path), file);
  const list = Array.isArray(document) ? document : [document];
  return list.flatMap((value: unknown, record): Task | [] => {
    const task = recordOf(value);
    const name = imageOf(task);
    if (name !== '') return { record, name, task };
    report.leaveOut('name-missing', 'A task names no image and was left out.', { file, record });
    return [];
  });
}

/** The results that count: the first annotation that was not cancelled. */
function resultsOf(task: Members, report: RecordReporter, where: FindingPlace): readonly unknown[] {
  const all = listOf(task['annotations'] ?? task['completions']).map(recordOf);
  const used = all.filter((annotation) => annotation['was_cancelled'] !== true);
  if (used.length > 1)
    report.note(
      'annotations-repeated',
      'warning',
      'A task was annotated several times; the first is taken.',
      where,
    );
  return listOf(used[0]?.['result']);
}

function addressOf(fileName: string): string {
  const path = safeRelativePath(fileName).split('/').map(encodeURIComponent).join('/');
  return `/data/local-files/?d=${path}`;
}

/** A result, or null where the image has no size to take shares of. */
function resultOf(
  box: Box,
  className: string,
  { width, height }: Partial<ImageSize>,
  members: object,
): object | null {
  if (!width || !height) return null;
  const x = partsOf(box[0], box[2], width, PARTS);
  const y = partsOf(box[1], box[3], height, PARTS);
  const value = { x: x.start, y: y.start, width: x.length, height: y.length };
  const exact = exactMember(box, boxOfValue(value, { width, height }) ?? box);
  return {
    type: 'rectanglelabels',
    from_name: 'label',
    to_name: 'image',
    original_width: width,
    original_height: height,
    image_rotation: 0,
    value: { ...value, rotation: 0, rectanglelabels: [className] },
    ...members,
    ...(EXACT in exact ? { meta: exact } : {}),
  };
}

const boxAt = (box: Float64Array, row: number): Box =>
  [...box.subarray(row * 4, row * 4 + 4)] as unknown as Box;

function* writeTasks(truth: Truth, perTask: (image: number) => object): Generator<string> {
  yield '[';
  for (const [index, { fileName, width, height, extra }] of truth.images.entries()) {
    const data = {
      image: addressOf(fileName),
      ...(width === null ? {} : { width }),
      ...(height === null ? {} : { height }),
      ...parseExtra(extra),
    };
    yield `${index > 0 ? ',' : ''}\n${JSON.stringify({ id: index + 1, data, ...perTask(index) })}`;
  }
  yield '\n]\n';
}

function writeTruth(truth: Truth): Iterable<string> {
  const { annotations, categories, images } = truth;
  const rows = rowsByImage(annotations.image, images.length);
  return writeTasks(truth, (image) => ({
    annotations: [
      {
        id: image + 1,
        result: rows[image]!.flatMap((row) => {
          const { width, height } = images[image]!;
          const name = categories[annotations.category[row]!]!.name;
          const size = { ...(width ? { width } : {}), ...(height ? { height } : {}) };
          return resultOf(boxAt(annotations.box, row), name, size, { id: `box-${row + 1}` }) ?? [];
        }),
      },
    ],
  }));
}

function writePredictions(truth: Truth, predictions: PredictionColumns): Iterable<string> {
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

export const labelStudioFormat: Format = {
  name: 'label-studio',
  title: 'Label Studio',
  sniff({ text }) {
    if (!/^\s*[[{]/.test(text) || !/"data"\s*:\s*\{/.test(text)) return null;
    if (!/"(annotations|completions|predictions)"\s*:\s*\[/.test(text)) return null;
    const isAnnotated = /"(annotations|completions)"\s*:\s*\[\s*\{/.test(text);
    return !isAnnotated && /"predictions"\s*:\s*\[\s*\{/.test(text)
      ? { kind: 'predictions', why: 'tasks with data and predictions' }
      : { kind: 'truth', why: 'tasks with data and annotations' };
  },
  async readTruth(source, paths, context) {
    const report = new RecordReporter(context);
    const truth = new NamedTruth();
    for (const path of paths) {
      for (const { record, name, task } of await tasksOf(source, path, report)) {
        const where = { file: source.nameOf(path), record, image: name };
        const regions = regionsOf(resultsOf(task, report, where), report, where);
        const data = recordOf(task['data']);
        const size = regions[0]?.size ?? {
          width: sizeOrNull(data['width']),
          height: sizeOrNull(data['height']),
        };
        const extra = context.keepExtra ? keptMembers(data, OF_DATA) : null;
        const image = truth.image(name, size.width, size.height, extra);
        for (const { className, box } of regions) truth.add(image, truth.classOf(className), box);
      }
      context.progress.check();
    }
    if (truth.imageCount === 0)
      throw new BadInput(
        'truth-without-images',
        'There are no tasks with images.',
        'Check the file.',
        context,
      );
    return { truth: truth.finish('label-studio', context.labelMap, report), findings: report.list() };
  },
  async readPredictions(source, paths, context) {
    const report = new RecordReporter(context);
    const predictions = new RawPredictionsBuilder(report);
    for (const path of paths) {
      for (const { record, name, task } of await tasksOf(source, path, report)) {
        const where = { file: source.nameOf(path), record, image: name };
        const image = predictions.image(null, name);
        for (const entry of listOf(task['predictions'])) {
          const prediction = recordOf(entry);
          for (const { className, box, score } of regionsOf(listOf(prediction['result']), report, where)) {
            const own = Number.isFinite(score) ? score : numberOf(prediction['score']);
            predictions.add(predictions.nextRecord(), image, className, box, own);
          }
        }
      }
      context.progress.check();
    }
    return predictions.finish();
  },
  truthWriter: {
    layout: 'file',
    extension: '.json',
    expresses: {
      flags: 0,
      area: false,
      subsets: false,
      emptyClasses: false,
      repeatedClassNames: false,
      needsSizes: true,
      fileByStem: false,
    },
    imagePath: (truth, image) => safeRelativePath(truth.images[image]!.fileName),
    write: (truth) => [{ path: '', content: writeTruth(truth) }],
  },
  predictionsWriter: {
    layout: 'file',
    needsSizes: true,
    write: (truth, predictions) => [{ path: '', content: writePredictions(truth, predictions) }],
  },
};
