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
  /** The values lie in this file beside the model, from its start on. */
  readonly valuesIn?: string;
  /** In place of the values: that further input, so many times side by side. */
  readonly repeats?: { readonly input: string; readonly times: number };
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
  /** Further inputs, int64 unless they say otherwise. */
  readonly moreInputs?: readonly {
    readonly name: string;
    readonly shape: Dimensions;
    readonly type?: 'float32';
  }[];
  readonly outputs: readonly SmallOutput[];
  readonly metadata?: Readonly<Record<string, string>>;
  /** Leaves out the output `seen`. */
  readonly isBlind?: boolean;
  /** Operations that the graph has besides, whose results nobody takes. */
  readonly moreOperators?: readonly (keyof typeof FURTHER)[];
}

/** Shapes of what they take: numbers of no meaning. */
const FURTHER = {
  NonMaxSuppression: [
    [1, 1, 4],
    [1, 1, 1],
  ],
  ConvTranspose: [
    [1, 1, 1, 1],
    [1, 1, 1, 1],
  ],
  Softmax: [[1, 1]],
  Sigmoid: [[1, 1]],
  Exp: [[1, 1]],
} as const;

const furtherInputs = (operator: keyof typeof FURTHER): readonly SmallOutput[] =>
  FURTHER[operator].map((shape, at) => ({
    name: `${operator}-${at}`,
    shape,
    values: new Float32Array(shape.reduce<number>((product, size) => product * size, 1)),
  }));

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

/** What a file of `valuesIn` holds. */
export function valueBytes({ values, isHalf }: SmallOutput): Uint8Array {
  const { buffer, byteOffset, byteLength } = isHalf ? narrowToHalf(values as Float32Array) : values;
  return new Uint8Array(buffer, byteOffset, byteLength);
}

const EXTERNAL = 1;

/** TensorProto. */
function writeConstant(output: SmallOutput, pbf: PbfWriter): void {
  pbf.writePackedVarint(1, [...output.shape]);
  pbf.writeVarintField(2, typeOf(output));
  pbf.writeStringField(8, constantName(output));
  const bytes = valueBytes(output);
  if (output.valuesIn === undefined) {
    pbf.writeBytesField(9, bytes);
    return;
  }
  pbf.writeMessage(13, writeEntry, ['location', output.valuesIn] as const);
  pbf.writeMessage(13, writeEntry, ['length', String(bytes.length)] as const);
  pbf.writeVarintField(14, EXTERNAL);
}

/** NodeProto: the input under another name. */
function writeIdentity([from, to]: readonly [string, string], pbf: PbfWriter): void {
  pbf.writeStringField(1, from);
  pbf.writeStringField(2, to);
  pbf.writeStringField(4, 'Identity');
}

const CONCAT_AXIS = 1;
const INT_ATTRIBUTE = 2;

/** NodeProto: inputs side by side. */
function writeRepeats({ name, repeats }: SmallOutput, pbf: PbfWriter): void {
  for (let time = 0; time < repeats!.times; time++) pbf.writeStringField(1, repeats!.input);
  pbf.writeStringField(2, name);
  pbf.writeStringField(4, 'Concat');
  pbf.writeMessage(
    5,
    (axis: number, attribute: PbfWriter) => {
      attribute.writeStringField(1, 'axis');
      attribute.writeVarintField(3, axis);
      attribute.writeVarintField(20, INT_ATTRIBUTE);
    },
    CONCAT_AXIS,
  );
}

/** NodeProto of an operation whose result nobody takes. */
function writeFurther(operator: keyof typeof FURTHER, pbf: PbfWriter): void {
  for (const constant of furtherInputs(operator)) pbf.writeStringField(1, constantName(constant));
  pbf.writeStringField(2, `${operator}-result`);
  pbf.writeStringField(4, operator);
}

function writeGraph(model: SmallModel, pbf: PbfWriter): void {
  const { input, moreInputs = [], outputs, isBlind, moreOperators = [] } = model;
  for (const output of outputs) {
    if (output.repeats) pbf.writeMessage(1, writeRepeats, output);
    else pbf.writeMessage(1, writeIdentity, [constantName(output), output.name] as const);
  }
  if (!isBlind) pbf.writeMessage(1, writeIdentity, [input.name, 'seen'] as const);
  for (const operator of moreOperators) pbf.writeMessage(1, writeFurther, operator);
  pbf.writeStringField(2, 'small');
  for (const constant of [...outputs, ...moreOperators.flatMap(furtherInputs)])
    pbf.writeMessage(5, writeConstant, constant);
  const inputType = input.type ? INPUT_TYPES[input.type] : FLOAT;
  pbf.writeMessage(11, writeValue, { ...input, type: inputType });
  for (const more of moreInputs)
    pbf.writeMessage(11, writeValue, { ...more, type: more.type === 'float32' ? FLOAT : INT64 });
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
