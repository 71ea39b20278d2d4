/** Writes event files as TensorFlow 1 and 2 do, for tests. */
import { PbfWriter } from 'pbf';
import { writeFrame } from '../tfrecord/frames';
import type { ScalarEvent } from './read-event-file';

const DT_FLOAT = 1;

/** `simple`: TensorFlow 1; `tensor`: TensorFlow 2, the number in `tensor_content`; `float-values`: in `float_val`. */
export type ScalarForm = 'simple' | 'tensor' | 'float-values';

export function writeEventFile(scalars: readonly ScalarEvent[], form: ScalarForm): Uint8Array {
  const frames = [
    frameOf((event) => {
      event.writeDoubleField(1, 1.5);
      event.writeStringField(3, 'brain.Event:2');
    }),
    ...scalars.map((scalar) =>
      frameOf((event) => {
        event.writeDoubleField(1, scalar.wallTime);
        event.writeVarintField(2, scalar.step);
        event.writeMessage(5, writeSummary, { ...scalar, form });
      }),
    ),
  ];
  return Uint8Array.from(frames.flatMap((frame) => [...frame]));
}

function frameOf(write: (event: PbfWriter) => void): Uint8Array {
  const event = new PbfWriter();
  write(event);
  return writeFrame(event.finish());
}

type Written = ScalarEvent & { readonly form: ScalarForm };

function writeSummary(scalar: Written, summary: PbfWriter): void {
  summary.writeMessage(1, writeValue, scalar);
}

function writeValue(scalar: Written, value: PbfWriter): void {
  value.writeStringField(1, scalar.tag);
  if (scalar.form === 'simple') value.writeFloatField(2, scalar.value);
  else value.writeMessage(8, writeTensor, scalar);
}

function writeTensor({ form, value }: Written, tensor: PbfWriter): void {
  tensor.writeVarintField(1, DT_FLOAT);
  if (form === 'float-values') tensor.writePackedFloat(5, [value]);
  else tensor.writeBytesField(4, new Uint8Array(Float32Array.of(value).buffer));
}
