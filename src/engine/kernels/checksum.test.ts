import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c } from '../../core/formats/tfrecord/crc32c';
import { kernelChecksum } from './checksum';

describe('the kernel’s CRC-32C', () => {
  it('equals the plain one, for any bytes from any place to any other', () => {
    const bytes = Uint8Array.from({ length: 700_000 }, (_, at) => (at * 2654435761) >>> 13);
    const place = fc.nat({ max: bytes.length });
    // Folding begins at 6,688 bytes and goes in vectors, two at a time; pieces begin at 256 KB.
    const near = fc.tuple(
      fc.constantFrom(0, 6688, 10_032, 16_384, 262_144, 268_832, 524_288),
      fc.integer({ min: -33, max: 33 }),
    );
    const ends = fc.oneof(
      fc.tuple(place, place).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
      fc
        .tuple(fc.nat({ max: 40 }), near)
        .map(([from, [size, more]]) => [from, Math.max(from, from + size + more)] as const),
    );
    fc.assert(
      fc.property(ends, ([from, to]) => {
        expect(kernelChecksum(bytes, from, to)).toBe(crc32c(bytes, from, to));
      }),
      { numRuns: 300 },
    );
  });
});
