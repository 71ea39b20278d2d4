/** Small frozen graphs of TensorFlow (graph.proto) for tests: an image goes in, numbers that are written down come out. */
import { PbfWriter } from 'pbf';

const FLOAT = 1;
const UINT8 = 4;

export interface GraphOutput {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** `TensorShapeProto`; -1 for a size that may be any. */
function writeShape(shape: readonly number[], pbf: PbfWriter): void {
  for (const size of shape)
    pbf.writeMessage(2, (value: number, dimension: PbfWriter) => dimension.writeVarintField(1, value), size);
}

/** `TensorProto`. */
function writeTensor({ shape, values }: GraphOutput, pbf: PbfWriter): void {
  pbf.writeVarintField(1, FLOAT);
  pbf.writeMessage(2, writeShape, shape);
  pbf.writeBytesField(4, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

type Attribute = readonly [key: string, write: (pbf: PbfWriter) => void];

const typeAttribute = (key: string, type: number): Attribute => [key, (pbf) => pbf.writeVarintField(6, type)];

function writeNode(
  { name, operator, attributes }: { name: string; operator: string; attributes: readonly Attribute[] },
  pbf: PbfWriter,
): void {
  pbf.writeStringField(1, name);
  pbf.writeStringField(2, operator);
  for (const attribute of attributes)
    pbf.writeMessage(
      5,
      ([key, write]: Attribute, entry: PbfWriter) => {
        entry.writeStringField(1, key);
        entry.writeMessage(2, (_: null, value: PbfWriter) => write(value), null);
      },
      attribute,
    );
}

/** The file's bytes (`GraphDef`). */
export function frozenGraph(input: string, outputs: readonly GraphOutput[]): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeMessage(1, writeNode, {
    name: input,
    operator: 'Placeholder',
    attributes: [
      typeAttribute('dtype', UINT8),
      ['shape', (value) => value.writeMessage(7, writeShape, [-1, -1, -1, 3])],
    ],
  });
  for (const output of outputs)
    pbf.writeMessage(1, writeNode, {
      name: output.name,
      operator: 'Const',
      attributes: [
        typeAttribute('dtype', FLOAT),
        ['value', (value) => value.writeMessage(8, writeTensor, output)],
      ],
    });
  return pbf.finish();
}
