/** One listener for all keys: finds the action whose key was pressed where the user is, and runs it. */
import type { ActionId, ActionScope } from '../../contract/actions';
import { ACTIONS } from '../../contract/actions';
import type { Section } from '../state/session-state';
import { useSession } from '../state/session';
import { isSingleKey, keyName } from './key-names';
import { runAction } from './use-action';

const SCOPES: Readonly<Record<Section, readonly ActionScope[]>> = {
  start: ['everywhere'],
  import: ['import', 'everywhere'],
  causes: ['causes', 'project', 'everywhere'],
  fixes: ['fixes', 'project', 'everywhere'],
  failures: ['gallery', 'project', 'everywhere'],
  images: ['gallery', 'project', 'everywhere'],
  image: ['image', 'project', 'everywhere'],
  metrics: ['scores', 'project', 'everywhere'],
  compare: ['compare', 'scores', 'project', 'everywhere'],
  data: ['data', 'project', 'everywhere'],
  training: ['training', 'project', 'everywhere'],
  history: ['project', 'everywhere'],
};

/** Actions whose keys act in a section, the nearest scope first. */
export function actionsOfKey(key: string, section: Section): ActionId[] {
  const all = Object.entries(ACTIONS) as [ActionId, (typeof ACTIONS)[ActionId]][];
  return SCOPES[section].flatMap((scope) =>
    all.filter(([, action]) => action.scope === scope && action.keys.includes(key)).map(([id]) => id),
  );
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.closest(
    'input:not([type=range], [type=checkbox], [type=radio]), textarea, select, [contenteditable]',
  ) !== null;

/** Enter and Space on a control are the control's own. */
const isControl = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.closest('button, a[href], input, [role=menuitem], [role=option]') !== null;

function handle(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const key = keyName(event, window.reticle.platform);
  const { section, overlay, settings } = useSession.getState();
  const hasModifier = event.ctrlKey || event.metaKey || event.altKey;
  if (isTyping(event.target) && !hasModifier && !/^F\d+$/.test(event.key)) return;
  if ((key === 'Enter' || key === 'Space') && isControl(event.target)) return;
  // A dialog has the keys to itself; the palette's own key closes it again.
  if (key === 'Mod+K' && overlay === 'palette') {
    useSession.getState().setOverlay(null);
    event.preventDefault();
    return;
  }
  if (overlay !== null || document.querySelector('[role=dialog], [role=menu]')) return;
  if (!settings.singleKeys && isSingleKey(key)) return;
  for (const action of actionsOfKey(key, section)) {
    if (runAction(action)) {
      event.preventDefault();
      return;
    }
  }
}

/** Returns the end of it. */
export function listenForKeys(): () => void {
  window.addEventListener('keydown', handle);
  return () => window.removeEventListener('keydown', handle);
}
