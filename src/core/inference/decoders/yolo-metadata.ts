/** What Ultralytics' exporters (and YOLOv5's) write into a model's metadata, and what its output's shape then means. */
import type { ImageSize, ModelSignature } from '../model';
import { type PythonValue, readPythonLiteral } from '../python-literal';

export interface YoloMetadata {
  /** By class number; null where no names stand. */
  readonly names: readonly (string | null)[] | null;
  /** `imgsz`: of a model with an input of any size only the size used for tracing. */
  readonly size: ImageSize | null;
  readonly stride: number | null;
  /** `detect`, `segment`, ...; null where it does not say (YOLOv5). */
  readonly task: string | null;
  /** Boxes are finished: `end2end`, or `nms` among the export's arguments. */
  readonly isEndToEnd: boolean;
  readonly description: string | null;
  /** The head's class (`Detect`, `RTDETRDecoder`); null where it does not say (before 8.4). */
  readonly head: string | null;
}

const asText = (value: PythonValue | undefined): string | null => (typeof value === 'string' ? value : null);

/** More classes than any list of names has; a wild class number would make the list of names endless. */
const MOST_CLASSES = 100_000;

function namesOf(value: PythonValue | undefined): readonly (string | null)[] | null {
  if (Array.isArray(value)) return value.map((name: PythonValue) => asText(name));
  if (!(value instanceof Map)) return null;
  const names: (string | null)[] = [];
  for (const [key, name] of value as ReadonlyMap<PythonValue, PythonValue>) {
    const number = Number(key);
    if (!Number.isInteger(number) || number < 0 || number >= MOST_CLASSES) return null;
    names[number] = asText(name);
  }
  return Array.from(names, (name) => name ?? null);
}

function sizeOf(value: PythonValue | undefined): ImageSize | null {
  if (typeof value === 'number') return { height: value, width: value };
  if (!Array.isArray(value)) return null;
  const [height, width = height] = value as PythonValue[];
  return typeof height === 'number' && typeof width === 'number' ? { height, width } : null;
}

function isTrueIn(value: PythonValue | undefined, key: string): boolean {
  return value instanceof Map && (value as ReadonlyMap<PythonValue, PythonValue>).get(key) === true;
}

/** Null where the metadata is not of these tools. */
export function yoloMetadata({ metadata }: ModelSignature): YoloMetadata | null {
  const value = (key: string) => (metadata[key] === undefined ? undefined : readPythonLiteral(metadata[key]));
  const names = namesOf(value('names'));
  if (names === null && metadata['author'] !== 'Ultralytics') return null;
  const stride = value('stride');
  return {
    names,
    size: sizeOf(value('imgsz')),
    stride: typeof stride === 'number' ? stride : null,
    task: metadata['task'] ?? null,
    isEndToEnd: value('end2end') === true || value('nms') === true || isTrueIn(value('args'), 'nms'),
    description: metadata['description'] ?? null,
    head: metadata['head'] ?? null,
  };
}

/** Cells of all levels of a grid over the input. */
export function gridCells({ width, height }: ImageSize, strides: readonly number[]): number {
  return strides.reduce((sum, stride) => sum + Math.ceil(width / stride) * Math.ceil(height / stride), 0);
}

/** Three levels, and four for the large variants (P6). */
const GRIDS: readonly (readonly number[])[] = [
  [8, 16, 32],
  [8, 16, 32, 64],
];

/** Strides of the grid that has `count` places with `anchors` of them in each cell; null where none has. */
export function gridOf(
  size: ImageSize | null,
  count: number | null,
  anchors: number,
): readonly number[] | null {
  if (size === null || count === null) return null;
  return GRIDS.find((strides) => gridCells(size, strides) * anchors === count) ?? null;
}

/** How the values of a YOLO output lie. */
export type YoloLayout = 'end-to-end' | 'values-first' | 'rows' | 'rows-with-objectness' | 'rows-of-cells';

/** Detections that an end-to-end output can hold; raw outputs have thousands. */
const MOST_DETECTIONS = 1000;

/**
 * What an output `[batch, a, b]` holds. `classes`: how many classes there are, where something says. `[1,6,N]` is a raw
 * output of two classes, not boxes after suppression.
 */
export function yoloLayout(
  shape: readonly (number | null)[],
  size: ImageSize | null,
  metadata: YoloMetadata | null,
  classes: number | null,
): YoloLayout | null {
  const [, a, b] = shape;
  if (shape.length !== 3 || a === undefined || b === undefined) return null;
  if (metadata?.isEndToEnd && b !== null && b >= 6) return 'end-to-end';
  if (b !== null && gridOf(size, a, 3)) return 'rows-with-objectness';
  if (b !== null && gridOf(size, a, 1)) return b === (classes ?? NaN) + 4 ? 'rows' : 'rows-of-cells';
  if (a !== null && a >= 5 && gridOf(size, b, 1)) return 'values-first';
  // Six columns of few rows are finished boxes; of one class six columns are a box, objectness and score as well.
  const isFew = a !== null && a <= MOST_DETECTIONS && size !== null;
  if (classes !== null && b === classes + 5 && (b !== 6 || (metadata !== null && !isFew)))
    return 'rows-with-objectness';
  if (classes !== null && a === classes + 4) return 'values-first';
  if (b === 6 && (a === null || a <= MOST_DETECTIONS)) return 'end-to-end';
  if (classes !== null && b === classes + 4) return 'rows';
  if (a !== null && a >= 5 && (b === null || b > a)) return 'values-first';
  return b !== null && b >= 6 && (a === null || a > b) ? 'rows-with-objectness' : null;
}
