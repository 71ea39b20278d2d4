import { ENTRY_BYTES, ENTRY_FIRST, TABLE_COUNT, TABLE_ENTRIES } from '../../core/kernels/assembly/layout';
import type { Kernels } from './instance';

export interface IdEntry {
  readonly id: number;
  /** Where in the file it was first met. */
  readonly first: number;
  readonly entry: number;
}

/** What a table of ids holds, in the order first met by its thread. */
export function entriesOf({ doubles, words }: Kernels, table: number): IdEntry[] {
  const count = words[(table + TABLE_COUNT) / 4]!;
  const entries = words[(table + TABLE_ENTRIES) / 4]! >>> 0;
  return Array.from({ length: count }, (_, index) => {
    const entry = entries + index * ENTRY_BYTES;
    return { id: doubles[entry / 8]!, first: doubles[(entry + ENTRY_FIRST) / 8]!, entry };
  });
}
