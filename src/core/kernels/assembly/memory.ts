/** Hands out memory, to all threads from one pointer. Nothing is given back one by one: the host sets the pointer back. */
import { FREE, LIMIT } from "./layout";

/** Address of so many zero or old bytes, at a multiple of 16; 0 where there is no room. */
export function allocate(bytes: usize): usize {
  const size = (bytes + 15) & ~15;
  while (true) {
    const free = atomic.load<u32>(FREE);
    if (<u64>free + <u64>size > <u64>load<u32>(LIMIT)) return 0;
    if (atomic.cmpxchg<u32>(FREE, free, free + <u32>size) == free) return <usize>free;
  }
}
