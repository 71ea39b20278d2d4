import type { FindingPlace } from './finding';

/**
 * Input that cannot be used at all: a file that cannot be read to its end, a usage mistake, an unknown name. It ends
 * the operation with nothing written; the command line exits with 2 and the window shows a banner.
 * `code` is stable; `next` says what to do.
 */
export class BadInput extends Error {
  override readonly name = 'BadInput';
  readonly code: string;
  readonly where: FindingPlace;
  readonly next: string;

  constructor(code: string, message: string, next: string, where: FindingPlace = {}) {
    super(message);
    this.code = code;
    this.where = where;
    this.next = next;
  }
}
