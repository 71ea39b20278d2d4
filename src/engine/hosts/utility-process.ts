/**
 * The engine in a utility process of the app. Main speaks over the process's own port (`host-messages.ts`), windows over
 * ports that main hands on.
 */
import type { CallError } from '../../contract/call';
import type { EngineInit, FromEngine, HostCalls, ToEngine } from '../../contract/host-messages';
import type { Engine } from '../engine';
import { createEngine } from '../engine';
import type { Server, ServedPort } from './serve';
import { Sessions } from './sessions';
import { asCallError, createServer } from './serve';

/** The part of Electron's ports that is used here; this layer imports nothing of Electron. */
interface TransferredPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
  postMessage(message: unknown): void;
  start(): void;
}
interface ParentPort {
  on(
    event: 'message',
    listener: (event: { readonly data: ToEngine; readonly ports: TransferredPort[] }) => void,
  ): void;
  postMessage(message: FromEngine): void;
}

function parentPort(): ParentPort {
  const { parentPort: port } = process as unknown as { readonly parentPort: ParentPort | undefined };
  if (!port) throw new Error('This file runs only as a utility process of the app.');
  return port;
}

const main = parentPort();
const tellMain = (message: FromEngine): void => {
  main.postMessage(message);
};
const logFault = (text: string): void => {
  tellMain({ kind: 'fault', text });
};

const sessions = new Sessions(tellMain);

function servedPort(port: TransferredPort): ServedPort {
  return {
    post: (message) => {
      port.postMessage(message);
    },
    receive: (listener) => {
      port.on('message', ({ data }) => {
        listener(data);
      });
      port.start();
    },
    closed: (listener) => {
      port.on('close', listener);
    },
  };
}

interface Running {
  readonly engine: Engine;
  readonly server: Server;
  readonly ready: Promise<unknown>;
}

/** Opens the project that was open before, and says so; null where that went well or nothing was open. */
async function reopen(engine: Engine, path: string | null): Promise<CallError | null> {
  if (path === null) return null;
  try {
    await engine.handlers['project.open']({ path });
    return null;
  } catch (error) {
    return asCallError(error, 'Opening the project again', logFault);
  }
}

function start(init: EngineInit): Running {
  // Events may come while the engine is being made, before there is a server to send them.
  let server: Server | null = null;
  const engine = createEngine({
    userData: init.userData,
    resources: init.resources,
    author: init.author,
    version: init.version,
    startSession: sessions.start,
    emit: (name, data) => {
      if (name === 'project.changed') tellMain({ kind: 'project', state: data as HostProject });
      server?.emit(name, data);
    },
    log: logFault,
  });
  const ready = reopen(engine, init.reopen).then((problem) => tellMain({ kind: 'ready', problem }));
  server = createServer(engine.handlers, ready, logFault);
  return { engine, server, ready };
}

type HostProject = Extract<FromEngine, { kind: 'project' }>['state'];

const hostHandlers: {
  readonly [K in keyof HostCalls]: (
    engine: Engine,
    ask: HostCalls[K]['ask'],
  ) => HostCalls[K]['answer'] | Promise<HostCalls[K]['answer']>;
} = {
  pixels: (engine, request) => engine.pixels(request),
  'image.path': (engine, { image }) => engine.imagePath(image),
  components: (engine) => engine.components(),
  close: (engine) => {
    engine.close();
    return null;
  },
};

async function answerMain(
  { engine, ready }: Running,
  message: Extract<ToEngine, { kind: 'ask' }>,
): Promise<void> {
  const { id, name, ask } = message;
  try {
    await ready;
    // The table ties each name to what is asked; the checker cannot follow that through a union.
    const handler = hostHandlers[name] as (engine: Engine, asked: unknown) => unknown;
    tellMain({ kind: 'answer', id, value: await handler(engine, ask) });
  } catch (error) {
    tellMain({ kind: 'refusal', id, error: asCallError(error, name, logFault) });
  }
}

let running: Promise<Running> | null = null;

/** Main sends `init` before anything else; without it nothing can be answered. */
function whenRunning(use: (state: Running) => unknown): void {
  // A start that failed has said so; what comes after is left unanswered, and the process ends.
  running?.then(use, () => undefined);
}

main.on('message', ({ data, ports }) => {
  switch (data.kind) {
    case 'init':
      running = Promise.resolve(data.init).then(start);
      running.catch((error: unknown) => {
        logFault(error instanceof Error ? (error.stack ?? error.message) : String(error));
        tellMain({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
        // Main counts on the end of a process that cannot work; the message above leaves first.
        setImmediate(() => process.exit(1));
      });
      break;
    case 'connect':
      whenRunning(({ server }) => {
        for (const port of ports) server.connect(servedPort(port));
      });
      break;
    case 'session':
      sessions.connected(data.id, ports[0]);
      break;
    case 'session-ended':
      sessions.ended(data);
      break;
    case 'ask':
      whenRunning((state) => answerMain(state, data));
      break;
  }
});
