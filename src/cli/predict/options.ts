/** Options of `predict`, from text to what the engine takes. */
import type { PlanOverrides, ChannelOrder, DecoderName } from '../../core/inference/model';
import { DECODER_NAMES } from '../../core/inference/model';
import { readInputSize, readNormalise } from '../../core/inference/overrides';
import type { Backend } from '../../engine/inference/engines/session';
import { usage } from '../command';
import type { Shard } from './images';

export interface PlanOptions {
  readonly decoder?: DecoderName | 'auto';
  readonly classBase?: string;
  readonly background?: string;
  readonly inputSize?: string;
  readonly resize?: 'stretch' | 'letterbox';
  readonly normalise?: string;
  readonly channels?: ChannelOrder;
}

export interface PredictOptions extends PlanOptions {
  readonly model: string;
  readonly images: string;
  readonly output: string;
  readonly truth?: string;
  readonly subset?: string;
  readonly backend: Backend | 'auto';
  readonly scoreThreshold: string;
  readonly maxDetections: string;
  readonly batch?: string;
  readonly threads?: string;
  readonly labelMap?: string;
  readonly resume?: boolean;
  readonly shard?: string;
  readonly json?: boolean;
  readonly failOn?: 'info' | 'warning' | 'error';
}

export const DECODER_CHOICES = ['auto', ...DECODER_NAMES.filter((name) => name !== 'mapping')] as const;

export function wholeNumber(text: string, option: string, least: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least)
    throw usage(
      `${option} ${text} is no whole number from ${least} on.`,
      `For example ${option} ${Math.max(least, 8)}.`,
    );
  return value;
}

export function readThreshold(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw usage(
      `--score-threshold ${text} is not between 0 and 1.`,
      'Scorers need 0.001, which is the default.',
    );
  return value;
}

export function readShard(text: string | undefined): Shard | null {
  if (text === undefined) return null;
  const [, number, of] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  if (number === undefined || Number(number) < 1 || Number(number) > Number(of))
    throw usage(`--shard ${text} is not K/N with K from 1 to N.`, 'For example --shard 1/4.');
  return { number: Number(number), of: Number(of) };
}

/** What the user said about the model instead of what its file tells. */
export function readOverrides(options: PlanOptions): PlanOverrides {
  const { decoder, classBase, background, inputSize, resize, normalise, channels } = options;
  if (classBase !== undefined && classBase !== '0' && classBase !== '1')
    throw usage(
      `--class-base ${classBase} is neither 0 nor 1.`,
      'It is the number of the first class in the model’s output.',
    );
  return {
    ...(decoder === undefined || decoder === 'auto' ? {} : { decoder }),
    ...(classBase === undefined ? {} : { classBase: classBase === '0' ? 0 : 1 }),
    ...(background === undefined
      ? {}
      : { background: background === 'none' ? null : wholeNumber(background, '--background', 0) }),
    ...(inputSize === undefined ? {} : { inputSize: readInputSize(inputSize) }),
    ...(resize === undefined ? {} : { resize }),
    ...(normalise === undefined ? {} : { normalise: readNormalise(normalise) }),
    ...(channels === undefined ? {} : { channels }),
  };
}
