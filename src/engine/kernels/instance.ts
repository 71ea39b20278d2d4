/** One thread's instance of the kernels, on the memory that all threads share. */
import type { KernelExports } from '../../core/kernels/exports';

export interface Kernels {
  readonly exports: KernelExports;
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly doubles: Float64Array;
}

export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  const { buffer } = memory;
  const bytes = new Uint8Array(buffer);
  const host = {
    // The text of a number that the kernels are not sure of.
    toNumber: (start: number, length: number) => Number(textOf(bytes, start, length)),
  };
  const { exports } = new WebAssembly.Instance(module, { env: { memory }, host });
  return {
    exports: exports as unknown as KernelExports,
    bytes,
    words: new Int32Array(buffer),
    doubles: new Float64Array(buffer),
  };
}

/** ASCII. Decoders do not read shared memory, so it is copied. */
export function textOf(bytes: Uint8Array, start: number, length: number): string {
  return Buffer.from(bytes.subarray(start, start + length)).toString('latin1');
}
