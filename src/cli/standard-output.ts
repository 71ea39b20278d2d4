/** Standard output that does not take what is printed. */

/**
 * Watches from now on; the answer says whether all that was printed was taken, and tells where it was not. A reader that
 * has enough, as `head` has, is no failure.
 */
export function watchStandardOutput(): () => Promise<boolean> {
  let failure: NodeJS.ErrnoException | null = null;
  const take = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE') failure ??= error;
  };
  process.stdout.on('error', take);
  return async () => {
    // It is told in the event loop's next turn.
    await new Promise((resolve) => setImmediate(resolve));
    process.stdout.off('error', take);
    if (failure === null) return true;
    const why = failure.code === 'ENOSPC' ? 'the disk is full' : (failure.code ?? failure.message);
    process.stderr.write(`reticle: Standard output cannot be written: ${why}. Print to another place.\n`);
    return false;
  };
}
