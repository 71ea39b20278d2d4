/**
 * What `transformers` (and Optimum, which exports its models) writes beside a model: `config.json` with the architecture
 * and the class names, `preprocessor_config.json` with how images are prepared.
 */
import type { ImagePreparation, InputPlan, ModelContext, TransformersExport } from '../model';
import { concluded, type Reading } from './decoder';
import type { Fields } from './export-fields';
import { isFields, isSide } from './export-fields';
import { sizeText } from './image-input';

function readFields(text: string | null): Fields {
  if (text === null) return {};
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : {};
  } catch {
    // Another tool's file, or none at all: the model is understood as if it were not there.
    return {};
  }
}

function triple(value: unknown, otherwise: number): readonly [number, number, number] {
  const numbers: readonly unknown[] = Array.isArray(value) ? value : [value, value, value];
  const [first, second, third] = numbers.map((entry) => (typeof entry === 'number' ? entry : otherwise));
  return [first ?? otherwise, second ?? otherwise, third ?? otherwise];
}

/** `size` as it is now, and as a number with `max_size`, as it was in older versions. */
function sizeOf({ size, max_size: longest, do_resize: isResized }: Fields): ImagePreparation['size'] {
  if (isResized === false) return null;
  const given: Fields = isFields(size) ? size : { shortest_edge: size, longest_edge: longest };
  const { height, width, shortest_edge: shorter, longest_edge: longer } = given;
  if (isSide(height) && isSide(width)) return { kind: 'exact', height, width };
  if (!isSide(shorter)) return null;
  return { kind: 'sides', shorter, longer: isSide(longer) ? longer : 65_536 };
}

function preparationOf(fields: Fields): ImagePreparation | null {
  if (fields['image_processor_type'] === undefined && fields['feature_extractor_type'] === undefined)
    return null;
  const isNormalised = fields['do_normalize'] !== false;
  const factor = fields['rescale_factor'];
  return {
    size: sizeOf(fields),
    filter: typeof fields['resample'] === 'number' ? fields['resample'] : null,
    scale: fields['do_rescale'] === false ? 1 : typeof factor === 'number' ? factor : 1 / 255,
    mean: isNormalised ? triple(fields['image_mean'], 0) : [0, 0, 0],
    deviation: isNormalised ? triple(fields['image_std'], 1) : [1, 1, 1],
  };
}

/** More classes than any list of names has; a wild class number would make the list of names endless. */
const MOST_CLASSES = 100_000;

/** `id2label`; null where it holds only the stand-ins of a model whose classes were never named. */
function namesOf(value: unknown): readonly (string | null)[] | null {
  if (typeof value !== 'object' || value === null) return null;
  const names: (string | null)[] = [];
  for (const [key, name] of Object.entries(value)) {
    const number = Number(key);
    if (!Number.isInteger(number) || number < 0 || number >= MOST_CLASSES) return null;
    names[number] = typeof name === 'string' ? name : null;
  }
  if (names.length === 0 || names.every((name, number) => name === `LABEL_${number}`)) return null;
  return Array.from(names, (name) => name ?? null);
}

/** Null where neither text is of `transformers`. */
export function readTransformersExport(
  config: string | null,
  processor: string | null,
): TransformersExport | null {
  const { model_type: type, id2label: labels } = readFields(config);
  const modelType = typeof type === 'string' ? type : null;
  const preparation = preparationOf(readFields(processor));
  if (modelType === null && preparation === null) return null;
  return { modelType, names: modelType === null ? null : namesOf(labels), preparation };
}

/** Pillow's number of the bilinear filter. */
const BILINEAR = 2;

function resized(input: InputPlan, { size }: ImagePreparation, isOpen: boolean): InputPlan {
  if (size === null || !isOpen) return input;
  if (size.kind === 'exact')
    return { ...input, resize: 'stretch', size: { height: size.height, width: size.width } };
  return {
    ...input,
    resize: 'letterbox',
    size: { height: size.shorter, width: size.longer },
    letterbox: { fill: 0, place: 'corner', rounding: 'sides', multipleOf: 1 },
    batch: input.batch ?? 1,
  };
}

const told = (numbers: readonly number[]): string => numbers.join(', ');

/** The reading of a model of `transformers` with the preparation that its own file names. `isOpen`: inputs of any size. */
export function withPreparation(reading: Reading, context: ModelContext, isOpen: boolean): Reading {
  const preparation = context.transformers?.preparation ?? null;
  const { name, outputs } = reading.decoder;
  if (preparation === null || (name !== 'detr' && name !== 'rt-detr') || outputs.rows !== undefined)
    return reading;
  const { scale, mean, deviation, size, filter } = preparation;
  const input = { ...resized(reading.input, preparation, isOpen), scale, mean, deviation };
  const file = 'the preprocessor_config.json beside the model';
  const isTold = { size: size !== null, filter: filter === null || filter === BILINEAR };
  const kept = reading.evidence.filter(
    ({ about }) =>
      about !== 'normalise' &&
      !(about === 'resize' && isTold.filter && isTold.size) &&
      !(about === 'input-size' && isOpen && isTold.size),
  );
  return {
    ...reading,
    input,
    evidence: [
      ...kept,
      concluded(
        'normalise',
        `By ${file}: RGB grey levels times ${scale}, less ${told(mean)}, by ${told(deviation)}.`,
      ),
      ...(isTold.size && isTold.filter ? [sizeEvidence(input, file)] : []),
      ...(isTold.size && isOpen ? [concluded('input-size', sizeSentence(input, file))] : []),
    ],
  };
}

const sizeSentence = ({ size, letterbox }: InputPlan, file: string): string =>
  letterbox === null
    ? `The input may have any size; by ${file} it is ${sizeText(size!)}.`
    : `The input may have any size; by ${file} its shorter side is ${size!.height}, its longer at most ${size!.width}.`;

const sizeEvidence = ({ letterbox }: InputPlan, file: string) =>
  concluded(
    'resize',
    letterbox === null
      ? `By ${file} the image is stretched to the input, bilinear with antialiasing.`
      : `By ${file} the image keeps its aspect and is not padded, bilinear with antialiasing.`,
  );
