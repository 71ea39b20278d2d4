/** The menu bar, and which of its entries can act now. */
import { Menu } from 'electron';
import { ACTIONS } from '../contract/actions';
import type { MenuSource } from './menu-template';
import { menuTemplate } from './menu-template';

/** These act without the window's help, whatever state it is in. */
const ALWAYS = new Set(['app.quit', 'view.fullScreen']);

/** Puts the menu bar up; nothing but the entries that act anywhere can be chosen until the window says what it can do. */
export function setMenu(source: MenuSource): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(source)));
  enableActions(Object.entries(ACTIONS).flatMap(([id, { scope }]) => (scope === 'everywhere' ? [id] : [])));
}

/** Exactly these actions can be chosen. */
export function enableActions(enabled: readonly string[]): void {
  const menu = Menu.getApplicationMenu();
  const can = new Set(enabled);
  for (const id of Object.keys(ACTIONS)) {
    const item = menu?.getMenuItemById(id);
    if (item) item.enabled = can.has(id) || ALWAYS.has(id);
  }
}
