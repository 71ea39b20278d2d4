/** Calls to the main process: dialogs, settings, the system. */
import type { AppCalls, AppEvents } from '../../contract/app-calls';
import type { ArgumentsOf, ResultOf } from '../../contract/call';
import { valueOf } from './call-failure';

export async function app<K extends keyof AppCalls>(
  name: K,
  args: ArgumentsOf<AppCalls[K]>,
): Promise<ResultOf<AppCalls[K]>> {
  return valueOf(await window.reticle.call(name, args)) as ResultOf<AppCalls[K]>;
}

/** Returns the end of the subscription. */
export function onAppEvent<K extends keyof AppEvents>(
  name: K,
  listener: (data: AppEvents[K]) => void,
): () => void {
  return window.reticle.on(name, listener);
}
