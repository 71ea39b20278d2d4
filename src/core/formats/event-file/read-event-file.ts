/**
 * Scalars of TensorBoard's event files: TFRecord frames, each an `Event` (`tensorflow/core/util/event.proto`) that may
 * hold a `Summary`. TensorFlow 1 writes `simple_value`, TensorFlow 2 a tensor without dimensions.
 */
import { PbfReader } from 'pbf';
import { BadInput } from '../../foundation/bad-input';
import type { Finding } from '../../foundation/finding';
import { FindingCollector } from '../../foundation/finding';
import { readFrame } from '../tfrecord/frames';

/** One number of a tag, as it was logged. */
export interface ScalarEvent {
  readonly tag: string;
  readonly step: number;
  /** Seconds since 1970. */
  readonly wallTime: number;
  /** As logged: a training that broke down logs NaN and infinities. */
  readonly value: number;
}

export interface EventFile {
  readonly scalars: readonly ScalarEvent[];
  readonly findings: readonly Finding[];
}

const FILE_VERSION = 'brain.Event:';
const DT_FLOAT = 1;
const DT_DOUBLE = 2;

interface Event {
  wallTime: number;
  step: number;
  fileVersion: string | null;
  values: SummaryValue[];
}

interface SummaryValue {
  tag: string;
  value: number | null;
}

interface Tensor {
  dtype: number;
  content: Uint8Array | null;
  values: number[];
}

/** Whether the bytes begin as an event file does; a length of 12 bytes is enough to tell in most cases. */
export function isEventFile(bytes: Uint8Array): boolean {
  const frame = readFrame(bytes, 0);
  return (
    typeof frame !== 'string' &&
    (readEvent(bytes.subarray(frame.from, frame.to))?.fileVersion ?? null) !== null
  );
}

/**
 * All scalars in the order of the file. A last record that is cut short is a training at work: it is left out with a
 * finding. Throws `BadInput` where the bytes are no event file.
 */
export function readEventFile(bytes: Uint8Array, file: string): EventFile {
  if (!isEventFile(bytes))
    throw new BadInput(
      'event-file-invalid',
      'This is no event file of TensorBoard.',
      'Choose the folder of logs.',
      {
        file,
      },
    );
  const findings = new FindingCollector();
  const scalars: ScalarEvent[] = [];
  for (let offset = 0; offset < bytes.length;) {
    const frame = readFrame(bytes, offset);
    const event = typeof frame === 'string' ? null : readEvent(bytes.subarray(frame.from, frame.to));
    if (typeof frame === 'string' || event === null) {
      const isCut = frame === 'cut';
      findings.add(
        isCut ? 'event-file-cut' : 'event-file-damaged',
        isCut ? 'info' : 'warning',
        isCut
          ? 'The last record is not whole, as in a training at work; everything before it was read.'
          : 'A record is damaged; everything before it was read, nothing after it.',
        { file, byte: offset },
      );
      break;
    }
    const { step, wallTime, values } = event;
    for (const { tag, value } of values) if (value !== null) scalars.push({ tag, step, wallTime, value });
    offset = frame.next;
  }
  return { scalars, findings: findings.list() };
}

/** Null where the bytes, whole as they are, are no message. */
function readEvent(data: Uint8Array): Event | null {
  try {
    return eventOf(data);
  } catch {
    return null;
  }
}

function eventOf(data: Uint8Array): Event {
  const event: Event = { wallTime: 0, step: 0, fileVersion: null, values: [] };
  return new PbfReader(data).readFields((tag, into, reader) => {
    if (tag === 1) into.wallTime = reader.readDouble();
    else if (tag === 2) into.step = reader.readVarint(true);
    else if (tag === 3) {
      const version = reader.readString();
      if (version.startsWith(FILE_VERSION)) into.fileVersion = version;
    } else if (tag === 5) reader.readMessage(readSummary, into.values);
  }, event);
}

function readSummary(tag: number, values: SummaryValue[], reader: PbfReader): void {
  if (tag === 1) values.push(reader.readMessage(readValue, { tag: '', value: null }));
}

function readValue(tag: number, into: SummaryValue, reader: PbfReader): void {
  if (tag === 1) into.tag = reader.readString();
  else if (tag === 2) into.value = reader.readFloat();
  else if (tag === 8) {
    const tensor: Tensor = { dtype: 0, content: null, values: [] };
    into.value = scalarOf(reader.readMessage(readTensor, tensor));
  }
}

/** `TensorProto`: one number stands in `tensor_content`, `float_val` or `double_val`. */
function readTensor(tag: number, into: Tensor, reader: PbfReader): void {
  if (tag === 1) into.dtype = reader.readVarint();
  else if (tag === 4) into.content = reader.readBytes();
  else if (tag === 5) reader.readPackedFloat(into.values);
  else if (tag === 6) reader.readPackedDouble(into.values);
}

/** Null for images, histograms, text and everything else that is not one number. */
function scalarOf({ dtype, content, values }: Tensor): number | null {
  if (dtype !== DT_FLOAT && dtype !== DT_DOUBLE) return null;
  if (content === null || content.length === 0) return values.length === 1 ? values[0]! : null;
  if (content.length !== (dtype === DT_FLOAT ? 4 : 8)) return null;
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  return dtype === DT_FLOAT ? view.getFloat32(0, true) : view.getFloat64(0, true);
}
