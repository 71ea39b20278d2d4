/** SavedModels and TF.js models through TensorFlow, whose native part is an installed component. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import util from 'node:util';
import type * as Core from '@tensorflow/tfjs-core';
import type { ModelOutputs, OutputTensor } from '../../../core/inference/model';
import { BadInput } from '../../../core/foundation/bad-input';
import type { ModelFile } from '../model-file';
import { asSavedModel } from '../signature/frozen-graph';
import type { SavedModelFile } from '../signature/saved-model';
import type { InstalledComponent } from '../components/component';
import { engineWords } from './engine-words';
import type { Backend, InputTensor, ModelSession } from './session';
import { BackendUnavailable } from './session';
import { core, openTfjsSession, requirePackage } from './tfjs';
import { tensorflowThreads } from './threads';

/** What is used of the package's native part (its `tfjs_binding.d.ts`). */
interface Binding {
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_INT64: number;
  readonly TF_UINT8: number;
  readonly TF_BOOL: number;
  createTensor(shape: readonly number[], dtype: number, data: ArrayBufferView): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): OutputTensor['data'];
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(id: number): void;
  runSavedModel(
    id: number,
    inputs: readonly number[],
    inputNames: string,
    outputNames: string,
  ): { readonly id: number; readonly shape: readonly number[]; readonly dtype: number }[];
  isUsingGpuDevice(): boolean;
}
type NodeBackendClass = new (binding: Binding, packageName: string) => Core.KernelBackend;

type TensorflowBackend = Extract<Backend, 'tensorflow' | 'tensorflow-gpu'>;

/** Node 23 took these away; the package (4.22, its last release) still calls them. */
function restoreRemovedFunctions(): void {
  const removed = util as unknown as Record<string, unknown>;
  removed['isNullOrUndefined'] ??= (value: unknown): boolean => value === null || value === undefined;
  removed['isArray'] ??= Array.isArray;
}

let binding: Binding | null = null;

/** Once a process: its first session decides how many threads all of them share. */
function loadBinding(component: InstalledComponent, threads: number | null): Binding {
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  if (threads !== null) process.env['TF_NUM_INTRAOP_THREADS'] ??= String(threads);
  try {
    return requirePackage(component.binding) as Binding;
  } catch (error) {
    throw new BackendUnavailable(
      `TensorFlow ${component.version} does not load: ${error instanceof Error ? error.message.split('\n')[0]! : String(error)}`,
    );
  }
}

let isRegistered = false;

/** For TF.js models. The package's own index looks for its native part beside itself; here it is handed the component's. */
function registerTensorflow(native: Binding): void {
  restoreRemovedFunctions();
  const { NodeJSKernelBackend } = requirePackage(
    '@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js',
  ) as { readonly NodeJSKernelBackend: NodeBackendClass };
  requirePackage('@tensorflow/tfjs-node-gpu/dist/register_all_kernels.js');
  core().registerBackend('tensorflow', () => new NodeJSKernelBackend(native, '@tensorflow/tfjs-node-gpu'), 3);
  isRegistered = true;
}

/** A tensor of TensorFlow's own, by number; it has to be deleted. */
function nativeTensor(binding: Binding, { name, dtype, shape, data }: InputTensor): number {
  switch (dtype) {
    case 'float32':
      return binding.createTensor(shape, binding.TF_FLOAT, data);
    case 'int32':
      return binding.createTensor(shape, binding.TF_INT32, data);
    case 'uint8':
      return binding.createTensor(shape, binding.TF_UINT8, data);
    case 'bool':
      return binding.createTensor(shape, binding.TF_BOOL, data);
    case 'int64':
      // Handed over as pairs of 32 bits.
      return binding.createTensor(
        shape,
        binding.TF_INT64,
        new Int32Array(data.buffer, data.byteOffset, data.length * 2),
      );
    default:
      throw new BadInput(
        'model-input-type',
        `The model's input ${name} is of type ${dtype}, which the TensorFlow engine does not pass on.`,
        'Export the model with a float32, uint8 or int32 input.',
      );
  }
}

function explainError(error: unknown, file: string, doing: 'load' | 'run'): Error {
  const message = (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
  const operator =
    /Op type not registered '(\w+)'/.exec(message)?.[1] ??
    /No OpKernel was registered to support Op '(\w+)'/.exec(message)?.[1];
  if (operator !== undefined)
    return new BadInput(
      'operator-missing',
      `The model needs the operation ${operator}, which TensorFlow does not have here.`,
      'Export it without custom operations.',
      { file },
    );
  if (
    /Could not find variable|variables\/variables|Unsuccessful TensorSliceReader|NOT_FOUND|not found in checkpoint/i.test(
      message,
    )
  )
    return new BadInput(
      'model-incomplete',
      `A variable of the model is missing: ${engineWords(error)}`,
      'Export it again with model.export() or exporter_main_v2.py, and copy the whole folder.',
      { file },
    );
  if (doing === 'load')
    return new BadInput(
      'model-corrupt',
      `TensorFlow cannot load ${file}: ${engineWords(error)}`,
      'Export or copy it again.',
      {
        file,
      },
    );
  return error instanceof Error ? error : new Error(String(error));
}

class SavedModelSession implements ModelSession {
  readonly backend: TensorflowBackend;
  readonly device: string;
  /** All of a process share their threads. */
  readonly sessions = 1;
  readonly #binding: Binding;
  readonly #id: number;
  readonly #file: SavedModelFile;
  /** As messages name it. */
  readonly #name: string;

  constructor(
    binding: Binding,
    place: { readonly backend: TensorflowBackend; readonly device: string },
    folder: string,
    file: SavedModelFile,
    name = folder,
  ) {
    this.backend = place.backend;
    this.device = place.device;
    this.#binding = binding;
    this.#name = name;
    this.#file = file;
    try {
      this.#id = binding.loadSavedModel(folder, file.tags.join(','));
    } catch (error) {
      throw explainError(error, name, 'load');
    }
  }

  run(inputs: readonly InputTensor[]): Promise<ModelOutputs> {
    const binding = this.#binding;
    const tensors: number[] = [];
    try {
      for (const input of inputs) tensors.push(nativeTensor(binding, input));
      const { inputs: inputNames, outputs } = this.#file;
      const results = binding.runSavedModel(
        this.#id,
        tensors,
        inputs.map(({ name }) => inputNames.tensors.get(name)!).join(','),
        outputs.specs.map(({ name }) => outputs.tensors.get(name)!).join(','),
      );
      const read = results.map(({ id, shape }): OutputTensor => ({
        shape,
        data: binding.tensorDataSync(id),
      }));
      for (const { id } of results) binding.deleteTensor(id);
      return Promise.resolve(new Map(outputs.specs.map(({ name }, index) => [name, read[index]!])));
    } catch (error) {
      return Promise.reject(explainError(error, this.#name, 'run'));
    } finally {
      for (const id of tensors) binding.deleteTensor(id);
    }
  }

  close(): Promise<void> {
    this.#binding.deleteSavedModel(this.#id);
    return Promise.resolve();
  }
}

/** Throws `BackendUnavailable` where TensorFlow is absent or lacks the device. */
export async function openTensorflowSession(
  file: ModelFile,
  backend: TensorflowBackend,
  component: InstalledComponent | null,
  threads: number | null,
): Promise<ModelSession> {
  if (file.details.form === 'onnx') throw new BackendUnavailable('TensorFlow does not run ONNX models');
  if (component === null)
    throw new BackendUnavailable(
      'TensorFlow is not installed (npm run setup:tensorflow, or Set up in the app)',
    );
  const operationThreads = await tensorflowThreads(file, threads);
  binding ??= loadBinding(component, operationThreads);
  const isOnCard = binding.isUsingGpuDevice();
  const device = isOnCard ? 'NVIDIA graphics card (TensorFlow)' : 'processor';
  if (backend === 'tensorflow-gpu' && !isOnCard)
    throw new BackendUnavailable('TensorFlow finds no graphics card it can use');
  if (file.details.form === 'tfjs') {
    if (!isRegistered) registerTensorflow(binding);
    await core().setBackend('tensorflow');
    await core().ready();
    return openTfjsSession(file, backend, device);
  }
  const place = { backend, device };
  return file.details.form === 'frozen-graph'
    ? openFrozenGraph(binding, place, file.path, file.details.file)
    : new SavedModelSession(binding, place, file.path, file.details.file);
}

/** TensorFlow loads folders only: the graph is wrapped into one, which it no longer needs once it is loaded. */
function openFrozenGraph(
  native: Binding,
  place: { readonly backend: TensorflowBackend; readonly device: string },
  file: string,
  graph: SavedModelFile,
): ModelSession {
  const folder = mkdtempSync(path.join(tmpdir(), 'reticle-graph-'));
  try {
    writeFileSync(path.join(folder, 'saved_model.pb'), asSavedModel(readFileSync(file)));
    return new SavedModelSession(native, place, folder, graph, file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
