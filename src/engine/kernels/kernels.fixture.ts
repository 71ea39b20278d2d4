/** The kernels alone, in one thread, on a memory of their own. */
import { kernelBytes } from 'virtual:kernel-bytes';
import { FIRST_FREE, FREE, LIMIT } from '../../core/kernels/assembly/layout';
import { fillFives } from '../../core/kernels/fives';
import type { Kernels } from './instance';
import { instantiate } from './instance';

const PAGES = 1024;

export function aloneKernels(): Kernels {
  const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
  const kernels = instantiate(new WebAssembly.Module(Buffer.from(kernelBytes, 'base64')), memory);
  kernels.words[FREE / 4] = FIRST_FREE;
  kernels.words[LIMIT / 4] = memory.buffer.byteLength;
  kernels.exports.fillNumberTables();
  kernels.exports.fillEvaluationTables();
  fillFives(memory.buffer);
  return kernels;
}

/** Puts text, and the zeros after it, at the address. */
export function place({ bytes }: Kernels, address: number, text: string): number {
  const written = Buffer.from(text);
  bytes.set(written, address);
  bytes.fill(0, address + written.length, address + written.length + 64);
  return written.length;
}
