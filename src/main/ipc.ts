/** The one channel by which the window calls main: sender checked, name known, arguments validated, answer typed. */
import { ipcMain } from 'electron';
import type { IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron';
import type { AppCalls } from '../contract/app-calls';
import { appCalls } from '../contract/app-calls';
import type { CallError, CallReply, Handlers } from '../contract/call';
import { CHANNELS, PAGE_ORIGIN } from '../contract/channels';
import { BadInput } from '../core/foundation/bad-input';
import { EngineRefusal } from './engine-supervisor';
import type { Log } from './log';

export interface IpcContext {
  /** Whether these are the contents of a window of ours. */
  readonly isOurs: (contents: WebContents) => boolean;
  readonly handlers: Handlers<AppCalls>;
  readonly connectEngine: () => void;
  readonly log: Log;
}

const refusal = (code: string, message: string): CallReply => ({
  ok: false,
  error: { kind: 'bad-input', code, message, where: {}, next: '' },
});

/** Only the main frame of a window of ours, showing our own page, is answered. */
function isTrusted(event: IpcMainEvent | IpcMainInvokeEvent, isOurs: IpcContext['isOurs']): boolean {
  const frame = event.senderFrame;
  if (!frame || frame !== event.sender.mainFrame || !isOurs(event.sender)) return false;
  const url = URL.canParse(frame.url) ? new URL(frame.url) : null;
  return url !== null && `${url.protocol}//${url.host}` === PAGE_ORIGIN;
}

function isCallName(name: unknown): name is keyof AppCalls {
  return typeof name === 'string' && Object.hasOwn(appCalls, name);
}

function asCallError(error: unknown, log: Log, name: string): CallError {
  if (error instanceof EngineRefusal) return error.error;
  if (error instanceof BadInput) {
    const { code, message, where, next } = error;
    return { kind: 'bad-input', code, message, where, next };
  }
  log('main', `${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return {
    kind: 'fault',
    code: 'fault',
    message: 'Something went wrong inside Reticle.',
    where: {},
    next: 'The log says more: Help, About Reticle.',
  };
}

async function answer(name: unknown, args: unknown, { handlers, log }: IpcContext): Promise<CallReply> {
  if (!isCallName(name)) return refusal('unknown-call', 'There is no such call.');
  const parsed = appCalls[name].arguments.safeParse(args);
  if (!parsed.success) {
    log('main', `${name} was called with arguments that do not fit: ${parsed.error.message}`);
    return refusal('bad-arguments', `The arguments of ${name} do not fit.`);
  }
  try {
    // The table ties each name to its arguments; the checker cannot follow that through a union of calls.
    const handler = handlers[name] as (checked: unknown) => unknown;
    return { ok: true, value: await handler(parsed.data) };
  } catch (error) {
    return { ok: false, error: asCallError(error, log, name) };
  }
}

/** Begins to answer. */
export function serveIpc(context: IpcContext): void {
  ipcMain.handle(CHANNELS.call, async (event, name: unknown, args: unknown): Promise<CallReply> => {
    if (!isTrusted(event, context.isOurs)) {
      context.log('main', `A call from ${event.senderFrame?.url ?? 'a closed frame'} was refused.`);
      return refusal('sender-refused', 'This page may not call the app.');
    }
    return answer(name, args, context);
  });
  ipcMain.on(CHANNELS.connectEngine, (event) => {
    if (isTrusted(event, context.isOurs)) context.connectEngine();
    else context.log('main', 'A page that is not ours asked for the engine; it was refused.');
  });
}
