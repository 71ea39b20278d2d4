/**
 * The entry of a session's process, and of its threads: a child process of the command line, or a utility process of the
 * app.
 */
import { isMainThread, workerData } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import type { DecodingRole } from './decoder-pool';
import type { FromSession, ToSession } from './messages';
import type { RunRole } from './run-messages';
import { SessionHost } from './session-host';

/** The part of Electron's port that is used here. */
interface ElectronPort {
  on(
    event: 'message',
    listener: (event: { readonly data: unknown; readonly ports: ElectronPort[] }) => void,
  ): void;
  on(event: 'close', listener: () => void): void;
  postMessage(message: unknown): void;
  start(): void;
}

function serveChild(program: string): void {
  const host = new SessionHost(program, (message: FromSession) => process.send!(message));
  process.on('message', (message: ToSession) => host.receive(message));
  // Whoever started it is gone: nobody is left to tell results to.
  process.on('disconnect', () => process.exit(0));
}

/** The app's main process hands over a port to the engine. */
function serveUtility(program: string, parent: ElectronPort): void {
  parent.on('message', ({ ports: [port] }) => {
    if (!port) return;
    const host = new SessionHost(program, (message: FromSession) => port.postMessage(message));
    port.on('message', ({ data }) => host.receive(data as ToSession));
    port.on('close', () => process.exit(0));
    port.start();
  });
}

/** Each thread loads what it needs: the decoder, or the engines. */
async function serveThread({ role }: DecodingRole | RunRole): Promise<void> {
  if (role === 'decode') (await import('./serve-decoding')).serveDecoding();
  else (await import('./serve-runs')).serveRuns();
}

const program = fileURLToPath(import.meta.url);
const { parentPort } = process as unknown as { readonly parentPort?: ElectronPort };
if (!isMainThread) await serveThread(workerData as DecodingRole | RunRole);
else if (parentPort) serveUtility(program, parentPort);
else serveChild(program);
