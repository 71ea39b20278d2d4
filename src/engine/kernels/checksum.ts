/** CRC-32C by the kernel, several times as fast as the plain one of `core/formats/tfrecord`. */
import { kernelBytes } from 'virtual:kernel-bytes';
import type { Checksum } from '../../core/formats/tfrecord/crc32c';
import { FIRST_FREE } from '../../core/kernels/assembly/layout';
import { instantiate } from './instance';

/** Bytes that are brought into the kernel's memory at once: they stay in the processor's cache. */
const PIECE = 1 << 18;
const PAGE = 65536;
const PAGES = FIRST_FREE / PAGE + 1 + PIECE / PAGE;

let made: Checksum | null = null;

/** The kernels are compiled by the first call: a few milliseconds. */
export const kernelChecksum: Checksum = (bytes, from, to) => {
  made ??= makeChecksum();
  return made(bytes, from, to);
};

function makeChecksum(): Checksum {
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
  const module = new WebAssembly.Module(Buffer.from(kernelBytes, 'base64'));
  const { exports, bytes: inside } = instantiate(module, memory);
  const tables = FIRST_FREE;
  // The room before it that the kernel writes to is the rest of the tables' page.
  const buffer = FIRST_FREE + PAGE;
  exports.fillChecksumTables(tables);
  return (bytes, from, to) => {
    let crc = 0xffffffff;
    for (let at = from; at < to; at += PIECE) {
      const end = Math.min(to, at + PIECE);
      inside.set(bytes.subarray(at, end), buffer);
      crc = exports.crc32c(tables, crc, buffer, end - at);
    }
    return ~crc >>> 0;
  };
}
