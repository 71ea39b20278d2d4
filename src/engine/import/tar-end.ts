/**
 * Whether a tar archive came to its end. Readers take an archive that stops between two members for whole; one that was
 * written whole ends with a block of zeros where the next header would stand (POSIX.1-2017, pax, “ustar Interchange Format”).
 */

const BLOCK = 512;
const SIZE_AT = 124;
const SIZE_LENGTH = 12;

/** Bytes of a member, from its header: octal text, or binary where the first bit is set (GNU). */
function sizeOf(header: Uint8Array): number {
  const field = header.subarray(SIZE_AT, SIZE_AT + SIZE_LENGTH);
  if (field[0]! & 0x80) return field.subarray(1).reduce((size, byte) => size * 256 + byte, 0);
  const text = String.fromCharCode(...field).replace(/\0.*$/s, '');
  return parseInt(text.trim() || '0', 8) || 0;
}

export class TarEnd {
  readonly #header = new Uint8Array(BLOCK);
  #filled = 0;
  /** Bytes of a member's content, with padding, that are still to come. */
  #toPass = 0;
  isReached = false;

  /** Bytes of the archive, in order, in pieces of any length. */
  push(piece: Uint8Array): void {
    let at = 0;
    while (at < piece.length && !this.isReached) {
      if (this.#toPass > 0) {
        const passed = Math.min(this.#toPass, piece.length - at);
        this.#toPass -= passed;
        at += passed;
        continue;
      }
      const taken = Math.min(BLOCK - this.#filled, piece.length - at);
      this.#header.set(piece.subarray(at, at + taken), this.#filled);
      this.#filled += taken;
      at += taken;
      if (this.#filled < BLOCK) continue;
      this.#filled = 0;
      if (this.#header.every((byte) => byte === 0)) this.isReached = true;
      else this.#toPass = Math.ceil(sizeOf(this.#header) / BLOCK) * BLOCK;
    }
  }
}
