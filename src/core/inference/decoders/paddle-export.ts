/** What PaddleDetection writes beside an exported model (`infer_cfg.yml`): how images are prepared, and the class names. */
import type { PaddleExport } from '../model';
import type { Fields } from './export-fields';
import { isFields, isSide } from './export-fields';

function triple(value: unknown): readonly [number, number, number] | null {
  if (!Array.isArray(value) || value.length !== 3 || !value.every((entry) => typeof entry === 'number'))
    return null;
  return value as unknown as readonly [number, number, number];
}

/** `target_size`: height and width, or one number for both. */
function resizeOf({ target_size: target, keep_ratio: keepsAspect, interp }: Fields): PaddleExport['resize'] {
  const sides: readonly unknown[] = Array.isArray(target) ? target : [target, target];
  const [height, width] = sides;
  if (!isSide(height) || !isSide(width)) return null;
  return {
    height,
    width,
    // As the class of its preparation has it where the file does not say.
    keepsAspect: keepsAspect !== false,
    filter: typeof interp === 'number' ? interp : 1,
  };
}

/** Without this step, or with it inside the graph, grey levels go in as they are. */
function normaliseOf(step: Fields | undefined): PaddleExport['normalise'] {
  const scale = step === undefined || step['is_scale'] === false ? 1 : 1 / 255;
  // Newer configurations say by this that levels are only divided.
  const isPlain = step === undefined || step['norm_type'] === 'none';
  return {
    scale,
    mean: (isPlain ? null : triple(step['mean'])) ?? [0, 0, 0],
    deviation: (isPlain ? null : triple(step['std'])) ?? [1, 1, 1],
  };
}

/** `config`: the parsed file. Null where it is no such file. */
export function readPaddleExport(config: unknown): PaddleExport | null {
  if (!isFields(config) || !Array.isArray(config['Preprocess'])) return null;
  const steps = config['Preprocess'].filter(isFields);
  const step = (type: string) => steps.find((entry) => entry['type'] === type);
  const resize = step('Resize');
  const stride = step('PadStride')?.['stride'];
  const labels: unknown = config['label_list'];
  return {
    architecture: typeof config['arch'] === 'string' ? config['arch'] : null,
    resize: resize === undefined ? null : resizeOf(resize),
    normalise: normaliseOf(step('NormalizeImage')),
    padsTo: isSide(stride) ? stride : null,
    names: Array.isArray(labels) && labels.length > 0 ? labels.map(String) : null,
  };
}
