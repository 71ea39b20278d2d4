/** What a process that runs a model is started with. */

/** Images that are decoded side by side at most, where a graphics card leaves the cores to that. */
export const MOST_DECODERS = 12;

/** The environment of such a process; what the user has set is left as it is. */
export function sessionEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const given = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    // The decoder works in libuv's pool, which all threads of a process share: four, unless told before its first use.
    UV_THREADPOOL_SIZE: String(MOST_DECODERS),
    // NVIDIA's libraries multiply with 10 bits of 23 by default (TF32), which moves scores and boxes beyond rounding.
    NVIDIA_TF32_OVERRIDE: '0',
    ...Object.fromEntries(given),
  };
}
