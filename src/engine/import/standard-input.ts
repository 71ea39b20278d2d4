/** Standard input as the one file of a source. It comes once: whoever asks for it shares what came. */
import type { Readable } from 'node:stream';
import type { Progress } from '../../core/foundation/cancellation';
import type { Source } from '../../core/formats/source';
import { BadInput } from '../../core/foundation/bad-input';
import { HEAD_LENGTH, LARGEST_TEXT } from '../../core/formats/source';

/** The path that means it. */
export const STANDARD_INPUT = '-';

/** A path as sentences name it. */
export const inWords = (given: string): string => (given === STANDARD_INPUT ? 'Standard input' : given);

/** What came in is kept until it was recognised, then read on. */
class StandardInput implements Source {
  readonly name = STANDARD_INPUT;
  readonly isArchive = false;
  readonly isSingle = true;
  readonly paths = [STANDARD_INPUT];
  readonly #pieces: AsyncIterator<Uint8Array>;
  #kept: Uint8Array[] = [];

  constructor(stream: Readable) {
    this.#pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  }

  nameOf(): string {
    return STANDARD_INPUT;
  }

  async head(): Promise<Uint8Array> {
    let length = this.#kept.reduce((sum, piece) => sum + piece.length, 0);
    while (length < HEAD_LENGTH) {
      const next = await this.#pieces.next();
      if (next.done) break;
      this.#kept.push(next.value);
      length += next.value.length;
    }
    this.#kept = [Buffer.concat(this.#kept)];
    return this.#kept[0]!.subarray(0, HEAD_LENGTH);
  }

  async whole(): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    let length = 0;
    for await (const piece of this.pieces(STANDARD_INPUT)) {
      pieces.push(piece);
      length += piece.length;
      if (length > LARGEST_TEXT)
        throw new BadInput(
          'file-too-large',
          'Standard input is larger than such a file can be.',
          'Check that it is the right file.',
          { file: STANDARD_INPUT },
        );
    }
    this.#kept = [Buffer.concat(pieces)];
    return this.#kept[0]!;
  }

  async *pieces(_: string, progress?: Progress): AsyncGenerator<Uint8Array> {
    yield* this.#kept.splice(0);
    for (;;) {
      const next = await this.#pieces.next();
      if (next.done) return;
      progress?.check();
      yield next.value;
    }
  }
}

const shared = new WeakMap<Readable, StandardInput>();

/** Of this process: what was looked at to recognise it is there still for whoever reads it. */
export function standardInput(): StandardInput {
  const made = shared.get(process.stdin) ?? new StandardInput(process.stdin);
  shared.set(process.stdin, made);
  return made;
}
