/** What an ONNX file says of itself (onnx.proto3), without loading it into a runtime. */
import type { ModelSignature, TensorSpec, TensorType } from '../../../core/inference/model';
import { asBytes, asNumber, asText, eachField, readEntry } from './proto';

/** `TensorProto.DataType`. */
const TYPES: Readonly<Record<number, TensorType>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  8: 'string',
  9: 'bool',
  10: 'float16',
  11: 'float64',
};

export interface OnnxFile {
  readonly signature: ModelSignature;
  /** Files beside it that hold weights, as it names them, with the bytes that it needs of each. */
  readonly externalFiles: ReadonlyMap<string, number>;
}

interface Graph {
  readonly inputs: TensorSpec[];
  readonly outputs: TensorSpec[];
  readonly initializers: Set<string>;
}

const emptyGraph = (): Graph => ({ inputs: [], outputs: [], initializers: new Set() });

function readDimension(message: Uint8Array): number | null {
  let size = -1;
  eachField(message, (tag, value) => {
    if (tag === 1) size = asNumber(value);
  });
  return size >= 0 ? size : null;
}

function readShape(message: Uint8Array): (number | null)[] {
  const shape: (number | null)[] = [];
  eachField(message, (tag, value) => {
    if (tag === 1) shape.push(readDimension(asBytes(value)));
  });
  return shape;
}

/** `TypeProto`: only tensors have an element type that is known here. */
function readType(message: Uint8Array): Pick<TensorSpec, 'dtype' | 'shape'> {
  let dtype: TensorType = 'other:no tensor';
  let shape: TensorSpec['shape'] = null;
  eachField(message, (tag, value) => {
    if (tag !== 1) return;
    eachField(asBytes(value), (inner, field) => {
      if (inner === 1) dtype = TYPES[asNumber(field)] ?? `other:${asNumber(field)}`;
      else if (inner === 2) shape = readShape(asBytes(field));
    });
  });
  return { dtype, shape };
}

function readValueInfo(message: Uint8Array): TensorSpec {
  let name = '';
  let type: Pick<TensorSpec, 'dtype' | 'shape'> = { dtype: 'other:unknown', shape: null };
  eachField(message, (tag, value) => {
    if (tag === 1) name = asText(value);
    else if (tag === 2) type = readType(asBytes(value));
  });
  return { name, ...type };
}

class OnnxReader {
  readonly operators = new Set<string>();
  readonly externalFiles = new Map<string, number>();

  readGraph(message: Uint8Array): Graph {
    const graph = emptyGraph();
    eachField(message, (tag, value) => {
      if (tag === 1) this.readNode(asBytes(value));
      else if (tag === 5) graph.initializers.add(this.#readInitializer(asBytes(value)));
      else if (tag === 11) graph.inputs.push(readValueInfo(asBytes(value)));
      else if (tag === 12) graph.outputs.push(readValueInfo(asBytes(value)));
    });
    return graph;
  }

  readNode(message: Uint8Array): void {
    eachField(message, (tag, value) => {
      if (tag === 4) this.operators.add(asText(value));
      // Branches and loop bodies are graphs within attributes.
      else if (tag === 5)
        eachField(asBytes(value), (inner, field) => {
          if (inner === 6 || inner === 11) this.readGraph(asBytes(field));
        });
    });
  }

  readFunction(message: Uint8Array): void {
    eachField(message, (tag, value) => {
      if (tag === 7) this.readNode(asBytes(value));
    });
  }

  #readInitializer(message: Uint8Array): string {
    let name = '';
    const external = new Map<string, string>();
    eachField(message, (tag, value) => {
      if (tag === 8) name = asText(value);
      else if (tag === 13) {
        const entry = readEntry(asBytes(value));
        external.set(entry.key, asText(entry.value));
      }
    });
    const location = external.get('location');
    if (location !== undefined) {
      const end = Number(external.get('offset') ?? 0) + Number(external.get('length') ?? 0);
      this.externalFiles.set(location, Math.max(this.externalFiles.get(location) ?? 0, end || 0));
    }
    return name;
  }
}

/** Throws `ProtoProblem` where the bytes are no whole ONNX model. */
export function readOnnx(file: Uint8Array): OnnxFile {
  const reader = new OnnxReader();
  const metadata: Record<string, string> = {};
  let graph = emptyGraph();
  let producer = '';
  eachField(file, (tag, value) => {
    if (tag === 2) producer = asText(value);
    else if (tag === 7) graph = reader.readGraph(asBytes(value));
    else if (tag === 14) {
      const entry = readEntry(asBytes(value));
      metadata[entry.key] = asText(entry.value);
    } else if (tag === 25) reader.readFunction(asBytes(value));
  });
  const { inputs, outputs, initializers } = graph;
  return {
    signature: {
      form: 'onnx',
      inputs: inputs.filter(({ name }) => !initializers.has(name)),
      outputs,
      metadata,
      operators: [...reader.operators],
      producer: producer === '' ? null : producer,
    },
    externalFiles: reader.externalFiles,
  };
}
