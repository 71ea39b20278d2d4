/** Protocol buffers' wire form, as `tf.train.Example` needs it. No length is believed beyond the bytes at hand. */
import { encodeUtf8 } from '../text';

/** The bytes are no message of this kind. */
export class WireFault extends Error {
  override readonly name = 'WireFault';
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

export class WireReader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  position: number;
  readonly end: number;
  /** Of the field whose tag was read last. */
  field = 0;
  wire = 0;

  constructor(bytes: Uint8Array, from = 0, to = bytes.length) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.position = from;
    this.end = to;
  }

  /** Reads the next tag; false at the end. */
  next(): boolean {
    if (this.position >= this.end) return false;
    const tag = this.#small();
    this.field = tag >>> 3;
    this.wire = tag & 7;
    if (this.field === 0) throw new WireFault('field 0');
    return true;
  }

  #byte(): number {
    if (this.position >= this.end) throw new WireFault('cut off');
    return this.bytes[this.position++]!;
  }

  /** A varint below 2^32. */
  #small(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new WireFault('a number that does not end');
  }

  /** A signed 64-bit varint; beyond 2^53 the nearest double. */
  int64(): number {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      if (shift === 0n && byte < 0x80) return byte;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
    }
    throw new WireFault('a number that does not end');
  }

  float(): number {
    if (this.position + 4 > this.end) throw new WireFault('cut off');
    const value = this.#view.getFloat32(this.position, true);
    this.position += 4;
    return value;
  }

  /** A reader of the message (or bytes) that starts here; this one goes on behind it. */
  within(): WireReader {
    const length = this.#small();
    const from = this.position;
    if (from + length > this.end) throw new WireFault('a length beyond the end');
    this.position = from + length;
    return new WireReader(this.bytes, from, from + length);
  }

  skip(): void {
    if (this.wire === VARINT) this.int64();
    else if (this.wire === FIXED64) this.position += 8;
    else if (this.wire === BYTES) this.within();
    else if (this.wire === FIXED32) this.position += 4;
    else throw new WireFault('a wire type that does not exist');
    if (this.position > this.end) throw new WireFault('cut off');
  }

  get rest(): Uint8Array {
    return this.bytes.subarray(this.position, this.end);
  }

  get isBytes(): boolean {
    return this.wire === BYTES;
  }

  get isFixed32(): boolean {
    return this.wire === FIXED32;
  }

  get isVarint(): boolean {
    return this.wire === VARINT;
  }
}

/** Bytes of a message, written field by field. */
export class WireWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  #push(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.#length += bytes.length;
  }

  varint(value: number): this {
    let rest = BigInt.asUintN(64, BigInt(value));
    const bytes: number[] = [];
    do {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      bytes.push(rest > 0n ? low | 0x80 : low);
    } while (rest > 0n);
    this.#push(Uint8Array.from(bytes));
    return this;
  }

  /** A length-delimited field. */
  bytesField(field: number, bytes: Uint8Array | string): this {
    const content = typeof bytes === 'string' ? encodeUtf8(bytes) : bytes;
    this.varint((field << 3) | BYTES).varint(content.length);
    this.#push(content);
    return this;
  }

  finish(): Uint8Array {
    const bytes = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }
}

/** Little-endian float32s, packed. */
export function packFloats(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, at) => view.setFloat32(at * 4, value, true));
  return bytes;
}
