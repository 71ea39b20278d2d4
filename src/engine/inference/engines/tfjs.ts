/** TF.js models, on whichever backend of TF.js was set up. */
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import type * as Converter from '@tensorflow/tfjs-converter';
import type * as Core from '@tensorflow/tfjs-core';
import type * as Layers from '@tensorflow/tfjs-layers';
import type { ModelOutputs, OutputTensor } from '../../../core/inference/model';
import { BadInput } from '../../../core/foundation/bad-input';
import type { ModelFile } from '../model-file';
import { engineWords } from './engine-words';
import type { Backend, InputTensor, ModelSession } from './session';

/** One instance of TF.js for all: its packages find each other only as CommonJS modules. */
export const requirePackage = createRequire(import.meta.url);

export const core = (): typeof Core => requirePackage('@tensorflow/tfjs-core') as typeof Core;

type LoadedModel = Converter.GraphModel | Layers.LayersModel;

const TFJS_TYPES = ['float32', 'int32', 'bool'] as const;

/** TF.js knows whole numbers as int32 only; backends turn them into what the graph declares. */
function tfjsTensor({ dtype, shape, data }: InputTensor): Core.Tensor {
  const tf = core();
  const dimensions = [...shape];
  if (dtype.startsWith('float'))
    return tf.tensor(Float32Array.from(data as Float32Array), dimensions, 'float32');
  if (data instanceof BigInt64Array) return tf.tensor(Int32Array.from(data, Number), dimensions, 'int32');
  return tf.tensor(data instanceof Int32Array ? data : Int32Array.from(data), dimensions, 'int32');
}

/** A copy: what TF.js gives may be its own, a weight of the model's among it. */
async function readOutput(tensor: Core.Tensor): Promise<OutputTensor> {
  if (!(TFJS_TYPES as readonly string[]).includes(tensor.dtype))
    return { shape: tensor.shape, data: new Float32Array(0) };
  return { shape: tensor.shape, data: (await tensor.data()).slice() as OutputTensor['data'] };
}

/** Weights beside model.json as one block, as TF.js takes them. */
async function artifacts({ details, files }: ModelFile): Promise<Core.io.ModelArtifacts> {
  if (details.form !== 'tfjs') throw new Error('not a TF.js model');
  const { json } = details;
  const blocks = await Promise.all(files.slice(1).map((file) => readFile(file)));
  const length = blocks.reduce((sum, block) => sum + block.length, 0);
  const weightData = new Uint8Array(length);
  let at = 0;
  for (const block of blocks) {
    weightData.set(block, at);
    at += block.length;
  }
  return {
    modelTopology: json.modelTopology as object,
    weightSpecs: (json.weightsManifest ?? []).flatMap(
      ({ weights }) => weights,
    ) as Core.io.WeightsManifestEntry[],
    weightData: weightData.buffer,
    ...(json.format ? { format: json.format } : {}),
    ...(json.signature ? { signature: json.signature } : {}),
    ...(json.userDefinedMetadata
      ? { userDefinedMetadata: json.userDefinedMetadata as Record<string, object> }
      : {}),
  };
}

function explainLoadError(error: unknown, { path }: ModelFile): BadInput {
  return new BadInput(
    'model-corrupt',
    `TF.js cannot load ${path}: ${engineWords(error)}`,
    'Convert it again with tensorflowjs_converter.',
    { file: path },
  );
}

function explainRunError(error: unknown, { path }: ModelFile): unknown {
  const message = error instanceof Error ? error.message : String(error);
  const kernel =
    /Kernel '(\w+)' not registered/.exec(message)?.[1] ?? /Unknown op '(\w+)'/.exec(message)?.[1];
  if (kernel === undefined) return error;
  return new BadInput(
    'operator-missing',
    `The model needs the operation ${kernel}, which this engine does not have.`,
    'Use another engine (--backend), or convert the model without that operation.',
    { file: path },
  );
}

class TfjsSession implements ModelSession {
  readonly sessions = 1;
  readonly #model: LoadedModel;
  readonly #file: ModelFile;
  /** Control flow and outputs of changing size run in steps; plain graphs at once. */
  #isStepwise = false;
  readonly #weights: ReadonlySet<number>;

  constructor(
    model: LoadedModel,
    file: ModelFile,
    readonly backend: Backend,
    readonly device: string,
  ) {
    this.#model = model;
    this.#file = file;
    const weights =
      'weights' in model && !Array.isArray(model.weights) ? Object.values(model.weights).flat() : [];
    this.#weights = new Set(weights.map(({ id }) => id));
  }

  async run(inputs: readonly InputTensor[]): Promise<ModelOutputs> {
    const tensors = inputs.map((input) => [input.name, tfjsTensor(input)] as const);
    let results: Core.Tensor[] = [];
    try {
      results = await this.#execute(tensors);
      const { outputs } = this.#file.signature;
      const read = await Promise.all(results.map(readOutput));
      return new Map(outputs.map(({ name }, index) => [name, read[index]!]));
    } catch (error) {
      throw explainRunError(error, this.#file);
    } finally {
      for (const [, tensor] of tensors) tensor.dispose();
      // An output that is constant is one of the model's own weights.
      for (const tensor of results) if (!this.#weights.has(tensor.id)) tensor.dispose();
    }
  }

  async #execute(tensors: readonly (readonly [string, Core.Tensor])[]): Promise<Core.Tensor[]> {
    const model = this.#model;
    const { details, signature } = this.#file;
    if (details.form === 'tfjs' && signature.form === 'tfjs-graph') {
      const graph = model as Converter.GraphModel;
      const nodes = new Map(details.model.inputNodes);
      const feeds = Object.fromEntries(tensors.map(([name, tensor]) => [nodes.get(name) ?? name, tensor]));
      const names = signature.outputs.map(({ name }) => details.model.outputNodes.get(name) ?? name);
      if (!this.#isStepwise) {
        try {
          return asList(graph.execute(feeds, names));
        } catch (error) {
          // The converter names the operations that need it.
          if (!(error instanceof Error) || !/executeAsync|dynamic|control flow/i.test(error.message))
            throw error;
          this.#isStepwise = true;
        }
      }
      return asList(await graph.executeAsync(feeds, names));
    }
    return asList((model as Layers.LayersModel).predict(tensors.map(([, tensor]) => tensor)));
  }

  close(): Promise<void> {
    this.#model.dispose();
    return Promise.resolve();
  }
}

const asList = (result: Core.Tensor | Core.Tensor[]): Core.Tensor[] =>
  Array.isArray(result) ? result : [result];

/** The backend must be set up and be TF.js' current one. */
export async function openTfjsSession(
  file: ModelFile,
  backend: Backend,
  device: string,
): Promise<ModelSession> {
  const handler: Core.io.IOHandler = { load: () => artifacts(file) };
  try {
    if (file.signature.form === 'tfjs-layers') {
      const layers = requirePackage('@tensorflow/tfjs-layers') as typeof Layers;
      return new TfjsSession(await layers.loadLayersModel(handler), file, backend, device);
    }
    const converter = requirePackage('@tensorflow/tfjs-converter') as typeof Converter;
    return new TfjsSession(await converter.loadGraphModel(handler), file, backend, device);
  } catch (error) {
    throw explainLoadError(error, file);
  }
}
