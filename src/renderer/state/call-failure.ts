import type { CallError, CallReply } from '../../contract/call';

/** A call that was refused or failed, with what to tell the user. */
export class CallFailure extends Error {
  override readonly name = 'CallFailure';
  readonly error: CallError;

  constructor(error: CallError) {
    super(error.message);
    this.error = error;
  }
}

/** The value of a reply, or its failure thrown. */
export function valueOf(reply: CallReply): unknown {
  if (reply.ok) return reply.value;
  throw new CallFailure(reply.error);
}

/** Anything thrown, as an error to show. */
export function asCallError(error: unknown): CallError {
  if (error instanceof CallFailure) return error.error;
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'fault', code: 'window', message, where: {}, next: 'Try again.' };
}
