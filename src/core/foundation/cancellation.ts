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

/**
 * Starts what is needed after `first` while that is under way, and gives its answer. Where `first` fails that is the error
 * whatever becomes of the other, which ends then too.
 */
export async function startedAhead<T>(
  progress: Progress,
  start: (progress: Progress) => Promise<T>,
  first: () => Promise<void>,
): Promise<T> {
  let isOver = false;
  const started = start({
    check() {
      if (isOver) throw new Cancelled();
      progress.check();
    },
    report: (stage, done, total) => progress.report(stage, done, total),
  });
  // It is waited for below; until then a failure is nobody's.
  started.catch(() => {});
  try {
    await first();
  } catch (error) {
    isOver = true;
    await started.catch(() => {});
    throw error;
  }
  return started;
}
