/** One thing done otherwise when a model is run again: what only running it can tell. */
import type { ChannelOrder, ImageSize, InputPlan, PlanOverrides, Resize } from '../model';
import type { PictureChange } from './picture-change';

export interface ModelChange {
  readonly inputSize?: ImageSize;
  readonly channels?: ChannelOrder;
  readonly normalise?: NonNullable<PlanOverrides['normalise']>;
  readonly resize?: Resize;
  readonly scoreThreshold?: number;
  readonly flip?: 'horizontal' | 'vertical';
  /** In parts of the image's sides, to the right and down. */
  readonly shift?: { readonly x: number; readonly y: number };
  /** A border on all sides, in parts of the image's sides. */
  readonly pad?: number;
}

/** What the change says of the model's input. */
export function changedOverrides(overrides: PlanOverrides, change: ModelChange): PlanOverrides {
  const { inputSize, channels, normalise, resize } = change;
  return {
    ...overrides,
    ...(inputSize === undefined ? {} : { inputSize }),
    ...(channels === undefined ? {} : { channels }),
    ...(normalise === undefined ? {} : { normalise }),
    ...(resize === undefined ? {} : { resize }),
  };
}

/** What the change does to the image; null where it leaves it. */
export function pictureOf({ flip, shift, pad }: ModelChange): PictureChange | null {
  if (flip === undefined && shift === undefined && pad === undefined) return null;
  return { flip: flip ?? null, shift: shift ?? { x: 0, y: 0 }, pad: pad ?? 0 };
}

const percent = (part: number): string => `${Math.round(Math.abs(part) * 100)} %`;

function normaliseWords(normalise: NonNullable<ModelChange['normalise']>): string {
  if (normalise === 'none') return 'grey levels 0 to 255';
  const { mean, deviation } = normalise;
  if (mean.every((value) => value === 0) && deviation.every((value) => value === 1)) return 'values 0 to 1';
  return `normalised by ${mean.join(', ')} / ${deviation.join(', ')}`;
}

function shiftWords({ x, y }: NonNullable<ModelChange['shift']>): string {
  const words = [
    ...(x === 0 ? [] : [`${percent(x)} to the ${x > 0 ? 'right' : 'left'}`]),
    ...(y === 0 ? [] : [`${percent(y)} ${y > 0 ? 'down' : 'up'}`]),
  ];
  return `shifted ${words.join(' and ') || 'nowhere'}`;
}

/** For people: `BGR, shifted 25 % to the left`. */
export function changeWords(change: ModelChange): string {
  const { inputSize, channels, normalise, resize, scoreThreshold, flip, shift, pad } = change;
  const words = [
    ...(inputSize ? [`input ${inputSize.width} × ${inputSize.height}`] : []),
    ...(channels ? [channels.toUpperCase()] : []),
    ...(normalise ? [normaliseWords(normalise)] : []),
    ...(resize
      ? [resize === 'none' ? 'not resized' : resize === 'stretch' ? 'stretched' : 'letterboxed']
      : []),
    ...(scoreThreshold === undefined ? [] : [`scores from ${scoreThreshold}`]),
    ...(flip ? [flip === 'horizontal' ? 'flipped left to right' : 'flipped upside down'] : []),
    ...(shift ? [shiftWords(shift)] : []),
    ...(pad === undefined ? [] : [`a border of ${percent(pad)}`]),
  ];
  return words.join(', ') || 'as it is';
}

const IMAGE_NET = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] } as const;
const NORMALISATIONS: readonly NonNullable<ModelChange['normalise']>[] = [
  'none',
  { mean: [0], deviation: [1] },
  { mean: [127.5], deviation: [127.5] },
  IMAGE_NET,
];

const triple = (values: readonly number[]): readonly number[] =>
  values.length === 1 ? [...values, ...values, ...values] : values;

/** Input values of black and white by this normalisation: equal ones are one normalisation. */
function valuesOf(normalise: NonNullable<ModelChange['normalise']>): number[] {
  if (normalise === 'none') return [0, 0, 0, 255, 255, 255];
  const mean = triple(normalise.mean);
  const deviation = triple(normalise.deviation);
  const white = [...mean, ...deviation].some((value) => value > 1) ? 255 : 1;
  return [0, white].flatMap((level) => mean.map((value, channel) => (level - value) / deviation[channel]!));
}

const valuesOfPlan = ({ scale, mean, deviation }: InputPlan): number[] =>
  [0, 255 * scale].flatMap((level) => mean.map((value, channel) => (level - value) / deviation[channel]!));

const areAlike = (a: readonly number[], b: readonly number[]): boolean =>
  a.every((value, at) => Math.abs(value - b[at]!) < 0.01);

const STEP = 32;
const SIZES = [0.5, 0.75, 1.5, 2] as const;

function otherSizes(size: ImageSize): ImageSize[] {
  const toStep = (side: number): number => Math.max(STEP, Math.round(side / STEP) * STEP);
  return SIZES.map((factor) => ({
    height: toStep(size.height * factor),
    width: toStep(size.width * factor),
  }));
}

/**
 * What is worth trying of a model's input: the other channel order, other normalisations (where the input takes
 * fractions) and other sizes (where `isSizeOpen`: the file fixes none and the plan names one).
 */
export function inputChanges(input: InputPlan, isSizeOpen: boolean): ModelChange[] {
  const own = valuesOfPlan(input);
  return [
    { channels: input.channels === 'rgb' ? 'bgr' : 'rgb' },
    ...(input.dtype.startsWith('float') && input.dtype !== 'float64'
      ? NORMALISATIONS.filter((one) => !areAlike(valuesOf(one), own)).map((normalise) => ({ normalise }))
      : []),
    ...(isSizeOpen && input.size !== null ? otherSizes(input.size).map((inputSize) => ({ inputSize })) : []),
  ];
}

const SHIFT = 0.25;

/** The same objects in other places: shifts to four sides, flips and a border. */
export const PLACE_CHANGES: readonly ModelChange[] = [
  { shift: { x: SHIFT, y: 0 } },
  { shift: { x: -SHIFT, y: 0 } },
  { shift: { x: 0, y: SHIFT } },
  { shift: { x: 0, y: -SHIFT } },
  { flip: 'horizontal' },
  { flip: 'vertical' },
  { pad: SHIFT },
];
