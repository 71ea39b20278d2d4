/** What all readers share: their options, their answer, and the policy for records that cannot be used. */
import type { Truth } from '../dataset/dataset';
import { BadInput } from '../foundation/bad-input';
import type { Finding, FindingPlace, Severity } from '../foundation/finding';
import { FindingCollector } from '../foundation/finding';
import type { ConventionChoice } from './conventions/box-convention';
import type { ConventionReading } from './conventions/convention';
import { isUsual } from './conventions/convention';
import type { Checksum } from './tfrecord/crc32c';

export interface ReadOptions {
  /** File (or folder) as the user named it, for findings. */
  readonly file: string;
  /** A record that would be left out is bad input instead. */
  readonly strict?: boolean;
  /** Keep what is not understood, for the exporter (`extra` of images, categories, annotations and the truth). */
  readonly keepExtra?: boolean;
  /** Keep annotations of classes that the file's list does not have, as classes that are `isUnlisted`. */
  readonly keepUnlisted?: boolean;
  /** What the user says of the boxes' numbers; the rest is as the file tells and the format's tools write. */
  readonly conventions?: ConventionChoice;
  /** CRC-32C for large records, where a faster one than the plain one is at hand. */
  readonly checksum?: Checksum;
}

export interface TruthReading {
  readonly truth: Truth;
  readonly findings: readonly Finding[];
  /** How the boxes' numbers were read, where the format leaves something of that open. */
  readonly conventions?: ConventionReading;
}

/** The reading with what its boxes' numbers mean, which the truth keeps where its format writes them otherwise. */
export function withConventions(reading: TruthReading, conventions: ConventionReading): TruthReading {
  const { truth } = reading;
  const { convention } = conventions;
  return {
    ...reading,
    truth: isUsual(truth.format, convention)
      ? truth
      : { ...truth, conventions: { [truth.format]: convention } },
    conventions,
  };
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
