/** Every action that can be done now, found by typing. */
import { Command } from 'cmdk';
import type { ReactNode } from 'react';
import type { ActionId } from '../../../contract/actions';
import { ACTIONS, MENUS } from '../../../contract/actions';
import { runAction, useActions } from '../../app/use-action';
import { Finder } from '../../ui/finder';
import { Kbd } from '../../ui/kbd';

const ALL = Object.keys(ACTIONS) as ActionId[];

export function Palette({ onClose }: { readonly onClose: () => void }): ReactNode {
  const actions = useActions((state) => state.actions);
  return (
    <Finder label="Command palette" onClose={onClose}>
      {MENUS.map((menu) => {
        const possible = ALL.filter(
          (id) => id !== 'go.palette' && ACTIONS[id].menu === menu && actions.get(id)?.isEnabled,
        );
        return (
          possible.length > 0 && (
            <Command.Group key={menu} heading={menu}>
              {possible.map((id) => (
                <Command.Item
                  key={id}
                  value={`${ACTIONS[id].title} ${id}`}
                  onSelect={() => {
                    onClose();
                    // After the palette has gone: actions may open a dialog or need the focus where it was.
                    setTimeout(() => runAction(id));
                  }}
                >
                  <span className="grow">{ACTIONS[id].title}</span>
                  {ACTIONS[id].keys[0] && <Kbd of={ACTIONS[id].keys[0]} />}
                </Command.Item>
              ))}
            </Command.Group>
          )
        );
      })}
    </Finder>
  );
}
