// What the bootstrap says: one line a step, with the time since the start.
const start = performance.now();

const seconds = (milliseconds) => (milliseconds / 1000).toFixed(1);

/** Progress goes to stderr, so that a command's own output stays clean. */
export function say(text) {
  console.error(`${seconds(performance.now() - start).padStart(6)} s  ${text}`);
}

/** Says that a step began, runs it, and says how long it took. */
export async function timed(text, work) {
  const began = performance.now();
  say(`${text} ...`);
  const result = await work();
  say(`${text}: done in ${seconds(performance.now() - began)} s`);
  return result;
}

/** Ends the set-up with what is wrong and the command that mends it. */
export class SetupError extends Error {
  constructor(message, mend) {
    super(mend ? `${message}\n          mend it with:  ${mend}` : message);
    this.name = 'SetupError';
  }
}

/** Runs an entry script: a SetupError is told in one line and ends with 1. */
export async function runEntry(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`\nreticle: ${error.message}`);
    process.exitCode = 1;
  }
}
