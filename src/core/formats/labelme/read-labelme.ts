/** LabelMe's JSON, a file an image, and X-AnyLabeling's, which adds scores and `difficult`. */
import { FLAG_DIFFICULT } from '../../dataset/dataset';
import { BadInput } from '../../foundation/bad-input';
import type { FindingPlace } from '../../foundation/finding';
import type { RawPredictions } from '../coco/read-results';
import { exactBox } from '../exact-box';
import { isRecord } from '../extra';
import type { PredictionsContext, TruthContext } from '../format';
import { boundsOfPoints, keptMembers, listOf, numberOf, readJson, recordOf, textOf } from '../json/read-json';
import type { Box } from '../named-truth';
import { NamedTruth } from '../named-truth';
import { stemOf } from '../names';
import { RawPredictionsBuilder } from '../raw-predictions';
import type { TruthReading } from '../reading';
import { RecordReporter } from '../reading';
import { isUsableBox, sizeOrNull } from '../record-box';
import { nameBeside } from '../relative-names';
import type { Source } from '../source';
import { readEach } from '../source';

const OF_FILE = new Set(['version', 'shapes', 'imagePath', 'imageData', 'imageHeight', 'imageWidth', 'xywh']);
const OF_SHAPE = new Set(['label', 'points', 'shape_type', 'difficult', 'score', 'xywh']);

/** The member of a file's kept ones under which shapes that are no boxes stand. */
export const OTHER_SHAPES = 'other_shapes';

interface Shape {
  readonly className: string;
  readonly box: Box;
  readonly isDifficult: boolean;
  readonly score: number;
  readonly extra: string | null;
  readonly where: FindingPlace;
}

interface LabelFile {
  readonly name: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly shapes: readonly Shape[];
  readonly extra: string | null;
}

function boxOfShape(shape: Readonly<Record<string, unknown>>): Box | null {
  const points = listOf(shape['points']);
  const type = textOf(shape['shape_type']) || 'polygon';
  if (type === 'circle' && points.length === 2) {
    const [[x, y], [atX, atY]] = points.map((point) => listOf(point).map(numberOf)) as [
      [number, number],
      [number, number],
    ];
    const radius = Math.hypot(atX - x, atY - y);
    return [x - radius, y - radius, 2 * radius, 2 * radius];
  }
  if (['rectangle', 'polygon', 'rotation', 'quadrilateral'].includes(type) && points.length >= 2)
    return boundsOfPoints(points);
  return null;
}

function readFile(bytes: Uint8Array, path: string, source: Source, report: RecordReporter): LabelFile {
  const file = source.nameOf(path);
  const document = readJson(bytes, file);
  if (!isRecord(document) || !Array.isArray(document['shapes']))
    throw new BadInput('not-labelme', 'The file has no list of shapes.', 'Check that it is LabelMe’s.', {
      file,
    });
  const written = textOf(document['imagePath']);
  const name = nameBeside(path, written === '' ? `${stemOf(path)}.jpg` : written);
  const size = { width: sizeOrNull(document['imageWidth']), height: sizeOrNull(document['imageHeight']) };
  const others: unknown[] = [];
  const shapes = document['shapes'].flatMap((value: unknown, record): Shape | [] => {
    const where = { file, record, image: name };
    const shape = recordOf(value);
    const className = textOf(shape['label']);
    const type = textOf(shape['shape_type']) || 'polygon';
    if (['point', 'points', 'line', 'linestrip', 'mask'].includes(type)) {
      report.note(
        'shape-without-box',
        'info',
        `Shapes of the kind ${type} are no boxes; they are not read.`,
        where,
      );
      others.push(value);
      return [];
    }
    const bounds = boxOfShape(shape);
    if (bounds === null) {
      report.leaveOut('box-invalid', 'A shape has no points that make a box and was left out.', where);
      return [];
    }
    if (className === '') {
      report.leaveOut('object-without-class', 'A shape has no label and was left out.', where);
      return [];
    }
    const isRectangle = type === 'rectangle';
    if (!isRectangle)
      report.note('polygons-as-boxes', 'info', 'Polygons are read as the boxes around them.', where);
    const box = exactBox(shape, bounds);
    if (!isUsableBox(box, size, report, where)) return [];
    const points = isRectangle ? shape : { ...shape, shape: { type, points: shape['points'] } };
    return {
      className,
      box,
      isDifficult: shape['difficult'] === true,
      score: numberOf(shape['score']),
      extra: keptMembers(points, OF_SHAPE),
      where,
    };
  });
  const kept = others.length > 0 ? { ...document, [OTHER_SHAPES]: others } : document;
  return { name, ...size, shapes, extra: keptMembers(kept, OF_FILE) };
}

export async function readLabelme(
  source: Source,
  paths: readonly string[],
  context: TruthContext,
): Promise<TruthReading> {
  const report = new RecordReporter(context);
  const truth = new NamedTruth();
  await readEach(source, paths, context.progress, (bytes, path) => {
    const { name, width, height, shapes, extra } = readFile(bytes, path, source, report);
    if (truth.indexOf(name) !== undefined)
      report.note(
        'image-repeated',
        'warning',
        'Several files are of an image of the same name; the boxes of all count.',
        {
          file: source.nameOf(path),
          image: name,
        },
      );
    const image = truth.image(name, width, height, context.keepExtra ? extra : null);
    for (const shape of shapes) {
      const kept = context.keepExtra ? shape.extra : null;
      truth.add(
        image,
        truth.classOf(shape.className),
        shape.box,
        shape.isDifficult ? FLAG_DIFFICULT : 0,
        kept,
      );
    }
  });
  return { truth: truth.finish('labelme', context.labelMap, report), findings: report.list() };
}

export async function readLabelmePredictions(
  source: Source,
  paths: readonly string[],
  context: PredictionsContext,
): Promise<RawPredictions> {
  const report = new RecordReporter(context);
  const predictions = new RawPredictionsBuilder(report);
  await readEach(source, paths, context.progress, (bytes, path) => {
    const { name, shapes } = readFile(bytes, path, source, report);
    const image = predictions.image(null, name);
    for (const { className, box, score } of shapes)
      predictions.add(predictions.nextRecord(), image, className, box, score);
  });
  return predictions.finish();
}
