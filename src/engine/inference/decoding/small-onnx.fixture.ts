/**
 * Small ONNX models (onnx.proto3) for tests: outputs with the numbers given, whatever the image, and the input handed
 * back as the output `seen`. What a network would have computed is written down; everything around it is real.
 */
import { PbfWriter } from 'pbf';
import { narrowToHalf } from '../engines/half-precision';

export type Dimensions = readonly (number | string)[];

export interface SmallOutput {
  readonly name: string;
  readonly shape: readonly number[];
  /** Shape as the file declares it, with names for sizes that may be any; the real one where absent. */
  readonly declared?: Dimensions;
  readonly values: Float32Array | BigInt64Array;
  /** Written in half precision. */
  readonly isHalf?: boolean;
}

export interface SmallModel {
  /** float32 where no type is given. */
  readonly input: {
    readonly name: string;
    readonly shape: Dimensions;
    readonly type?: 'float16' | 'uint8';
  };
  /** Further inputs, int64, that the graph does not use. */
  readonly moreInputs?: readonly { readonly name: string; readonly shape: Dimensions }[];
  readonly outputs: readonly SmallOutput[];
  readonly metadata?: Readonly<Record<string, string>>;
  /** Leaves out the output `seen`. */
  readonly isBlind?: boolean;
}

const FLOAT = 1;
const UINT8 = 2;
const INT64 = 7;
const FLOAT16 = 10;
const INPUT_TYPES = { float16: FLOAT16, uint8: UINT8 } as const;
const IR_VERSION = 8;
const OPSET = 17;

function writeShape(shape: Dimensions, pbf: PbfWriter): void {
  for (const size of shape)
    pbf.writeMessage(
      1,
      (value: number | string, dimension: PbfWriter) => {
        if (typeof value === 'number') dimension.writeVarintField(1, value);
        else dimension.writeStringField(2, value);
      },
      size,
    );
}

/** ValueInfoProto. */
function writeValue(value: { name: string; type: number; shape: Dimensions }, pbf: PbfWriter): void {
  pbf.writeStringField(1, value.name);
  pbf.writeMessage(
    2,
    (of: typeof value, type: PbfWriter) =>
      type.writeMessage(
        1,
        (tensor: typeof value, inner: PbfWriter) => {
          inner.writeVarintField(1, tensor.type);
          inner.writeMessage(2, writeShape, tensor.shape);
        },
        of,
      ),
    value,
  );
}

const typeOf = ({ values, isHalf }: SmallOutput): number =>
  values instanceof Float32Array ? (isHalf ? FLOAT16 : FLOAT) : INT64;
const constantName = ({ name }: SmallOutput): string => `${name}-values`;

/** TensorProto. */
function writeConstant(output: SmallOutput, pbf: PbfWriter): void {
  pbf.writePackedVarint(1, [...output.shape]);
  pbf.writeVarintField(2, typeOf(output));
  pbf.writeStringField(8, constantName(output));
  const { values, isHalf } = output;
  const { buffer, byteOffset, byteLength } = isHalf ? narrowToHalf(values as Float32Array) : values;
  pbf.writeBytesField(9, new Uint8Array(buffer, byteOffset, byteLength));
}

/** NodeProto: the input under another name. */
function writeIdentity([from, to]: readonly [string, string], pbf: PbfWriter): void {
  pbf.writeStringField(1, from);
  pbf.writeStringField(2, to);
  pbf.writeStringField(4, 'Identity');
}

function writeGraph({ input, moreInputs = [], outputs, isBlind }: SmallModel, pbf: PbfWriter): void {
  for (const output of outputs)
    pbf.writeMessage(1, writeIdentity, [constantName(output), output.name] as const);
  if (!isBlind) pbf.writeMessage(1, writeIdentity, [input.name, 'seen'] as const);
  pbf.writeStringField(2, 'small');
  for (const output of outputs) pbf.writeMessage(5, writeConstant, output);
  const inputType = input.type ? INPUT_TYPES[input.type] : FLOAT;
  pbf.writeMessage(11, writeValue, { ...input, type: inputType });
  for (const more of moreInputs) pbf.writeMessage(11, writeValue, { ...more, type: INT64 });
  for (const output of outputs)
    pbf.writeMessage(12, writeValue, {
      name: output.name,
      type: typeOf(output),
      shape: output.declared ?? output.shape,
    });
  if (!isBlind) pbf.writeMessage(12, writeValue, { name: 'seen', type: inputType, shape: input.shape });
}

/** StringStringEntryProto. */
function writeEntry([key, value]: readonly [string, string], pbf: PbfWriter): void {
  pbf.writeStringField(1, key);
  pbf.writeStringField(2, value);
}

/** The file's bytes (ModelProto). */
export function smallOnnx(model: SmallModel): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeVarintField(1, IR_VERSION);
  pbf.writeStringField(2, 'test');
  pbf.writeMessage(7, writeGraph, model);
  pbf.writeMessage(8, (version: number, opset: PbfWriter) => opset.writeVarintField(2, version), OPSET);
  for (const entry of Object.entries(model.metadata ?? {})) pbf.writeMessage(14, writeEntry, entry);
  return pbf.finish();
}
