/**
 * TFRecord's frames: `uint64 length | uint32 masked CRC-32C of the length | bytes | uint32 masked CRC-32C of the bytes`,
 * little-endian (TensorFlow, `core/lib/io/record_writer.h`). Event files of TensorBoard are framed the same way.
 */
import { maskedCrc32c } from './crc32c';

/** Length and its checksum. */
export const FRAME_HEAD = 12;
/** Checksum of the bytes. */
export const FRAME_TAIL = 4;

/** Where a frame's bytes lie. */
export interface Frame {
  readonly from: number;
  readonly to: number;
  /** Start of the frame after it. */
  readonly next: number;
}

/** `cut`: the bytes end within the frame; `length-damaged`, `bytes-damaged`: a checksum does not fit. */
export type FrameFault = 'cut' | 'length-damaged' | 'bytes-damaged';

/**
 * The frame that starts at `offset`, or what is wrong with it. No length is believed before its checksum fits, and none
 * beyond the bytes at hand is ever allocated.
 */
export function readFrame(bytes: Uint8Array, offset: number): Frame | FrameFault {
  const from = offset + FRAME_HEAD;
  if (from > bytes.length) return 'cut';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(offset + 8, true) !== maskedCrc32c(bytes, offset, offset + 8)) return 'length-damaged';
  const to = from + Number(view.getBigUint64(offset, true));
  if (to + FRAME_TAIL > bytes.length) return 'cut';
  if (view.getUint32(to, true) !== maskedCrc32c(bytes, from, to)) return 'bytes-damaged';
  return { from, to, next: to + FRAME_TAIL };
}

/** The bytes with head and tail around them. */
export function writeFrame(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(FRAME_HEAD + data.length + FRAME_TAIL);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(bytes, 0, 8), true);
  bytes.set(data, FRAME_HEAD);
  view.setUint32(FRAME_HEAD + data.length, maskedCrc32c(data), true);
  return bytes;
}
