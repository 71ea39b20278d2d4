import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import type { ActionId } from '../contract/actions';
import { ACTIONS, MENUS } from '../contract/actions';
import { menuKey, menuTemplate } from './menu-template';

const template = (platform: NodeJS.Platform, chosen: string[] = []): MenuItemConstructorOptions[] =>
  menuTemplate({ platform, choose: (action) => chosen.push(action) });
const items = (platform: NodeJS.Platform, chosen?: string[]): MenuItemConstructorOptions[] =>
  template(platform, chosen).flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));

describe('the menu', () => {
  it('has every action of the table once, under its menu', () => {
    const ids = Object.keys(ACTIONS).filter((id) => !/^box\.class\d$/.test(id));
    expect(
      items('linux')
        .flatMap(({ id }) => id ?? [])
        .sort(),
    ).toEqual(ids.sort());
    expect(template('linux').map(({ label }) => label)).toEqual([...MENUS]);
  });

  it('sends the chosen action', () => {
    const chosen: string[] = [];
    const item = items('linux', chosen).find(({ id }) => id === 'edit.undo');
    (item?.click as (() => void) | undefined)?.();
    expect(chosen).toEqual(['edit.undo']);
  });

  it('shows keys and leaves their handling to the window', () => {
    const shown = items('linux').filter(({ accelerator }) => accelerator !== undefined);
    expect(shown.length).toBeGreaterThan(40);
    for (const item of shown) expect(item.registerAccelerator, item.id).toBe(false);
    expect(menuKey('Mod+Shift+ArrowRight')).toBe('CommandOrControl+Shift+Right');
    expect(menuKey('Mod+-')).toBe('CommandOrControl+-');
  });

  it('never takes single letters away on macOS', () => {
    for (const { id, accelerator } of items('darwin'))
      if (accelerator) expect(accelerator, id).toMatch(/^(CommandOrControl\+|F\d)/);
  });

  it('begins and ends no menu with a separator, and has no two in a row', () => {
    for (const { label, submenu } of template('linux')) {
      const kinds = (submenu as MenuItemConstructorOptions[]).map(({ type }) => type === 'separator');
      expect(kinds[0], label).toBe(false);
      expect(kinds.at(-1), label).toBe(false);
      expect(
        kinds.some((is, index) => is && kinds[index + 1]),
        label,
      ).toBe(false);
    }
  });
});

describe('the table of actions', () => {
  const places = {
    start: ['everywhere'],
    import: ['everywhere', 'import'],
    gallery: ['everywhere', 'project', 'gallery'],
    image: ['everywhere', 'project', 'image'],
    metrics: ['everywhere', 'project', 'scores'],
    compare: ['everywhere', 'project', 'scores', 'compare'],
    causes: ['everywhere', 'project', 'causes'],
    fixes: ['everywhere', 'project', 'fixes'],
    training: ['everywhere', 'project', 'training'],
    data: ['everywhere', 'project', 'data'],
  };

  it.each(Object.entries(places))('gives every key one meaning in the %s', (_place, scopes) => {
    const meaning = new Map<string, string>();
    for (const id of Object.keys(ACTIONS) as ActionId[]) {
      const { keys, scope } = ACTIONS[id];
      if (!scopes.includes(scope)) continue;
      for (const key of keys) {
        expect(meaning.get(key), `${key} of ${id}`).toBeUndefined();
        meaning.set(key, id);
      }
    }
  });

  it('writes its keys as KeyboardEvent names, modifiers first', () => {
    for (const id of Object.keys(ACTIONS) as ActionId[])
      for (const key of ACTIONS[id].keys)
        expect(key, id).toMatch(
          /^(Mod\+)?(Shift\+)?([A-Z0-9?,=[\]-]|F\d{1,2}|Arrow(Left|Right|Up|Down)|Backspace|Delete|Enter|Space)$/,
        );
  });
});
