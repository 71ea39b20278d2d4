/** What the user says instead of what was understood. */
import { BadInput } from '../foundation/bad-input';
import type { Reading } from './decoders/decoder';
import { sizeText, ULTRALYTICS_LETTERBOX } from './decoders/image-input';
import type { DecoderPlan, Evidence, ImageSize, InputPlan, PlanOverrides, Resize } from './model';

type Triple = readonly [number, number, number];

function triple(numbers: readonly number[]): Triple {
  const [first, second = first, third = first] = numbers;
  if (first === undefined || second === undefined || third === undefined || numbers.length === 2)
    throw new BadInput(
      'option-invalid',
      'A mean or deviation has one number or three.',
      'Give one or three.',
    );
  return [first, second, third];
}

/**
 * `MEAN/STD`, each one number or three with commas, in the order of the channels; `none`: grey levels as they are.
 * With any number above 1 they are grey levels 0 to 255, else they apply to values from 0 to 1.
 */
export function readNormalise(text: string): NonNullable<PlanOverrides['normalise']> {
  if (text === 'none') return 'none';
  const parts = text.split('/').map((part) => part.split(',').map((number) => Number(number.trim() || NaN)));
  const [mean, deviation] = parts;
  if (
    parts.length !== 2 ||
    !mean ||
    !deviation ||
    ![...mean, ...deviation].every(Number.isFinite) ||
    deviation.includes(0)
  )
    throw new BadInput(
      'option-invalid',
      `“${text}” is no MEAN/STD.`,
      'Give for instance 0.485,0.456,0.406/0.229,0.224,0.225, 127.5/127.5, 0/1 (values from 0 to 1), or none.',
    );
  return { mean: triple(mean), deviation: triple(deviation) };
}

/** `HxW`, or one number for a square. */
export function readInputSize(text: string): ImageSize {
  const match = /^(\d{1,5})(?:[x×,](\d{1,5}))?$/i.exec(text.trim());
  const height = Number(match?.[1]);
  const width = Number(match?.[2] ?? match?.[1]);
  if (!(height > 0 && width > 0))
    throw new BadInput(
      'option-invalid',
      `“${text}” is no input size.`,
      'Give HEIGHTxWIDTH, for instance 480x640.',
    );
  return { height, width };
}

function normalised(input: InputPlan, normalise: PlanOverrides['normalise']): InputPlan {
  if (normalise === undefined) return input;
  if (normalise === 'none') return { ...input, scale: 1, mean: [0, 0, 0], deviation: [1, 1, 1] };
  const mean = triple(normalise.mean);
  const deviation = triple(normalise.deviation);
  const isInLevels = [...mean, ...deviation].some((number) => number > 1);
  return { ...input, scale: isInLevels ? 1 : 1 / 255, mean, deviation };
}

function sized(input: InputPlan, size: ImageSize | undefined, fixed: ImageSize | null): InputPlan {
  if (size === undefined) return input;
  if (fixed !== null && (fixed.width !== size.width || fixed.height !== size.height))
    throw new BadInput(
      'model-input-size',
      `The model's input is fixed at ${sizeText(fixed)} (width × height); it takes no other size.`,
      'Leave --input-size out, or export the model with an input of any size.',
    );
  return { ...input, size, resize: input.resize === 'none' ? 'stretch' : input.resize };
}

function resized(input: InputPlan, resize: Resize | undefined): InputPlan {
  if (resize === undefined) return input;
  if (resize === 'none') return { ...input, resize, letterbox: null };
  if (input.size === null)
    throw new BadInput(
      'model-input-size',
      'The model takes images of any size and resizes them itself; to resize before it, a size is needed.',
      'Give --input-size too.',
    );
  return {
    ...input,
    resize,
    letterbox: resize === 'letterbox' ? (input.letterbox ?? ULTRALYTICS_LETTERBOX) : null,
  };
}

function recounted(decoder: DecoderPlan, { background, classBase }: PlanOverrides): DecoderPlan {
  if (background === undefined && classBase === undefined) return decoder;
  const hasColumns = decoder.outputs.classes === undefined && decoder.outputs.rows === undefined;
  const columns =
    decoder.classCount === null ? null : decoder.classCount + (decoder.background === null ? 0 : 1);
  // Classes that count from 0 leave no room for a background at 0.
  const implied = classBase === 0 && decoder.background === 0 ? null : decoder.background;
  const chosen = background === undefined ? implied : background;
  const base = classBase ?? (background === undefined ? decoder.classBase : background === 0 ? 1 : 0);
  return {
    ...decoder,
    background: chosen,
    classBase: base,
    classCount: hasColumns && columns !== null ? columns - (chosen === null ? 0 : 1) : decoder.classCount,
  };
}

/** Keys of the evidence that an override makes void. */
const ABOUT: Readonly<Partial<Record<keyof PlanOverrides, Evidence['about']>>> = {
  decoder: 'decoder',
  classBase: 'class-base',
  background: 'background',
  inputSize: 'input-size',
  resize: 'resize',
  normalise: 'normalise',
  channels: 'channels',
  suppression: 'suppression',
  outputs: 'outputs',
};

/** The reading with the user's word in place of what was understood. `fixedSize`: of the file's input. */
export function applyOverrides(
  reading: Reading,
  overrides: PlanOverrides,
  fixedSize: ImageSize | null,
): Reading {
  const input = normalised(
    resized(sized(reading.input, overrides.inputSize, fixedSize), overrides.resize),
    overrides.normalise,
  );
  const decoder = recounted(reading.decoder, overrides);
  const said = Object.entries(overrides).flatMap(([key, value]) =>
    value === undefined ? [] : [ABOUT[key as keyof PlanOverrides]],
  );
  return {
    input: overrides.channels ? { ...input, channels: overrides.channels } : input,
    decoder: {
      ...decoder,
      ...(overrides.suppression === undefined ? {} : { suppression: overrides.suppression }),
      ...(overrides.boxOrder ? { boxOrder: overrides.boxOrder } : {}),
      ...(overrides.boxUnit ? { boxUnit: overrides.boxUnit } : {}),
      ...(overrides.activation ? { activation: overrides.activation } : {}),
    },
    evidence: reading.evidence.map((entry) =>
      said.includes(entry.about) && entry.isAssumed
        ? { about: entry.about, sentence: 'As you say.', isAssumed: false }
        : entry,
    ),
  };
}
