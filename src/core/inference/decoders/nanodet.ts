/**
 * NanoDet: for each place of a grid class scores and, for each side of the box, a distribution of its distance from the
 * place in cells (softmax over the bins, its mean times the stride). Older exports have two outputs a level (scores
 * `[batch, cells, C]` and distances `[batch, cells, 4 * bins]`), NanoDet-Plus one output of all levels
 * `[batch, cells, C + 4 * bins]` with places at the cells' upper left corners.
 */
import type { DecoderPlan, ImageSize, ModelContext, ModelSignature, OutputRole, TensorSpec } from '../model';
import type { Candidates } from '../suppression';
import { CandidateList } from './candidate-list';
import { addWithClasses } from './class-columns';
import { assumed, concluded, type Decoder, type DecoderRun, type Reading } from './decoder';
import { findImageInput, type ImageInput, plainInput, shapeText, sizeText } from './image-input';
import { outputPart } from './outputs';
import { gridCells, gridOf } from './yolo-metadata';
import { knownClassCount } from './yolo-reading';

/** Of NanoDet's own evaluation. */
const SUPPRESSION = { iou: 0.6, perClass: true } as const;
/** BGR grey levels, of NanoDet's own configurations. */
const MEAN = [103.53, 116.28, 123.675] as const;
const DEVIATION = [57.375, 57.12, 58.395] as const;
const STRIDES = [8, 16, 32] as const;
const PLUS_STRIDES = [8, 16, 32, 64];
const PLUS_BINS = 8;

interface Level {
  readonly scores: TensorSpec;
  readonly distances: TensorSpec;
}

/** The pair of outputs of every level; null where they are not of this kind. */
function findLevels({ outputs }: ModelSignature, size: ImageSize, classes: number | null): Level[] | null {
  const levels: Level[] = [];
  for (const stride of STRIDES) {
    const cells = gridCells(size, [stride]);
    const pair = outputs.filter(
      ({ shape }) => shape?.length === 3 && shape[1] === cells && shape[2] !== null,
    );
    if (pair.length !== 2) return null;
    const [first, second] = pair as [TensorSpec, TensorSpec];
    const isFirstScores = classes === null ? !couldBeDistances(first) : first.shape![2] === classes;
    const [scores, distances] = isFirstScores ? [first, second] : [second, first];
    if (!couldBeDistances(distances)) return null;
    levels.push({ scores, distances });
  }
  const bins = new Set(levels.map(({ distances }) => distances.shape![2]));
  return bins.size === 1 ? levels : null;
}

/** Four sides of 8 to 17 bins each (NanoDet has 8 or 11). */
const couldBeDistances = ({ shape }: TensorSpec): boolean => {
  const columns = shape![2]!;
  return columns % 4 === 0 && columns >= 32 && columns <= 68;
};

/** Mean of the softmax of `bins` values: the distance in cells. */
function meanDistance(data: ArrayLike<number>, at: number, bins: number): number {
  let most = -Infinity;
  for (let bin = 0; bin < bins; bin++) most = Math.max(most, data[at + bin]!);
  let sum = 0;
  let weighted = 0;
  for (let bin = 0; bin < bins; bin++) {
    const power = Math.exp(data[at + bin]! - most);
    sum += power;
    weighted += power * bin;
  }
  return weighted / sum;
}

interface LevelData {
  readonly scores: ArrayLike<number>;
  readonly distances: ArrayLike<number>;
  /** Place of a cell's first score and of its first bin. */
  readonly scoresAt: (cell: number) => number;
  readonly distancesAt: (cell: number) => number;
  readonly classes: number;
  readonly bins: number;
}

function addLevel(
  list: CandidateList,
  { plan, inputWidth, inputHeight, scoreThreshold }: DecoderRun,
  stride: number,
  shift: number,
  level: LevelData,
): void {
  const columns = Math.ceil(inputWidth / stride);
  const cells = columns * Math.ceil(inputHeight / stride);
  const scores = new Float64Array(level.classes);
  for (let cell = 0; cell < cells; cell++) {
    const from = level.scoresAt(cell);
    let best = 0;
    for (let column = 0; column < level.classes; column++) {
      scores[column] = level.scores[from + column]!;
      best = Math.max(best, scores[column]!);
    }
    if (!(best >= scoreThreshold)) continue;
    const x = ((cell % columns) + shift) * stride;
    const y = (Math.floor(cell / columns) + shift) * stride;
    const sides = [0, 1, 2, 3].map(
      (side) =>
        meanDistance(level.distances, level.distancesAt(cell) + side * level.bins, level.bins) * stride,
    ) as [number, number, number, number];
    const box = [x - sides[0], y - sides[1], x + sides[2], y + sides[3]] as const;
    addWithClasses(list, plan, scores, scoreThreshold, box);
  }
}

function decodeLevels(run: DecoderRun): Candidates {
  const { plan, outputs, index } = run;
  const list = new CandidateList(plan.boxOrder);
  plan.strides?.forEach((stride, number) => {
    const scores = outputPart(outputs, plan, `level-${number}`, index, 2);
    const distances = outputPart(outputs, plan, `distances-${number}`, index, 2);
    const classes = scores.shape.at(-1)!;
    const width = distances.shape.at(-1)!;
    addLevel(list, run, stride, 0.5, {
      scores: scores.data,
      distances: distances.data,
      scoresAt: (cell) => scores.offset + cell * classes,
      distancesAt: (cell) => distances.offset + cell * width,
      classes,
      bins: width / 4,
    });
  });
  return list.candidates();
}

function decodePlus(run: DecoderRun): Candidates {
  const { plan, outputs, index, inputWidth, inputHeight } = run;
  const { data, offset, shape } = outputPart(outputs, plan, 'rows', index, 2);
  const width = shape.at(-1)!;
  const classes = width - 4 * PLUS_BINS;
  const list = new CandidateList(plan.boxOrder);
  let first = offset;
  for (const stride of plan.strides ?? PLUS_STRIDES) {
    const start = first;
    addLevel(list, run, stride, 0, {
      scores: data,
      distances: data,
      scoresAt: (cell) => start + cell * width,
      distancesAt: (cell) => start + cell * width + classes,
      classes,
      bins: PLUS_BINS,
    });
    first += gridCells({ width: inputWidth, height: inputHeight }, [stride]) * width;
  }
  return list.candidates();
}

function reading(
  image: ImageInput,
  size: ImageSize,
  outputs: DecoderPlan['outputs'],
  strides: readonly number[],
  classCount: number | null,
  why: string,
): Reading {
  return {
    input: {
      ...plainInput(image),
      channels: 'bgr',
      resize: 'stretch',
      size,
      interpolation: 'opencv',
      mean: MEAN,
      deviation: DEVIATION,
    },
    decoder: {
      name: 'nanodet',
      outputs,
      boxOrder: 'xyxy',
      boxUnit: 'input',
      classBase: 0,
      background: null,
      activation: 'none',
      classesPerBox: 'all',
      suppression: SUPPRESSION,
      classCount,
      strides,
      isValuesFirst: false,
    },
    evidence: [
      concluded('decoder', why),
      concluded('input-size', `The input is ${sizeText(size)}.`),
      assumed(
        'resize',
        'The image is stretched to the input, as NanoDet’s configurations have it; --resize letterbox corrects it.',
      ),
      assumed(
        'normalise',
        'BGR grey levels less the mean 103.53, 116.28, 123.675, by the deviation 57.375, 57.12, 58.395, as NanoDet’s configurations have it; the file does not say it: --normalise and --channels correct it.',
      ),
      assumed('class-base', 'Classes count from 0; --class-base 1 corrects it.'),
      assumed(
        'suppression',
        `Overlaps above IoU ${SUPPRESSION.iou} within a class go, as in NanoDet’s evaluation; it is not part of the file.`,
      ),
    ],
  };
}

function readLevels(signature: ModelSignature, context: ModelContext, image: ImageInput, size: ImageSize) {
  const known = knownClassCount(context, null);
  const levels = findLevels(signature, size, known) ?? findLevels(signature, size, null);
  if (levels === null) return null;
  const outputs: Partial<Record<OutputRole, string>> = {};
  levels.forEach(({ scores, distances }, number) => {
    outputs[`level-${number}`] = scores.name;
    outputs[`distances-${number}`] = distances.name;
  });
  const told = levels.map(
    ({ scores, distances }) =>
      `${scores.name} ${shapeText(scores)} with ${distances.name} ${shapeText(distances)}`,
  );
  const classCount = levels[0]!.scores.shape![2]!;
  return reading(
    image,
    size,
    outputs,
    STRIDES,
    classCount,
    `${told.join(', ')}: class scores and distances of the sides for each cell of three grids, as NanoDet gives them.`,
  );
}

export const nanodet: Decoder = {
  name: 'nanodet',
  read: (signature, context, isAsked) => {
    const image = findImageInput(signature);
    if (image === null || image.size === null) return null;
    const levels = readLevels(signature, context, image, image.size);
    if (levels) return levels;
    const rows = signature.outputs.find(({ shape }) => shape?.length === 3);
    const columns = rows?.shape?.[2] ?? null;
    if (rows === undefined || columns === null || columns <= 4 * PLUS_BINS) return null;
    // The same grid of four levels serves YOLO's large variants, whose metadata says so.
    const isGrid = rows.shape![1] === gridCells(image.size, PLUS_STRIDES);
    const isYolo =
      Object.keys(signature.metadata).includes('names') || gridOf(image.size, rows.shape![1]!, 3);
    if (!isGrid || (isYolo && !isAsked)) return null;
    return reading(
      image,
      image.size,
      { rows: rows.name },
      PLUS_STRIDES,
      columns - 4 * PLUS_BINS,
      `${rows.name} ${shapeText(rows)}: class scores and ${4 * PLUS_BINS} bins of distances for each cell of four grids, as NanoDet-Plus gives them.`,
    );
  },
  decode: (run) => (run.plan.outputs.rows === undefined ? decodeLevels(run) : decodePlus(run)),
};
