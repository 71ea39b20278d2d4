/**
 * Answers calls that arrive as messages: name known, arguments validated, errors turned into what the window can show.
 * It knows ports only by what it needs of them, so that tests drive it over Node's own message channels.
 */
import type { CallError, CallReply, Handlers } from '../../contract/call';
import type { EngineCalls, EngineEvents, EngineMessage } from '../../contract/engine-calls';
import { engineCalls } from '../../contract/engine-calls';
import { BadInput } from '../../core/foundation/bad-input';
import { Cancelled } from '../../core/foundation/cancellation';

/** What a port has to be able to do. */
export interface ServedPort {
  post(message: EngineMessage): void;
  /** Called once; messages that came before are delivered too. */
  receive(listener: (message: unknown) => void): void;
  closed(listener: () => void): void;
}

export interface Server {
  /** Answers a window's port from now on. */
  connect(port: ServedPort): void;
  /** Sends an event to every window. */
  emit<K extends keyof EngineEvents>(name: K, data: EngineEvents[K]): void;
}

/** Where a fault is written down: the window is told only that there was one. */
export type FaultLog = (text: string) => void;

const refusal = (code: string, message: string): CallReply => ({
  ok: false,
  error: { kind: 'bad-input', code, message, where: {}, next: '' },
});

/** The error as the window is told it. Faults keep their text and stack for the log: both may hold paths. */
export function asCallError(error: unknown, name: string, log: FaultLog): CallError {
  if (error instanceof BadInput) {
    const { code, message, where, next } = error;
    return { kind: 'bad-input', code, message, where, next };
  }
  if (error instanceof Cancelled) {
    return { kind: 'cancelled', code: 'cancelled', message: error.message, where: {}, next: '' };
  }
  log(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return {
    kind: 'fault',
    code: 'fault',
    message: 'Something went wrong inside Reticle; nothing was changed by it.',
    where: {},
    next: 'Try again; the log says more (Help, About Reticle).',
  };
}

function isRequest(message: unknown): message is { id: number; name: unknown; args: unknown } {
  return (
    typeof message === 'object' && message !== null && 'id' in message && Number.isSafeInteger(message.id)
  );
}

function isCallName(name: unknown): name is keyof EngineCalls {
  return typeof name === 'string' && Object.hasOwn(engineCalls, name);
}

async function answer(
  handlers: Handlers<EngineCalls>,
  name: unknown,
  args: unknown,
  log: FaultLog,
): Promise<CallReply> {
  if (!isCallName(name)) return refusal('unknown-call', 'There is no such call.');
  const parsed = engineCalls[name].arguments.safeParse(args);
  if (!parsed.success) {
    log(`${name} was called with arguments that do not fit: ${parsed.error.message}`);
    return refusal('bad-arguments', `The arguments of ${name} do not fit.`);
  }
  try {
    // The table ties each name to its arguments; the checker cannot follow that through a union of calls.
    const handler = handlers[name] as (checked: unknown) => unknown;
    return { ok: true, value: await handler(parsed.data) };
  } catch (error) {
    return { ok: false, error: asCallError(error, name, log) };
  }
}

/**
 * Calls start in the order in which they came, once `ready` has settled. One that awaits lets later ones pass; one that
 * does not is finished before the next begins.
 */
export function createServer(
  handlers: Handlers<EngineCalls>,
  ready: Promise<unknown>,
  log: FaultLog,
): Server {
  const ports = new Set<ServedPort>();
  const reply = async (port: ServedPort, id: number, name: unknown, args: unknown): Promise<void> => {
    const result = await answer(handlers, name, args, log);
    if (!ports.has(port)) return;
    try {
      port.post({ kind: 'reply', id, reply: result });
    } catch (error) {
      // A result that cannot be copied is a bug of the handler; the window must not wait for ever.
      port.post({ kind: 'reply', id, reply: { ok: false, error: asCallError(error, String(name), log) } });
    }
  };
  return {
    connect: (port) => {
      ports.add(port);
      port.closed(() => ports.delete(port));
      port.receive((message) => {
        if (!isRequest(message)) {
          log('A message that is no call was left unanswered.');
          return;
        }
        const { id, name, args } = message;
        void ready.then(() => reply(port, id, name, args));
      });
    },
    emit: (name, data) => {
      for (const port of ports) port.post({ kind: 'event', name, data } as EngineMessage);
    },
  };
}
