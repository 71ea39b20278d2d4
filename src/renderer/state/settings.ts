import type { Settings } from '../../contract/view-types';
import { app } from './app-client';
import { useSession } from './session';

/** Keeps a change of the settings; a failure is told, and nothing changes. */
export async function changeSettings(change: Partial<Settings>): Promise<void> {
  try {
    useSession.setState({ settings: await app('settings.set', change) });
  } catch (error) {
    useSession.getState().showFailure(error);
  }
}
