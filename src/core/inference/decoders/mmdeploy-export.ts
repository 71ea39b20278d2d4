/** What mmdeploy writes beside an exported model (`pipeline.json`): how images are prepared. */
import type { MmdeployExport } from '../model';
import type { Fields } from './export-fields';
import { isFields, isSide } from './export-fields';

type Triple = readonly [number, number, number];

function tripleOf(value: unknown): Triple | null {
  const numbers: readonly unknown[] = Array.isArray(value) ? value : [value, value, value];
  return numbers.length === 3 && numbers.every((entry) => typeof entry === 'number')
    ? (numbers as unknown as Triple)
    : null;
}

const turned = ([first, second, third]: Triple): Triple => [third, second, first];

/** The steps of the task that prepares images. */
function stepsOf(pipeline: unknown): readonly Fields[] {
  const tasks: unknown =
    isFields(pipeline) && isFields(pipeline['pipeline']) && pipeline['pipeline']['tasks'];
  const task = Array.isArray(tasks)
    ? tasks.filter(isFields).find(({ module }) => module === 'Transform')
    : undefined;
  const steps: unknown = task?.['transforms'];
  return Array.isArray(steps) ? steps.filter(isFields) : [];
}

/** `size`: width and height, as mmdetection has its scales, or one number for both. */
function resizeOf(step: Fields | undefined): MmdeployExport['resize'] {
  if (step === undefined) return null;
  const sides: readonly unknown[] = Array.isArray(step['size']) ? step['size'] : [step['size'], step['size']];
  const [width, height] = sides;
  if (!isSide(width) || !isSide(height)) return null;
  return { width, height, keepsAspect: step['keep_ratio'] === true };
}

/** Padding before the levels are normalised has a colour of its own, in the order in which files are read: BGR. */
function fillOf(pad: Fields | undefined): Triple | null {
  if (pad === undefined) return null;
  const value = isFields(pad['pad_val']) && 'img' in pad['pad_val'] ? pad['pad_val']['img'] : pad['pad_val'];
  const fill = tripleOf(value ?? 0);
  return fill && turned(fill);
}

/** `pipeline`: the parsed file. Null where it is no such file. */
export function readMmdeployExport(pipeline: unknown): MmdeployExport | null {
  const steps = stepsOf(pipeline);
  const normaliseAt = steps.findIndex(({ type }) => type === 'Normalize');
  const step = steps[normaliseAt];
  const mean = tripleOf(step?.['mean']);
  const deviation = tripleOf(step?.['std']);
  if (mean === null || deviation === null || deviation.includes(0)) return null;
  const channels = step?.['to_rgb'] === true ? 'rgb' : 'bgr';
  const earlyPad = steps.slice(0, normaliseAt).find(({ type }) => type === 'Pad');
  const divisor = steps.map(({ size_divisor: unit }) => unit).find(isSide);
  return {
    resize: resizeOf(steps.find(({ type }) => type === 'Resize')),
    channels,
    mean,
    deviation,
    // After the mean is taken away padding is 0: it is the mean.
    fill: fillOf(earlyPad) ?? (channels === 'rgb' ? mean : turned(mean)),
    padsTo: Array.isArray(earlyPad?.['size']) ? null : (divisor ?? 1),
  };
}
