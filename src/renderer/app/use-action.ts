/**
 * Actions of the window: pages register what they can do while they are shown; keys, menu and palette all run actions
 * from here. The table of actions itself is the contract's.
 */
import { useEffect, useRef } from 'react';
import { create } from 'zustand';
import type { ActionId } from '../../contract/actions';
import { app } from '../state/app-client';
import { useSession } from '../state/session';

interface Registered {
  readonly run: () => void;
  readonly isEnabled: boolean;
}

export const useActions = create<{ readonly actions: ReadonlyMap<ActionId, Registered> }>()(() => ({
  actions: new Map(),
}));

let isTelling = false;
/** Tells the menu what can be done, once for many changes. */
function tellMenu(): void {
  if (isTelling) return;
  isTelling = true;
  queueMicrotask(() => {
    isTelling = false;
    const enabled = [...useActions.getState().actions].flatMap(([id, { isEnabled }]) =>
      isEnabled ? [id] : [],
    );
    void app('menu.update', { enabled });
  });
}

function change(id: ActionId, registered: Registered | null): void {
  const actions = new Map(useActions.getState().actions);
  if (registered) actions.set(id, registered);
  else actions.delete(id);
  useActions.setState({ actions });
  tellMenu();
}

/** What an action cannot do is told, whoever asked for it. */
async function perform(handler: () => unknown): Promise<void> {
  try {
    await handler();
  } catch (error) {
    useSession.getState().showFailure(error);
  }
}

/** Offers an action for as long as the component is shown. */
export function useAction(id: ActionId, handler: () => unknown, enabled = true): void {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => {
    const registered = { run: () => void perform(latest.current), isEnabled: enabled };
    change(id, registered);
    return () => {
      // Another page may have taken the action over meanwhile.
      if (useActions.getState().actions.get(id) === registered) change(id, null);
    };
  }, [id, enabled]);
}

/** Runs an action where it can be done now; says whether it could. */
export function runAction(id: ActionId): boolean {
  const registered = useActions.getState().actions.get(id);
  if (!registered?.isEnabled) return false;
  registered.run();
  return true;
}
