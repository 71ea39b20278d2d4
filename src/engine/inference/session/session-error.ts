/** Failures of a session as they cross its threads and its process. */
import type { CallError } from '../../../contract/call';
import { BadInput } from '../../../core/foundation/bad-input';

export function asCallError(error: unknown): CallError {
  if (error instanceof BadInput) {
    const { code, message, where, next } = error;
    return { kind: 'bad-input', code, message, where, next };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'fault', code: 'fault', message, where: {}, next: 'Try again.' };
}

/** As it was thrown there. */
export function asError({ kind, code, message, where, next }: CallError): Error {
  return kind === 'bad-input' ? new BadInput(code, message, next, where) : new Error(message);
}
