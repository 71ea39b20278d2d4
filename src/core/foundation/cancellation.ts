/** Thrown by long work when its owner cancelled it. Nothing was written. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
  constructor(message = 'Cancelled; nothing was written.') {
    super(message);
  }
}

/** Handed to long work: asks whether to go on, and reports how far it is. */
export interface Progress {
  /** Throws `Cancelled` when the owner has cancelled. Cheap: call it often. */
  check(): void;
  /** `done` of `total` units of the named stage; `total` is null where it is not known. */
  report(stage: string, done: number, total: number | null): void;
}

/** For callers that neither cancel nor watch. */
export const noProgress: Progress = {
  check() {
    // Never cancelled.
  },
  report() {
    // Nobody watches.
  },
};
