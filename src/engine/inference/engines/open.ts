/** Chooses the engine: the one asked for, or with `auto` the best that is there, each step down with its reason. */
import { existsSync } from 'node:fs';
import os from 'node:os';
import type { ModelForm } from '../../../core/inference/model';
import { BadInput } from '../../../core/foundation/bad-input';
import { findCuda } from '../cuda/component';
import type { ModelFile } from '../model-file';
import type { InstalledComponent } from '../components/component';
import { findTensorflow } from '../tensorflow/component';
import { openOnnxSession } from './onnx';
import type { Backend, ModelSession } from './session';
import { BackendUnavailable } from './session';
import { openTensorflowSession } from './tensorflow';
import { modelBytes } from './threads';
import { openWasmSession } from './wasm';

export interface SessionOptions {
  readonly backend: Backend | 'auto';
  /** Threads of one run; null: the engine's own choice. */
  readonly threads: number | null;
  /** The app's data folder, where a component may lie; null on the command line. */
  readonly dataFolder: string | null;
}

export interface OpenedSession {
  readonly session: ModelSession;
  /** Why not a better one, in a sentence; null where the first choice serves. */
  readonly fallback: string | null;
  /** What may be the faster one after all; null where there is no doubt, or no choice. */
  readonly rival: Rival | null;
}

/** An engine to compare with the one that was opened, over the first images. */
export interface Rival {
  readonly open: () => Promise<ModelSession>;
  /** What is said where it is taken. `reason`: why not the other. */
  readonly fallback: (reason: string) => string;
}

/** What a machine has, as far as it decides what is tried first. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly hasNvidia: boolean;
  readonly hasGraphics: boolean;
  readonly hasTensorflow: boolean;
  readonly hasTensorflowGpu: boolean;
}

export function lookAtMachine(dataFolder: string | null): Machine {
  const { platform } = process;
  const hasNvidia = existsSync('/proc/driver/nvidia/version') || existsSync('/dev/nvidiactl');
  return {
    platform,
    hasNvidia,
    hasGraphics: hasNvidia || platform !== 'linux' || existsSync('/dev/dri'),
    hasTensorflow: findTensorflow(dataFolder) !== null,
    hasTensorflowGpu: findTensorflow(dataFolder, ({ isGpu }) => isGpu) !== null,
  };
}

/** Engines that can run a form at all, whatever is installed. */
export const BACKENDS_OF: Readonly<Record<ModelForm, readonly Backend[]>> = {
  onnx: ['cuda', 'directml', 'coreml', 'webgpu', 'onnx'],
  'saved-model': ['tensorflow-gpu', 'tensorflow'],
  'frozen-graph': ['tensorflow-gpu', 'tensorflow'],
  'tfjs-graph': ['tensorflow-gpu', 'tensorflow', 'wasm'],
  'tfjs-layers': ['tensorflow-gpu', 'tensorflow', 'wasm'],
};

/** What `auto` tries, in this order: only what the machine has a reason for, so that a fallback means something. */
export function autoOrder(form: ModelForm, machine: Machine): readonly Backend[] {
  if (form === 'onnx') {
    return [
      ...(machine.hasNvidia && machine.platform === 'linux' ? (['cuda'] as const) : []),
      ...(machine.platform === 'win32' ? (['directml'] as const) : []),
      ...(machine.platform === 'darwin' ? (['coreml'] as const) : []),
      ...(machine.hasGraphics && machine.platform !== 'darwin' ? (['webgpu'] as const) : []),
      'onnx',
    ];
  }
  // The component's own kind decides whether the graphics card is asked for.
  const tensorflow = [
    ...(machine.hasTensorflowGpu && machine.hasNvidia ? (['tensorflow-gpu'] as const) : []),
    'tensorflow' as const,
  ];
  if (form === 'saved-model' || form === 'frozen-graph') return tensorflow;
  return machine.hasTensorflow ? [...tensorflow, 'wasm'] : ['wasm'];
}

function openWith(file: ModelFile, backend: Backend, options: SessionOptions): Promise<ModelSession> {
  const component = (): InstalledComponent | null =>
    backend === 'tensorflow-gpu'
      ? findTensorflow(options.dataFolder, ({ isGpu }) => isGpu)
      : findTensorflow(options.dataFolder);
  switch (backend) {
    case 'tensorflow-gpu':
    case 'tensorflow':
      return openTensorflowSession(file, backend, component(), options.threads);
    case 'wasm':
      return openWasmSession(file);
    default:
      return openOnnxSession(file, backend, options.threads, findCuda(options.dataFolder));
  }
}

const FORM_NAMES: Readonly<Record<ModelForm, string>> = {
  onnx: 'an ONNX model',
  'saved-model': 'a SavedModel',
  'frozen-graph': 'a frozen graph',
  'tfjs-graph': 'a TF.js graph model',
  'tfjs-layers': 'a TF.js layers model',
};

/** The way to what is missing. */
function howToGet(backend: Backend): string {
  switch (backend) {
    case 'tensorflow':
      return 'Install it: npm run setup:tensorflow (in the app: Set up TensorFlow).';
    case 'tensorflow-gpu':
      return 'Install it: npm run setup:tensorflow -- --gpu; it needs an NVIDIA card with its driver.';
    case 'cuda':
      return 'Install it: npm run setup:cuda (in the app: Set up CUDA); it needs an NVIDIA card with its driver. WebGPU uses the card without it.';
    default:
      return 'reticle doctor says what is present; --backend auto takes what is there.';
  }
}

async function openChosen(
  file: ModelFile,
  backend: Backend,
  options: SessionOptions,
): Promise<OpenedSession> {
  const { form } = file.signature;
  const fitting = BACKENDS_OF[form];
  if (!fitting.includes(backend))
    throw new BadInput(
      'backend-unfit',
      `${backend} does not run ${FORM_NAMES[form]}.`,
      `Take one of ${fitting.join(', ')}, or auto.`,
      { file: file.given },
    );
  try {
    return { session: await openWith(file, backend, options), fallback: null, rival: null };
  } catch (error) {
    if (!(error instanceof BackendUnavailable)) throw error;
    throw new BadInput(
      'backend-missing',
      `The engine ${backend} is not there: ${error.message}.`,
      howToGet(backend),
    );
  }
}

const stepDown = (backend: Backend, reasons: readonly string[]): string =>
  `${backend} is used: ${reasons.join('; ')}.`;

/**
 * Cards that small networks, and those that do much that is no convolution, run slower on than on the processor. CUDA is
 * not among them: where it is set up it was asked for.
 */
const CONTESTED: ReadonlySet<Backend> = new Set<Backend>(['webgpu', 'directml', 'coreml']);

/** Of a model's bytes: its weights once more, as they are packed for the processor, and what is between its layers. */
const RIVAL_MEMORY = 4;

async function rivalOf(
  file: ModelFile,
  backend: Backend,
  options: SessionOptions,
  reasons: readonly string[],
): Promise<Rival | null> {
  if (!CONTESTED.has(backend)) return null;
  // Both are in memory while they are compared; one that large is no case for the processor.
  if (RIVAL_MEMORY * (await modelBytes(file)) > os.freemem()) return null;
  return {
    open: () => openWith(file, 'onnx', options),
    fallback: (reason) => stepDown('onnx', [...reasons, `${backend}: ${reason}`]),
  };
}

/** Throws `BadInput` where no engine can run it, or the model cannot be loaded. */
export async function openSession(
  file: ModelFile,
  options: SessionOptions,
  machine: Machine = lookAtMachine(options.dataFolder),
): Promise<OpenedSession> {
  if (options.backend !== 'auto') return openChosen(file, options.backend, options);
  const reasons: string[] = [];
  for (const backend of autoOrder(file.signature.form, machine)) {
    try {
      const session = await openWith(file, backend, options);
      const fallback = reasons.length === 0 ? null : stepDown(backend, reasons);
      return { session, fallback, rival: await rivalOf(file, backend, options, reasons) };
    } catch (error) {
      if (!(error instanceof BackendUnavailable)) throw error;
      reasons.push(`${backend}: ${error.message}`);
    }
  }
  throw new BadInput(
    'backend-missing',
    `No engine here runs ${FORM_NAMES[file.signature.form]}: ${reasons.join('; ')}.`,
    howToGet('tensorflow'),
    { file: file.given },
  );
}
