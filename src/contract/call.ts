/**
 * How a call is declared: a schema for its arguments, checked where it arrives, and the type of its result. The two
 * tables (`engine-calls.ts`, `app-calls.ts`) are the whole of what crosses processes; client and server types derive
 * from them. The window imports types only, so no schema code runs there.
 */
import type { z } from 'zod';
import type { FindingPlace } from '../core/foundation/finding';

export interface Call<Arguments extends z.ZodType, Result> {
  readonly arguments: Arguments;
  /** Type only; never set. */
  readonly result?: Result;
}

export type CallTable = Readonly<Record<string, Call<z.ZodType, unknown>>>;

export type ArgumentsOf<C> = C extends Call<infer A, unknown> ? z.infer<A> : never;
export type ResultOf<C> = C extends Call<z.ZodType, infer R> ? R : never;

/** The client's view of a table. */
export type Client<T extends CallTable> = <K extends keyof T & string>(
  name: K,
  args: ArgumentsOf<T[K]>,
) => Promise<ResultOf<T[K]>>;

/** The server's view: one handler a call, none forgotten. */
export type Handlers<T extends CallTable> = {
  readonly [K in keyof T]: (args: ArgumentsOf<T[K]>) => ResultOf<T[K]> | Promise<ResultOf<T[K]>>;
};

/** `call<Result>()(schema)`: the result is named, the arguments are inferred. */
export function call<Result>() {
  return <A extends z.ZodType>(schema: A): Call<A, Result> => ({ arguments: schema });
}

/** An expected failure as it crosses processes. `code` decides, never the class; `next` says what to do. */
export interface CallError {
  readonly kind: 'bad-input' | 'cancelled' | 'fault';
  readonly code: string;
  readonly message: string;
  readonly where: FindingPlace;
  readonly next: string;
}

export type CallReply =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: CallError };
