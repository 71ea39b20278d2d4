/** ONNX models through ONNX Runtime: on the processor, or with one of its execution providers. */
import type * as Ort from 'onnxruntime-node';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { ModelOutputs, OutputTensor } from '../../../core/inference/model';
import { BadInput } from '../../../core/foundation/bad-input';
import type { InstalledComponent } from '../components/component';
import { loadCudaRuntime } from '../cuda/component';
import type { ModelFile } from '../model-file';
import { engineWords } from './engine-words';
import { narrowToHalf, widenFromHalf } from './half-precision';
import type { Backend, InputTensor, ModelSession } from './session';
import { BackendUnavailable } from './session';
import { onnxThreads } from './threads';

type OnnxBackend = Extract<Backend, 'cuda' | 'directml' | 'coreml' | 'webgpu' | 'onnx'>;

const PROVIDERS: Readonly<Record<OnnxBackend, string>> = {
  cuda: 'cuda',
  directml: 'dml',
  coreml: 'coreml',
  webgpu: 'webgpu',
  onnx: 'cpu',
};

const DEVICES: Readonly<Record<OnnxBackend, string>> = {
  cuda: 'NVIDIA graphics card (CUDA)',
  directml: 'graphics card (DirectML)',
  coreml: 'Apple Neural Engine or graphics card (Core ML)',
  webgpu: 'graphics card (WebGPU)',
  onnx: 'processor',
};

type Runtime = typeof Ort;

/**
 * Half precision as bits, everywhere: where JavaScript has Float16Array the runtime puts halves into one, which its
 * native part takes for empty. It looks once, when the first tensor is made.
 */
function keepHalvesAsBits(runtime: Runtime): void {
  const own = globalThis as { Float16Array?: unknown };
  const { Float16Array } = own;
  own.Float16Array = undefined;
  try {
    const first: Tensor = new runtime.Tensor('uint8', new Uint8Array(1), [1]);
    first.dispose();
  } finally {
    if (Float16Array === undefined) delete own.Float16Array;
    else own.Float16Array = Float16Array;
  }
}

let loading: Promise<Runtime> | null = null;

/**
 * Loaded when the first model is opened: its library is large. Where the part for NVIDIA cards is set up, its copy of the
 * runtime serves all: a process has one.
 */
function loadRuntime(cuda: InstalledComponent | null): Promise<Runtime> {
  const load = (): Promise<Runtime> =>
    cuda === null ? import('onnxruntime-node') : Promise.resolve().then(() => loadCudaRuntime(cuda));
  loading ??= load().then((runtime) => {
    keepHalvesAsBits(runtime);
    return runtime;
  });
  return loading;
}

function inputTensor(runtime: Runtime, { dtype, shape, data }: InputTensor): Tensor {
  const values = dtype === 'float16' ? narrowToHalf(data as Float32Array) : data;
  // The table of constructors belongs to the runtime; here the types were matched when the input was planned.
  const Constructor = runtime.Tensor as unknown as new (
    type: string,
    values: unknown,
    shape: readonly number[],
  ) => Tensor;
  return new Constructor(dtype, values, shape);
}

function outputTensor({ type, data, dims }: Tensor): OutputTensor {
  if (type === 'string') return { shape: dims, data: new Float32Array(0) };
  if (type === 'float16') return { shape: dims, data: widenFromHalf(data as unknown as Uint16Array) };
  if (type === 'bool') return { shape: dims, data: Uint8Array.from(data as Uint8Array) };
  return { shape: dims, data: data as OutputTensor['data'] };
}

class OnnxSession implements ModelSession {
  readonly device: string;

  constructor(
    private readonly runtime: Runtime,
    private readonly session: InferenceSession,
    readonly backend: OnnxBackend,
    readonly sessions: number,
  ) {
    this.device = DEVICES[backend];
  }

  async run(inputs: readonly InputTensor[]): Promise<ModelOutputs> {
    const feeds: Record<string, Tensor> = {};
    for (const input of inputs) feeds[input.name] = inputTensor(this.runtime, input);
    const results = await this.session.run(feeds);
    return new Map(Object.entries(results).map(([name, tensor]) => [name, outputTensor(tensor)]));
  }

  close(): Promise<void> {
    return this.session.release();
  }
}

/** The runtime's words for what a model needs and it lacks. */
function explainLoadError(error: unknown, file: string): BadInput {
  const message = error instanceof Error ? error.message : String(error);
  const operator =
    /(?:No Op registered for|implementation for) ([\w.]+)/.exec(message)?.[1] ??
    /([\w.:]+)(?:\(-?\d+\))? is not a registered function\/op/.exec(message)?.[1];
  if (operator !== undefined)
    return new BadInput(
      'operator-missing',
      `The model needs the operation ${operator}, which ONNX Runtime does not have.`,
      'Export it without that operation, or with a lower opset.',
      { file },
    );
  return new BadInput(
    'model-corrupt',
    `ONNX Runtime cannot load ${file}: ${engineWords(error)}`,
    'Check the model with onnx.checker, or export it again.',
    { file },
  );
}

/** A provider that is not there says so when the session is made. */
const isAboutProvider = (message: string): boolean =>
  /provider|EP_FAIL|backend not found|CUDA|WebGPU|Dawn|adapter|DML|CoreML|shared library/i.test(message);

/** Why a card is not used, in words that help. */
function explainProvider(message: string): string {
  if (/No supported adapters/.test(message))
    return process.platform === 'linux'
      ? 'no graphics card that WebGPU can use (it needs the card’s Vulkan driver and the package libvulkan1)'
      : 'no graphics card that WebGPU can use';
  if (/_Cuda: Failed to load shared library/.test(message))
    return 'its part for CUDA is not set up, or does not load';
  // The runtime's own errors begin with a place in its source.
  return message.split('\n')[0]!.replace(/^\/\S+:\d+ .*? was false\. /, '');
}

export async function openOnnxSession(
  file: ModelFile,
  backend: OnnxBackend,
  threads: number | null,
  cuda: InstalledComponent | null,
): Promise<ModelSession> {
  const runtime = await loadRuntime(cuda).catch((error: unknown) => {
    throw new BackendUnavailable(
      `ONNX Runtime does not load: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  const { path } = file;
  const provider = PROVIDERS[backend];
  if (!runtime.listSupportedBackends().some(({ name }) => name === provider))
    throw new BackendUnavailable(`this ONNX Runtime has no ${backend}`);
  const shared = backend === 'onnx' ? await onnxThreads(file, threads) : { threads, sessions: 1 };
  try {
    const session = await runtime.InferenceSession.create(path, {
      executionProviders: [provider],
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      // Threads that spin while they wait take the cores from decoding: measured, three times slower on busy cores.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
      ...(shared.threads === null ? {} : { intraOpNumThreads: shared.threads }),
    });
    return new OnnxSession(runtime, session, backend, shared.sessions);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (backend !== 'onnx' && isAboutProvider(message))
      throw new BackendUnavailable(explainProvider(message));
    throw explainLoadError(error, path);
  }
}
