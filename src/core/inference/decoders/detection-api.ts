/**
 * TensorFlow's Object Detection API: everything is in the graph, boxes come as shares of the image (ymin, xmin, ymax,
 * xmax), classes count from 1. TF2 exports take `input_tensor`, TF1 exports `image_tensor`; conversions to TF.js often
 * lose the outputs' names.
 */
import type {
  DecoderName,
  DecoderPlan,
  ModelOutputs,
  ModelSignature,
  OutputRole,
  TensorSpec,
} from '../model';
import type { Candidates } from '../suppression';
import {
  assumed,
  concluded,
  FINISHED_BOXES,
  type Decoder,
  type DecoderRun,
  type Reading,
  type Settled,
} from './decoder';
import {
  findImageInput,
  type ImageInput,
  plainInput,
  shapeText,
  shareInput,
  takesFractions,
} from './image-input';
import { optionalPart, outputPart } from './outputs';
import { decodeSeparateOutputs } from './separate-outputs';
import { settleShares } from './yolo-reading';

type Roles = Partial<Record<OutputRole, string>>;

const NAMES: Readonly<Record<string, OutputRole>> = {
  detection_boxes: 'boxes',
  detection_scores: 'scores',
  detection_classes: 'classes',
  // Of modules for TensorFlow 1 (Open Images), which give the names of the classes besides.
  detection_class_labels: 'classes',
  num_detections: 'count',
};

/** TensorFlow's official models tell by it how they resized the image, and give boxes in pixels of what they made of it. */
const IMAGE_INFO = 'image_info';

/** Without the `:0` of TensorFlow's tensors and the folders of a graph. */
const bareName = (name: string): string => name.replace(/:\d+$/, '').replace(/^.*\//, '');

function rolesByName(outputs: readonly TensorSpec[]): Roles {
  const roles: Roles = {};
  for (const { name } of outputs) {
    const role = NAMES[bareName(name)];
    if (role !== undefined) roles[role] ??= name;
  }
  return roles;
}

const isWhole = (roles: Roles): boolean =>
  roles.boxes !== undefined && roles.scores !== undefined && roles.classes !== undefined;

const DECODER: Omit<DecoderPlan, 'name' | 'outputs'> = {
  boxOrder: 'yxyx',
  boxUnit: 'share',
  classBase: 1,
  ...FINISHED_BOXES,
};

const FACTS = [
  concluded(
    'outputs',
    'Boxes are ymin, xmin, ymax, xmax from 0 to 1 of the image, as the Object Detection API gives them.',
  ),
  concluded('class-base', 'The API adds 1 to its classes: the first class is 1, as in its label maps.'),
  concluded('resize', 'The graph resizes and normalises the image itself.'),
];

/** Classes of the multi-class scores less the background, where the graph gives them. */
function classCount(signature: ModelSignature): number | null {
  const scores = signature.outputs.find(({ name }) => bareName(name) === 'detection_multiclass_scores');
  const columns = scores?.shape?.at(-1) ?? null;
  return columns === null ? null : columns - 1;
}

/**
 * TensorFlow's official models (RetinaNet and others of its Model Garden): boxes in pixels of the resized image, or in
 * shares of the original where the export was asked for them, which the first run shows.
 */
function readOfficial(image: ImageInput, roles: Roles, info: TensorSpec): Reading {
  return {
    input: plainInput(image),
    decoder: {
      name: 'tf2-object-detection-api',
      ...DECODER,
      outputs: { ...roles, 'image-info': info.name },
      boxUnit: 'input',
    },
    evidence: [
      concluded(
        'decoder',
        `The outputs are called ${Object.values(roles).join(', ')} and ${info.name}: an export of TensorFlow’s official models (Model Garden).`,
      ),
      assumed(
        'outputs',
        `Boxes are ymin, xmin, ymax, xmax in pixels of the image as the graph resized it, and ${info.name} tells how it did; the first run shows whether they are shares of the image instead.`,
      ),
      concluded('class-base', 'Classes count from 1: 0 is the background.'),
      concluded('resize', 'The graph resizes and normalises the image itself.'),
    ],
  };
}

/** Modules of TensorFlow Hub for TensorFlow 1 that were trained on Open Images: values from 0 to 1, and no batch of boxes. */
function readModule(image: ImageInput, roles: Roles): Reading {
  return {
    input: { ...shareInput(image), batch: 1 },
    decoder: { name: 'tf1-object-detection-api', ...DECODER, outputs: roles },
    evidence: [
      concluded(
        'decoder',
        `The outputs are called ${Object.values(roles).join(', ')} and name each object’s class besides: a module of TensorFlow Hub for TensorFlow 1.`,
      ),
      ...FACTS,
      assumed('normalise', 'RGB from 0 to 1, as these modules take it; --normalise none corrects it.'),
    ],
  };
}

/** Boxes through `image_info`: sizes of the original and the wanted image, factors and offsets, each height before width. */
function decodeThroughInfo(run: DecoderRun): Candidates {
  const candidates = decodeSeparateOutputs(run);
  const info = optionalPart(run.outputs, run.plan, 'image-info', run.index, 2);
  if (info === null || run.plan.boxUnit === 'share') return candidates;
  const at = (place: number): number => info.data[info.offset + place]!;
  const [scaleY, scaleX, offsetY, offsetX] = [at(4), at(5), at(6), at(7)];
  const corners = candidates.corners.map((value, place) =>
    place % 2 === 0 ? (value + offsetX) / scaleX : (value + offsetY) / scaleY,
  );
  return { ...candidates, corners };
}

function settleOfficial(plan: DecoderPlan, outputs: ModelOutputs): Settled {
  if (plan.outputs['image-info'] === undefined) return { plan, evidence: [] };
  const { data, offset, length } = outputPart(outputs, plan, 'boxes', 0, 2);
  return settleShares(plan, data.subarray(offset, offset + length));
}

function readByName(
  name: DecoderName,
  inputName: string,
  signature: ModelSignature,
  isAsked: boolean,
  isTold = false,
) {
  const image = findImageInput(signature);
  const roles = rolesByName(signature.outputs);
  if (image === null || !isWhole(roles)) return null;
  if (!isAsked && bareName(image.spec.name) !== inputName && !isTold) return null;
  const info = signature.outputs.find(({ name }) => bareName(name) === IMAGE_INFO);
  if (info) return readOfficial(image, roles, info);
  if (signature.outputs.some(({ name }) => bareName(name) === 'detection_class_entities'))
    return readModule(image, roles);
  return {
    input: plainInput(image),
    decoder: { name, outputs: roles, ...DECODER, classCount: classCount(signature) },
    evidence: [
      concluded(
        'decoder',
        `The outputs are called ${Object.values(roles).join(', ')} and the input ${image.spec.name}: an export of the Object Detection API${name === 'tf1-object-detection-api' ? ' for TensorFlow 1' : ' for TensorFlow 2'}.`,
      ),
      ...FACTS,
    ],
  };
}

/** TensorFlow 2 keeps its model as functions, which its SavedModels call; TensorFlow 1 knew none. */
const isOfTensorflow1 = ({ form, operators }: ModelSignature): boolean =>
  form === 'saved-model' && operators !== null && !operators.some((name) => name.endsWith('PartitionedCall'));

export const tf2DetectionApi: Decoder = {
  name: 'tf2-object-detection-api',
  read: (signature, _context, isAsked) => {
    const reading = readByName('tf2-object-detection-api', 'input_tensor', signature, isAsked);
    if (reading) return reading;
    // Other inputs with the API's own output names: exporters rename inputs, and TF1's name has its own decoder.
    const image = findImageInput(signature);
    return image && bareName(image.spec.name) !== 'image_tensor' && !isOfTensorflow1(signature)
      ? readByName('tf2-object-detection-api', bareName(image.spec.name), signature, true)
      : null;
  },
  decode: decodeThroughInfo,
  settle: settleOfficial,
};

export const tf1DetectionApi: Decoder = {
  name: 'tf1-object-detection-api',
  read: (signature, _context, isAsked) =>
    readByName('tf1-object-detection-api', 'image_tensor', signature, isAsked, isOfTensorflow1(signature)),
  decode: decodeSeparateOutputs,
};

/** The API's outputs in the order of their names, in which converters number them as `Identity`, `Identity_1`, ... */
const ALL_NAMES = [
  'detection_anchor_indices',
  'detection_boxes',
  'detection_classes',
  'detection_multiclass_scores',
  'detection_scores',
  'num_detections',
  'raw_detection_boxes',
  'raw_detection_scores',
];
const SHORT_NAMES = ['detection_boxes', 'detection_classes', 'detection_scores', 'num_detections'];

const identityNumber = (name: string): number | null => {
  const match = /^Identity(?:_(\d+))?$/.exec(bareName(name));
  return match ? Number(match[1] ?? 0) : null;
};

const isBoxes = ({ shape }: TensorSpec): boolean => shape !== null && shape.length === 3 && shape[2] === 4;
const isList = ({ shape }: TensorSpec): boolean => shape?.length === 2;
const isCount = ({ shape }: TensorSpec): boolean => shape?.length === 1;

/** Roles by the number that the converter gave, checked against the shapes. */
function rolesByNumber(outputs: readonly TensorSpec[]): Roles {
  const roles: Roles = {};
  const order = outputs.length > SHORT_NAMES.length ? ALL_NAMES : SHORT_NAMES;
  for (const spec of outputs) {
    const number = identityNumber(spec.name);
    const role = number === null ? undefined : NAMES[order[number] ?? ''];
    const fits = { boxes: isBoxes, scores: isList, classes: isList, count: isCount };
    if (role !== undefined && role in fits && fits[role as keyof typeof fits](spec))
      roles[role] ??= spec.name;
  }
  return roles;
}

/** What shapes alone leave over: the shortest box list is the detections', the longer one the raw boxes. */
function rolesByShape(outputs: readonly TensorSpec[], known: Roles): Roles {
  const free = outputs.filter(({ name }) => !Object.values(known).includes(name));
  const boxes = free.filter(isBoxes).sort((a, b) => (a.shape![1] ?? 0) - (b.shape![1] ?? 0));
  const lists = free.filter(isList);
  const found: Partial<Record<OutputRole, TensorSpec | undefined>> = {
    boxes: boxes[0],
    classes: known.classes === undefined ? lists.shift() : undefined,
    scores: known.scores === undefined ? lists.shift() : undefined,
    count: free.find(isCount),
  };
  const roles: Roles = { ...known };
  for (const role of ['boxes', 'classes', 'scores', 'count'] as const) {
    const spec = found[role];
    if (roles[role] === undefined && spec !== undefined) roles[role] = spec.name;
  }
  return roles;
}

/** Boxes, scores and classes are lists of one length. */
function areAsMany({ outputs }: ModelSignature, { boxes, scores, classes }: Roles): boolean {
  const lengths = [boxes, scores, classes].map(
    (name) => outputs.find((output) => output.name === name)?.shape?.[1],
  );
  return new Set(lengths).size === 1;
}

/** TensorFlow Lite's operation for the last step, whose four outputs conversions to other formats keep. */
const TFLITE = /TFLite_Detection_PostProcess/;

const isOfTflite = ({ outputs, operators }: ModelSignature): boolean =>
  outputs.length === 4 &&
  (outputs.some(({ name }) => TFLITE.test(name)) ||
    (operators?.some((operator) => TFLITE.test(operator)) ?? false) ||
    outputs.every(({ name }) => /^StatefulPartitionedCall(:\d)?$/.test(name)));

/** Its classes count from 0, and floats go in from -1 to 1. */
function asTflite(reading: Reading, image: ImageInput): Reading {
  const isNormalised = takesFractions(image);
  return {
    input: isNormalised
      ? { ...reading.input, scale: 1, mean: [127.5, 127.5, 127.5], deviation: [127.5, 127.5, 127.5] }
      : reading.input,
    decoder: { ...reading.decoder, classBase: 0 },
    evidence: [
      ...reading.evidence.filter(({ about }) => about !== 'class-base' && about !== 'resize'),
      assumed(
        'class-base',
        'Classes count from 0, as TensorFlow Lite’s last step gives them; --class-base 1 corrects it.',
      ),
      assumed('resize', 'The image is stretched to the input; --resize letterbox corrects it.'),
      ...(isNormalised
        ? [
            assumed(
              'normalise',
              'RGB from -1 to 1, as the API’s SSDs for TensorFlow Lite take it; --normalise corrects it.',
            ),
          ]
        : []),
    ],
  };
}

function readNameless(signature: ModelSignature, isAsked: boolean): Reading | null {
  const image = findImageInput(signature);
  if (image === null || image.layout !== 'nhwc') return null;
  const { outputs } = signature;
  const isTflite = isOfTflite(signature);
  if (!isAsked && !isTflite && !outputs.some(({ name }) => identityNumber(name) !== null)) return null;
  const named = rolesByName(outputs);
  const byNumber = { ...rolesByNumber(outputs), ...named };
  const roles = rolesByShape(outputs, byNumber);
  const boxes = outputs.find(({ name }) => name === roles.boxes);
  if (!isWhole(roles) || boxes === undefined || !isBoxes(boxes)) return null;
  if (!isAsked && !areAsMany(signature, roles)) return null;
  const told = Object.entries(roles).map(([role, name]) => {
    const spec = outputs.find((output) => output.name === name)!;
    return `${name} ${shapeText(spec)} is the ${role}`;
  });
  const reading: Reading = {
    input: plainInput(image),
    decoder: { name: 'tfjs-object-detection-api', outputs: roles, ...DECODER },
    evidence: [
      concluded(
        'decoder',
        'The outputs are those of the Object Detection API, some of which lost their names on conversion.',
      ),
      assumed(
        'outputs',
        `By name, by the converter's numbering (outputs in the order of their names) and by shape: ${told.join('; ')}. The first run checks it: scores lie between 0 and 1, classes are whole numbers.`,
      ),
      ...FACTS,
    ],
  };
  return isTflite ? asTflite(reading, image) : reading;
}

/** What numbers can be: classes are whole and from 0 on; scores lie within 0 to 1 and are not all whole. */
function valuesLookLike(plan: DecoderPlan, outputs: ModelOutputs, role: 'scores' | 'classes') {
  const { data, offset, length } = outputPart(outputs, plan, role, 0, 1);
  const values = data.subarray(offset, offset + length);
  const areWhole = values.every((value) => Number.isInteger(value));
  if (values.every((value) => value >= 0 && value <= 1) && !areWhole) return 'scores';
  return areWhole && values.every((value) => value >= 0) ? 'classes' : null;
}

export const tfjsDetectionApi: Decoder = {
  name: 'tfjs-object-detection-api',
  read: (signature, _context, isAsked) => readNameless(signature, isAsked),
  decode: decodeSeparateOutputs,
  settle: (plan, outputs) => {
    const { scores, classes } = plan.outputs;
    const isSwapped =
      valuesLookLike(plan, outputs, 'scores') === 'classes' &&
      valuesLookLike(plan, outputs, 'classes') === 'scores';
    if (!isSwapped || scores === undefined || classes === undefined) return { plan, evidence: [] };
    return {
      plan: { ...plan, outputs: { ...plan.outputs, scores: classes, classes: scores } },
      evidence: [
        concluded(
          'outputs',
          `The first run showed whole numbers in ${scores} and values between 0 and 1 in ${classes}: ${classes} holds the scores, ${scores} the classes.`,
        ),
      ],
    };
  },
};
