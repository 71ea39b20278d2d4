/** Hands out memory, to all threads from one pointer. Nothing is given back one by one: the host sets the pointer back. */
import { FREE, LIMIT, SPARE_END, SPARE_FREE } from "./layout";

/** Address of so many zero or old bytes, at a multiple of 16; 0 where there is no room. */
export function allocate(bytes: usize): usize {
  return take(FREE, LIMIT, (bytes + 15) & ~15);
}

/** As `allocate`, from memory that is no longer needed where that has room. */
export function allocateSpare(bytes: usize): usize {
  const spare = take(SPARE_FREE, SPARE_END, (bytes + 15) & ~15);
  return spare != 0 ? spare : allocate(bytes);
}

@inline
function take(pointer: usize, limit: usize, size: usize): usize {
  while (true) {
    const free = atomic.load<u32>(pointer);
    if (<u64>free + <u64>size > <u64>atomic.load<u32>(limit)) return 0;
    if (atomic.cmpxchg<u32>(pointer, free, free + <u32>size) == free) return <usize>free;
  }
}
