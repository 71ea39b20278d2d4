/** The menu bar out of the one table of actions. */
import type { MenuItemConstructorOptions } from 'electron';
import type { ActionId, MenuName } from '../contract/actions';
import { ACTIONS, MENUS } from '../contract/actions';

/** Names of keys where the menu's differ from those of `KeyboardEvent.key`. */
const KEY_NAMES: Readonly<Record<string, string>> = {
  Mod: 'CommandOrControl',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
};

/** `Mod+Shift+Z` as the menu writes it: `CommandOrControl+Shift+Z`. */
export function menuKey(key: string): string {
  return key
    .split('+')
    .map((part) => KEY_NAMES[part] ?? part)
    .join('+');
}

/** Separators stand before these. */
const GROUP_STARTS: ReadonlySet<ActionId> = new Set([
  'import.folder',
  'project.saveCopy',
  'images.relink',
  'app.quit',
  'project.history',
  'scores.copyTable',
  'app.settings',
  'view.toggleInspector',
  'view.galleryKind',
  'view.groundTruth',
  'view.fit',
  'scores.protocols',
  'compare.swap',
  'view.appearance',
  'go.back',
  'go.nextImage',
  'compare.next',
  'go.nextPane',
  'image.copyPath',
  'box.accept',
  'box.pickClass',
  'box.difficult',
  'review.dismiss',
  'help.about',
]);

/** Reached by their digit; nine more lines would only lengthen the menu. */
const isClassDigit = (id: ActionId): boolean => /^box\.class\d$/.test(id);

export interface MenuSource {
  readonly platform: NodeJS.Platform;
  readonly choose: (action: ActionId) => void;
}

function actionItem(id: ActionId, { platform, choose }: MenuSource): MenuItemConstructorOptions {
  const { title, keys } = ACTIONS[id];
  const [shown] = keys;
  // macOS acts on every key that the menu shows, and would take single letters away from text fields.
  const isShown = shown !== undefined && (platform !== 'darwin' || /^(Mod\+|F\d)/.test(shown));
  return {
    id,
    label: title,
    click: () => {
      choose(id);
    },
    ...(isShown ? { accelerator: menuKey(shown), registerAccelerator: false } : {}),
  };
}

/** The clipboard in text fields is the system's own; no action of ours. */
const CLIPBOARD: readonly MenuItemConstructorOptions[] = [
  { type: 'separator' },
  { role: 'cut', registerAccelerator: false },
  { role: 'copy', registerAccelerator: false },
  { role: 'paste', registerAccelerator: false },
  { role: 'selectAll', registerAccelerator: false },
];

function menuItems(menu: MenuName, source: MenuSource): MenuItemConstructorOptions[] {
  const ids = (Object.keys(ACTIONS) as ActionId[]).filter(
    (id) => ACTIONS[id].menu === menu && !isClassDigit(id),
  );
  return ids.flatMap((id) => {
    const item = actionItem(id, source);
    const clipboard = id === 'project.history' ? CLIPBOARD : [];
    return GROUP_STARTS.has(id) ? [...clipboard, { type: 'separator' }, item] : [item];
  });
}

/** Every menu with its actions in the table's order. Keys are shown here and handled by the window. */
export function menuTemplate(source: MenuSource): MenuItemConstructorOptions[] {
  const menus: MenuItemConstructorOptions[] = MENUS.map((menu) => ({
    label: menu,
    submenu: menuItems(menu, source),
  }));
  return source.platform === 'darwin' ? [{ role: 'appMenu' }, ...menus, { role: 'windowMenu' }] : menus;
}
