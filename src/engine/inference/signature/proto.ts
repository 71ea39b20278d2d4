/** Protocol buffers field by field, every length checked: a file that was cut short is an error, never garbage. */
import { PbfReader } from 'pbf';

export type FieldValue = number | Uint8Array;

export class ProtoProblem extends Error {
  override readonly name = 'ProtoProblem';
}

const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;
const FIXED_32 = 5;

function varint(reader: PbfReader, isSigned = false): number {
  try {
    return reader.readVarint(isSigned);
  } catch {
    throw new ProtoProblem(`a number that does not end at byte ${reader.pos}`);
  }
}

/** Calls `visit` for each field of a message. Numbers of 64 bits lose precision above 2^53. */
export function eachField(message: Uint8Array, visit: (tag: number, value: FieldValue) => void): void {
  const reader = new PbfReader(message);
  while (reader.pos < message.length) {
    const key = varint(reader);
    const tag = key >>> 3;
    const wireType = key & 7;
    if (tag === 0) throw new ProtoProblem(`a field without a number at byte ${reader.pos}`);
    if (wireType === VARINT) visit(tag, varint(reader, true));
    else if (wireType === BYTES) {
      const length = varint(reader);
      const end = reader.pos + length;
      if (!(end <= message.length)) throw new ProtoProblem('it ends in the middle of a field');
      const from = reader.pos;
      reader.pos = end;
      visit(tag, message.subarray(from, end));
    } else if (wireType === FIXED_64) reader.pos += 8;
    else if (wireType === FIXED_32) reader.pos += 4;
    else throw new ProtoProblem(`a field of unknown kind at byte ${reader.pos}`);
    if (!(reader.pos <= message.length)) throw new ProtoProblem('it ends in the middle of a field');
  }
}

export function asBytes(value: FieldValue): Uint8Array {
  if (typeof value === 'number') throw new ProtoProblem('a number where a record belongs');
  return value;
}

export function asNumber(value: FieldValue): number {
  if (typeof value !== 'number') throw new ProtoProblem('a record where a number belongs');
  return value;
}

const decoder = new TextDecoder();
export const asText = (value: FieldValue): string => decoder.decode(asBytes(value));

/** A `map<string, message>` or `StringStringEntryProto`: field 1 the key, field 2 the value. */
export function readEntry(message: Uint8Array): { key: string; value: Uint8Array } {
  let key = '';
  let value: Uint8Array = new Uint8Array(0);
  eachField(message, (tag, field) => {
    if (tag === 1) key = asText(field);
    else if (tag === 2) value = asBytes(field);
  });
  return { key, value };
}
