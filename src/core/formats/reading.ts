/** What all readers share: their options, their answer, and the policy for records that cannot be used. */
import type { Truth } from '../dataset/dataset';
import { BadInput } from '../foundation/bad-input';
import type { Finding, FindingPlace, Severity } from '../foundation/finding';
import { FindingCollector } from '../foundation/finding';

export interface ReadOptions {
  /** File (or folder) as the user named it, for findings. */
  readonly file: string;
  /** A record that would be left out is bad input instead. */
  readonly strict?: boolean;
  /** Keep what is not understood, for the exporter (`extra` of images, categories, annotations and the truth). */
  readonly keepExtra?: boolean;
  /** Keep annotations of classes that the file's list does not have, as classes that are `isUnlisted`. */
  readonly keepUnlisted?: boolean;
  /**
   * Corners of VOC count pixels from 1 and include the last one, as in the official data sets; otherwise they are
   * edges counted from 0, as most tools write them.
   */
  readonly vocOfficial?: boolean;
}

export interface TruthReading {
  readonly truth: Truth;
  readonly findings: readonly Finding[];
}

/**
 * Collects what a reader has to remark. A record that is wrong in itself is left out and reported as an `error`; where
 * the reading is strict it ends the reading instead.
 */
export class RecordReporter {
  readonly #findings = new FindingCollector();
  readonly #file: string;
  readonly #strict: boolean;

  constructor(options: ReadOptions) {
    this.#file = options.file;
    this.#strict = options.strict ?? false;
  }

  /** @throws BadInput where the reading is strict. */
  leaveOut(code: string, message: string, where: FindingPlace = {}, count = 1): void {
    const place = { file: this.#file, ...where };
    if (this.#strict) {
      throw new BadInput(code, message, 'Mend the record, or read without --strict to leave it out.', place);
    }
    this.#findings.add(code, 'error', message, place, count);
  }

  note(code: string, severity: Severity, message: string, where: FindingPlace = {}, count = 1): void {
    this.#findings.add(code, severity, message, { file: this.#file, ...where }, count);
  }

  list(): Finding[] {
    return this.#findings.list();
  }
}
