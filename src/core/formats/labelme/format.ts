/** LabelMe and X-AnyLabeling: a JSON file an image. */
import type { PredictionColumns, Truth } from '../../dataset/dataset';
import { FLAG_DIFFICULT } from '../../dataset/dataset';
import { exactMember } from '../exact-box';
import { parseExtra } from '../extra';
import type { Format, TargetFile } from '../format';
import { boundsOfPoints, listOf, recordOf } from '../json/read-json';
import type { Box } from '../named-truth';
import { baseName, safeRelativePath } from '../names';
import { withoutExtension } from '../yolo/layout';
import { rowsByImage } from '../yolo/write-yolo';
import { OTHER_SHAPES, readLabelme, readLabelmePredictions } from './read-labelme';

const boxAt = (box: Float64Array, row: number): Box =>
  [...box.subarray(row * 4, row * 4 + 4)] as unknown as Box;

function shapeOf(
  className: string,
  box: Box,
  members: Record<string, unknown>,
  kept: Record<string, unknown>,
) {
  const { shape, ...others } = kept;
  const polygon = recordOf(shape);
  const own = boundsOfPoints(listOf(polygon['points']));
  const isSame = own !== null && own.every((value, at) => value === box[at]);
  const [x, y, width, height] = box;
  const corners = [
    [x, y],
    [x + width, y + height],
  ];
  const points = isSame ? listOf(polygon['points']) : corners;
  return {
    label: className,
    points,
    group_id: null,
    description: '',
    shape_type: isSame ? polygon['type'] : 'rectangle',
    flags: {},
    ...members,
    ...others,
    ...exactMember(box, boundsOfPoints(points) ?? box),
  };
}

const documentOf = (truth: Truth, image: number, shapes: readonly unknown[]): string => {
  const { fileName, width, height, extra } = truth.images[image]!;
  const name = baseName(safeRelativePath(fileName));
  const { [OTHER_SHAPES]: others, ...kept } = parseExtra(extra);
  const document = {
    version: '5.5.0',
    flags: {},
    shapes: [...shapes, ...listOf(others)],
    imagePath: name,
    imageData: null,
    imageHeight: height,
    imageWidth: width,
    ...kept,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
};

const pathOf = (truth: Truth, image: number): string =>
  `${withoutExtension(safeRelativePath(truth.images[image]!.fileName))}.json`;

function* writeLabelme(truth: Truth): Generator<TargetFile> {
  const { annotations, categories } = truth;
  const rows = rowsByImage(annotations.image, truth.images.length);
  for (const index of truth.images.keys()) {
    const shapes = rows[index]!.map((row) => {
      const isDifficult = (annotations.flags[row]! & FLAG_DIFFICULT) !== 0;
      return shapeOf(
        categories[annotations.category[row]!]!.name,
        boxAt(annotations.box, row),
        isDifficult ? { difficult: true } : {},
        parseExtra(annotations.extra.get(row) ?? null),
      );
    });
    yield { path: pathOf(truth, index), content: [documentOf(truth, index, shapes)] };
  }
}

function* writePredictions(truth: Truth, predictions: PredictionColumns): Generator<TargetFile> {
  const rows = rowsByImage(predictions.image, truth.images.length);
  const plain = { ...truth, images: truth.images.map((image) => ({ ...image, extra: null })) };
  for (const index of truth.images.keys()) {
    const shapes = rows[index]!.map((row) =>
      shapeOf(
        truth.categories[predictions.category[row]!]!.name,
        boxAt(predictions.box, row),
        { score: predictions.score[row] },
        {},
      ),
    );
    yield { path: pathOf(truth, index), content: [documentOf(plain, index, shapes)] };
  }
}

export const labelmeFormat: Format = {
  name: 'labelme',
  title: 'LabelMe, X-AnyLabeling',
  isFileAnImage: true,
  sniff({ text }) {
    if (!/^\s*\{/.test(text) || !/"shapes"\s*:\s*\[/.test(text)) return null;
    if (!/"(imagePath|imageData|imageHeight|version)"\s*:/.test(text)) return null;
    return /"score"\s*:\s*[\d.]/.test(text)
      ? { kind: 'predictions', why: 'a JSON file an image, with shapes and scores' }
      : {
          kind: 'truth',
          why: 'a JSON file an image, with shapes',
          isEither: /"shapes"\s*:\s*\[\s*\]/.test(text),
        };
  },
  readTruth: readLabelme,
  readPredictions: readLabelmePredictions,
  truthWriter: {
    layout: 'folder',
    extension: '',
    expresses: {
      flags: FLAG_DIFFICULT,
      area: false,
      subsets: false,
      emptyClasses: false,
      repeatedClassNames: false,
      needsSizes: false,
      namesArePaths: true,
      fileByStem: false,
    },
    imagePath: (truth, image) => safeRelativePath(truth.images[image]!.fileName),
    write: writeLabelme,
  },
  predictionsWriter: { layout: 'folder', needsSizes: false, write: writePredictions },
};
