/** Closes a switch over a union: a member that was forgotten does not compile, and throws where types were bypassed. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
