/** Reading that does not come to its end: a share that hangs, a file made to be slow. */
import { BadInput } from '../../core/foundation/bad-input';
import type { Progress } from '../../core/foundation/cancellation';

/** Milliseconds: the largest datasets are read in minutes, from a slow share in an hour. */
export const LONGEST_READING = 6 * 3600_000;

/** The same progress, which ends the work with `BadInput` when the time is over. */
export function withTimeLimit(progress: Progress, file: string, most = LONGEST_READING): Progress {
  const start = performance.now();
  return {
    check() {
      progress.check();
      if (performance.now() - start > most)
        throw new BadInput(
          'reading-too-long',
          `${file} was not read within ${Math.round(most / 60_000)} minutes.`,
          'Copy it to a local disk, or split it.',
          { file },
        );
    },
    report: (stage, done, total) => progress.report(stage, done, total),
  };
}
