/** Label Studio's tasks, their regions, and what is kept of them beside the boxes. */
import type { FindingPlace } from '../../foundation/finding';
import { EXACT, exactBox } from '../exact-box';
import type { ImageSize } from '../format';
import { boundsOfPoints, keptMembers, listOf, numberOf, readJson, recordOf, textOf } from '../json/read-json';
import type { Box } from '../named-truth';
import type { RecordReporter } from '../reading';
import { isUsableBox, leaveOutWithoutSize, sizeOrNull } from '../record-box';
import { partSpan } from '../shares';
import type { Source } from '../source';
import { nameOfAddress } from './address';

export type Members = Readonly<Record<string, unknown>>;

export const PARTS = 100;
const OF_DATA = new Set(['image', 'img', 'url', 'width', 'height']);

/** What the server notes of tasks and annotations, and none of their content. */
const OF_SERVER = new Set([
  ...[
    'id',
    'file_upload',
    'drafts',
    'created_at',
    'updated_at',
    'inner_id',
    'project',
    'updated_by',
    'annotator',
  ],
  ...['total_annotations', 'cancelled_annotations', 'total_predictions', 'comment_count', 'comment_authors'],
  ...['unresolved_comment_count', 'last_comment_updated_at', 'completed_by', 'was_cancelled', 'lead_time'],
  ...['draft_created_at', 'import_id', 'last_action', 'task', 'parent_prediction', 'parent_annotation'],
  ...['last_created_by', 'unique_id', 'result_count', 'prediction', 'annotation_id'],
]);
const OF_TASK = new Set([...OF_SERVER, 'data', 'annotations', 'completions', 'predictions', 'image']);
const OF_ANNOTATION = new Set([...OF_SERVER, 'result']);
const OF_RESULT = new Set([
  ...[
    'id',
    'type',
    'value',
    'original_width',
    'original_height',
    'image_rotation',
    'score',
    'meta',
    'origin',
  ],
]);
export const LABELS = ['rectanglelabels', 'polygonlabels', 'labels'] as const;
export const OF_VALUE = new Set([
  'x',
  'y',
  'width',
  'height',
  'rotation',
  'points',
  'closed',
  'score',
  ...LABELS,
]);
/** Names that Reticle gives to controls itself. */
const CONTROLS: Readonly<Record<string, string>> = { from_name: 'label', to_name: 'image' };

/** The member of an image's kept ones under which what is not its data stands. */
export const BESIDE_DATA = 'label_studio';

const parsed = (json: string | null): Members => (json === null ? {} : recordOf(JSON.parse(json)));
const orNull = (members: object): string | null =>
  Object.keys(members).length > 0 ? JSON.stringify(members) : null;

/** Ids of regions that other results are about. */
function idsReferredTo(results: readonly unknown[]): Set<string> {
  const others = results.map(recordOf).filter((result) => !isRegion(result) && result['type'] !== 'labels');
  const ids = others.flatMap((one) => [one['id'], one['from_id'], one['to_id']].map(textOf));
  return new Set(ids.filter((id) => id !== ''));
}

/** Members of a region that are not read, and its shape where the box alone does not say it. */
function keptOfRegion(result: Members, referred: ReadonlySet<string>): string | null {
  const value = recordOf(result['value']);
  const isShape = value['points'] !== undefined || Boolean(numberOf(value['rotation']));
  const ofValue = isShape ? value : parsed(keptMembers(value, OF_VALUE));
  const meta = keptMembers(recordOf(result['meta']), new Set([EXACT]));
  const others = Object.entries(parsed(keptMembers(result, OF_RESULT))).filter(
    ([name, own]) => CONTROLS[name] !== own,
  );
  return orNull({
    ...Object.fromEntries(others),
    ...(referred.has(textOf(result['id'])) ? { id: result['id'] } : {}),
    ...(isShape ? { type: result['type'] } : {}),
    ...(Object.keys(ofValue).length > 0 ? { value: ofValue } : {}),
    ...(meta === null ? {} : { meta: parsed(meta) }),
  });
}

/** Data, and beside them what is not read of the task and its annotation: other results too. */
export function keptOfTask(task: Members, annotation: Members): string | null {
  const { [BESIDE_DATA]: own, ...data } = parsed(keptMembers(recordOf(task['data']), OF_DATA));
  const results = listOf(annotation['result']).filter((entry) => {
    const result = recordOf(entry);
    return !isRegion(result) && result['type'] !== 'labels';
  });
  const beside = {
    ...(own === undefined ? {} : { data: { [BESIDE_DATA]: own } }),
    ...(results.length > 0 ? { results } : {}),
    task: parsed(keptMembers(task, OF_TASK)),
    annotation: parsed(keptMembers(annotation, OF_ANNOTATION)),
  };
  const said = keptMembers(beside, new Set());
  return orNull({ ...data, ...(said === null ? {} : { [BESIDE_DATA]: parsed(said) }) });
}

function imageOf(task: Members): string {
  const data = recordOf(task['data']);
  const named = textOf(data['image']) || textOf(data['img']) || textOf(data['url']);
  const other = Object.values(data).find(
    (value) => typeof value === 'string' && /\.(jpe?g|png|webp|bmp|gif|tiff?)(\?|$)/i.test(value),
  );
  return nameOfAddress(named || textOf(other) || textOf(task['image']));
}

export interface Region {
  readonly className: string;
  readonly box: Box;
  readonly score: number;
  readonly size: ImageSize;
  /** What was not read of it; null where that is nothing. */
  readonly extra: string | null;
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
export function boxOfValue(value: Members, size: ImageSize): Box | null {
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

const isRegion = ({ type, value }: Members): boolean =>
  /^(rectangle|polygon)/.test(textOf(type)) || recordOf(value)['rectanglelabels'] !== undefined;

export function regionsOf(
  results: readonly unknown[],
  report: RecordReporter,
  where: FindingPlace,
): Region[] {
  const labels = labelsById(results);
  const referred = idsReferredTo(results);
  return results.flatMap((entry): Region | [] => {
    const result = recordOf(entry);
    const type = textOf(result['type']);
    const value = recordOf(result['value']);
    const isPolygon = type.startsWith('polygon');
    if (!isRegion(result)) {
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
      textOf(listOf(value['rectanglelabels'] ?? value['polygonlabels'] ?? value['labels'])[0]) ||
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
    const score = numberOf(result['score'] ?? value['score']);
    return { className, box, score, size: { width, height }, extra: keptOfRegion(result, referred) };
  });
}

export interface Task {
  readonly record: number;
  readonly name: string;
  readonly task: Members;
}

/** JSON-MIN, in which regions stand beside the image under the names of their controls, as a task like any other. */
function taskOf(record: Members): Members {
  if (record['data'] !== undefined) return record;
  const isControl = (value: unknown): boolean =>
    listOf(value).some((region) => LABELS.some((name) => recordOf(region)[name] !== undefined));
  const controls = Object.entries(record).filter(([, value]) => isControl(value));
  const result = controls.flatMap(([control, regions]) =>
    listOf(regions).map((region) => {
      const { original_width, original_height, ...value } = recordOf(region);
      const type = LABELS.find((name) => value[name] !== undefined) ?? 'choices';
      return { type, value, from_name: control, original_width, original_height };
    }),
  );
  const data = Object.entries(record).filter(([name, value]) => !OF_SERVER.has(name) && !isControl(value));
  return { id: record['id'], data: Object.fromEntries(data), annotations: [{ result }] };
}

export async function tasksOf(source: Source, path: string, report: RecordReporter): Promise<Task[]> {
  const file = source.nameOf(path);
  const document = readJson(await source.whole(path), file);
  const list = Array.isArray(document) ? document : [document];
  return list.flatMap((value: unknown, record): Task | [] => {
    const task = taskOf(recordOf(value));
    const name = imageOf(task);
    if (name !== '') return { record, name, task };
    report.leaveOut('name-missing', 'A task names no image and was left out.', { file, record });
    return [];
  });
}

/** The annotation that counts: the first that was not cancelled. */
export function annotationOf(task: Members, report: RecordReporter, where: FindingPlace): Members {
  const all = listOf(task['annotations'] ?? task['completions']).map(recordOf);
  const used = all.filter((annotation) => annotation['was_cancelled'] !== true);
  if (used.length > 1)
    report.note(
      'annotations-repeated',
      'warning',
      'A task was annotated several times; the first is taken.',
      where,
    );
  return used[0] ?? {};
}
