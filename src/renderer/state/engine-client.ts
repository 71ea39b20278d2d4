/** Calls to the engine over the window's own message port. A new port (after a restart) fails what was waiting. */
import type { ArgumentsOf, CallError, ResultOf } from '../../contract/call';
import type { EngineCalls, EngineEvents, EngineMessage } from '../../contract/engine-calls';
import { CallFailure, valueOf } from './call-failure';

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

const RESTARTED: CallError = {
  kind: 'fault',
  code: 'engine-restarted',
  message: 'The engine was started again before it answered.',
  where: {},
  next: 'Nothing that was saved is lost; try again.',
};

const waiting = new Map<number, Waiting>();
const listeners = new Map<keyof EngineEvents, Set<(data: never) => void>>();
let port: MessagePort | null = null;
/** Calls made before there is a port. */
let unsent: { readonly id: number; readonly name: string; readonly args: unknown }[] = [];
let last = 0;

function receive(message: EngineMessage): void {
  if (message.kind === 'event') {
    for (const listener of listeners.get(message.name) ?? [])
      (listener as (data: unknown) => void)(message.data);
    return;
  }
  const call = waiting.get(message.id);
  waiting.delete(message.id);
  try {
    call?.resolve(valueOf(message.reply));
  } catch (error) {
    call?.reject(error as Error);
  }
}

function adopt(next: MessagePort): void {
  port?.close();
  const unsentIds = new Set(unsent.map(({ id }) => id));
  for (const [id, call] of waiting) {
    if (unsentIds.has(id)) continue;
    waiting.delete(id);
    call.reject(new CallFailure(RESTARTED));
  }
  port = next;
  port.onmessage = ({ data }: MessageEvent<EngineMessage>) => receive(data);
  for (const call of unsent) port.postMessage(call);
  unsent = [];
}

/** Asks main for a port; called once. */
export function connectEngine(): void {
  window.addEventListener('message', (event) => {
    const [given] = event.ports;
    if (event.source === window && event.data === 'engine-port' && given) adopt(given);
  });
  window.reticle.connectEngine();
}

export function engine<K extends keyof EngineCalls>(
  name: K,
  args: ArgumentsOf<EngineCalls[K]>,
): Promise<ResultOf<EngineCalls[K]>> {
  return new Promise<unknown>((resolve, reject) => {
    const id = ++last;
    waiting.set(id, { resolve, reject });
    const call = { id, name, args };
    if (port) port.postMessage(call);
    else unsent.push(call);
  }) as Promise<ResultOf<EngineCalls[K]>>;
}

/** Returns the end of the subscription. */
export function onEngineEvent<K extends keyof EngineEvents>(
  name: K,
  listener: (data: EngineEvents[K]) => void,
): () => void {
  const known = listeners.get(name) ?? new Set();
  known.add(listener);
  listeners.set(name, known);
  return () => {
    known.delete(listener);
  };
}
