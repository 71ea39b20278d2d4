/**
 * A frozen graph of the Object Detection API for TensorFlow 1 (graph.proto): weights are constants in it, and there is no
 * signature. What goes in and what comes out is known by the API's own names.
 */
import { PbfWriter } from 'pbf';
import type { TensorSpec } from '../../../core/inference/model';
import { asBytes, asNumber, asText, eachField, readEntry } from './proto';
import { readShape, type SavedModelFile, TYPES } from './saved-model';

const OUTPUTS = ['detection_boxes', 'detection_classes', 'detection_scores', 'num_detections'];
const TAG = 'serve';

/** `AttrValue`: a type or a shape. */
function readAttribute(message: Uint8Array): Partial<Pick<TensorSpec, 'dtype' | 'shape'>> {
  const attribute: { dtype?: TensorSpec['dtype']; shape?: TensorSpec['shape'] } = {};
  eachField(message, (tag, value) => {
    if (tag === 6) attribute.dtype = TYPES[asNumber(value)] ?? `other:${asNumber(value)}`;
    else if (tag === 7) attribute.shape = readShape(asBytes(value));
  });
  return attribute;
}

/** `NodeDef`: what of it tells inputs and outputs. */
function readNode(message: Uint8Array) {
  let name = '';
  let operator = '';
  const attributes = new Map<string, Uint8Array>();
  eachField(message, (tag, value) => {
    if (tag === 1) name = asText(value);
    else if (tag === 2) operator = asText(value);
    else if (tag === 5) {
      const entry = readEntry(asBytes(value));
      attributes.set(entry.key, entry.value);
    }
  });
  return { name, operator, attributes };
}

function placeholderOf({ name, attributes }: ReturnType<typeof readNode>): TensorSpec {
  const of = (key: string) => readAttribute(attributes.get(key) ?? new Uint8Array(0));
  return { name, dtype: of('dtype').dtype ?? 'other:unknown', shape: of('shape').shape ?? null };
}

/** Null where it is none of the API's. Throws `ProtoProblem` where the bytes are no whole graph. */
export function readFrozenGraph(file: Uint8Array): SavedModelFile | null {
  const operators = new Set<string>();
  const inputs: TensorSpec[] = [];
  const names = new Set<string>();
  eachField(file, (tag, value) => {
    if (tag !== 1) return;
    const node = readNode(asBytes(value));
    operators.add(node.operator);
    names.add(node.name);
    if (node.operator === 'Placeholder') inputs.push(placeholderOf(node));
  });
  if (inputs.length === 0 || !OUTPUTS.slice(0, 3).every((name) => names.has(name))) return null;
  const outputs = OUTPUTS.filter((name) => names.has(name)).map((name): TensorSpec => ({
    name,
    dtype: 'float32',
    shape: null,
  }));
  const tensors = (specs: readonly TensorSpec[]) => new Map(specs.map(({ name }) => [name, `${name}:0`]));
  return {
    signature: {
      form: 'frozen-graph',
      inputs,
      outputs,
      metadata: {},
      operators: [...operators],
      producer: null,
    },
    tags: [TAG],
    signatureKey: '',
    inputs: { specs: inputs, tensors: tensors(inputs) },
    outputs: { specs: outputs, tensors: tensors(outputs) },
    hasVariables: false,
  };
}

const SCHEMA_VERSION = 1;

/** The `saved_model.pb` around a graph, by which TensorFlow loads it. */
export function asSavedModel(graph: Uint8Array): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeVarintField(1, SCHEMA_VERSION);
  pbf.writeMessage(
    2,
    (of: Uint8Array, meta: PbfWriter) => {
      meta.writeMessage(1, (tag: string, info: PbfWriter) => info.writeStringField(4, tag), TAG);
      meta.writeBytesField(2, of);
    },
    graph,
  );
  return pbf.finish();
}
