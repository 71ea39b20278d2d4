import { FIVES, FIVES_LOWEST } from './assembly/layout';

/**
 * Fills the table of 128-bit powers of five that Eisel and Lemire's product needs: for exponents 0, -1, ... the leading
 * 128 bits of the reciprocal, rounded up (D. Lemire, 2021, section 5). Lower half first.
 */
export function fillFives(buffer: ArrayBufferLike): void {
  const table = new BigUint64Array(buffer, FIVES, 2 * (1 - FIVES_LOWEST));
  const limit = 1n << 128n;
  const half = (1n << 64n) - 1n;
  let five = 1n;
  for (let exponent = 0; exponent >= FIVES_LOWEST; exponent--) {
    const bits = BigInt(five.toString(2).length - (exponent === 0 ? 1 : 0));
    let leading =
      exponent === 0 ? limit >> 1n : (1n << (exponent >= -27 ? bits + 127n : 2n * bits + 128n)) / five + 1n;
    while (leading >= limit) leading >>= 1n;
    table[-2 * exponent] = leading & half;
    table[-2 * exponent + 1] = leading >> 64n;
    five *= 5n;
  }
}
