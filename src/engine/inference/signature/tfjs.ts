/** What a TF.js `model.json` says of itself. */
import type { ModelSignature, TensorSpec, TensorType } from '../../../core/inference/model';

/** The parts of `model.json` that are read here. */
export interface TfjsModelJson {
  readonly format?: string | null;
  readonly generatedBy?: string | null;
  readonly signature?: TfjsSignature;
  readonly userDefinedMetadata?: Readonly<Record<string, unknown>> & { readonly signature?: TfjsSignature };
  readonly modelTopology?: TfjsTopology | null;
  readonly weightsManifest?: readonly {
    readonly paths: readonly string[];
    readonly weights: readonly object[];
  }[];
}
interface TfjsSignature {
  readonly inputs?: Readonly<Record<string, TfjsTensorInfo>>;
  readonly outputs?: Readonly<Record<string, TfjsTensorInfo>>;
}
interface TfjsShape {
  readonly dim?: readonly { readonly size?: string | number }[];
  readonly unknownRank?: boolean;
}
interface TfjsTensorInfo {
  readonly name?: string;
  readonly dtype?: string | number;
  readonly tensorShape?: TfjsShape;
}
interface TfjsTopology {
  readonly node?: readonly {
    readonly name: string;
    readonly op: string;
    readonly input?: readonly string[];
    readonly attr?: Readonly<Record<string, { readonly type?: string | number; readonly shape?: TfjsShape }>>;
  }[];
  readonly library?: {
    readonly function?: readonly { readonly nodeDef?: readonly { readonly op: string }[] }[];
  };
  readonly model_config?: KerasConfig;
  readonly config?: KerasConfig['config'];
  readonly class_name?: string;
}
interface KerasConfig {
  readonly class_name?: string;
  readonly config?:
    | {
        readonly layers?: readonly KerasLayer[];
        readonly input_layers?: readonly unknown[];
        readonly output_layers?: readonly unknown[];
      }
    | readonly KerasLayer[];
}
interface KerasLayer {
  readonly class_name: string;
  readonly name?: string;
  readonly config?: {
    readonly name?: string;
    readonly batch_input_shape?: readonly (number | null)[];
    readonly batchInputShape?: readonly (number | null)[];
    readonly dtype?: string;
  };
}

export interface TfjsModel {
  readonly signature: ModelSignature;
  /** Of graph models: signature name to node name, as `execute` takes it. */
  readonly inputNodes: ReadonlyMap<string, string>;
  readonly outputNodes: ReadonlyMap<string, string>;
}

const TYPES: Readonly<Record<string, TensorType>> = {
  DT_FLOAT: 'float32',
  DT_DOUBLE: 'float64',
  DT_HALF: 'float16',
  DT_INT32: 'int32',
  DT_INT64: 'int64',
  DT_UINT8: 'uint8',
  DT_INT8: 'int8',
  DT_INT16: 'int16',
  DT_UINT16: 'uint16',
  DT_BOOL: 'bool',
  DT_STRING: 'string',
  1: 'float32',
  3: 'int32',
  4: 'uint8',
  7: 'string',
  9: 'int64',
  10: 'bool',
  float32: 'float32',
  int32: 'int32',
};

const typeOf = (dtype: string | number | undefined): TensorType =>
  TYPES[String(dtype)] ?? `other:${String(dtype)}`;

function shapeOf(shape: TfjsShape | undefined): TensorSpec['shape'] {
  if (!shape || shape.unknownRank) return null;
  return (shape.dim ?? []).map(({ size }) => {
    const number = Number(size);
    return Number.isSafeInteger(number) && number >= 0 ? number : null;
  });
}

/** A node's name without the number of its output. */
const nodeOf = (tensor: string): string => tensor.replace(/^\^/, '').replace(/:\d+$/, '');

function fromSignature(entries: Readonly<Record<string, TfjsTensorInfo>>) {
  const nodes = new Map<string, string>();
  const specs = Object.entries(entries).map(([name, { name: tensor, dtype, tensorShape }]): TensorSpec => {
    // The first output needs no number; of a later one the number is part of its name for `execute`.
    nodes.set(name, (tensor ?? name).replace(/:0$/, ''));
    return { name, dtype: typeOf(dtype), shape: shapeOf(tensorShape) };
  });
  return { specs, nodes };
}

/** A graph without a signature: placeholders go in, what no other node takes comes out. */
function fromNodes(topology: TfjsTopology) {
  const all = topology.node ?? [];
  const taken = new Set(all.flatMap(({ input = [] }) => input.map(nodeOf)));
  const spec = ({ name, attr }: (typeof all)[number]): TensorSpec => ({
    name,
    dtype: typeOf(attr?.['dtype']?.type ?? attr?.['T']?.type),
    shape: shapeOf(attr?.['shape']?.shape),
  });
  const inputs = all.filter(({ op }) => op === 'Placeholder').map(spec);
  const outputs = all
    .filter(({ name, op }) => !taken.has(name) && op !== 'Placeholder' && op !== 'Const' && op !== 'NoOp')
    .map((node) => ({ ...spec(node), shape: null }));
  const nodes = (specs: readonly TensorSpec[]) => new Map(specs.map(({ name }) => [name, name]));
  return {
    inputs: { specs: inputs, nodes: nodes(inputs) },
    outputs: { specs: outputs, nodes: nodes(outputs) },
  };
}

function graphModel(json: TfjsModelJson): TfjsModel {
  const given = json.signature ?? json.userDefinedMetadata?.signature;
  const topology = json.modelTopology ?? {};
  const guessed = fromNodes(topology);
  const inputs = given?.inputs ? fromSignature(given.inputs) : guessed.inputs;
  const outputs = given?.outputs ? fromSignature(given.outputs) : guessed.outputs;
  const inner = (topology.library?.function ?? []).flatMap(({ nodeDef = [] }) => nodeDef);
  const operators = new Set([...(topology.node ?? []), ...inner].map(({ op }) => op));
  return {
    signature: {
      form: 'tfjs-graph',
      inputs: inputs.specs,
      outputs: outputs.specs,
      metadata: metadataOf(json),
      operators: [...operators],
      producer: json.generatedBy ?? null,
    },
    inputNodes: inputs.nodes,
    outputNodes: outputs.nodes,
  };
}

function layerNames(places: readonly unknown[] | undefined): string[] {
  return (places ?? []).flatMap((place) =>
    typeof place === 'string'
      ? [place]
      : Array.isArray(place) && typeof place[0] === 'string'
        ? [place[0]]
        : [],
  );
}

function layersModel(json: TfjsModelJson): TfjsModel {
  const topology = json.modelTopology ?? {};
  const config = topology.model_config?.config ?? topology.config;
  const isSequence = Array.isArray(config);
  const layers: readonly KerasLayer[] = isSequence
    ? (config as readonly KerasLayer[])
    : ((config as { readonly layers?: readonly KerasLayer[] } | undefined)?.layers ?? []);
  const places = isSequence ? undefined : (config as { output_layers?: readonly unknown[] } | undefined);
  const nameOf = (layer: KerasLayer): string => layer.config?.name ?? layer.name ?? layer.class_name;
  const inputs = layers
    .filter(({ config: own }) => own?.batch_input_shape ?? own?.batchInputShape)
    .map((layer): TensorSpec => ({
      name: nameOf(layer),
      dtype: typeOf(layer.config?.dtype ?? 'float32'),
      shape: layer.config?.batch_input_shape ?? layer.config?.batchInputShape ?? null,
    }));
  const last = layers.at(-1);
  const outputNames = layerNames(places?.output_layers);
  const outputs = (outputNames.length > 0 ? outputNames : last ? [nameOf(last)] : []).map(
    (name): TensorSpec => ({ name, dtype: 'float32', shape: null }),
  );
  return {
    signature: {
      form: 'tfjs-layers',
      inputs,
      outputs,
      metadata: metadataOf(json),
      operators: [...new Set(layers.map(({ class_name: name }) => name))],
      producer: json.generatedBy ?? null,
    },
    inputNodes: new Map(),
    outputNodes: new Map(),
  };
}

function metadataOf({ userDefinedMetadata = {} }: TfjsModelJson): Record<string, string> {
  const entries = Object.entries(userDefinedMetadata).filter(([name]) => name !== 'signature');
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

export function readTfjs(json: TfjsModelJson): TfjsModel {
  const isLayers = json.format === 'layers-model' || json.modelTopology?.model_config !== undefined;
  return isLayers ? layersModel(json) : graphModel(json);
}
