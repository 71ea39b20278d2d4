import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c } from './crc32c';
import { readFrame, writeFrame } from './frames';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

describe('CRC-32C', () => {
  it('equals the test vectors of RFC 3720, B.4', () => {
    expect(crc32c(ascii('123456789'))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, index) => index))).toBe(0x46dd794e);
  });
});

describe('frames', () => {
  it('come back as they were written, one after the other', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 }), (records) => {
        const frames = records.map(writeFrame);
        const bytes = Uint8Array.from(frames.flatMap((frame) => [...frame]));
        let offset = 0;
        for (const record of records) {
          const frame = readFrame(bytes, offset);
          if (typeof frame === 'string') throw new Error(frame);
          expect(bytes.slice(frame.from, frame.to)).toEqual(record);
          offset = frame.next;
        }
        expect(offset).toBe(bytes.length);
      }),
    );
  });

  it('say what is wrong: cut anywhere, or any bit turned', () => {
    const bytes = writeFrame(ascii('a record'));
    for (let length = 0; length < bytes.length; length++)
      expect(readFrame(bytes.subarray(0, length), 0)).toBe('cut');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = bytes.slice();
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      expect(readFrame(damaged, 0)).toBe(bit < 96 ? 'length-damaged' : 'bytes-damaged');
    }
  });
});
