/** What a SavedModel says of itself (saved_model.proto, meta_graph.proto), without TensorFlow. */
import type { ModelSignature, TensorSpec, TensorType } from '../../../core/inference/model';
import { asBytes, asNumber, asText, eachField, readEntry } from './proto';

/** `DataType` of types.proto. */
export const TYPES: Readonly<Record<number, TensorType>> = {
  1: 'float32',
  2: 'float64',
  3: 'int32',
  4: 'uint8',
  5: 'int16',
  6: 'int8',
  7: 'string',
  9: 'int64',
  10: 'bool',
  17: 'uint16',
  19: 'float16',
};

/** Names of a signature's tensors in the graph, as a session takes them (`serving_default_x:0`). */
export interface NamedTensors {
  readonly specs: readonly TensorSpec[];
  readonly tensors: ReadonlyMap<string, string>;
}

export interface SavedModelFile {
  readonly signature: ModelSignature;
  /** Tags of the meta graph that holds the signature. */
  readonly tags: readonly string[];
  readonly signatureKey: string;
  readonly inputs: NamedTensors;
  readonly outputs: NamedTensors;
  /** Whether the graph holds variables, whose values lie in `variables/`. */
  readonly hasVariables: boolean;
}

const INITIALISATION = '__saved_model_init_op';
const TRAINING = '__saved_model_train_op';
const USUAL = 'serving_default';

/** `TensorShapeProto`. */
export function readShape(message: Uint8Array): TensorSpec['shape'] {
  const shape: (number | null)[] = [];
  let unknownRank = 0;
  eachField(message, (tag, value) => {
    if (tag === 3) unknownRank = asNumber(value);
    else if (tag === 2) {
      let size = 0;
      eachField(asBytes(value), (inner, field) => {
        if (inner === 1) size = asNumber(field);
      });
      shape.push(size >= 0 ? size : null);
    }
  });
  return unknownRank === 1 ? null : shape;
}

function readTensors(entries: readonly Uint8Array[]): NamedTensors {
  const specs: TensorSpec[] = [];
  const tensors = new Map<string, string>();
  for (const message of entries) {
    const { key, value } = readEntry(message);
    let tensor = '';
    let dtype: TensorType = 'other:unknown';
    let shape: TensorSpec['shape'] = null;
    eachField(value, (tag, field) => {
      if (tag === 1) tensor = asText(field);
      else if (tag === 2) dtype = TYPES[asNumber(field)] ?? `other:${asNumber(field)}`;
      else if (tag === 3) shape = readShape(asBytes(field));
    });
    specs.push({ name: key, dtype, shape });
    tensors.set(key, tensor);
  }
  return { specs, tensors };
}

interface Signature {
  readonly inputs: NamedTensors;
  readonly outputs: NamedTensors;
}

interface MetaGraph {
  readonly tags: string[];
  readonly operators: Set<string>;
  readonly signatures: Map<string, Signature>;
  version: string | null;
}

function readSignature(message: Uint8Array): Signature {
  const inputs: Uint8Array[] = [];
  const outputs: Uint8Array[] = [];
  eachField(message, (tag, value) => {
    if (tag === 1) inputs.push(asBytes(value));
    else if (tag === 2) outputs.push(asBytes(value));
  });
  return { inputs: readTensors(inputs), outputs: readTensors(outputs) };
}

/** `NodeDef.op`. */
function readOperator(node: Uint8Array, operators: Set<string>): void {
  eachField(node, (tag, value) => {
    if (tag === 2) operators.add(asText(value));
  });
}

function readGraph(message: Uint8Array, operators: Set<string>): void {
  eachField(message, (tag, value) => {
    if (tag === 1) readOperator(asBytes(value), operators);
    else if (tag === 2)
      eachField(asBytes(value), (inner, library) => {
        if (inner !== 1) return;
        eachField(asBytes(library), (part, node) => {
          if (part === 3) readOperator(asBytes(node), operators);
        });
      });
  });
}

function readMetaGraph(message: Uint8Array): MetaGraph {
  const graph: MetaGraph = { tags: [], operators: new Set(), signatures: new Map(), version: null };
  eachField(message, (tag, value) => {
    if (tag === 1)
      eachField(asBytes(value), (inner, field) => {
        if (inner === 4) graph.tags.push(asText(field));
        else if (inner === 5) graph.version = asText(field);
      });
    else if (tag === 2) readGraph(asBytes(value), graph.operators);
    else if (tag === 5) {
      const { key, value: signature } = readEntry(asBytes(value));
      if (key !== INITIALISATION && key !== TRAINING) graph.signatures.set(key, readSignature(signature));
    }
  });
  return graph;
}

/** Throws `ProtoProblem` where the bytes are no whole SavedModel. */
export function readSavedModel(file: Uint8Array): SavedModelFile {
  const graphs: MetaGraph[] = [];
  eachField(file, (tag, value) => {
    if (tag === 2) graphs.push(readMetaGraph(asBytes(value)));
  });
  const graph =
    graphs.find(({ tags }) => tags.includes('serve') && tags.length === 1) ??
    graphs.find(({ signatures }) => signatures.size > 0) ??
    graphs[0];
  const none: NamedTensors = { specs: [], tensors: new Map() };
  const named = [...(graph?.signatures ?? [])].filter(([, { outputs }]) => outputs.specs.length > 0);
  const [key, chosen] = named.find(([name]) => name === USUAL) ??
    named[0] ?? [USUAL, { inputs: none, outputs: none }];
  const operators = [...(graph?.operators ?? [])];
  return {
    signature: {
      form: 'saved-model',
      inputs: chosen.inputs.specs,
      outputs: chosen.outputs.specs,
      metadata: {},
      operators,
      producer: graph?.version ? `TensorFlow ${graph.version}` : null,
    },
    tags: graph?.tags ?? [],
    signatureKey: key,
    inputs: chosen.inputs,
    outputs: chosen.outputs,
    hasVariables: operators.some((name) => /^(VarHandleOp|VariableV2)$/.test(name)),
  };
}
